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
        "submitted": _time(approval_round.date_submitted),
        "approved": _time(approval_round.date_approved),
        "closed": _time(approval_round.date_closed),
        "state": approval_round.state,
        "confirmed": approval_round.is_applied,
        "emergency": approval_round.is_emergency,
        "reason": approval_round.reason,
        "amount": approval_round.amount,
        "currency": approval_round.currency_id.name,
        "fingerprint": approval_round.fingerprint,
        "checksum": approval_round._get_record_checksum(),
        "snapshot": approval_round.snapshot,
        "enclosures": approval_round.enclosures or [],
        "findings": approval_round.finding_ids.mapped("message"),
        "seats": [
            _export_seat(seat)
            for seat in approval_round.seat_ids.sorted(
                lambda seat: (seat.level_sequence, seat.id)
            )
        ],
        "log": [_export_decision(decision) for decision in approval_round.decision_ids],
    }


def _export_seat(seat):
    return {
        "id": seat.id,
        "level": seat.level_name,
        "department": seat.department_id.name,
        "rule": seat.rule,
        "needed": seat.quorum,
        "required": seat.is_required,
        "state": seat.state,
        "may_decide": seat.candidate_ids.mapped("name"),
        "deputies": seat.deputy_ids.mapped("name"),
        "added": seat.is_added,
        "added_by": seat.added_by_id.name,
        "opened": _time(seat.date_open),
        "deadline": _time(seat.date_deadline),
        "closed": _time(seat.date_closed),
        "questions": seat.check_ids.mapped("name"),
    }


def _export_decision(decision):
    return {
        "id": decision.id,
        "kind": decision.kind,
        "seat": decision.seat_id.id,
        "department": decision.seat_id.department_id.name,
        "user": decision.user_id.name,
        "on_behalf": decision.on_behalf_id.name,
        "date": _time(decision.date),
        "words": decision.words,
        "reason": decision.reason_id.name,
        "people": decision.person_ids.mapped("name"),
        "carried_over_from": decision.origin_id.id,
        "answers": [
            {
                "question": answer.check_id.name,
                "answer": answer.answer,
                "remark": answer.remark,
            }
            for answer in decision.answer_ids
        ],
    }


def _time(value):
    return fields.Datetime.to_string(value) if value else False
