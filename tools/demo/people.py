"""One user per role, in the departments and flows that review orders."""

from odoo.fields import Command

from tools.demo.company import LANGUAGES, TIME_ZONE
from tools.demo.logins import CUSTOMER, PEOPLE, Person

FIRST = PEOPLE[0].login
DAYS_TO_DECIDE = 1


def create(env) -> dict:
    """Create the staff and seat them in their departments; return them by login."""
    users = {who.login: create_user(env, who) for who in PEOPLE}
    env.ref("base.user_admin").write({"tz": TIME_ZONE, "tour_enabled": False})
    # their flows bring departments of their own: marketing, legal
    env.company._price_create_default_flows()
    env.company._contract_prepare()
    _fill_departments(env, users)
    team = env["crm.team"].search([], limit=1)
    sellers = users["sales"] | users["supervisor"] | users["sales_manager"]
    team.write({"user_id": users["supervisor"].id, "member_ids": sellers.ids})
    return users


def create_user(env, who: Person, **values):
    """Create one user; the password is the login."""
    groups = who.groups if "partner_id" in values else _staff_groups(who)
    quiet = env["res.users"].with_context(no_reset_password=True)
    return quiet.create(
        {
            "name": who.name,
            "login": who.login,
            "password": who.login,
            "email": f"{who.login}@demo-trading.example",
            "tz": TIME_ZONE,
            "tour_enabled": False,
            "odoobot_state": "disabled",
            "notification_type": "email" if "partner_id" in values else "inbox",
            "group_ids": [Command.set([env.ref(name).id for name in groups])],
            **values,
        }
    )


def _staff_groups(who: Person) -> tuple[str, ...]:
    """Who uses an application may edit contacts too, as Odoo's new users may."""
    contacts = ("base.group_partner_manager",) if who.groups else ()
    return ("base.group_user", *contacts, *who.groups)


def give_portal_access(env, company) -> None:
    """Let the buyer of a customer log in to the portal."""
    contact = company.child_ids[:1]
    create_user(
        env,
        CUSTOMER,
        partner_id=contact.id,
        name=contact.name,
        email=contact.email,
    )


def _fill_departments(env, users: dict) -> None:
    departments = env["document.approval.department"].search(
        [("company_id", "=", env.company.id)]
    )
    for department in departments:
        members = [who.login for who in PEOPLE if who.department == department.code]
        department.write(
            {
                "member_ids": [Command.set([users[login].id for login in members])],
                "head_id": users[members[0]].id if members else False,
            }
        )


def set_up_flows(env) -> None:
    """Give seats a time limit, translate the usual flow, add one for samples."""
    company = env.company
    company._sale_policy_create_default_flow()
    flow = env["document.approval.flow"].search(
        [("company_id", "=", company.id), ("model", "=", "sale.order")], limit=1
    )
    flow.level_ids.seat_ids.write({"deadline_days": DAYS_TO_DECIDE})
    _translate(company, flow)
    sales = flow.level_ids[:1].seat_ids.department_id
    samples = flow.create(
        {
            "name": "Samples",
            "sequence": flow.sequence - 1,
            "model_id": flow.model_id.id,
            "company_id": company.id,
            "domain": "[('policy_type_id.code', '=', 'sample')]",
            "fallback_department_id": flow.fallback_department_id.id,
            "level_ids": [
                Command.create(
                    {
                        "name": "Samples of value",
                        "participation": "domain_or_finding",
                        "domain": "[('amount_untaxed', '>', 500)]",
                        "seat_ids": [Command.create({"department_id": sales.id})],
                    }
                )
            ],
        }
    )
    for record, names in (
        (flow, ("销售订单", "銷售訂單")),
        (samples, ("样品", "樣品")),
        (samples.level_ids, ("贵重样品", "貴重樣品")),
    ):
        for code, name in zip(LANGUAGES, names, strict=True):
            record.with_context(lang=code).name = name


def _translate(company, flow) -> None:
    """Give the usual departments and levels the names their add-on has for them."""
    for code in LANGUAGES:
        there = company.with_context(lang=code)
        names = there._sale_policy_get_default_departments()
        for department in flow.level_ids.seat_ids.department_id.with_context(lang=code):
            department.name = names.get(department.code, department.name)
        levels = {
            sequence: name
            for sequence, name, *_ in there._sale_policy_get_default_levels()
        }
        for level in flow.level_ids.with_context(lang=code):
            level.name = levels.get(level.sequence, level.name)
