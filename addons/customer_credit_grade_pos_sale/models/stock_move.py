from odoo import models

from .stock_picking import AT_COUNTER


class StockMove(models.Model):
    _inherit = "stock.move"

    def _credit_is_exempt(self):
        """EXTENDS 'customer_credit_grade': paid at the counter is paid.

        What is handed over there passes; what is shipped later passes as far as it
        was sold and paid there, to the customer it was sold to. Entering a sale on
        another transfer helps nobody.
        """
        at_counter = self.env.cr.cache.get(AT_COUNTER) or ()
        handed_over = self.filtered(lambda move: move.picking_id.id in at_counter)
        rest = self - handed_over
        return (
            super()._credit_is_exempt()
            | handed_over
            | rest.filtered(lambda move: move._credit_is_sold_at_counter())
        )

    def _credit_is_sold_at_counter(self):
        """Tell whether no more has left than one paid sale at the counter covers."""
        self.ensure_one()
        # sudo: the warehouse need not see the point of sale
        move_sudo = self.sudo()
        sale = move_sudo.picking_id.pos_order_id
        if sale.state not in ("paid", "done") or any(
            payment.payment_method_id.type == "pay_later"
            for payment in sale.payment_ids
        ):
            return False
        order_line = move_sudo.sale_line_id
        if (order_line and order_line not in sale.lines.sale_order_line_id) or (
            self._credit_get_debtor() != sale.partner_id.commercial_partner_id
        ):
            return False
        sold = sum(
            line.qty
            for line in sale.lines
            if line.product_id == move_sudo.product_id and line.qty > 0
        )
        left = sum(
            other.product_uom._compute_quantity(
                other.quantity, other.product_id.uom_id, round=False
            )
            for other in sale.picking_ids.move_ids | move_sudo
            if other.product_id == move_sudo.product_id
            and other.state == "done"
            and other._credit_reaches_customer()
        )
        return move_sudo.product_id.uom_id.compare(left, sold) <= 0
