"""Orders on their way through review, as the people concerned see it in a browser."""

import pytest

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
INBOX = "/odoo/my-approvals"
CARD = ".o_kanban_record:not(.o_kanban_ghost)"
DIALOG = ".modal:not(.o_inactive_modal)"
PANEL = ".o_approval_panel"
SEAT = ".o_approval_seat"
CONFIRM = "button[name=action_confirm]"
SUBMIT = "button[name=action_submit_for_approval]"
QUESTION = "Who pays the freight?"
REASON = "Twelve are a pack, please order whole packs."


@pytest.fixture(scope="module")
def office():
    """A company at work: its server, its records, a browser."""
    with prepared.with_addons("walk") as database:
        records = run(database, company.create)
        with serve(database) as server, open_page() as page:
            server.log_in("admin", "admin")  # tells Odoo its address, for documents
            yield Orders(server, records), Walker(page, server)


@pytest.fixture
def orders(office):
    """Orders as their owner enters them, and decisions that are not looked at."""
    return office[0]


@pytest.fixture
def walker(office):
    """The browser at a desk; its console has nothing to tell in the end."""
    walker = office[1]
    walker.page.console.clear()
    yield walker
    walker.hold(DESK)
    assert not walker.page.console


# One order from its entry to its confirmation ------------------------------------


def test_order_is_completed_refused_corrected_approved_and_confirmed(orders, walker):
    order = orders.enter("valve", quantity=10, policy_contact_id=False)
    other = orders.enter("valve", quantity=12)
    orders.submit(other)
    orders.approve(other, "supervisor", "finance")
    complete_and_submit(walker, order)
    assert orders.state(order) == ("draft", "pending")
    refuse_with_a_reason(walker, order)
    assert orders.state(order) == ("draft", "refused")
    correct_and_submit_again(walker, order)
    assert orders.state(order) == ("draft", "pending")
    approve_on_the_order(walker, order)
    approve_on_the_card(walker, "finance", order)
    approve_in_the_list(walker, "operations", order, other)
    assert orders.state(other) == ("draft", "approved")
    confirm(walker, order)
    assert orders.state(order) == ("sale", "approved")


def open_order(walker, order):
    """Open the order from the salesperson's list."""
    walker.sit_down("salesperson", "/odoo/sales")
    walker.press(".o_data_row .o_data_cell", order.name)
    walker.sees(PANEL)


def complete_and_submit(walker, order):
    """What is missing is named; nothing is submitted or confirmed before."""
    open_order(walker, order)
    assert not walker.count(CONFIRM)
    walker.press(SUBMIT)
    walker.sees(f"{DIALOG} .modal-body", "Contact Person is missing")
    walker.press(f"{DIALOG} .modal-footer button")
    walker.gone(".modal")
    walker.sees(PANEL, "Contact Person is missing")
    walker.choose("policy_contact_id", company.CONTACT)
    walker.press(SUBMIT)
    walker.sees(PANEL, "Waiting for Sales")
    assert not walker.count(SUBMIT) and not walker.count(CONFIRM)


def refuse_with_a_reason(walker, order):
    """Without a reason the supervisor cannot refuse."""
    walker.sit_down("supervisor", INBOX)
    walker.press("button", "Refuse", CARD, order.name)
    walker.press(f"{DIALOG} .modal-footer button.btn-danger")
    walker.sees(f"{DIALOG} .o_field_invalid[name=words]")
    walker.type(f"{DIALOG} [name=words] textarea", REASON)
    walker.press(f"{DIALOG} .modal-footer button.btn-danger")
    walker.gone(".modal")
    walker.gone(CARD, order.name)


def correct_and_submit_again(walker, order):
    """The salesperson reads why; the first round stays in the history."""
    open_order(walker, order)
    walker.sees(f"{PANEL} .alert-danger", REASON)
    assert not walker.count(f"{PANEL} .o_approval_marker_done"), "nobody has agreed"
    walker.press("[name=order_line] .o_data_row td[name=product_uom_qty]")
    walker.type(".o_selected_row td[name=product_uom_qty] input", "12")
    walker.press(SUBMIT)
    walker.sees(f"{PANEL} header", "Round 2")
    walker.press(f"{PANEL} button[name=toggle_history]")
    walker.sees(f"{PANEL} li", "Round 1")
    walker.sees(f"{PANEL} .o_approval_words", REASON)


