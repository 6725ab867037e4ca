import base64
import json

from odoo.tools import SQL

_BATCH = 500


def leave_shipping_and_exceptions(env):
    """Leave the history with the orders, and nothing in the way of the tables.

    Shipping notices are files of their orders already. Each order with exceptions gets
    them as one file, and what customers sent along. Called when the add-on goes.
    """
    exceptions = env["order.exception"]
    groups = exceptions._read_group([], ["order_id"], ["id:recordset"])
    for start in range(0, len(groups), _BATCH):
        env["ir.attachment"].create(
            [
                _prepare_file(order, records)
                for order, records in groups[start : start + _BATCH]
            ]
        )
    env.flush_all()
    queries = (
        "UPDATE ir_attachment file SET res_model = 'sale.order', res_id = e.order_id"
        " FROM order_exception e WHERE file.res_model = 'order.exception'"
        " AND file.res_id = e.id AND file.res_field IS NULL",
        "UPDATE stock_move SET handover_step_id = NULL"
        " WHERE handover_step_id IS NOT NULL",
        "DELETE FROM order_exception_step_line",
        "DELETE FROM order_exception_step",
        "DELETE FROM order_exception_line",
        "DELETE FROM order_exception",
        "DELETE FROM order_shipping_notice",
    )
    for query in queries:
        env.cr.execute(SQL(query))
    env.invalidate_all()


def _prepare_file(order, exceptions):
    """Return the values of a file with what went wrong with an order."""
    history = [
        {
            "number": exception.name,
            "kind": exception.kind_id.name,
            "entered": str(exception.create_date),
            "by": exception.create_uid.name,
            "delivery": exception.picking_id.name or "",
            "what happened": exception.description,
            "plan": exception.plan or "",
            "customer informed": str(exception.informed_on or ""),
            "informed by": exception.informed_by_id.name or "",
            "what was said": exception.informed_note or "",
            "steps": [
                {
                    "step": step.display_name,
                    "goods": step.content,
                    "state": step.state,
                    "cancelled because": step.cancel_reason or "",
                }
                for step in exception.step_ids
            ],
            "closed": str(exception.date_closed or ""),
            "result": exception.result or "",
        }
        for exception in exceptions
    ]
    text = json.dumps(history, ensure_ascii=False, indent=2)
    return {
        "name": f"exceptions {order.name}.json".replace("/", "-"),
        "datas": base64.b64encode(text.encode()),
        "mimetype": "application/json",
        "res_model": "sale.order",
        "res_id": order.id,
        "company_id": order.company_id.id,
    }
