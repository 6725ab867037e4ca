"""What a customer confirms in the portal: a list of needs, and orders still valid."""

from datetime import date, timedelta

import pytest

from odoo.fields import Command

from tests.browser import company
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
STATUS = ".o_statusbar_status .o_arrow_button_current"
DAY = date.today() + timedelta(days=20)
WISH = "Please deliver to the back door"


def set_up(env):
    """A list of needs in draft, and an enquiry about two confirmed orders.

    :return: ids of the list, of the enquiry and of both orders; names of the orders
    """
    records = company.create(env)
    env.company.write({"document_approval_mode": "off", "sale_enquiry_days": 5})
    seller = company.find_user(env, "salesperson")
    needs = (
        env["sale.requirement.list"]
        .with_user(seller)
        .create(
            {
                "partner_id": records["customer"],
                "contact_id": records["contact"],
                "line_ids": [
                    Command.create(
                        {
                            "product_id": records["valve"],
                            "quantity": 10,
                            "specification": "DN50 PN16",
                        }
                    )
                ],
            }
        )
    )
    values = {
        "partner_id": records["customer"],
        "policy_contact_id": records["contact"],
        "order_line": [
            Command.create({"product_id": records["valve"], "product_uom_qty": 10})
        ],
    }
    orders = env["sale.order"].with_user(seller).create([dict(values), dict(values)])
    orders.action_confirm()
    enquiries = env["sale.order.enquiry"]
    enquiry = enquiries._make(env.company, records["customer"], orders.ids)
    return needs.id, enquiry.id, orders.ids, orders.mapped("name")


def look(env, needs_id, enquiry_id):
    """Return what the customer has answered."""
    needs = env["sale.requirement.list"].browse(needs_id)
    enquiry = env["sale.order.enquiry"].browse(enquiry_id)
    return {
        "needs": needs.state,
        "signed": [[a.name, bool(a.signature)] for a in needs.answer_ids],
        "ordered": needs.order_id.order_line.mapped("product_uom_qty"),
        "orders": [
            [line.state, line.words, line.wish_date and line.wish_date.isoformat()]
            for line in enquiry.line_ids
        ],
    }


@pytest.fixture(scope="module")
def site():
    with prepared.with_addons("enquiry_walk") as database:
        made = run(database, set_up)
        with serve(database) as server, open_page() as page:
            server.log_in("admin", "admin")
            yield database, made, Walker(page, server)


@pytest.fixture
def walker(site):
    """The browser; its console has nothing to tell in the end."""
    walker = site[-1]
    walker.hold(DESK)
    walker.page.console.clear()
    yield walker
    assert not walker.page.console


def test_list_of_needs_is_sent_signed_and_ordered(site, walker):
    database, (needs_id, enquiry_id, _ids, _names), _walker = site
    walker.sit_down("salesperson", f"/odoo/requirement-lists/{needs_id}")
    walker.press("button[name=action_send]")
    walker.sees(STATUS, "Sent")
    assert not walker.count("button[name=action_create_order]")
    sign_the_list(walker)
    found = run(database, look, needs_id, enquiry_id)
    assert (found["needs"], found["signed"]) == ("confirmed", [["Buyer", True]])
    walker.sit_down("salesperson", f"/odoo/requirement-lists/{needs_id}")
    walker.sees(STATUS, "Confirmed")
    walker.press("button[name=action_create_order]")
    walker.sees("[name=order_line] .o_data_row", "Valve")
    assert run(database, look, needs_id, enquiry_id)["ordered"] == [10.0]


def sign_the_list(walker):
    """The customer confirms it on his telephone; nobody is asked again."""
    walker.hold(PHONE)
    walker.sit_down("customer", "/my/home")
    walker.press(".o_portal_docs a", "Requirement lists")
    walker.sees("table tr", "To confirm")
    walker.press("table a")
    walker.sees("[name=requirement_lines] tr", "DN50 PN16")
    assert walker.overflow() <= 0
    walker.sign("Buyer")
    walker.sees(".o_portal_requirement .alert-success", "You have confirmed the list")
    walker.sees("[name=requirement_answered]", "Buyer")
    walker.gone(".o_portal_sign_submit")
    walker.hold(DESK)


def test_customer_says_which_orders_are_valid(site, walker):
    database, (needs_id, enquiry_id, order_ids, names), _walker = site
    walker.hold(PHONE)
    walker.sit_down("customer", "/my/home")
    walker.press(".o_portal_docs a", "Validity of orders")
    walker.press("table a")
    first, second = (f"[data-order={name}]" for name in names)
    walker.press(f"{first} label", "Still valid")
    walker.press(f"{second} label", "Valid, but with")
    walker.press("[name=enquiry_answer] button[type=submit]")
    walker.sees("[name=enquiry_error]", f"{names[1]}: say what you wish")
    walker.type_day(f"{second} input[type=date]", DAY)
    walker.type(f"{second} input[type=text]", WISH)
    assert walker.overflow() <= 0
    walker.press("[name=enquiry_answer] button[type=submit]")
    walker.sees(".o_portal_enquiry .alert-success", "Thank you")
    walker.sees(f"{second} .badge", "Valid, with a wish")
    assert run(database, look, needs_id, enquiry_id)["orders"] == [
        ["valid", "", False],
        ["wish", WISH, DAY.isoformat()],
    ]
    walker.hold(DESK)
    walker.sit_down("salesperson", f"/odoo/sales/{order_ids[1]}")
    walker.sees(".alert", "The customer wishes a change")
    walker.sees(".alert", WISH)
