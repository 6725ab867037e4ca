"""The registration form as a salesperson fills it in, in a browser."""

import pytest

from tests.browser import company
from tests.browser.orders import Orders
from tests.browser.walker import Walker
from tests.common import prepared
from tests.common.processes import run
from tests.common.server import serve
from tools.browser import open_page
from tools.environment.system_packages import browser

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not browser(), reason="no Chromium is installed"),
]
DIALOG = ".modal:not(.o_inactive_modal)"
PANEL = ".o_approval_panel"
REQUIREMENT = "Pressure tested at 25 bar"
ROW = ".o_data_row"
FORM = """登记编号,客户,产品,数量,单价
W-1,Customer,Valve,5,250
W-1,Customer,Special valve,1,900
W-2,Customer,Valv,3,250
"""


def set_up(env):
    """Set the company up, with a type whose quotations wait for the approval."""
    records = company.create(env)
    records["projects"] = (
        env["sale.order.type"]
        .create({"name": "Projects", "sending_rule": "approved"})
        .id
    )
    return records


@pytest.fixture(scope="module")
def office():
    with prepared.with_addons("registration") as database:
        records = run(database, set_up)
        with serve(database) as server, open_page() as page:
            server.log_in("admin", "admin")
            yield Orders(server, records), Walker(page, server), records


@pytest.fixture
def orders(office):
    return office[0]


@pytest.fixture
def walker(office):
    """The browser; its console has nothing to tell in the end."""
    walker = office[1]
    walker.page.console.clear()
    yield walker
    assert not walker.page.console


def test_salesperson_fills_in_the_form_and_sees_who_will_review(walker):
    walker.sit_down("salesperson", "/odoo/sales/new")
    walker.choose("partner_id", "Customer")
    walker.sees("[name=partner_invoice_id] input", "Customer")
    walker.choose("policy_contact_id", company.CONTACT)
    walker.sees("[name=policy_contact_email]", "@example.com")
    walker.type("[name=policy_external_number] input", "R-2026-001")
    walker.press("[name=order_line] a", "Add a product")
    walker.type(".o_selected_row [name=product_template_id] input", "Valve")
    walker.press(".o-autocomplete--dropdown-item", "Valve")
    walker.gone(".o-autocomplete--dropdown-menu")
    walker.press(".o_selected_row td[name=policy_requirement]")
    walker.type(".o_selected_row td[name=policy_requirement] input", REQUIREMENT)
    walker.press(".o_form_button_save")
    walker.sees(PANEL, f"technical requirement: {REQUIREMENT}")
    walker.sees(PANEL, "Joint review")


def test_a_number_that_is_taken_is_refused_in_words(orders, walker):
    orders.enter("valve", quantity=1, policy_external_number="R-7")
    other = orders.enter("valve", quantity=1)
    walker.sit_down("salesperson", f"/odoo/sales/{other.id}")
    walker.type("[name=policy_external_number] input", "R-7")
    walker.press(".o_form_button_save")
    walker.sees(f"{DIALOG} .modal-body", "has this registration number already")
    walker.press(f"{DIALOG} .modal-footer button")
    walker.press(".o_form_button_cancel")


def test_what_waits_for_approval_is_not_sent(office, orders, walker):
    order = orders.enter("valve", quantity=12, policy_type_id=office[2]["projects"])
    walker.sit_down("salesperson", f"/odoo/sales/{order.id}")
    walker.press(
        "header button[name=action_quotation_send], .o_statusbar_buttons button", "Send"
    )
    walker.sees(f"{DIALOG} .modal-body", "only once it is approved")
    walker.press(f"{DIALOG} .modal-footer button")
    walker.gone(".modal")


def test_spreadsheet_is_checked_mended_and_imported(office, walker, tmp_path):
    sheet = tmp_path / "订单信息登记表.csv"
    sheet.write_text(FORM, encoding="gb18030")
    walker.sit_down("salesperson", "/odoo/order-imports")
    walker.press(".o_list_button_add")
    walker.upload(".o_order_import_drop input[type=file]", sheet)
    walker.sees(".o_order_import_drop", sheet.name)
    walker.press("button[name=action_check]", "Read and Check")
    walker.sees("[name=open_row_ids]", "No product with reference, barcode or name")
    walker.press("[name=to_mend] button[name=action_open_rows]")
    walker.press(f"{ROW} td[name=col_product]", "Valv")
    walker.type(".o_selected_row td[name=col_product] input", "Valve")
    walker.press(".o_list_button_save")
    walker.press(".o_back_button, .breadcrumb-item a", sheet.name)
    walker.gone("[name=to_mend]", "To Mend")
    walker.press("button[name=action_create_orders]")
    walker.sees(".alert-success", "Everything in the file is imported")
    walker.press("button[name=action_open_orders]")
    walker.sees(f"{ROW}:nth-child(2)")
    session = office[0].acting("salesperson")
    found = session.call(
        "sale.order",
        "search_read",
        [("policy_external_number", "in", ("W-1", "W-2"))],
        ["policy_external_number", "amount_untaxed", "state"],
    )
    assert {(o["policy_external_number"], o["amount_untaxed"]) for o in found} == {
        ("W-1", 2150.0),
        ("W-2", 750.0),
    }
    assert {order["state"] for order in found} == {"draft"}


def test_original_is_attached_and_kept(orders, walker, tmp_path):
    scan = tmp_path / "order.txt"
    scan.write_text("Twelve valves, please.")
    order = orders.enter("valve", quantity=12)
    walker.sit_down("salesperson", f"/odoo/sales/{order.id}")
    walker.press(".o_notebook .nav-link", "Originals")
    walker.upload(".tab-pane.active input[type=file]", scan)
    walker.sees(".tab-pane.active", scan.name)
    orders.submit(order)
    walker.sit_down("supervisor", f"/odoo/sales/{order.id}")
    walker.sees(PANEL, scan.name)
