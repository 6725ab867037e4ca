"""The screens open in a browser, without an error on its console."""

import pytest

from tests.common import prepared
from tests.common.processes import run
from tests.common.server import serve
from tools.browser import open_page
from tools.demo.company import install_languages
from tools.environment.system_packages import browser

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not browser(), reason="there is no browser"),
]
SCREENS = (
    "/odoo/sales",
    "/odoo/sales/new",
    "/odoo/settings",
    "/odoo/my-approvals",
    "/odoo/my-submissions",
    "/odoo/my-absences",
    "/odoo/approval-rounds",
    "/odoo/approval-flows",
    "/odoo/approval-departments",
    "/odoo/approval-delegations",
    "/odoo/approval-setup",
    "/odoo/approval-times",
    "/odoo/approval-refusals",
    "/odoo/approval-overdue",
    "/odoo/order-imports",
    "/odoo/order-imports/new",
    "/odoo/order-letters",
    "/odoo/order-tasks",
    "/odoo/order-task-templates",
    "/odoo/sale-originals",
    "/odoo/sale-original-kinds",
    "/odoo/sale-order-types",
    "/odoo/sale-amount-classes",
    "/odoo/sale-price-rules",
    "/odoo/sales-regions",
    "/odoo/customer-credit",
    "/odoo/credit-holds",
    "/odoo/credit-requests",
    "/odoo/credit-ageing",
    "/odoo/credit-grades",
    "/odoo/credit-groups",
    "/odoo/credit-releasers",
    "/odoo/credit-extra-accounts",
    "/odoo/credit-settings",
    "/odoo/credit-scorecards",
    "/odoo/credit-assessments",
    "/odoo/credit-collections",
    "/odoo/credit-collection-levels",
    "/odoo/credit-promises",
    "/odoo/credit-funds-missing",
    "/odoo/credit-alerts",
    "/odoo/credit-events",
    "/odoo/customer-credit-over-limit",
    "/odoo/contracts",
    "/odoo/contract-ledger",
    "/odoo/contract-briefings",
    "/odoo/contract-briefing-templates",
    "/odoo/contract-clauses",
    "/odoo/contract-templates",
    "/odoo/contract-originals",
    "/odoo/contract-loans",
    "/odoo/contract-places",
    "/odoo/order-changes",
    "/odoo/order-change-evaluations",
    "/odoo/order-enquiries",
    "/odoo/order-enquiry-analysis",
    "/odoo/order-enquiry-answers",
    "/odoo/orders-without-answer",
    "/odoo/requirement-lists",
    "/odoo/service-levels",
    "/odoo/price-concessions",
    "/odoo/price-concession-use",
    "/odoo/price-revisions",
)
LANGUAGES = ("zh_CN", "en_US")


@pytest.fixture(scope="module")
def server():
    with prepared.with_addons("screens") as database:
        run(database, install_languages)
        with serve(database) as started:
            yield started


@pytest.mark.parametrize("language", LANGUAGES)
def test_screens_open(server, language):
    session = server.log_in("admin", "admin")
    session.call("res.users", "write", [session.uid], {"lang": language})
    with open_page() as page:
        page.log_in(server.base, "admin", "admin")
        for screen in SCREENS:
            page.go(server.base + screen)
            assert page.text(".o_action_manager").strip(), screen
        assert not page.console
