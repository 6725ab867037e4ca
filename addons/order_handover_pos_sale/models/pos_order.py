import contextlib

from odoo import api, models

#: key in the cursor's cache, while point of sale books what was sold: the move whose
#: demand it is working out, in a list of one
AT_COUNTER = "order_handover_pos_sale.at_counter"


@contextlib.contextmanager
def at_counter(cr):
    """Let goods in 待签收 be while point of sale books what was sold.

    It takes that off the open transfers of the order it settles. Only a signature or a
    return may do so with goods that wait; to refuse it would lose the sale, which is
    paid (SPEC I1; DESIGN 2).
    """
    before = cr.cache.get(AT_COUNTER)
    cr.cache[AT_COUNTER] = [None]
    try:
        yield
    finally:
        cr.cache[AT_COUNTER] = before


class PosOrder(models.Model):
    _inherit = "pos.order"

    @api.model
    def sync_from_ui(self, orders):
        """EXTENDS 'pos_sale': goods that wait for acceptance go on waiting."""
        with at_counter(self.env.cr):
            return super().sync_from_ui(orders)

    def action_pos_order_paid(self):
        """EXTENDS 'point_of_sale': tell who sold what still waits to be signed for."""
        result = super().action_pos_order_paid()
        # sudo: the cashier need not see orders and transfers
        lines_sudo = self.sudo().lines.filtered(lambda line: line.qty > 0)
        lines_sudo.sale_order_line_id._handover_tell_sold_at_counter()
        return result


class PosOrderLine(models.Model):
    _inherit = "pos.order.line"

    def _launch_stock_rule_from_pos_order_lines(self):
        """EXTENDS 'pos_sale': what is shipped later cancels nothing that waits."""
        with at_counter(self.env.cr):
            return super()._launch_stock_rule_from_pos_order_lines()
