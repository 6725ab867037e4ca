"""Deputies of reviewers read the orders they are asked about."""

from odoo import SUPERUSER_ID, api

_PATHS = {"sale_order_rule_reviewer": "", "sale_order_line_rule_reviewer": "order_id."}


def migrate(cr, version):
    """Bring the rules into the new form, unless somebody changed them."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name, path in _PATHS.items():
        rule = env.ref(f"sale_order_policy.{name}", raise_if_not_found=False)
        people = [
            f"('{path}approval_round_ids.seat_ids.{field}', 'in', [user.id])"
            for field in ("candidate_ids", "deputy_ids")
        ]
        if rule and rule.domain_force == f"[{people[0]}]":
            rule.domain_force = f"['|', {people[0]}, {people[1]}]"
