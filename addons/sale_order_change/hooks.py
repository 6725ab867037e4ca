import json

from odoo.tools import SQL

_BATCH = 500
#: from what refers to others, to what is referred to
_TABLES = (
    "sale_order_change_evaluation",
    "sale_order_change_line",
    "sale_order_change",
)


def uninstall_hook(env):
    """Leave the orders as they are, and their history with them.

    Each order gets what was asked, decided and applied as a file. Approvals of orders
    stay: the rounds that changes recorded are the orders' own.
    """
    changes = env["sale.order.change"].search([])
    groups = changes.grouped("order_id")
    orders = list(groups)
    for start in range(0, len(orders), _BATCH):
        env["ir.attachment"].create(
            [
                _prepare_file(order, groups[order])
                for order in orders[start : start + _BATCH]
            ]
        )
    env.flush_all()
    for table in _TABLES:
        env.cr.execute(SQL("DELETE FROM %s", SQL.identifier(table)))
    env.invalidate_all(flush=False)


def _prepare_file(order, changes):
    """Return the values of the file that says what was changed on ``order``."""
    rows = [
        {
            "number": change.name,
            "kind": change.kind,
            "state": change.state,
            "reason": change.reason,
            "requester": change.requester_id.name,
            "asked": change.create_date,
            "applied": change.date_applied,
            "differences": change.differences,
            "compensation": change.compensation,
            "compensation_amount": change.compensation_amount,
            "agreed_by": change.agreement_name,
            "agreed_on": change.agreement_date,
            "agreement_sha256": change.agreement_sha256,
            "evaluations": [
                {
                    "department": sheet.department_id.name,
                    "words": sheet.words,
                    "extra_cost": sheet.extra_cost,
                    "delay_days": sheet.delay_days,
                }
                for sheet in change.evaluation_ids
            ],
        }
        for change in changes.sorted("id")
    ]
    content = json.dumps(rows, ensure_ascii=False, indent=2, default=str)
    return {
        "name": f"changes-{order.name}.json",
        "res_model": "sale.order",
        "res_id": order.id,
        "raw": content.encode(),
        "mimetype": "application/json",
    }
