"""A handover and an acceptance as both sides see them, one in Chinese, in a browser."""

import pytest

from tests.browser.handovers import look_at_rows, look_at_slip, set_up
from tests.browser.walker import DESK, Walker
from tests.common import prepared
from tests.common.processes import run
from tests.common.server import serve
from tools.browser import open_page
from tools.environment.system_packages import browser

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not browser(), reason="no Chromium is installed"),
]
CARD = ".o_kanban_record"
DIALOG = ".modal:not(.o_inactive_modal)"
ROW = ".o_data_row"
SIGNATURE_PAD = f"{DIALOG} .o_web_sign_name_and_signature"
REMARK = "手柄弯了"
REASON = "One box is missing"
ANSWER = "The box has been found"


@pytest.fixture(scope="module")
def site():
    with prepared.with_addons("handover_sides") as database:
        slip, orders = run(database, set_up)
        with serve(database) as server, open_page() as page:
            server.log_in("admin", "admin")
            yield database, slip, orders, Walker(page, server)


@pytest.fixture
def walker(site):
    """The browser; its console has nothing to tell in the end."""
    walker = site[-1]
    walker.hold(DESK)
    walker.page.console.clear()
    yield walker
    assert not walker.page.console


def open_slip(walker):
    """Go from the start of the portal to the only slip there is."""
    walker.sit_down("customer", "/zh_CN/my/home")
    walker.press(".o_portal_docs a", "交付验收单")
    walker.press("table a", "AS/")
    walker.sees(".o_portal_acceptance h3", "交付验收单")


def open_row(walker, login, order, state):
    """Open what was handed over of an order, from the list of everything."""
    walker.sit_down(login, "/odoo/handover-lists")
    walker.press(".o_facet_remove")
    walker.gone(".o_searchview_facet")
    walker.press(f"{ROW} td[name=order_name]", order, ROW, state)
    walker.sees(".o_form_view [name=order_name]", order)


def rows_of(database, order):
    """Return what the warehouse was handed over of an order."""
    return [row for row in run(database, look_at_rows) if row["order"] == order]


def test_customer_accepts_a_line_and_rejects_of_another_in_chinese(site, walker):
    database, slip, _orders, _walker = site
    open_slip(walker)
    walker.sees(".o_portal_acceptance h3", "待签字")
    walker.sees("[data-line]:nth-of-type(2)", "Special valve")
    walker.type("[data-line]:nth-of-type(2) input[name^=rejected_]", "1")
    walker.type("[data-line]:nth-of-type(2) input[name^=remark_]", REMARK)
    walker.press("button[name=acceptance_continue]", "去签字")
    walker.sees("[name=acceptance_lines] tr", REMARK)
    walker.type(".o_web_sign_name_input", "Buyer")
    walker.press(".o_portal_sign_submit:not([disabled])", "签字")
    walker.sees("[name=acceptance_done]", "谢谢")
    walker.sees(".o_portal_acceptance h3", "部分签收")
    assert run(database, look_at_slip, slip) == {
        "state": "signed",
        "signed": True,
        "by": "Buyer",
        "lines": {"Valve": [4.0, 0.0, False], "Special valve": [1.0, 1.0, REMARK]},
        "waiting": {"Special valve": 1.0},
        "delivered": {"Valve": 4.0, "Special valve": 1.0},
    }
    # nobody is asked again
    open_slip(walker)
    walker.sees("[name=acceptance_signature] img")
    assert not walker.count("[name=acceptance_form]")
    assert not walker.count("[name=acceptance_sign]")


def test_receiver_signs_and_the_time_stands_in_the_list(site, walker):
    database, _slip, orders, _walker = site
    walker.sit_down("keeper", "/odoo/handovers-for-me")
    walker.press("button", "Receive", CARD, orders[0])
    walker.press(f"{DIALOG} [name=signature] .o_signature")
    walker.sees(SIGNATURE_PAD)
    walker.press(f"{DIALOG} .modal-footer .btn-primary:not([disabled])", "Sign")
    walker.gone(SIGNATURE_PAD)
    walker.press(f"{DIALOG} button[name=action_receive]")
    walker.gone(".modal")
    walker.gone(CARD, orders[0])
    open_row(walker, "salesperson", orders[0], "Received")
    walker.sees(".o_form_view [name=receiver_id]", "Keeper")
    walker.sees(".o_form_view [name=date_received]", ":")
    walker.sees(".o_form_view [name=signature] img")
    assert rows_of(database, orders[0]) == [
        {
            "order": orders[0],
            "state": "received",
            "by": "keeper",
            "signed": True,
            "timed": True,
        }
    ]


def test_sender_sees_the_refusal_and_hands_over_again(site, walker):
    database, _slip, orders, _walker = site
    walker.sit_down("keeper", "/odoo/handovers-for-me")
    walker.press("button", "Refuse", CARD, orders[1])
    walker.type(f"{DIALOG} [name=text] textarea", REASON)
    walker.press(f"{DIALOG} button[name=action_refuse]")
    walker.gone(".modal")
    walker.gone(CARD, orders[1])
    open_row(walker, "salesperson", orders[1], "Refused")
    walker.sees(".o_form_view .alert-danger", "Keeper")
    walker.sees(".o_form_view .alert-danger", REASON)
    walker.press(".o_statusbar_buttons button[name=action_hand_over_again]")
    walker.type(f"{DIALOG} [name=text] textarea", ANSWER)
    walker.press(f"{DIALOG} button[name=action_hand_over_again]")
    walker.gone(".modal")
    walker.sit_down("keeper", "/odoo/handovers-for-me")
    walker.press(CARD, orders[1])
    walker.sees(".o_form_view .alert-info", ANSWER)
    states = [row["state"] for row in rows_of(database, orders[1])]
    assert states == ["refused", "waiting"]
