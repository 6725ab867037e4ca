"""An order beyond the credit, from the refusal to its release, in a browser."""

import pytest

from odoo.fields import Command

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


def set_up(env):
    """Credit control without approvals; finance may release up to 1,000."""
    records = company.create(env)
    env.company.document_approval_mode = "off"
    customer = env["res.partner"].browse(records["customer"])
    seller = env["res.users"].search([("login", "=", "salesperson")])
    finance = env["res.users"].search([("login", "=", "finance")])
    customer.user_id = seller
    finance.group_ids = [
        Command.link(env.ref("customer_credit_grade.group_officer").id)
    ]
    env["product.product"].browse(records["valve"]).taxes_id = [Command.clear()]
    account = env["customer.credit.account"]._bump(env.company, customer)
    account._credit_apply({"mode": "limited"})
    env["customer.credit.entitlement"].create(
        {"account_id": account.id, "kind": "standing", "amount": 1000.0}
    )
    env["customer.credit.releaser"].create({"user_id": finance.id, "amount": 1000.0})
    env.company.credit_mode = "enforce"
    return records


@pytest.fixture(scope="module")
def office():
    with prepared.with_addons("credit_walk") as database:
        records = run(database, set_up)
        with serve(database) as server, open_page() as page:
            server.log_in("admin", "admin")
            yield Orders(server, records), Walker(page, server)


def test_order_is_refused_released_and_confirmed(office):
    orders, walker = office
    order = orders.enter("valve", quantity=6)
    walker.sit_down("salesperson", f"/odoo/sales/{order.id}")
    walker.press(".o_statusbar_buttons button[name=action_confirm]")
    walker.sees(f"{DIALOG} .modal-body", "credit exceeded by")
    walker.sees(f"{DIALOG} .modal-body", "500.00")
    walker.sees(f"{DIALOG} .modal-body", "It may be released by: Finance")
    walker.press(f"{DIALOG} .modal-footer button")
    # what was rolled back has left its hold
    walker.sit_down("finance", "/odoo/credit-holds")
    walker.press(".o_data_row button", "Release")
    walker.type(f"{DIALOG} [name=reason] textarea", "Bank guarantee is on its way")
    walker.press(f"{DIALOG} .modal-footer button[name=action_release]")
    walker.gone(".modal")
    walker.sees(".o_data_row", "Released")
    walker.sit_down("salesperson", f"/odoo/sales/{order.id}")
    walker.press(".o_statusbar_buttons button[name=action_confirm]")
    walker.sees(".o_statusbar_status .o_arrow_button_current", "Sales Order")
    assert not walker.page.console
