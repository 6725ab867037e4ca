import base64
import json

from odoo import fields

_CHUNK = 1000


def post_init_hook(env):
    """Give companies the usual flow; have accounts prepared by a job.

    Nothing is stopped by that: the switch of a company decides (DESIGN 2).
    """
    env["res.company"].search([("parent_id", "=", False)])._credit_create_default_flow()
    env.ref("customer_credit_grade.ir_cron_prepare_accounts")._trigger()


def uninstall_hook(env):
    """Restore Odoo's own credit fields; leave the history with the customers."""
    env["customer.credit.native"].search([])._restore()
    _export_history(env)


def _export_history(env):
    """Attach each customer's credit history to him, as JSON."""
    accounts = env["customer.credit.account"].with_context(active_test=False)
    accounts = accounts.search([], order="id")
    for start in range(0, len(accounts), _CHUNK):
        chunk = accounts[start : start + _CHUNK]
        requests = (
            env["customer.credit.request"]
            .search([("account_id", "in", chunk.ids)], order="id")
            .grouped("account_id")
        )
        none = env["customer.credit.request"]
        env["ir.attachment"].create(
            [
                _prepare_attachment(account, requests.get(account, none))
                for account in chunk
                if account.entitlement_ids or account.grade_id or account in requests
            ]
        )
        env.invalidate_all()


def _prepare_attachment(account, requests):
    content = {
        "company": account.company_id.name,
        "customer": account.partner_id.display_name,
        "currency": account.currency_id.name,
        "mode": account.mode,
        "grade": account.grade_id.name,
        "group": account.group_id.name,
        "next_review": _text(account.next_review),
        "limits": [
            {
                "kind": part.kind,
                "amount": part.amount,
                "cover": part.cover,
                "from": _text(part.date_from),
                "to": _text(part.date_to),
                "since": _text(part.create_date),
                "ended": _text(part.date_ended),
                "reference": part.reference,
                "note": part.note,
            }
            for part in account.entitlement_ids.sorted("id")
        ],
        "requests": [_export_request(request) for request in requests],
    }
    text = json.dumps(content, ensure_ascii=False, indent=2)
    return {
        "name": f"credit-history-{account.partner_id.id}-{account.company_id.id}.json",
        "res_model": "res.partner",
        "res_id": account.partner_id.id,
        "mimetype": "application/json",
        "datas": base64.b64encode(text.encode()),
    }


def _export_request(request):
    return {
        "number": request.name,
        "kind": request.kind,
        "state": request.state,
        "requester": request.requester_id.name,
        "before": request.old_value,
        "grade": request.new_grade_id.name,
        "mode": request.new_mode,
        "amount": request.amount,
        "cover": request.cover,
        "from": _text(request.date_from),
        "to": _text(request.date_to),
        "reason": request.reason,
        "source": request.source,
        "applied": _text(request.date_applied),
        "decisions": [
            {
                "round": decision.round_id.number,
                "kind": decision.kind,
                "department": decision.seat_id.department_id.name,
                "user": decision.user_id.name,
                "date": _text(decision.date),
                "words": decision.words,
            }
            for decision in request.approval_round_ids.decision_ids.sorted("id")
        ],
    }


def _text(value):
    if not value:
        return False
    return (
        fields.Datetime.to_string(value)
        if hasattr(value, "hour")
        else fields.Date.to_string(value)
    )
