from odoo import fields, models


class SaleOrder(models.Model):
    """Progress as columns of the list of orders."""

    _inherit = "sale.order"

    handover_share = fields.Float(
        string="Delivered (%)",
        compute="_compute_handover_progress",
        help="How much of the order has arrived, each line counting alike.",
    )
    handover_is_late = fields.Boolean(
        string="Late",
        compute="_compute_handover_progress",
        help="Not shipped though the promised day is over, or expected after it.",
    )

    def _compute_handover_progress(self):
        # sudo: rows of the orders at hand
        rows_sudo = self.env["order.progress"].sudo().browse(self.ids)
        rows = {row.id: row for row in rows_sudo}
        for order in self:
            row = rows.get(order._origin.id)
            order.handover_share = row.share if row else 0.0
            order.handover_is_late = row.is_late if row else False
