"""A confirmed order is changed, another one cancelled, as both sides see it."""

from datetime import date, timedelta

import pytest

from tests.browser.changes import SHIPPED, let_departments_agree, look, set_up
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
INBOX = "/odoo/my-approvals"
CARD = ".o_kanban_record:not(.o_kanban_ghost)"
DIALOG = ".modal:not(.o_inactive_modal)"
PRIMARY = f"{DIALOG} .modal-footer button.btn-primary"
PANEL = ".o_approval_panel"
SEAT = ".o_approval_seat"
TAB = ".o_notebook .nav-link"
SUBMIT = "button[name=action_submit_for_approval]"
ASK = "button[name=action_ask_customer]"
DAY = date.today() + timedelta(days=30)
REASON = "More guests than expected"
OBJECTION = "We did not cause the delay"
PLAN = "What was shipped stays and is paid."
#: what the departments say of the change
SHEETS = {
    "production": "One shift more",
    "keeper": "Two more from Monday",
    "finance": "The price covers it",
    "operations": "One lorry takes all",
}


@pytest.fixture(scope="module")
def site():
    with prepared.with_addons("change_walk") as database:
        orders = run(database, set_up)
        with serve(database) as server, open_page() as page:
            server.log_in("admin", "admin")
            yield database, orders, Walker(page, server)


@pytest.fixture
def walker(site):
    """The browser; its console has nothing to tell in the end."""
    walker = site[-1]
    walker.hold(DESK)
    walker.page.console.clear()
    yield walker
    assert not walker.page.console


def open_change(walker, login, name):
    """Open the request of an order from the list."""
    walker.sit_down(login, "/odoo/order-changes")
    walker.press(".o_data_row td[name=order_id]", name)
    walker.sees(".o_form_view [name=requester_id]")


def open_order(walker, order_id):
    """Open the customer's page of the order."""
    walker.sit_down("customer", f"/my/orders/{order_id}")
    walker.sees("#order_changes")
    walker.page.wait_idle()  # its parts move as long as it is loaded


def open_portal(walker, order_id):
    """Open the request of an order from the customer's page of the order."""
    open_order(walker, order_id)
    walker.press("#order_changes table a", "OC/")
    walker.sees("h3", "OC/")


def open_from_inbox(walker, login):
    """A reviewer opens the request that waits for him."""
    walker.sit_down(login, INBOX)
    walker.press(CARD, "OC/")
    walker.sees(".o_form_view [name=requester_id]")
    walker.page.wait_idle()  # its pages are drawn anew as long as it is loaded


def agree_on_the_card(walker, login):
    """A reviewer presses Approve without opening the request."""
    walker.sit_down(login, INBOX)
    walker.press("button", "Approve", CARD, "OC/")
    walker.sees(f"{DIALOG} [name=res_name]", "OC/")
    walker.press(PRIMARY)


def fill_in_and_agree(walker, login, words, **numbers):
    """A department says what the change means, then agrees on the same form."""
    open_from_inbox(walker, login)
    walker.sees("[name=my_sheet]", "press “Fill In” on the page Evaluation")
    walker.press(TAB, "Evaluation")
    walker.press("[name=evaluation_ids] button", "Fill In")
    walker.type(f"{DIALOG} [name=words] textarea", words)
    for field, number in numbers.items():
        walker.type(f"{DIALOG} [name={field}] input", number)
    walker.press(f"{DIALOG} .o_form_button_save")
    walker.gone(".modal")
    walker.sees("[name=evaluation_ids]", words)
    walker.press(TAB, "Approval")
    walker.press(f"{SEAT} button[name=approve]")
    walker.press(PRIMARY)
    walker.gone(".modal")
    walker.gone(f"{SEAT} button[name=approve]")


# A change ------------------------------------------------------------------------


def test_customer_asks_for_more_and_gets_exactly_that(site, walker):
    database, ((order_id, name), _other), _walker = site
    ask_for_more(walker, order_id)
    assert run(database, look, order_id)["quantities"] == [10.0, 2.0]
    submit_what_the_customer_asks(walker, name)
    nobody_agrees_without_the_sheet(walker)
    fill_in_and_agree(walker, "keeper", SHEETS["keeper"], delay_days="2")
    for login in ("production", "finance", "operations"):
        fill_in_and_agree(walker, login, SHEETS[login])
    before = run(database, look, order_id)
    assert (before["quantities"], before["day"]) == ([10.0, 2.0], False)
    decide(walker)
    assert run(database, look, order_id) == {
        "state": "sale",
        "quantities": [12.0, 2.0],
        "prices": [250.0, 900.0],
        "day": DAY.isoformat(),
        "to ship": 14.0,
        "changes": [["applied", "none"]],
    }
    see_that_it_is_done(walker, order_id)


def ask_for_more(walker, order_id):
    """Without a reason nothing is sent; then the page shows what was asked for."""
    open_order(walker, order_id)
    walker.press("#order_changes summary", "Ask for a change")
    walker.type("[name=ask_change] tr:first-child input[name^=quantity_]", "12")
    walker.type_day("#change_date", DAY)
    walker.press("#order_changes button[type=submit]")
    walker.sees("#change_reason:focus:invalid")
    walker.type("#change_reason", REASON)
    walker.press("#order_changes button[type=submit]")
    walker.sees("[name=state]", "Received")
    walker.sees("[name=differences] tr", "12.00 Units")
    walker.sees("[name=differences] tr", f"{DAY:%m/%d/%Y}")


