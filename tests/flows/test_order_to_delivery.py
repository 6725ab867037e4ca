"""One order from its entry to its invoice, each step by the person whose step it is."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import OrderFlowCase
from .forms import read_form


class OneOrder(OrderFlowCase):
    """A product on stock, a customer, an order the salesperson entered."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.env["res.partner"].create(
            {"name": "Customer", "is_company": True, "street": "1 Market Street"}
        )
        cls.product = cls.env["product.product"].create(
            {
                "name": "Valve",
                "type": "consu",
                "is_storable": True,
                "list_price": 250,
                "invoice_policy": "delivery",
            }
        )
        warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.env["stock.quant"]._update_available_quantity(
            cls.product, warehouse.lot_stock_id, 40
        )
        entered = (
            cls.env["sale.order"]
            .with_user(cls.salesperson)
            .create(
                {
                    "partner_id": cls.customer.id,
                    "order_line": [
                        Command.create(
                            {"product_id": cls.product.id, "product_uom_qty": 12}
                        )
                    ],
                }
            )
        )
        cls.order = entered.with_env(cls.env)


@tagged("standard", "post_install", "-at_install")
class TestOrderToDelivery(OneOrder):
    """The reviewers are employees without any application."""

    def test_order_goes_from_entry_to_invoice(self):
        order = self.order
        self.submit(order)
        self.approve(order, "sales", "finance", "operations")
        self.assertEqual(order.approval_state, "approved")
        self.confirm(order)
        self.assertTrue(order.approval_round_id.is_applied)
        self.deliver(order)
        self.assertDelivered(order)
        self.invoice(order)
        self.assertEqual(order.invoice_status, "invoiced")
        self.assertEqual(order.invoice_ids.state, "posted")
        self.assertAlmostEqual(order.invoice_ids.amount_untaxed, 12 * 250)

    def test_nobody_decides_out_of_turn(self):
        order = self.order
        self.submit(order)
        for code in ("finance", "operations"):
            with self.assertRaises(AccessError):
                self.approve(order, code)
        finance = self.reviewers["finance"]
        with self.assertRaises(AccessError):
            self.seat(order, "sales").with_user(finance).action_approve()
        with self.assertRaises(AccessError):
            self.seat(order, "sales").with_user(self.salesperson).action_approve()

    def test_storekeeper_has_nothing_to_ship_before_approval(self):
        order = self.order
        self.submit(order)
        with self.assertRaises(UserError):
            order.with_user(self.storekeeper).write({"state": "sale"})
        self.assertFalse(order.picking_ids)

    def test_reviewers_open_the_order_they_are_asked_about(self):
        order = self.order
        self.submit(order)
        for code, reviewer in self.reviewers.items():
            seen = order.with_user(reviewer)
            if code not in ("sales", "finance", "operations"):
                self.assertFalse(seen.has_access("read"), code)
                continue
            with self.subTest(code=code):
                self.assertEqual(read_form(seen)["id"], order.id)


@tagged("standard", "post_install", "-at_install")
class TestOrderToDeliveryWithApplications(OneOrder):
    """The reviewers use the application of their role."""

    reviewer_groups = {
        "sales": "sales_team.group_sale_salesman_all_leads",
        "finance": "account.group_account_invoice",
        "operations": "stock.group_stock_user",
        "production": "mrp.group_mrp_user",
        "management": "sales_team.group_sale_manager",
    }

    def test_order_goes_from_entry_to_invoice(self):
        order = self.order
        self.submit(order)
        self.approve(order, "sales", "finance", "operations")
        self.confirm(order)
        self.deliver(order)
        self.assertDelivered(order)
        self.invoice(order)
        self.assertEqual(order.invoice_status, "invoiced")

    def test_reviewers_open_the_order_they_are_asked_about(self):
        order = self.order
        self.submit(order)
        for code in ("sales", "finance", "operations"):
            with self.subTest(code=code):
                seen = order.with_user(self.reviewers[code])
                self.assertEqual(read_form(seen)["id"], order.id)

    def test_rights_of_an_application_do_not_open_the_gate(self):
        order = self.order
        self.submit(order)
        for reviewer in self.reviewers.values():
            with self.subTest(reviewer=reviewer.login), self.assertRaises(UserError):
                order.with_user(reviewer).action_confirm()
        self.assertEqual(order.state, "draft")
