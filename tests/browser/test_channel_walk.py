"""A fair on its board, a rebate from the figures to the credit note, the portal."""

import pytest

from tests.browser.channel import look_at, set_up
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
ROW = ".o_data_row"
CARD = ".o_kanban_record"
DIALOG = ".modal:not(.o_inactive_modal)"


@pytest.fixture(scope="module")
def site():
    with prepared.with_addons("channel_walk") as database:
        ids = run(database, set_up)
        with serve(database) as server, open_page() as page:
            server.log_in("admin", "admin")
            yield database, ids, Walker(page, server)


@pytest.fixture
def walker(site):
    """The browser; its console has nothing to tell in the end."""
    walker = site[-1]
    walker.hold(DESK)
    walker.page.console.clear()
    yield walker
    assert not walker.page.console


def test_the_board_tells_who_has_reached_what(walker):
    walker.sit_down("sales_director", "/odoo/rebate-board")
    walker.sees(".o_list_view", "Customer")
    walker.sees(".o_list_view", "1,500.00")
    walker.sees(".o_list_view", "75.00")


def test_partner_sees_what_he_earned_and_what_is_missing(walker):
    walker.hold(PHONE)
    walker.sit_down("customer", "/my/channel")
    walker.press("a", "Rebates")
    walker.sees(".o_portal_rebates", "Spring Fair")
    walker.sees(".o_portal_rebates", "75.00")
    walker.sees(".o_portal_rebates", "Only 500 to the next tier")
    assert walker.overflow() <= 1


def test_partner_confirms_the_statement(site, walker):
    database, ids, _walker = site
    walker.sit_down("customer", "/my/statements")
    walker.press("table a")
    walker.sees("[name=statement_lines]", "1,500.00")
    walker.type("[name=statement_confirm] [name=name]", "Buyer")
    walker.press("[name=statement_confirm] button[type=submit]")
    walker.sees("[name=statement_confirmed]")
    assert run(database, look_at, *ids)["statement"] == "confirmed"


def test_a_rebate_from_the_figures_to_the_credit_note(site, walker):
    database, ids, _walker = site
    walker.sit_down("sales_director", "/odoo/rebate-settlements/new")
    walker.choose("period_ids", "Spring Fair")
    walker.press("button[name=action_fill]")
    walker.sees(ROW, "75.00")
    walker.press("button[name=action_submit_for_approval]")
    for login in ("finance", "director"):
        walker.sit_down(login, "/odoo/my-approvals")
        walker.press("button", "Approve", CARD, "RS/")
        walker.press(f"{DIALOG} .modal-footer button.btn-primary")
        walker.gone(".modal")
        walker.gone(CARD, "RS/")
    assert run(database, look_at, *ids) == {
        "earned": 75.0,
        "released": 75.0,
        "credit notes": [75.0],
        "statement": "confirmed",
        "remark": False,
    }
