"""A better price is asked for, granted, and used on an order, in a browser."""

from datetime import date, timedelta

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
CARD = ".o_kanban_record:not(.o_kanban_ghost)"
DIALOG = ".modal:not(.o_inactive_modal)"
FORM = ".o_form_view"
SUBMIT = "button[name=action_submit_for_approval]"
REASON = "A large project"


def set_up(env):
    """Orders need no approval; prices do, by sales, finance and management."""
    records = company.create(env)
    env.company.document_approval_mode = "off"
    company._user(env, "director", "base.group_user")
    company.put_in(env, "director", "management")
    env["product.product"].browse(records["valve"]).taxes_id = [Command.clear()]
    return records


def look(env):
    """Return what was granted, and what was taken of it."""
    concession = env["sale.price.concession"].search([])
    return {
        "situation": concession.situation,
        "used": concession.used_quantity,
        "left": concession.left_quantity,
    }


@pytest.fixture(scope="module")
def office():
    with prepared.with_addons("concession_walk") as database:
        records = run(database, set_up)
        with serve(database) as server, open_page() as page:
            server.log_in("admin", "admin")
            yield database, Orders(server, records), Walker(page, server)


def test_price_is_asked_for_granted_and_used(office):
    database, orders, walker = office
    ask(walker)
    before = orders.enter("valve", quantity=10)
    for login in ("supervisor", "finance", "director"):
        walker.sit_down(login, "/odoo/my-approvals")
        walker.press("button", "Approve", CARD, "PC")
        walker.press(f"{DIALOG} .modal-footer button.btn-primary")
        walker.gone(".modal")
        walker.gone(CARD, "PC")
    assert run(database, look)["situation"] == "in_force"
    walker.sit_down("salesperson", f"/odoo/sales/{before.id}")
    walker.sees("[name=order_line] td[name=price_unit]", "250.00")
    order = orders.enter("valve", quantity=10)
    use(walker, order)
    assert run(database, look) == {"situation": "in_force", "used": 10.0, "left": 90.0}
    walker.sit_down("salesperson", "/odoo/price-concessions")
    walker.press(".o_data_row td[name=date_to]")
    walker.sees(f"{FORM} .o_stat_value", "10 %")
    assert not walker.page.console


def ask(walker):
    """Without the price it is not submitted, and the salesperson reads why."""
    walker.sit_down("salesperson", "/odoo/price-concessions/new")
    walker.choose("partner_ids", "Customer")
    walker.choose("product_ids", "Valve")
    end = date.today() + timedelta(days=60)
    walker.type(f"{FORM} [name=date_to] input", f"{end:%m/%d/%Y}")
    walker.type(f"{FORM} [name=max_quantity] input", "100")
    walker.type(f"{FORM} [name=reason] textarea", REASON)
    walker.press(".o_form_button_save")
    walker.press(SUBMIT)
    walker.sees(f"{DIALOG} .modal-body", "Enter the price")
    walker.press(f"{DIALOG} .modal-footer button")
    walker.gone(".modal")
    walker.type(f"{FORM} [name=price] input", "200")
    walker.press(SUBMIT)
    walker.sees(f"{FORM} [name=situation]", "In Review")


def use(walker, order):
    """The order took the price by itself, and says how much is left."""
    walker.sit_down("salesperson", f"/odoo/sales/{order.id}")
    walker.sees("[name=order_line] td[name=price_unit]", "200.00")
    walker.sees("[name=order_line] td[name=price_concession_note]", "100.00 of 100.00")
    walker.press(".o_statusbar_buttons button[name=action_confirm]")
    walker.sees("[name=order_line] td[name=price_concession_note]", "90.00 of 100.00")