def approve_on_the_order(walker, order):
    """The supervisor reads the order and agrees in its panel."""
    walker.sit_down("supervisor", INBOX)
    walker.press(CARD, order.name)
    walker.press(f"{SEAT} button[name=approve]")
    walker.press(f"{DIALOG} .modal-footer button.btn-primary")
    walker.gone(".modal")
    walker.sees(PANEL, "Waiting for Finance")
    walker.gone(f"{SEAT} button[name=approve]")


def answer_checklist(walker):
    """Every question of the dialog is answered with one press."""
    questions = f"{DIALOG} .o_approval_checklist li"
    walker.sees(questions)
    for number in range(len(walker.boxes(questions))):
        row = f"{questions}:nth-child({number + 1})"
        walker.press(f"{row} button[name=answer_yes]")
        walker.sees(f"{row} button.btn-primary", "Yes")
    walker.sees(f"{DIALOG} .o_approval_checklist", "All answered")


def approve_on_the_card(walker, login, order, has_checklist=False):
    """A reviewer agrees without opening the order."""
    walker.sit_down(login, INBOX)
    walker.sees(CARD, order.name)
    walker.press("button", "Approve", CARD, order.name)
    walker.sees(f"{DIALOG} [name=res_name]", order.name)
    if has_checklist:
        answer_checklist(walker)
    walker.press(f"{DIALOG} .modal-footer button.btn-primary")
    walker.gone(".modal")
    walker.gone(CARD, order.name)


def approve_in_the_list(walker, login, *orders):
    """A reviewer agrees to all that waits at once."""
    walker.sit_down(login, INBOX)
    walker.press(".o_switch_view.o_list")
    walker.press("thead .o_list_record_selector input")
    walker.press(".o_control_panel button", "Approve")
    for order in orders:
        walker.sees(f"{DIALOG} .o_data_row", order.name)
    walker.press(f"{DIALOG} .modal-footer button.btn-primary")
    walker.sees(f"{DIALOG} [name=result]", "All of them are done")
    walker.press(f"{DIALOG} .modal-footer button[name=button_close]")
    walker.gone(".modal")
    walker.gone(".o_data_row")


def confirm(walker, order, told="Confirmed as approved"):
    """The salesperson confirms what was approved."""
    open_order(walker, order)
    walker.press(CONFIRM)
    walker.sees(PANEL, told)
    walker.gone(CONFIRM)


# Other ways ----------------------------------------------------------------------


def test_special_product_is_reviewed_side_by_side(orders, walker):
    order = orders.enter("special", quantity=1)
    orders.submit(order)
    orders.approve(order, "supervisor")
    walker.sit_down("technical", INBOX)
    walker.press(CARD, order.name)
    walker.sees(f"{PANEL} header", "Waiting for Technical, Finance, and Production")
    joint = walker.boxes(f".o_approval_level:nth-child(2) {SEAT}")
    assert len(joint) == 3
    assert len({box["y"] for box in joint}) == 1, "they stand side by side"
    walker.press(f"{SEAT} button[name=approve]")
    answer_checklist(walker)
    walker.press(f"{DIALOG} .modal-footer button.btn-primary")
    walker.sees(f"{PANEL} header", "Waiting for Finance and Production")
    walker.sees(SEAT, "Technically feasible?")
    approve_on_the_card(walker, "production", order, has_checklist=True)
    approve_on_the_card(walker, "finance", order, has_checklist=True)
    assert orders.state(order) == ("draft", "pending")
    assert orders.waits_for(order) == {"Operations"}


