"""Credit control comes into a database with a history, and goes again."""

import pytest

from tests.common.processes import run
from tests.lifecycle.conftest import module_states, odoo
from tools import databases

pytestmark = pytest.mark.lifecycle
ADDON = "customer_credit_grade"


def make_accounts(env):
    """Run the job that makes accounts; return what they and the orders say."""
    env.ref(f"{ADDON}.ir_cron_prepare_accounts").method_direct_trigger()
    env.cr.commit()  # the job had a transaction of its own; look at what it left
    accounts = env["customer.credit.account"].search([])
    orders = env["sale.order"].search(
        [("state", "=", "sale"), ("company_id", "=", env.company.id)]
    )
    figures = accounts._get_figures()
    values = env["customer.credit.exposure"]._get_order_values(orders)
    return {
        "accounts": len(accounts),
        "debtors": len(orders.partner_invoice_id.commercial_partner_id),
        "ordered": round(sum(f.ordered for f in figures.values()), 2),
        "open": round(sum(value[2] for value in values.values()), 2),
        "modes": sorted(set(accounts.mapped("mode"))),
    }


def load_limits(env):
    """Give everybody a limit while control is off; return Odoo's own limits."""
    wizard = env["customer.credit.initial.load"].create(
        {"mode": "limited", "limit_method": "fixed", "amount": 1234.0}
    )
    wizard.action_load()
    partners = env["customer.credit.account"].search([]).partner_id
    return sorted(set(partners.mapped("credit_limit")))


def own_limits(database):
    """Return Odoo's own limits as the database has them."""
    with databases.connection(database) as cursor:
        cursor.execute(
            "SELECT id, credit_limit::text FROM res_partner"
            " WHERE credit_limit IS NOT NULL ORDER BY id"
        )
        return cursor.fetchall()


def test_history_is_taken_in_and_given_back(all_installed, copy):
    database = copy(all_installed)
    before = own_limits(database)
    found = run(database, make_accounts)
    assert found["accounts"] >= found["debtors"] > 0
    assert found["ordered"] == found["open"]
    assert found["modes"] == ["prepay"]
    assert run(database, load_limits) == [1234.0]
    assert own_limits(database) != before
    odoo(database, "module", "uninstall", "--database", database, ADDON)
    assert module_states(database)[ADDON] == "uninstalled"
    assert own_limits(database) == before
    with databases.connection(database) as cursor:
        cursor.execute(
            "SELECT COUNT(*) FROM ir_attachment"
            " WHERE res_model = 'res.partner' AND name LIKE 'credit-history-%'"
        )
        assert cursor.fetchone() == (found["accounts"],)
