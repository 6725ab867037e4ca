from odoo.tests import tagged

from .exposure_common import ExposureCommon


@tagged("post_install", "-at_install")
class TestExposureRefunds(ExposureCommon):
    """Which refunds open an order again, and which do not (DESIGN 4)."""

    def _make_billed(self, product):
        order = self._make_order((product, 10))
        move = self._deliver(order, 10)
        invoice = self._invoice(order)
        self.assertExposure(1100.0, receivable=1100.0, ordered=0.0)
        return order, move, invoice

    def test_quantity_without_return_is_billed_anew(self):
        for product in (self.by_order, self.by_delivery):
            with self.subTest(policy=product.invoice_policy):
                order, _move, invoice = self._make_billed(product)
                self._refund(invoice, 3)
                self.assertExposure(1100.0, receivable=770.0, ordered=330.0)
                self._invoice(order)
                self.assertExposure(1100.0, receivable=1100.0, ordered=0.0)
                self._pay_ahead(1100.0)

    def test_draft_refund_changes_nothing(self):
        _order, _move, invoice = self._make_billed(self.by_order)
        self._refund(invoice, 3, post=False)
        self.assertExposure(1100.0, receivable=1100.0)

    def test_returned_and_refunded(self):
        for product in (self.by_order, self.by_delivery):
            with self.subTest(policy=product.invoice_policy):
                _order, move, invoice = self._make_billed(product)
                self._return(move, 3)
                self.assertExposure(1100.0, receivable=1100.0, ordered=0.0)
                self._refund(invoice, 3)
                self.assertExposure(770.0, receivable=770.0, ordered=0.0)
                self._pay_ahead(770.0)

    def test_returned_without_credit(self):
        """Goods taken back for repair: they are owed as before."""
        for product in (self.by_order, self.by_delivery):
            with self.subTest(policy=product.invoice_policy):
                _order, move, _invoice = self._make_billed(product)
                self._return(move, 3, to_refund=False)
                self.assertExposure(1100.0, receivable=1100.0, ordered=0.0)
                self._pay_ahead(1100.0)

    def test_repaired_goods_go_back_once(self):
        """The second delivery of the same goods is not owed a second time."""
        for product in (self.by_order, self.by_delivery):
            with self.subTest(policy=product.invoice_policy):
                order = self._make_order((product, 10))
                move = self._deliver(order, 10)
                back = self._return(move, 3, to_refund=False)
                wizard = (
                    self.env["stock.return.picking"]
                    .with_context(active_id=back.picking_id.id)
                    .create({"picking_id": back.picking_id.id})
                )
                wizard.product_return_moves.write({"quantity": 3, "to_refund": False})
                again = wizard._create_return().move_ids
                self.assertEqual(again.location_dest_id.usage, "customer")
                self.assertExposure(1100.0)
                self._do_move(again, 3)
                self.assertExposure(1100.0)
                self._invoice(order)
                self._pay_ahead(1100.0)

    def test_replacement_counts_again(self):
        """Returned for credit, and others delivered instead."""
        for product in (self.by_order, self.by_delivery):
            with self.subTest(policy=product.invoice_policy):
                order = self._make_order((product, 10))
                move = self._deliver(order, 10)
                back = self._return(move, 3)
                self.assertExposure(770.0)
                # Odoo procures what is missing as soon as the quantity is touched
                order.order_line.product_uom_qty = 10.5
                order.order_line.product_uom_qty = 10
                fresh = order.order_line.move_ids - move - back
                self.assertEqual(sum(fresh.mapped("product_uom_qty")), 3)
                self.assertExposure(1100.0)
                self._deliver(order, 3)
                self.assertExposure(1100.0)
                self._invoice(order)
                self._pay_ahead(1100.0)
                self.assertExposure(0.0)

    def test_return_before_invoice(self):
        order = self._make_order((self.by_delivery, 10))
        move = self._deliver(order, 10)
        self._return(move, 3)
        self.assertExposure(770.0, ordered=770.0)
        self._invoice(order)
        self.assertExposure(770.0, receivable=770.0, ordered=0.0)

    def test_return_while_the_rest_is_open(self):
        order = self._make_order((self.by_delivery, 10))
        move = self._deliver(order, 6)
        self._return(move, 2)
        self.assertExposure(880.0)  # 4 delivered, 4 to come

    def test_return_on_its_way_changes_nothing(self):
        order = self._make_order((self.by_delivery, 10))
        move = self._deliver(order, 10)
        wizard = (
            self.env["stock.return.picking"]
            .with_context(active_id=move.picking_id.id)
            .create({"picking_id": move.picking_id.id})
        )
        wizard.product_return_moves.quantity = 3
        wizard._create_return()
        self.assertExposure(1100.0)

    def test_price_only_opens_nothing(self):
        for quantity, price in ((10, 20), (1, 50), (1, 350)):
            with self.subTest(quantity=quantity, price=price):
                _order, _move, invoice = self._make_billed(self.by_order)
                self._refund(invoice, quantity, price)
                rest = 1100.0 - quantity * price * 1.1
                self.assertExposure(rest, receivable=rest, ordered=0.0)
                self._pay_ahead(rest)

    def test_refund_at_the_price_of_the_invoice(self):
        """The invoice was at another price than the order: it is what was billed."""
        order = self._make_order((self.by_order, 10))
        invoice = self._invoice(order, post=False)
        invoice.invoice_line_ids.price_unit = 80
        invoice.action_post()
        self.assertExposure(880.0)
        self._refund(invoice)
        self.assertExposure(1100.0, receivable=0.0, ordered=1100.0)

    def test_refund_and_new_draft(self):
        """Credit note and new invoice, the usual way to correct one."""
        order, _move, invoice = self._make_billed(self.by_order)
        wizard = self.env["account.move.reversal"].create(
            {
                "move_ids": [(6, 0, invoice.ids)],
                "journal_id": invoice.journal_id.id,
                "company_id": invoice.company_id.id,
            }
        )
        wizard.modify_moves()
        self.assertExposure(1100.0, receivable=0.0, ordered=1100.0)
        draft = order.invoice_ids.filtered(lambda move: move.state == "draft")
        draft.action_post()
        self.assertExposure(1100.0, receivable=1100.0, ordered=0.0)

    def test_refund_created_by_the_order(self):
        order = self._make_order((self.by_delivery, 10))
        move = self._deliver(order, 10)
        self._invoice(order)
        self._return(move, 3)
        refund = self._invoice(order)
        self.assertEqual(refund.move_type, "out_refund")
        self.assertExposure(770.0, receivable=770.0, ordered=0.0)
        self._return(move, 1)
        self.assertExposure(770.0)

    def test_invoice_reset_after_its_refund(self):
        """Neither entry hides what the other one says."""
        _order, _move, invoice = self._make_billed(self.by_order)
        self._refund(invoice)
        self.assertExposure(1100.0)
        invoice.line_ids.remove_move_reconcile()
        invoice.button_draft()
        self.assertExposure(1100.0, receivable=-1100.0, ordered=2200.0)