def test_supervisor_approves_on_a_phone(orders, walker):
    order = orders.enter("valve", quantity=12)
    orders.submit(order)
    walker.hold(PHONE)
    walker.sit_down("supervisor", INBOX)
    walker.sees(CARD, order.name)
    assert walker.overflow() <= 0
    walker.press("button", "Approve", CARD, order.name)
    walker.sees(f"{DIALOG} [name=res_name]", order.name)
    assert walker.overflow() <= 0
    walker.press(f"{DIALOG} .modal-footer button.btn-primary")
    walker.gone(CARD, order.name)
    assert orders.waits_for(order) == {"Finance"}


def test_signature_of_the_customer_waits_for_the_approval(orders, walker):
    order = orders.enter("valve", quantity=12, require_signature=True)
    orders.send(order)
    orders.submit(order)
    walker.sit_down("customer", f"/my/orders/{order.id}")
    walker.page.wait_idle()  # the portal's buttons come to life after its text
    walker.press("[data-bs-target='#modalaccept']")
    walker.type("#modalaccept input[name=signer]", company.CONTACT)
    walker.press("#modalaccept .o_portal_sign_submit")
    walker.sees("[name=sale_order_parked]", "Signed, awaiting approval")
    walker.gone("[data-bs-target='#modalaccept']")
    assert orders.state(order) == ("sent", "pending")
    orders.approve(order, "supervisor", "finance", "operations")
    assert orders.state(order) == ("sale", "approved")


def test_reviewer_asks_and_calls_another_department_in(orders, walker):
    order = orders.enter("valve", quantity=12)
    orders.submit(order)
    walker.sit_down("supervisor", INBOX)
    walker.press(CARD, order.name)
    walker.press(f"{SEAT} button[name=ask]")
    walker.type(f"{DIALOG} [name=words] textarea", QUESTION)
    walker.press(f"{DIALOG} .modal-footer button", "Send Question")
    walker.gone(".modal")
    walker.sees(SEAT, QUESTION)
    walker.press(f"{SEAT} button[name=add_seat]")
    walker.choose("department_id", "Technical")
    walker.type(f"{DIALOG} [name=words] textarea", "Does it fit?")
    walker.press(f"{DIALOG} .modal-footer button", "Add to the Review")
    walker.gone(".modal")
    walker.sees(f"{PANEL} header", "Waiting for Sales and Technical")
    approve_on_the_card(walker, "technical", order)
    orders.approve(order, "supervisor")
    assert orders.waits_for(order) == {"Finance"}


def test_requester_sees_where_it_waits(orders, walker):
    order = orders.enter("valve", quantity=12)
    orders.submit(order)
    orders.approve(order, "supervisor")
    walker.sit_down("salesperson", "/odoo/my-submissions")
    walker.sees(".o_progressbar", "33", CARD, order.name)
    walker.sees("div", "Finance", CARD, order.name)
    walker.press(CARD, order.name)
    walker.sees(PANEL, "Waiting for Finance")


def test_deputy_decides_during_an_absence(orders, walker):
    order = orders.enter("valve", quantity=12)
    orders.submit(order)
    walker.sit_down("supervisor", "/odoo/my-absences/new")
    walker.choose("delegate_id", "Technical")
    walker.press(".o_form_button_save")
    walker.sees(".o_form_saved, .o_form_view", "Technical")
    approve_on_the_card(walker, "technical", order)
    orders.end_absences("supervisor")
    walker.sit_down("salesperson", f"/odoo/sales/{order.id}")
    walker.sees(SEAT, "Technical for Supervisor")


def test_emergency_release(orders, walker):
    order = orders.enter("valve", quantity=12)
    orders.submit(order)
    walker.sit_down("chief", f"/odoo/sales/{order.id}")
    walker.press(f"{PANEL} button[name=action_emergency_release]")
    walker.type(f"{DIALOG} [name=reason] textarea", "The line stands still.")
    walker.press(f"{DIALOG} .modal-footer button.btn-danger")
    walker.gone(".modal")
    walker.sees(f"{PANEL} header", "Emergency release")
    assert orders.state(order) == ("draft", "approved")
    confirm(walker, order, told="Confirmed as released in an emergency")
