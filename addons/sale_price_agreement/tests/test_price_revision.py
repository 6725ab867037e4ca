from datetime import datetime, time, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import PriceAgreementCommon


@tagged("post_install", "-at_install")
class TestPriceRevision(PriceAgreementCommon):
    """New prices: stated, approved, in force on their day (SPEC C3)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.tz = "Asia/Shanghai"
        cls.today = cls.env["sale.price.concession"]._get_today(cls.company)
        cls.template = cls.product.product_tmpl_id
        cls.pricelist = cls.env["product.pricelist"].create({"name": "Dealers"})
        cls.item = cls._add_rule(cls.template, 100.0)
        cls.partner.sudo().property_product_pricelist = cls.pricelist

    @classmethod
    def _add_rule(cls, template, price, **values):
        return cls.env["product.pricelist.item"].create(
            {
                "pricelist_id": cls.pricelist.id,
                "applied_on": "1_product",
                "product_tmpl_id": template.id,
                "compute_price": "fixed",
                "fixed_price": price,
                **values,
            }
        )

    def _revision(self, price=120.0, days=3, **values):
        return (
            self.env["sale.price.revision"]
            .with_user(self.salesman)
            .create(
                {
                    "pricelist_id": self.pricelist.id,
                    "date_effective": self.today + timedelta(days=days),
                    "reason": "Copper",
                    "line_ids": [
                        Command.create(
                            {"product_tmpl_id": self.template.id, "new_price": price}
                        )
                    ],
                    **values,
                }
            )
        )

    def _approve_revision(self, revision):
        revision.action_submit_for_approval()
        for kind, user in (("cost", self.financier), ("market", self.marketer)):
            revision.with_user(user).action_state(kind, "As we know it")
            self._decide(revision, user)
        self._decide(revision, self.director)
        return revision

    def _decide(self, revision, user):
        seats = revision.sudo().approval_round_id.seat_ids
        seats.filtered(lambda seat: seat.state == "open").with_user(
            user
        ).action_approve()

    def _on(self, days, hours=12):
        """Return that day, at an hour of the company (UTC+8)."""
        midnight = datetime.combine(self.today, time()) - timedelta(hours=8)
        return freeze_time(midnight + timedelta(days=days, hours=hours))

    def _run(self):
        for revision in self.env["sale.price.revision"].search(
            [("state", "=", "approved"), ("failure", "=", False)]
        ):
            if revision._is_due():
                revision._apply_or_tell()

    def _get_price(self):
        return self.pricelist._get_product_price(self.product, 1.0)

    # Approval ------------------------------------------------------------------

    def test_each_department_fills_in_its_sheet_first(self):
        revision = self._revision()
        self.assertEqual(revision.line_ids.old_price, 100.0)
        self.assertEqual(revision.line_ids.stated_cost, 50.0)
        revision.action_submit_for_approval()
        with self.assertRaisesRegex(UserError, "State the cost first"):
            self._decide(revision, self.financier)
        for user in (self.salesman, self.marketer, self.manager):
            with self.assertRaises(AccessError):
                revision.with_user(user).action_state("cost", "Cheap")
        with self.assertRaises(AccessError):
            revision.with_user(self.financier).action_state("market", "Good")
        with self.assertRaises(UserError):
            revision.with_user(self.financier).action_state("cost", " ")
        asked = revision.with_user(self.financier)
        self.assertEqual(asked.open_sheet, "cost")
        context = asked.action_open_sheet()["context"]
        sheets = self.env["sale.price.revision.sheet"].with_user(self.financier)
        with Form(sheets.with_context(**context)) as form:
            form.statement = "Copper is dearer"
            with form.line_ids.edit(0) as line:
                line.figure = 60.0
        form.record.action_save()
        self.assertEqual(revision.cost_statement, "Copper is dearer")
        self.assertEqual(revision.line_ids.stated_cost, 60.0)
        self.assertEqual(revision.line_ids.margin, 50.0)
        self._decide(revision, self.financier)
        with self.assertRaisesRegex(UserError, "State the market first"):
            self._decide(revision, self.marketer)
        revision.with_user(self.marketer).action_state("market", "Others do too")
        self._decide(revision, self.marketer)
        self.assertEqual(revision.state, "draft")
        self._decide(revision, self.director)
        self.assertEqual(revision.state, "approved")

    def test_nothing_is_written_past_the_approval(self):
        revision = self._revision()
        line = revision.line_ids
        for values in (
            {"state": "applied"},
            {"cost_statement": "x"},
            {"market_user_id": self.salesman.id},
            {"date_applied": "2026-01-01"},
        ):
            with self.assertRaises(AccessError):
                revision.write(values)
            with self.assertRaises(AccessError):
                revision.sudo().write(values)
        for values in ({"old_price": 1.0}, {"stated_cost": 0.0}, {"market_price": 2.0}):
            with self.assertRaises(AccessError):
                revision.write({"line_ids": [Command.update(line.id, values)]})
        with self.assertRaises(AccessError):
            revision.with_user(self.financier).write({"reason": "x"})
        with self.assertRaises(AccessError):
            line.with_user(self.financier).write({"new_price": 1.0})
        with self.assertRaises(UserError):
            revision._keep({"state": "approved"})
        self.assertEqual(revision.state, "draft")
        self._approve_revision(revision)
        for change in (
            lambda: line.write({"new_price": 1.0}),
            lambda: line.unlink(),
            lambda: revision.write({"line_ids": [Command.clear()]}),
            lambda: revision.write({"date_effective": self.today}),
        ):
            with self.assertRaises(UserError):
                change()

    def test_a_changed_line_is_reviewed_again(self):
        revision = self._revision()
        revision.action_submit_for_approval()
        revision.line_ids.new_price = 130.0
        self.assertEqual(revision.approval_state, "superseded")

    # On the day ------------------------------------------------------------------

    def test_the_rules_change_at_midnight_of_the_company(self):
        revision = self._approve_revision(self._revision())
        order = self._create_order({"product_uom_qty": 2})
        with self._on(2, 23):
            self._run()
            self.assertEqual(revision.state, "approved")
        with self._on(3, 1):
            self.assertEqual(self._get_price(), 100.0)
            self._run()
            self.assertEqual(revision.state, "applied")
            self.assertEqual(self._get_price(), 120.0)
            fresh = self._create_order({"product_uom_qty": 2})
            self.assertEqual(fresh.order_line.price_unit, 120.0)
        midnight = datetime.combine(self.today, time()) + timedelta(days=3, hours=-8)
        self.assertEqual(self.item.date_end, midnight - timedelta(seconds=1))
        new = self.pricelist.item_ids - self.item
        self.assertEqual((new.date_start, new.fixed_price), (midnight, 120.0))
        with self._on(3, 2):
            self._run()
            revision.sudo()._apply()
        self.assertEqual(len(self.pricelist.item_ids), 2, "twice is as once")
        self.assertEqual(order.price_effect_ids.line_id, order.order_line)

    def test_all_or_nothing_when_a_rule_was_changed_meanwhile(self):
        other = self.env["product.template"].create({"name": "Other"})
        rule = self._add_rule(other, 10.0)
        revision = self._revision()
        revision.line_ids = [
            Command.create({"product_tmpl_id": other.id, "new_price": 12.0})
        ]
        self._approve_revision(revision)
        rule.fixed_price = 11.0
        with self._on(3):
            self._run()
            self.assertEqual(revision.state, "approved")
            self.assertIn("Other", revision.failure)
            self.assertEqual(self._get_price(), 100.0)
            told = revision.sudo().activity_ids.filtered(
                lambda activity: activity.user_id == self.salesman
            )
            self.assertIn("New prices were not applied", told.mapped("summary"))
            with self.assertRaisesRegex(UserError, "Other"):
                revision.action_retry()
            rule.fixed_price = 10.0
            revision.action_retry()
            self.assertEqual(revision.state, "applied")
        self.assertEqual(len(self.pricelist.item_ids), 4)

    def test_a_sales_price_is_revised_without_a_pricelist(self):
        revision = self._approve_revision(
            self._revision(pricelist_id=False, price=111.0)
        )
        with self._on(3):
            self._run()
        self.assertEqual(revision.state, "applied")
        self.assertEqual(self.template.list_price, 111.0)

    def test_the_sales_staff_is_told_once_each(self):
        revision = self._approve_revision(self._revision())
        with self._on(3):
            self._run()
        messages = revision.sudo().message_ids.filtered(
            lambda message: self.salesman.partner_id in message.notified_partner_ids
            and "in force" in message.body
        )
        self.assertEqual(len(messages), 1)
        self.assertIn(self.manager.partner_id, messages.notified_partner_ids)
        self.assertNotIn(self.financier.partner_id, messages.notified_partner_ids)
        followers = revision.sudo().message_partner_ids
        self.assertNotIn(self.manager.partner_id, followers)

    # Open quotations -------------------------------------------------------------

    def test_a_draft_shows_the_difference_and_takes_the_new_price(self):
        revision = self._approve_revision(self._revision())
        order = self._create_order({"product_uom_qty": 2})
        with self._on(3):
            self._run()
            order.invalidate_recordset()
            self.assertTrue(order.price_is_revised)
            found = order.search([("price_is_revised", "=", True)])
            self.assertEqual(found, order)
            effect = order.price_effect_ids
            self.assertEqual((effect.old_price, effect.new_price), (100.0, 120.0))
            self.assertEqual(effect.revision_id, revision)
            self._create_rule()
            self.assertTrue(self._get_findings(order, "discount"))
            order.action_take_revised_prices()
            self.assertEqual(order.order_line.price_unit, 120.0)
            self.assertFalse(order.price_is_revised)
            self.assertFalse(self._get_findings(order, "discount"))

    def test_what_was_sent_keeps_its_price_until_its_validity_date(self):
        self._create_rule()
        revision = self._approve_revision(self._revision())
        valid = self.today + timedelta(days=10)
        order, changed = (
            self._create_order({"product_uom_qty": 2}, validity_date=valid)
            for _number in range(2)
        )
        for each in (order, changed):
            each.action_quotation_sent()
        with self._on(3):
            self._run()
            self.assertEqual(revision.state, "applied")
            self.assertFalse(self._get_findings(order, "discount"))
            self.assertTrue(order.price_revised_promise)
            changed.order_line.product_uom_qty = 3
            changed.order_line.price_unit = 100.0
            self.assertTrue(self._get_findings(changed, "discount"))
            with self.assertRaisesRegex(UserError, "was sent"):
                order.action_take_revised_prices()
        with self._on(11):
            self.assertTrue(self._get_findings(order, "discount"))

    def test_nobody_makes_up_an_old_price(self):
        self._approve_revision(self._revision())
        order = self._create_order({"product_uom_qty": 2})
        with self._on(3):
            self._run()
        effect = order.price_effect_ids
        for user in (self.salesman, self.manager, self.env.ref("base.user_admin")):
            with self.assertRaises(AccessError):
                effect.with_user(user).write({"old_price": 1.0})
            with self.assertRaises(AccessError):
                effect.with_user(user).copy({"old_price": 1.0})
        with self.assertRaises(UserError):
            order.write(
                {"price_effect_ids": [Command.update(effect.id, {"old_price": 1.0})]}
            )
