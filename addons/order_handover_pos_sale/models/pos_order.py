from odoo import api, models

#: key in the cursor's cache, while sales at the counter come in: what was left waiting
AT_COUNTER = "order_handover_pos_sale.left_waiting"


class PosOrder(models.Model):
    _inherit = "pos.order"

    @api.model
    def sync_from_ui(self, orders):
        """EXTENDS 'point_of_sale': goods that wait for acceptance go on waiting.

        Point of sale takes what was sold off the open transfers of the order it
        settles. Only a signature or a return may do that with goods in 待签收; to
        refuse it would lose the sale, which is paid (SPEC I1; DESIGN 2).
        """
        before = self.env.cr.cache.get(AT_COUNTER)
        left_waiting = self.env.cr.cache[AT_COUNTER] = set()
        try:
            data = super().sync_from_ui(orders)
        finally:
            self.env.cr.cache[AT_COUNTER] = before
        # sudo: the cashier need not see orders and transfers
        moves_sudo = self.env["stock.move"].sudo().browse(sorted(left_waiting))
        moves_sudo._handover_tell_sold_at_counter()
        return data
