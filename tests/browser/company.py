"""A company under control: who sells, who reviews, who buys, and what."""

from odoo.fields import Command
from odoo.tests import new_test_user

# Reviewers have no rights but those of any employee and their department's.
REVIEWERS = {
    "supervisor": "sales",
    "finance": "finance",
    "operations": "operations",
    "technical": "technical",
    "production": "production",
}
CONTACT = "Buyer"


def create(env) -> dict[str, int]:
    """Set the company up; return the ids that orders need. Runs inside Odoo."""
    _user(env, "salesperson", "sales_team.group_sale_salesman")
    _user(
        env,
        "chief",
        "sales_team.group_sale_salesman_all_leads,document_approval.group_emergency",
    )
    _fill_departments(env)
    standard = env.ref("sale_order_policy.sale_order_type_standard")
    standard.require_contact = True
    env.company.document_approval_mode = "enforce"
    customer = env["res.partner"].create(
        {"name": "Customer", "is_company": True, "street": "1 Market Street"}
    )
    contact = env["res.partner"].create(
        {"name": CONTACT, "parent_id": customer.id, "email": "buyer@example.com"}
    )
    _user(env, "customer", "base.group_portal", CONTACT, partner_id=contact.id)
    valve, special = env["product.product"].create(
        [
            {"name": "Valve", "type": "consu", "list_price": 250},
            {
                "name": "Special valve",
                "type": "consu",
                "list_price": 900,
                "policy_special_review": True,
            },
        ]
    )
    return {
        "customer": customer.id,
        "contact": contact.id,
        "valve": valve.id,
        "special": special.id,
    }


def _user(env, login: str, groups: str, name: str | None = None, **values):
    """Create a user named by the role; the password is the login."""
    return new_test_user(
        env,
        login=login,
        password=login,
        name=name or login.capitalize(),
        groups=groups,
        company_id=env.company.id,
        company_ids=[Command.set(env.company.ids)],
        context={"no_reset_password": True},
        **values,
    )


def _fill_departments(env) -> None:
    """Make each reviewer the only member of a department."""
    env.company._sale_policy_create_default_flow()
    departments = env["document.approval.department"].search(
        [("company_id", "=", env.company.id)]
    )
    users = {
        department: _user(env, login, "base.group_user")
        for login, department in REVIEWERS.items()
    }
    for department in departments:
        member = users.get(department.code)
        department.member_ids = [Command.set(member.ids if member else [])]


def put_in(env, login: str, code: str) -> None:
    """Make the user a member of a department."""
    department = env["document.approval.department"].search(
        [("company_id", "=", env.company.id), ("code", "=", code)]
    )
    department.member_ids = [Command.link(find_user(env, login).id)]


def find_user(env, login: str):
    """Return the user of this login."""
    return env["res.users"].search([("login", "=", login)])


def let_approve(document) -> None:
    """Submit a document and let everybody who is asked agree, level after level."""
    document.action_submit_for_approval()
    while seats := document.sudo().approval_round_id.seat_ids.filtered(
        lambda seat: seat.state == "open"
    ):
        for seat in seats:
            answers = dict.fromkeys(seat.check_ids.ids, "yes")
            seat.with_user(seat.candidate_ids[0]).action_approve("", answers)
