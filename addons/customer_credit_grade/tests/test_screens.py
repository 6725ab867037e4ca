from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.fields import Command, Date
from odoo.tests import Form, tagged

from .common import CreditCommon

COMPONENTS = ("receivable", "overdue", "ordered", "online", "extra", "limit")


@tagged("post_install", "-at_install")
class TestCreditScreens(CreditCommon):
    """Figures on screens, the documents behind them, and who may see them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.exposures = cls.env["customer.credit.exposure"].sudo()
        cls.accounts = cls.env["customer.credit.account"]
        cls.stranger = cls.env["res.partner"].create(
            {"name": "Somebody else's customer", "user_id": cls.other_salesman.id}
        )
        cls.foreign_account = cls._set_limit(cls.stranger, 700.0)

    @classmethod
    def _invoice(cls, amount, partner=None, late=0):
        """Post an invoice that is due since ``late`` days."""
        due = Date.today() - timedelta(days=late)
        invoice = (
            cls.env["account.move"]
            .sudo()
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": (partner or cls.partner).id,
                    "invoice_date": due,
                    "invoice_date_due": due,
                    "invoice_payment_term_id": False,
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "name": "Goods",
                                "price_unit": amount,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                }
            )
        )
        invoice.action_post()
        return invoice

    def _rows(self, component, user=None, account=None):
        account = (account or self.credit_account).with_user(user or self.salesman)
        action = account.action_open_component(component)
        return (
            self.env[action["res_model"]]
            .with_user(user or self.salesman)
            .search(action["domain"])
        )

    def _fill(self):
        """Give the customer something of every component."""
        self._invoice(1200.34, late=10)
        self._invoice(300.33, late=2)
        self._pay(250.11)
        self._order_of(800.0).sudo().action_confirm()
        order = self._order_of(500.0)
        order.sudo().action_confirm()
        self._take_online(order, 123.45)
        account = self.env["account.account"].search(
            [("account_type", "=", "liability_current")], limit=1
        )
        self.env["customer.credit.extra.account"].sudo().create(
            {"account_id": account.id, "company_id": self.company.id, "weight": 33.0}
        )
        other = self.env["account.account"].search(
            [("account_type", "=", "asset_current")], limit=1
        )
        self.env["account.move"].sudo().create(
            {
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account.id,
                            "partner_id": self.partner.id,
                            "credit": 100.01,
                        }
                    ),
                    Command.create({"account_id": other.id, "debit": 100.01}),
                ]
            }
        ).action_post()
        self.env["customer.credit.entitlement"].sudo().create(
            {
                "account_id": self.credit_account.id,
                "kind": "guarantee",
                "amount": 333.33,
                "cover": 33.0,
            }
        )
        self.credit_account.invalidate_recordset()

    def _take_online(self, order, amount):
        provider = self.env["payment.provider"].sudo().search([], limit=1)
        method = self.env["payment.method"].sudo().search([], limit=1)
        return (
            self.env["payment.transaction"]
            .sudo()
            .create(
                {
                    "provider_id": provider.id,
                    "payment_method_id": method.id,
                    "reference": f"online {order.name}",
                    "amount": amount,
                    "currency_id": order.currency_id.id,
                    "partner_id": order.partner_id.id,
                    "sale_order_ids": [Command.link(order.id)],
                    "state": "done",
                }
            )
        )

    # Documents behind the figures -------------------------------------------------

    def test_every_component_opens_to_the_cent(self):
        self._fill()
        account = self.credit_account
        for component in COMPONENTS:
            with self.subTest(component):
                rows = self._rows(component)
                self.assertTrue(account[component])
                self.assertAlmostEqual(
                    sum(rows.mapped("amount")), account[component], places=6
                )
                self.assertTrue(all(rows.mapped("name")))
        self.assertAlmostEqual(account.receivable, 1250.56)
        self.assertAlmostEqual(account.overdue, 1250.56)
        self.assertEqual(account.ordered, 1300.0)
        self.assertEqual(account.online, 123.45)
        self.assertEqual(account.extra, -33.0)
        self.assertEqual(account.limit, 5110.0)

    def test_draft_of_a_partly_paid_invoice_still_adds_up(self):
        invoice = self._invoice(1000.0, late=3)
        payment = self._pay(400.0)
        lines = (invoice.line_ids + payment.move_id.line_ids).filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        lines.reconcile()
        invoice.button_draft()
        self.credit_account.invalidate_recordset()
        rows = self._rows("receivable")
        self.assertAlmostEqual(
            sum(rows.mapped("amount")), self.credit_account.receivable
        )

    def test_open_orders_have_open_amounts(self):
        order = self._order_of(800.0)
        order.sudo().action_confirm()
        found = self.exposures._get_open_orders(self.company, self.partner)
        self.assertEqual(found, {order.id: (800.0, 0.0)})

    def test_salesperson_without_accounting_sees_rows_and_cannot_open_entries(self):
        self._invoice(100.0)
        rows = self._rows("receivable")
        self.assertEqual(rows.mapped("amount"), [100.0])
        entries = self.env["account.move.line"].with_user(self.salesman)
        if not entries.has_access("read"):
            self.assertFalse(rows.can_open)
            with self.assertRaises(AccessError):
                rows.action_open_document()

    def test_rows_belong_to_their_reader(self):
        self._invoice(100.0)
        rows = self._rows("receivable", user=self.other_salesman)
        with self.assertRaises(AccessError):
            rows.with_user(self.salesman).read(["amount"])
        with self.assertRaises(AccessError):
            rows.with_user(self.salesman).action_open_document()

    def test_nobody_writes_rows(self):
        with self.assertRaises(AccessError):
            self.env["customer.credit.item"].with_user(self.salesman).create(
                {"account_id": self.foreign_account.id}
            )

    # Who reads what -----------------------------------------------------------------

    def test_salesperson_reads_own_customers_only(self):
        # the most he can have without being more than a salesperson
        self.salesman.group_ids += self.env.ref("base.group_allow_export")
        accounts = self.accounts.with_user(self.salesman)
        own, foreign = self.credit_account, self.foreign_account
        foreign = foreign.with_user(self.salesman)
        self.assertIn(own, accounts.search([]))
        self.assertNotIn(foreign, accounts.search([]))
        self.assertFalse(accounts.search([("partner_id", "=", self.stranger.id)]))
        self.assertFalse(accounts.name_search("Somebody else"))
        self.assertFalse(
            accounts._read_group([("id", "=", foreign.id)], ["mode"], ["__count"])
        )
        self.assertFalse(
            accounts.formatted_read_group(
                [("id", "=", foreign.id)], ["mode"], ["__count"]
            )
        )
        reads = (
            lambda: foreign.read(["limit"]),
            lambda: foreign.web_read({"exposure": {}, "credit_bar": {}}),
            lambda: foreign.export_data(["headroom"]),
            lambda: foreign.action_open_component("receivable"),
            foreign.action_what_if,
        )
        for number, read in enumerate(reads):
            with self.subTest(number), self.assertRaises(AccessError):
                self.env.invalidate_all()
                read()

    def test_who_has_no_part_in_credit_reads_nothing(self):
        account = self.credit_account.with_user(self.operator)
        with self.assertRaises(AccessError):
            account.read(["limit"])
        with self.assertRaises(AccessError):
            account.action_open_component("limit")
        with self.assertRaises(AccessError):
            self.partner.with_user(self.operator).read(["credit_use_percent"])

    def test_officer_reads_all(self):
        account = self.foreign_account.with_user(self.financier)
        self.assertEqual(account.limit, 700.0)
        self.assertEqual(account.credit_bar["limit"], 700.0)
        self.assertEqual(
            self._rows("limit", self.financier, self.foreign_account).amount, 700.0
        )

    def test_partner_shows_credit_to_own_salesperson_only(self):
        partner = self.partner.with_user(self.salesman)
        self.assertEqual(partner.credit_account_id, self.credit_account)
        child = self.env["res.partner"].create(
            {"name": "Contact", "parent_id": self.partner.id}
        )
        child = child.with_user(self.salesman)
        self.assertEqual(child.credit_account_id, self.credit_account)
        stranger = self.stranger.with_user(self.salesman)
        self.assertFalse(stranger.credit_account_id)
        self.assertFalse(stranger.credit_bar)
        self.assertEqual(partner.action_open_credit()["res_id"], self.credit_account.id)

    # Lists --------------------------------------------------------------------------

    def test_filters(self):
        accounts = self.accounts.with_user(self.financier)
        own = self.credit_account
        self.assertNotIn(own, accounts.search([("is_over_limit", "=", True)]))
        self._invoice(4000.0, late=1)
        self.assertIn(own, accounts.search([("is_near_limit", "=", True)]))
        self.assertIn(own, accounts.search([("is_overdue", "=", True)]))
        self._invoice(1000.01)
        over = accounts.search([("is_over_limit", "=", True)])
        self.assertIn(own, over)
        self.assertNotIn(own, accounts.search([("is_near_limit", "=", True)]))
        self.assertNotIn(own, accounts.search([("is_over_limit", "!=", True)]))
        self.assertIn(
            self.foreign_account, accounts.search([("is_over_limit", "=", False)])
        )
        own.invalidate_recordset()
        self.assertEqual(over, over.filtered("is_over_limit"))

    def test_filter_and_flag_agree_on_groups(self):
        group = (
            self.env["customer.credit.group"]
            .sudo()
            .create({"name": "Both", "company_id": self.company.id})
        )
        self.env.cr.execute(
            'UPDATE customer_credit_group SET "limit" = 1000 WHERE id = %s', [group.id]
        )
        group.invalidate_recordset()
        both = self.credit_account + self.foreign_account
        both._credit_apply({"group_id": group.id})
        self._invoice(600.0)
        self._invoice(600.0, self.stranger)
        both.invalidate_recordset()
        found = self.accounts.sudo().search([("is_over_limit", "=", True)])
        self.assertEqual(both & found, both)
        self.assertEqual(both.mapped("is_over_limit"), [True, True])

    def test_salesperson_finds_own_customers_over_their_limit(self):
        self._invoice(6000.0)
        self._invoice(6000.0, self.stranger)
        found = self.accounts.with_user(self.salesman).search(
            [("is_over_limit", "=", True)]
        )
        self.assertEqual(found, self.credit_account)

    def test_list_costs_the_same_for_eighty(self):
        partners = self.env["res.partner"].create(
            [
                {"name": f"Customer {number}", "user_id": self.salesman.id}
                for number in range(80)
            ]
        )
        accounts = self.credit_accounts._bump(self.company, partners)
        fields = ["limit", "exposure", "headroom", "is_over_limit", "credit_bar"]
        counts = []
        for size in (2, 80):
            self.env.flush_all()
            self.env.invalidate_all()
            page = accounts[:size].with_user(self.salesman)
            before = self.env.cr.sql_log_count
            page.web_read({name: {} for name in fields})
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2)
        self.env.invalidate_all()
        with self.assertQueryCount(25):
            accounts.with_user(self.financier).web_read({n: {} for n in fields})

    # Branches -------------------------------------------------------------------------

    def test_branch_shows_the_account_of_its_root(self):
        branch = (
            self.env["res.company"]
            .sudo()
            .create({"name": "Branch", "parent_id": self.company.id})
        )
        user = self._create_user("branch", "sales_team.group_sale_salesman_all_leads")
        user.write({"company_ids": [Command.set(branch.ids)], "company_id": branch.id})
        account = self.credit_account.with_user(user).with_company(branch)
        self.assertEqual(account.limit, 5000.0)
        partner = self.partner.with_user(user).with_company(branch)
        self.assertEqual(partner.credit_account_id, self.credit_account)
        self._invoice(6000.0)
        found = account.search([("is_over_limit", "=", True)])
        self.assertIn(self.credit_account, found)
        settings = self.env["res.config.settings"].with_company(branch).create({})
        self.assertTrue(settings.credit_is_branch)
        self.assertEqual(settings.credit_root_id, self.company)

    # What if -------------------------------------------------------------------------

    def _what_if(self, user=None, **values):
        return (
            self.env["customer.credit.what.if"]
            .with_user(user or self.salesman)
            .create({"account_id": self.credit_account.id, **values})
        )

    def test_what_if(self):
        self._invoice(4000.0)
        wizard = self._what_if(amount=900.0)
        self.assertEqual((wizard.state, wizard.headroom_after), ("pass", 100.0))
        self.assertEqual(wizard.exposure_after, 4900.0)
        wizard = self._what_if(amount=1500.0)
        self.assertEqual(wizard.state, "pay")
        self.assertEqual(wizard.missing, 500.0)
        self.assertEqual(wizard.headroom_after, -500.0)
        self.assertIn("exceeded", wizard.reasons)
        wizard = self._what_if(amount=1500.0, prepaid=40.0)
        self.assertEqual((wizard.state, wizard.headroom_after), ("pass", 100.0))

    def test_what_if_says_what_the_gate_does(self):
        self.assertEqual(self._what_if(amount=5000.0).state, "pass")
        self._order_of(5000.0).sudo().action_confirm()
        self.assertEqual(self._what_if(amount=0.01).missing, 0.01)

    def test_what_if_of_a_stopped_and_a_prepay_customer(self):
        self.credit_account._credit_apply({"mode": "stopped"})
        self.assertEqual(self._what_if(amount=1.0).state, "stop")
        self.credit_account._credit_apply({"mode": "prepay"})
        self.assertEqual(self._what_if(amount=100.0).missing, 100.0)
        self.assertEqual(self._what_if(amount=100.0, prepaid=100.0).state, "pass")

    def test_what_if_form(self):
        form = Form(
            self.env["customer.credit.what.if"]
            .with_user(self.salesman)
            .with_context(default_account_id=self.credit_account.id)
        )
        form.amount = 6000.0
        self.assertEqual(form.state, "pay")
        self.assertEqual(form.missing, 1000.0)

    def test_what_if_is_no_way_to_others_figures(self):
        with self.assertRaises(AccessError):
            self._what_if(account_id=self.foreign_account.id).read(["exposure_after"])

    # Sales order ---------------------------------------------------------------------

    def test_order_strip(self):
        self._invoice(4000.0)
        order = self._order_of(1500.0)
        strip = order.with_user(self.salesman).credit_strip
        self.assertEqual(strip["state"], "pay")
        self.assertEqual(strip["figures"]["headroom"], -500.0)
        self.assertEqual(strip["figures"]["excess"], 500.0)
        self.assertEqual(strip["figures"]["exposure"], 4000.0)
        order = self._order_of(500.0)
        order.sudo().action_confirm()
        self.env.invalidate_all()
        strip = order.with_user(self.salesman).credit_strip
        self.assertEqual(strip["figures"]["headroom"], 500.0)
        self.assertEqual(strip["figures"]["added"], 0.0)

    def test_order_strip_has_no_figures_for_who_may_not_read_them(self):
        order = self._order_of(600.0, partner=self.stranger)
        self._invoice(300.0, self.stranger)
        order.sudo().credit_strip  # noqa: B018  fills the cache with elevated rights
        strip = order.with_user(self.salesman).credit_strip
        self.assertEqual(strip, {"state": "finance", "figures": False})
        order = self._order_of(100.0, partner=self.stranger)
        strip = order.with_user(self.salesman).credit_strip
        self.assertEqual(strip, {"state": "pass", "figures": False})
        strip = order.with_user(self.financier).sudo(False).sudo().credit_strip
        self.assertTrue(strip["figures"])

    def test_order_strip_follows_the_form(self):
        with Form(self._order_of(500.0)) as form:
            self.assertEqual(form.credit_strip["figures"]["headroom"], 4500.0)
            with form.order_line.edit(0) as line:
                line.product_uom_qty = 60
            self.assertEqual(form.credit_strip["figures"]["headroom"], -1000.0)
            self.assertEqual(form.credit_strip["state"], "pay")

    def test_order_strip_is_off_with_the_switch(self):
        order = self._order_of(100.0)
        self.company.credit_mode = "off"
        order.invalidate_recordset()
        self.assertFalse(order.with_user(self.salesman).credit_strip)

    def test_debtor_is_who_is_invoiced(self):
        order = self._order_of(
            100.0, partner=self.stranger, partner_invoice_id=self.partner.id
        )
        strip = order.with_user(self.salesman).credit_strip
        self.assertEqual(strip["figures"]["limit"], 5000.0)

    # Settings ------------------------------------------------------------------------

    def test_settings_warn_when_nobody_may_release(self):
        settings = self.env["res.config.settings"].with_company(self.company).create({})
        self.assertFalse(settings.credit_nobody_releases)
        (self.releaser + self.top_releaser).unlink()
        settings = self.env["res.config.settings"].with_company(self.company).create({})
        self.assertTrue(settings.credit_nobody_releases)
        settings.credit_mode = "observe"
        self.assertFalse(settings.credit_nobody_releases)
