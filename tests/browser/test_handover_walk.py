"""An order's goods, from the warehouse to the customer's signature, in a browser."""

import pytest

from odoo.fields import Command

from tests.browser import company
from tests.browser.walker import PHONE, Walker
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
SHIPPED = 4


def set_up(env):
    """Ship an order to a customer who signs; hand it over to the warehouse.

    Two orders are confirmed: the warehouse has something to receive and to refuse.

    :return: id of the acceptance slip
    """
    records = company.create(env)
    env.company.document_approval_mode = "off"
    env.company.handover_lists = True
    env["order.handover.stage"].search([]).requires_signature = True
    keeper = company._user(env, "keeper", "stock.group_stock_user")
    department = env["document.approval.department"].search(
        [("code", "=", "warehouse"), ("company_id", "=", env.company.id)]
    )
    department.member_ids = [Command.set(keeper.ids)]
    customer = env["res.partner"].browse(records["customer"])
    customer.handover_acceptance = "always"
    values = {
        "partner_id": customer.id,
        "user_id": env["res.users"].search([("login", "=", "salesperson")]).id,
        "order_line": [
            Command.create({"product_id": records["valve"], "product_uom_qty": SHIPPED})
        ],
    }
    orders = env["sale.order"].create([dict(values), dict(values)])
    orders.action_confirm()
    picking = orders[0].picking_ids
    picking.move_ids.picked = True
    picking._action_done()
    env["order.handover.event"]._cron_make_handovers()
    return orders[0].handover_acceptance_ids.id


def look(env, slip_id):
    """Return what became of the slip."""
    slip = env["order.acceptance"].browse(slip_id)
    line = slip.order_id.order_line
    return {
        "state": slip.state,
        "way": slip.way,
        "result": slip.result,
        "rejected": sum(slip.line_ids.mapped("rejected_qty")),
        "delivered": line.qty_delivered,
        "exceptions": len(slip.order_id.handover_exception_ids),
    }


def handovers(env):
    """Return state and signature of what was handed over to the warehouse."""
    rows = env["order.handover"].search(
        [("receiver_department_id.code", "=", "warehouse")], order="id"
    )
    return [[row.state, bool(row.signature), row.refuse_reason] for row in rows]


@pytest.fixture(scope="module")
def site():
    with prepared.with_addons("handover_walk") as database:
        slip = run(database, set_up)
        with serve(database) as server, open_page() as page:
            server.log_in("admin", "admin")
            yield database, slip, Walker(page, server)


def test_customer_rejects_a_part_and_signs(site):
    database, slip, walker = site
    walker.hold(PHONE)
    walker.sit_down("customer", f"/my/acceptances/{slip}")
    walker.sees(".o_portal_acceptance h3", "To sign")
    assert walker.overflow() <= 0
    walker.type("input[name^=rejected_]", "1")
    walker.press("button[name=acceptance_continue]")
    walker.sees(".alert[name=acceptance_error]", "")
    assert not walker.count("[name=acceptance_sign]"), "what is wrong with it?"
    walker.type("input[name^=remark_]", "The handle is bent")
    walker.press("button[name=acceptance_continue]")
    walker.sees("[name=acceptance_sign]", "By signing you confirm")
    walker.type(".o_web_sign_name_input", "Buyer")
    walker.press(".o_portal_sign_submit:not([disabled])")
    walker.sees("[name=acceptance_done]", "what has to be put right")
    walker.sees("[name=acceptance_signature]", "Buyer")
    assert run(database, look, slip) == {
        "state": "signed",
        "way": "portal",
        "result": "partly",
        "rejected": 1.0,
        "delivered": SHIPPED - 1.0,
        "exceptions": 1,
    }
    # nobody is asked again
    walker.sit_down("customer", f"/my/acceptances/{slip}")
    walker.sees("[name=acceptance_signature]", "Buyer")
    assert not walker.count("button[name=acceptance_continue]")
    assert not walker.page.console


def test_warehouse_signs_for_one_and_refuses_the_other(site):
    database, _slip, walker = site
    walker.hold((1366, 900))
    walker.sit_down("keeper", "/odoo/handovers-for-me")
    walker.press(".o_kanban_record button", "Receive")
    walker.press(f"{DIALOG} .o_field_widget[name=signature] .o_signature")
    walker.sees(f"{DIALOG} .o_web_sign_name_and_signature")
    walker.press(f"{DIALOG} .modal-footer .btn-primary:not([disabled])", "Sign")
    walker.press(f"{DIALOG} button[name=action_receive]")
    walker.gone(".modal")
    walker.press(".o_kanban_record button", "Refuse")
    walker.type(f"{DIALOG} [name=text] textarea", "One box is missing")
    walker.press(f"{DIALOG} button[name=action_refuse]")
    walker.gone(".modal")
    assert run(database, handovers) == [
        ["received", True, False],
        ["refused", False, "One box is missing"],
    ]
    assert not walker.page.console
