from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common_collection import CollectionCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-12 12:00:00")
class TestShortfall(CollectionCommon):
    """What is missing for shipments planned soon is told beforehand (SPEC D8)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"credit_shortfall_days": 5, "credit_mode": "off"})
        cls.shortfalls = cls.env["customer.credit.shortfall"].sudo()
        cls.goods, cls.prebilled = (
            cls.env["product.product"]
            .sudo()
            .create(
                [
                    {
                        "name": policy,
                        "type": "consu",
                        "is_storable": True,
                        "list_price": 100.0,
                        "invoice_policy": policy,
                        "taxes_id": [Command.clear()],
                    }
                    for policy in ("delivery", "order")
                ]
            )
        )
        cls._set_limit(cls.partner, 0.0, mode="prepay")

    def _plan(self, amount, day, partner=None, product=None):
        order = self._order_of(amount, partner=partner, product=product or self.goods)
        order.action_confirm()
        order.picking_ids.move_ids.date = f"{day} 10:00:00"
        return order

    def _find(self):
        with patch.object(
            type(self.env["ir.cron"]), "_commit_progress", lambda *_a, **_k: 1e9
        ):
            self.shortfalls._cron_find()
        self.env.invalidate_all()

    def _of(self, partner=None):
        return self.shortfalls.search(
            [("partner_id", "=", (partner or self.partner).id), ("state", "=", "open")]
        )

    def test_prepay(self):
        order = self._plan(1000, "2026-03-15")
        self._plan(700, "2026-03-18")  # later than 5 days from now
        self._find()
        found = self._of()
        self.assertEqual(found.amount_missing, 1000.0)
        self.assertEqual(found.amount_planned, 1000.0)
        self.assertEqual(found.picking_ids, order.picking_ids)
        self.assertEqual(str(found.date_first), "2026-03-15")
        mail = self._mails_of()
        self.assertIn("1,000.00", mail.body_html)
        self.assertIn(order.picking_ids.name, mail.body_html)
        self.assertEqual(found.activity_ids.user_id, self.salesman)
        self.assertEqual(found.message_id, mail.mail_message_id)

    def test_last_day_counts_in_the_companys_time(self):
        self.company.partner_id.tz = "Asia/Shanghai"
        order = self._plan(1000, "2026-03-15")
        order.picking_ids.move_ids.date = "2026-03-17 16:00:00"  # the 18th there
        self._find()
        self.assertFalse(self._of())
        order.picking_ids.move_ids.date = "2026-03-17 15:59:00"
        self._find()
        self.assertEqual(self._of().amount_missing, 1000.0)

    def test_prepay_counts_what_is_owed_and_paid(self):
        self._plan(1000, "2026-03-15")
        self._invoice(200, "2026-03-30")
        self._pay(450)
        self._find()
        self.assertEqual(self._of().amount_missing, 750.0)
        self.assertEqual(self._of().amount_owed, -250.0)
        self._pay(750)
        self._find()
        self.assertFalse(self._of())

    def test_invoiced_ahead_is_not_counted_twice(self):
        order = self._plan(1000, "2026-03-15", product=self.prebilled)
        order._create_invoices().action_post()
        self._find()
        found = self._of()
        self.assertEqual((found.amount_planned, found.amount_owed), (0.0, 1000.0))
        self.assertEqual(found.amount_missing, 1000.0)

    def test_down_payment_is_not_missing_again(self):
        order = self._plan(1000, "2026-03-15")
        self.env["sale.advance.payment.inv"].sudo().create(
            {
                "advance_payment_method": "fixed",
                "fixed_amount": 300.0,
                "sale_order_ids": order.ids,
            }
        ).create_invoices()
        order.invoice_ids.sudo().action_post()
        self._find()  # invoiced, not paid
        found = self._of()
        self.assertEqual((found.amount_owed, found.amount_planned), (300.0, 700.0))
        self._pay(300)
        self._find()
        self.assertEqual(self._of().amount_missing, 700.0)

    def test_partly_shipped(self):
        order = self._plan(1000, "2026-03-15")
        move = order.picking_ids.move_ids
        move.quantity = 4
        move.picked = True
        move.picking_id._action_done()
        order.picking_ids.move_ids.filtered(
            lambda m: m.state != "done"
        ).date = "2026-03-15 10:00:00"
        self._find()
        found = self._of()
        self.assertEqual((found.amount_owed, found.amount_planned), (400.0, 600.0))
        self.assertEqual(found.amount_missing, 1000.0)

    def test_told_once(self):
        order = self._plan(1000, "2026-03-15")
        self._find()
        self._find()
        self.assertEqual(len(self._mails_of()), 1)
        self._pay(100)
        self._find()
        self.assertEqual(self._of().amount_missing, 900.0)
        self.assertEqual(len(self._mails_of()), 1)
        order.picking_ids.move_ids.date = "2026-03-14 10:00:00"
        self._find()  # another day
        self.assertEqual(len(self._mails_of()), 2)
        self.assertEqual(len(self._of()), 1)

    def test_limited(self):
        self._set_limit(self.other, 1000.0)
        self._plan(1000, "2026-03-15", self.other)
        self._find()
        self.assertFalse(self._of(self.other))
        self._invoice(250, "2026-03-30", self.other)
        self._find()
        found = self._of(self.other)
        self.assertEqual(found.amount_missing, 250.0)
        self.assertEqual((found.amount_owed, found.limit), (1250.0, 1000.0))

    def test_limited_without_shipments(self):
        self._set_limit(self.other, 1000.0)
        self._invoice(2500, "2026-03-30", self.other)
        self._find()
        self.assertFalse(self._of(self.other))

    def test_other_currency_and_tax(self):
        euro = self.env.ref("base.EUR")
        if euro == self.company.currency_id:
            euro = self.env.ref("base.USD")
        euro.sudo().active = True
        self.env["res.currency.rate"].sudo().create(
            {
                "currency_id": euro.id,
                "name": "2026-01-01",
                "rate": 0.5,
                "company_id": self.company.id,
            }
        )
        tax = self.env["account.tax"].sudo().create({"name": "10", "amount": 10.0})
        order = self._order_of(1000, product=self.goods)
        order.sudo().write({"currency_id": euro.id})
        order.order_line.tax_ids = tax
        order.action_confirm()
        order.picking_ids.move_ids.date = "2026-03-15 10:00:00"
        self.assertEqual(order.currency_id, euro)
        self._find()
        self.assertEqual(self._of().amount_missing, 2200.0)

    def test_off(self):
        self.company.credit_shortfall_days = 0
        self._plan(1000, "2026-03-15")
        self._find()
        self.assertFalse(self._of())

    def test_who_sees_it(self):
        self._plan(1000, "2026-03-15")
        self._find()
        found = self._of()
        stranger = self._create_user("stranger", "sales_team.group_sale_salesman")
        for user in (self.salesman, self.financier):
            self.assertEqual(found.with_user(user).amount_missing, 1000.0)
            with self.assertRaises(AccessError):
                found.with_user(user).write({"state": "covered"})
        for user in (stranger, self.operator):
            with self.assertRaises(AccessError):
                found.with_user(user).read(["amount_missing"])
        with self.assertRaises(UserError):
            found.unlink()

    def test_queries_do_not_grow_with_customers(self):
        customers = [self._create_customer(f"C{number}") for number in range(10)]
        for customer in customers:
            self._set_limit(customer, 0.0, mode="prepay")
        self._plan(1000, "2026-03-15", customers[0])
        self.shortfalls._find(self.company)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(15):
            self.shortfalls._find(self.company)
        for customer in customers[1:]:
            self._plan(1000, "2026-03-15", customer)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(15):
            found = self.shortfalls._find(self.company)
        self.assertEqual(len(found), 10)
