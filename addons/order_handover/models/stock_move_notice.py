from odoo import models


class StockMove(models.Model):
    """Goods that have left are noticed to the customer (SPEC H2)."""

    _inherit = "stock.move"

    def write(self, vals):
        if vals.get("state") != "done":
            return super().write(vals)
        before = self.filtered(lambda move: move.state == "done")
        result = super().write(vals)
        (self - before)._handover_notice()
        return result

    def _handover_notice(self):
        """Give the deliveries by which these goods have left their notice."""
        # sudo: switches of companies, for whoever ships
        wanted = self.filtered(
            lambda move: move.sudo().company_id.handover_shipping_notice
        )
        leaving = (wanted - wanted._credit_is_exempt()).filtered(
            lambda move: move._handover_leaves() and move.quantity
        )
        self.env["order.shipping.notice"]._create_for(leaving.picking_id)
