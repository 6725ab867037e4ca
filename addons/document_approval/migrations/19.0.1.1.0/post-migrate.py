"""Open seats learn when they escalate and how old they are; deputies may read."""

from odoo import SUPERUSER_ID, api

#: whom a round concerns: domain before and after, by the way to the round
_BEFORE = (
    "['|', ('{0}requester_id', '=', user.id), "
    "('{0}seat_ids.candidate_ids', 'in', user.ids)]"
)
_AFTER = (
    "['|', '|', ('{0}requester_id', '=', user.id), "
    "('{0}seat_ids.candidate_ids', 'in', user.ids), "
    "('{0}seat_ids.deputy_ids', 'in', user.ids)]"
)
_RULES = {
    "document_approval_round_rule_group": "",
    "document_approval_seat_rule_group": "round_id.",
    "document_approval_finding_rule_group": "round_id.",
    "document_approval_decision_rule_group": "round_id.",
}


def migrate(cr, version):
    """Bring what was there before into the new form."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name, path in _RULES.items():
        rule = env.ref(f"document_approval.{name}", raise_if_not_found=False)
        if rule and rule.domain_force == _BEFORE.format(path):
            rule.domain_force = _AFTER.format(path)
    cr.execute(
        "UPDATE document_approval_seat SET date_escalation = date_deadline"
        " WHERE state = 'open' AND date_deadline IS NOT NULL"
    )
    cr.execute(
        "UPDATE document_approval_round r SET is_latest = FALSE"
        " FROM document_approval_round later"
        " WHERE later.res_model = r.res_model AND later.res_id = r.res_id"
        " AND later.number > r.number"
    )
    seats = env["document.approval.seat"].search(
        [
            ("state", "in", ("approved", "refused")),
            ("date_open", "!=", False),
            ("date_closed", "!=", False),
        ]
    )
    for seat in seats:
        seat.write(seat._get_times_taken(seat.date_closed))
    env["document.approval.seat"]._refresh_age_bands()