def submit_what_the_customer_asks(walker, name):
    """The salesperson reads who asks for what, and hands it to the departments."""
    walker.sit_down("salesperson", "/odoo/order-changes")
    walker.sees("td", "Customer, online", ".o_data_row", name)
    walker.press(".o_data_row td[name=order_id]", name)
    walker.sees("[name=reason] textarea", REASON)
    walker.sees("[name=line_ids] .o_data_row td[name=quantity]", "12.00")
    walker.press(SUBMIT)
    walker.press(TAB, "Approval")
    walker.sees(PANEL, "Waiting for Production, Warehouse, Finance, and Operations")


def nobody_agrees_without_the_sheet(walker):
    """Who agrees too early is told what to do first."""
    agree_on_the_card(walker, "production")
    walker.sees(f"{DIALOG} .modal-body", "fill in the evaluation sheet of Production")


def decide(walker):
    """The approver reads what the departments said, and agrees."""
    open_from_inbox(walker, "director")
    walker.sees(".o_form_view [name=delay_days]", "2.0")
    walker.press(TAB, "Evaluation")
    for words in SHEETS.values():
        walker.sees("[name=evaluation_ids] .o_data_row", words)
    walker.press(TAB, "Approval")
    walker.press(f"{SEAT} button[name=approve]")
    walker.press(PRIMARY)
    walker.gone(".modal")
    walker.sees(".o_statusbar_status .o_arrow_button_current", "Applied")


def see_that_it_is_done(walker, order_id):
    """The customer finds the new quantity on his order, and what became of it."""
    open_order(walker, order_id)
    walker.sees("#sales_order_table tr", "12.00")
    walker.sees("#order_changes tr", "Done")
    open_portal(walker, order_id)
    walker.sees("[name=state]", "Done")
    walker.sees("[name=differences] tr", "12.00 Units")


# A cancellation ------------------------------------------------------------------


def test_cancellation_after_shipping_is_agreed_with_the_customer(site, walker):
    database, (_other, (order_id, name)), _walker = site
    ask_to_cancel(walker, order_id)
    propose(walker, name, "500")
    object_to_the_proposal(walker, order_id)
    propose_less(walker, name, "100")
    assert run(database, look, order_id)["changes"] == [["draft", "asked"]]
    sign_the_proposal(walker, order_id)
    open_change(walker, "salesperson", name)
    walker.press(SUBMIT)
    walker.gone(SUBMIT)
    run(database, let_departments_agree, order_id)
    found = run(database, look, order_id)
    assert found["state"] == "cancel"
    assert found["to ship"] == 0
    assert found["changes"] == [["applied", "agreed"]]
    open_portal(walker, order_id)
    walker.sees("[name=state]", "Done")


def ask_to_cancel(walker, order_id):
    """The customer wants out, on his telephone."""
    walker.hold(PHONE)
    open_order(walker, order_id)
    walker.press("#order_changes summary", "Ask to cancel the whole order")
    walker.type("#cancel_reason", "The site is closed")
    assert walker.overflow() <= 0
    walker.press("#order_changes button[type=submit]")
    walker.sees("[name=state]", "Received")
    walker.hold(DESK)


def propose(walker, name, amount):
    """The salesperson is told what is needed, writes it and asks the customer."""
    open_change(walker, "salesperson", name)
    walker.sees(".alert-warning", "Work on this order has begun")
    assert not walker.count(SUBMIT)
    walker.press(TAB, "Compensation")
    walker.sees("[name=execution]", f"shipped: {SHIPPED}.00 Units Valve")
    walker.type("[name=compensation] textarea", PLAN)
    walker.pick(".o_form_view", "compensation_payer", "The customer pays us")
    walker.type("[name=compensation_amount] input", amount)
    walker.press(ASK)
    walker.press(PRIMARY)
    walker.sees("[name=agreement_state]", "Customer asked")


def object_to_the_proposal(walker, order_id):
    """The customer reads who pays what, and says why not."""
    open_portal(walker, order_id)
    walker.sees("[name=state]", "Waits for you")
    walker.sees("[name=compensation]", PLAN)
    walker.sees("[name=compensation]", "You pay us $\xa0500.00.")
    # the pad for signatures comes late, and moves what is below it
    walker.sees(".o_portal_sign_submit:not([disabled])")
    walker.press("[name=compensation] summary", "I do not agree")
    walker.type("[name=compensation] textarea[name=words]", OBJECTION)
    walker.press("[name=compensation] details button[type=submit]")
    walker.sees("[name=compensation]", f"You objected: {OBJECTION}")
    assert not walker.count(".o_portal_sign_submit")


def propose_less(walker, name, amount):
    """Our people see the objection and what to do next; another plan is asked anew."""
    open_change(walker, "salesperson", name)
    walker.sees(".alert-danger", OBJECTION)
    assert not walker.count(SUBMIT)
    walker.press(TAB, "Compensation")
    walker.sees("[name=agreement_state]", "Customer objected")
    walker.type("[name=compensation_amount] input", amount)
    walker.press(ASK)
    walker.press(PRIMARY)
    walker.sees("[name=agreement_state]", "Customer asked")


def sign_the_proposal(walker, order_id):
    """The customer agrees with his signature, on his telephone."""
    walker.hold(PHONE)
    open_portal(walker, order_id)
    walker.sees("[name=compensation]", "You pay us $\xa0100.00.")
    walker.sign("Buyer")
    walker.sees("[name=compensation]", "Signed by Buyer")
    assert walker.overflow() <= 0
    assert not walker.count(".o_portal_sign_submit")
    walker.hold(DESK)
