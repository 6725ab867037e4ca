import base64
import json

from odoo import fields


def export_answers(env):
    """Leave with the orders what customers answered to their letters (SPEC L3)."""
    groups = env["sale.order.letter.answer"]._read_group(
        [], groupby=["order_id"], aggregates=["id:recordset"]
    )
    env["ir.attachment"].create(
        [
            {
                "name": f"customer-answers-{order.name.replace('/', '-')}.json",
                "res_model": order._name,
                "res_id": order.id,
                "mimetype": "application/json",
                "datas": base64.b64encode(_export(answers).encode()),
            }
            for order, answers in groups
        ]
    )


def _export(answers):
    return json.dumps(
        [
            {
                "version": answer.version,
                "state": answer.state,
                "asked_on": fields.Datetime.to_string(answer.asked_on),
                "due_on": fields.Datetime.to_string(answer.due_on),
                "answered_on": fields.Datetime.to_string(answer.answered_on),
                "answered_by": answer.answered_by_id.login or "",
                "answered_name": answer.answered_name or "",
                "source": answer.source or "",
                "words": answer.words or "",
                "lines": [
                    {"line": line.name, "words": line.words} for line in answer.line_ids
                ],
            }
            for answer in answers
        ],
        ensure_ascii=False,
        indent=2,
    )
