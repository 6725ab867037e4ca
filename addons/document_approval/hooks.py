import base64
import json

from odoo import fields


def uninstall_hook(env):
    """Keep the approval history with the documents, as attachments (DESIGN 2)."""
    groups = env["document.approval.round"]._read_group(
        [], groupby=["res_model", "res_id"], aggregates=["id:recordset"]
    )
    values = []
    for model, res_id, rounds in groups:
        if model not in env or not env[model].browse(res_id).exists():
            model, res_id = False, False
        history = [_export_round(approval_round) for approval_round in rounds]
        content = json.dumps(history, ensure_ascii=False, indent=2)
        values.append(
            {
                "name": f"approval-history-{rounds[:1].res_name}.json",
                "res_model": model,
                "res_id": res_id,
                "mimetype": "application/json",
                "datas": base64.b64encode(content.encode()),
            }
        )
    env["ir.attachment"].create(values)


def _export_round(approval_round):
    return {
        "number": approval_round.number,
        "document": approval_round.res_name,
        "company": approval_round.company_id.name,
        "flow": approval_round.flow_name,
        "requester": approval_round.requester_id.name,
        "submitted": fields.Datetime.to_string(approval_round.date_submitted),
        "state": approval_round.state,
        "reason": approval_round.reason,
        "amount": approval_round.amount,
        "currency": approval_round.currency_id.name,
        "fingerprint": approval_round.fingerprint,
        "snapshot": approval_round.snapshot,
        "findings": approval_round.finding_ids.mapped("message"),
        "log": [
            {
                "kind": decision.kind,
                "department": decision.seat_id.department_id.name,
                "user": decision.user_id.name,
                "on_behalf": decision.on_behalf_id.name,
                "date": fields.Datetime.to_string(decision.date),
                "words": decision.words,
            }
            for decision in approval_round.decision_ids
        ],
    }
