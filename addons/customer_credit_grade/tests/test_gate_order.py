from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestGateOrder(CreditCommon):
    """No order beyond the credit, by whatever route (SPEC D4, D9)."""

    def test_new_line_of_the_web_client_says_it_has_no_invoices(self):
        order = self._order_of(100)
        item = self.env["account.move.line"].browse(1)
        values = {"order_id": order.id, "product_id": self.product.id}
        lines = self.env["sale.order.line"].with_user(self.salesman)
        for nothing in ([], False, [Command.clear()], [Command.set([])]):
            self.assertTrue(lines.create({**values, "invoice_lines": nothing}))
        for forged in ([Command.link(item.id)], [Command.set(item.ids)]):
            with self.assertRaises(AccessError):
                lines.create({**values, "invoice_lines": forged})
        order.order_line.with_user(self.salesman)[0].write({"invoice_lines": []})
        for forged in ([Command.clear()], [Command.set([])], [Command.link(item.id)]):
            with self.assertRaises(AccessError):
                order.order_line.with_user(self.salesman)[0].write(
                    {"invoice_lines": forged}
                )

    def test_within_limit_passes(self):
        order = self._order_of(5000)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        self.assertEqual(self.credit_account.exposure, 5000.0)
        self.assertEqual(self.credit_account.headroom, 0.0)

    def test_one_cent_beyond_is_refused(self):
        order = self._order_of(5000)
        order.order_line.price_unit = 100.0002
        self.assertEqual(order.amount_total, 5000.01)
        with self.assertRaisesRegex(UserError, "credit exceeded by .*0.01"):
            order.action_confirm()
        self.assertEqual(order.state, "draft")

    def test_refused_by_write(self):
        order = self._order_of(5100)
        with self.assertRaises(UserError):
            order.write({"state": "sale"})
        self.assertEqual(order.state, "draft")

    def test_refused_by_create(self):
        with self.assertRaises(UserError):
            self._order_of(5100, state="sale")

    def test_refused_for_superuser_and_any_context(self):
        order = self._order_of(5100).sudo()
        for context in ({}, {"credit_skip": True, "bypass": 1, "install_mode": True}):
            with self.assertRaises(UserError):
                order.with_context(**context).action_confirm()

    def test_swallowed_refusal_leaves_nothing(self):
        order = self._order_of(5100)
        try:
            order.action_confirm()
        except UserError:
            self.env.flush_all()
        order.invalidate_recordset()
        self.assertEqual(order.state, "draft")
        self.assertFalse(order.picking_ids)

    def test_second_order_counts_the_first(self):
        self._order_of(3000).action_confirm()
        with self.assertRaisesRegex(UserError, "1,000.00"):
            self._order_of(3000).action_confirm()

    def test_batch_is_judged_together(self):
        orders = self._order_of(3000) | self._order_of(3000)
        with self.assertRaises(UserError):
            orders.action_confirm()
        self.assertEqual(set(orders.mapped("state")), {"draft"})

    def test_increase_of_confirmed_order(self):
        order = self._order_of(4000)
        order.action_confirm()
        with self.assertRaises(UserError):
            order.order_line.product_uom_qty = 51
        with self.assertRaises(UserError):
            order.order_line.price_unit = 130
        with self.assertRaises(UserError):
            order.write(
                {
                    "order_line": [
                        Command.create(
                            {"product_id": self.product.id, "product_uom_qty": 11}
                        )
                    ]
                }
            )
        with self.assertRaises(UserError):
            self.env["sale.order.line"].create(
                {
                    "order_id": order.id,
                    "product_id": self.product.id,
                    "product_uom_qty": 11,
                }
            )
        order.order_line.product_uom_qty = 50
        self.assertEqual(self.credit_account.exposure, 5000.0)

    def test_decrease_passes_over_the_limit(self):
        order = self._order_of(5000)
        order.action_confirm()
        self._set_limit(self.partner, 1000.0)
        order.order_line.product_uom_qty = 40
        self.assertEqual(self.credit_account.exposure, 4000.0)

    def test_line_moved_to_confirmed_order(self):
        confirmed = self._order_of(4000)
        confirmed.action_confirm()
        draft = self._order_of(1100)
        with self.assertRaises(UserError):
            draft.order_line.write({"order_id": confirmed.id})

    def test_other_debtor_of_confirmed_order(self):
        order = self._order_of(4000)
        order.action_confirm()
        other = self.env["res.partner"].create({"name": "Other", "is_company": True})
        with self.assertRaises(UserError):
            order.sudo().partner_invoice_id = other

    def test_debtor_is_who_is_invoiced(self):
        rich = self.env["res.partner"].create({"name": "Payer", "is_company": True})
        self._set_limit(rich, 10000.0)
        order = self._order_of(9000, partner_invoice_id=rich.id)
        order.action_confirm()
        self.assertEqual(self._get_account(rich).exposure, 9000.0)
        self.assertEqual(self.credit_account.exposure, 0.0)

    def test_child_contacts_share_the_credit(self):
        child = self.env["res.partner"].create(
            {"name": "Branch office", "parent_id": self.partner.id, "type": "invoice"}
        )
        self._order_of(3000).action_confirm()
        with self.assertRaises(UserError):
            self._order_of(3000, partner=child).action_confirm()

    def test_new_customer_prepays(self):
        new = self.env["res.partner"].create({"name": "New", "is_company": True})
        order = self._order_of(300, partner=new)
        with self.assertRaisesRegex(UserError, "prepayment of .*300.00 is missing"):
            order.action_confirm()
        self._pay(299.99, new)
        with self.assertRaises(UserError):
            order.action_confirm()
        self._pay(0.01, new)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_prepaid_money_serves_once(self):
        new = self.env["res.partner"].create({"name": "New", "is_company": True})
        self._pay(500, new)
        self._order_of(300, partner=new).action_confirm()
        with self.assertRaisesRegex(UserError, "100.00"):
            self._order_of(300, partner=new).action_confirm()

    def test_zero_limit_is_a_limit(self):
        self._set_limit(self.partner, 0.0)
        with self.assertRaises(UserError):
            self._order_of(100).action_confirm()

    def test_stopped(self):
        self.credit_account._credit_apply({"mode": "stopped"})
        self._pay(1000)
        with self.assertRaisesRegex(UserError, "stopped"):
            self._order_of(100).action_confirm()

    def test_unmanaged(self):
        self.credit_account._credit_apply({"mode": "unmanaged"})
        order = self._order_of(1000000)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_off_and_observe_stop_nothing(self):
        self.company.credit_mode = "off"
        self._order_of(6000).action_confirm()
        self.company.credit_mode = "observe"
        order = self._order_of(6000)
        order.action_confirm()
        self.assertEqual(order.state, "sale")
        hold = self.env["customer.credit.hold"].search([("res_id", "=", order.id)])
        self.assertRecordValues(
            hold, [{"state": "observed", "excess": 7000.0, "amount": 6000.0}]
        )

    def test_group_caps_its_members(self):
        group = self.env["customer.credit.group"].create({"name": "Holding"})
        group._apply_limit(6000.0)  # as an approved request does
        other = self.env["res.partner"].create({"name": "Sister", "is_company": True})
        self._set_limit(other, 5000.0, group_id=group.id)
        self.credit_account._credit_apply({"group_id": group.id})
        self._order_of(4000).action_confirm()
        with self.assertRaisesRegex(UserError, "group Holding exceeded by .*1,000.00"):
            self._order_of(3000, partner=other).action_confirm()
        self._order_of(2000, partner=other).action_confirm()

    def test_amounts_cannot_be_forged(self):
        order = self._order_of(6000)
        with self.assertRaises(AccessError):
            order.write({"amount_total": 1.0})
        with self.assertRaises(AccessError):
            order.write({"currency_rate": 1000.0})
        with self.assertRaises(AccessError):
            order.order_line.write({"price_total": 1.0})

    def test_marked_as_down_payment_it_counts_all_the_same(self):
        order = self._order_of(6000)
        with self.assertRaises(AccessError):
            order.order_line.write({"is_downpayment": True})
        order = self._create_order(
            {"product_uom_qty": 60, "price_unit": 100.0, "is_downpayment": True}
        )
        with self.assertRaises(UserError):
            order.action_confirm()

    def test_guarded_fields_of_account(self):
        for user in (self.salesman, self.financier, self.director, self.env.user):
            account = self.credit_account.with_user(user)
            with self.assertRaises(AccessError):
                account.write({"mode": "unmanaged"})
            with self.assertRaises(AccessError):
                account.write({"entitlement_ids": [Command.clear()]})
        with self.assertRaises(AccessError):
            self.credit_account.sudo().write({"mode": "unmanaged"})

    def test_confirmation_costs_few_queries(self):
        def confirm(order):
            self.env.flush_all()
            self.env.invalidate_all()
            order = order.with_user(self.salesman)
            before = self.env.cr.sql_log_count
            order.action_confirm()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        confirm(self._order_of(100))
        with_credit = confirm(self._order_of(100))
        self.company.credit_mode = "off"
        confirm(self._order_of(100))
        without = confirm(self._order_of(100))
        self.assertLessEqual(with_credit - without, 22)
