"""A contract from the order to the signatures and the briefing, in a browser."""

import pytest

from odoo.fields import Command

from tests.browser import company
from tests.browser.orders import Orders
from tests.browser.walker import DESK, PHONE, Walker
from tests.common import prepared
from tests.common.processes import run
from tests.common.server import serve
from tools.browser import open_page
from tools.environment.system_packages import browser

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not browser(), reason="no Chromium is installed"),
]
CARD = ".o_kanban_record:not(.o_kanban_ghost)"
DIALOG = ".modal:not(.o_inactive_modal)"
PRIMARY = f"{DIALOG} .modal-footer button.btn-primary"
PANEL = ".o_approval_panel"
ROW = ".o_data_row"
SEND = "button[name=action_send]"
SIGN = "button[name=action_sign]"
TASKS = {"production": "Confirm the date", "keeper": "Reserve the goods"}


def set_up(env):
    """Orders need no approval; contracts do, by the sales manager and legal.

    The director signs for us; production and the warehouse are briefed.
    """
    records = company.create(env)
    env.company.document_approval_mode = "off"
    people = {"lawyer": "legal", "keeper": "warehouse", "director": "management"}
    for login, code in people.items():
        company._user(env, login, "base.group_user")
        company.put_in(env, login, code)
    env.company._contract_prepare()
    env.company.contract_signer_ids = company.find_user(env, "director")
    env["product.product"].browse(records["valve"]).taxes_id = [Command.clear()]
    departments = env["document.approval.department"]
    for login, tasks in TASKS.items():
        user = company.find_user(env, login)
        env["sale.contract.briefing.template"].create(
            {
                "department_id": departments.search([("member_ids", "=", user.id)]).id,
                "tasks": tasks,
            }
        )
    return records


def look(env, order_id):
    """Return what became of the contract of the order."""
    contract = env["sale.order"].browse(order_id).contract_id
    return {
        "state": contract.state,
        "amount": contract.amount,
        "signed by": sorted(contract.signature_ids.mapped("name")),
        "papers": sorted(contract.paper_ids.mapped("kind")),
        "briefed": {
            briefing.acknowledged_by_id.login: briefing.state
            for briefing in contract.briefing_ids
        },
    }


@pytest.fixture(scope="module")
def office():
    with prepared.with_addons("contract_walk") as database:
        records = run(database, set_up)
        with serve(database) as server, open_page() as page:
            server.log_in("admin", "admin")
            yield database, Orders(server, records), Walker(page, server)


def test_contract_is_drafted_reviewed_signed_and_briefed(office):
    database, orders, walker = office
    walker.hold(DESK)
    order = orders.enter("valve", quantity=10)
    draft_and_submit(walker, order)
    for login in ("supervisor", "lawyer"):
        approve(walker, login)
    give_for_signature(walker, order)
    sign_as_the_customer(walker)
    assert run(database, look, order.id)["state"] == "sent"
    sign_for_us(walker)
    for login, tasks in TASKS.items():
        acknowledge(walker, login, tasks)
    assert run(database, look, order.id) == {
        "state": "signed",
        "amount": 2500.0,
        "signed by": ["Buyer", "Director"],
        "papers": ["sent", "signed"],
        "briefed": {"production": "done", "keeper": "done"},
    }
    assert not walker.page.console


def draft_and_submit(walker, order):
    """The salesperson drafts it from the order; it has its articles at once."""
    walker.sit_down("salesperson", f"/odoo/sales/{order.id}")
    walker.press("button[name=action_contract_draft]")
    walker.sees(f"{DIALOG} [name=order_ids]", order.name)
    walker.press(f"{DIALOG} button[name=action_draft]")
    walker.sees("[name=article_ids] .o_data_row", "$\xa02,500.00")
    assert not walker.count(SEND)
    walker.press("button[name=action_submit_for_approval]")
    walker.press(".o_notebook .nav-link", "Review")
    walker.sees(PANEL, "Waiting for Sales")
    assert not walker.count(SEND)


def approve(walker, login):
    """A reviewer agrees on the card, without other rights on contracts."""
    walker.sit_down(login, "/odoo/my-approvals")
    walker.press("button", "Approve", CARD, "2,500.00")
    walker.press(PRIMARY)
    walker.gone(".modal")
    walker.gone(CARD, "2,500.00")


def give_for_signature(walker, order):
    """The salesperson sends what was approved."""
    walker.sit_down("salesperson", "/odoo/contracts")
    walker.press(f"{ROW} td[name=partner_id]", "Customer")
    walker.press(SEND)
    walker.sees(".o_statusbar_status .o_arrow_button_current", "Being Signed")
    walker.press(".o_notebook .nav-link", "Signatures and Papers")
    walker.sees(f"[name=paper_ids] {ROW}")


def sign_as_the_customer(walker):
    """The customer finds it in the portal, reads and signs it on his telephone."""
    walker.hold(PHONE)
    walker.sit_down("customer", "/my/home")
    walker.press(".o_portal_docs a", "Contracts")
    walker.sees("table tr", "To sign")
    walker.press("table a")
    walker.sees("[name=contract_lines] tr", "Valve")
    walker.sees("[name=contract]", "Fingerprint of the file")
    assert walker.overflow() <= 0
    walker.sign("Buyer")
    walker.sees("[name=contract] .alert-success", "Thank you")
    walker.gone(".o_portal_sign_submit")
    walker.hold(DESK)


def sign_for_us(walker):
    """The director, who has no other rights, signs; with both it is signed."""
    walker.sit_down("director", "/odoo/contracts")
    walker.press(f"{ROW} td[name=partner_id]", "Customer")
    walker.sees("[name=who_signs]", "has not signed for us yet")
    assert not walker.count("[name=who_signs]", "The customer has not signed")
    walker.press(SIGN)
    walker.press(PRIMARY)
    walker.sees(".o_statusbar_status .o_arrow_button_current", "Signed")
    walker.gone(SIGN)


def acknowledge(walker, login, tasks):
    """A department sees its own tasks, and takes note of them."""
    walker.sit_down(login, "/odoo/contract-briefings")
    walker.press(f"{ROW} td[name=tasks]", tasks)
    walker.sees(".o_form_view [name=tasks]", tasks)
    walker.press("button[name=action_acknowledge]")
    walker.sees(".o_statusbar_status .o_arrow_button_current", "Acknowledged")
