from odoo import fields, models


class StockReplenishmentLine(models.Model):
    _inherit = "stock.replenishment.line"

    purchase_line_ids = fields.One2many(
        comodel_name="purchase.order.line",
        inverse_name="replenishment_line_id",
        groups="purchase.group_purchase_user",
    )

    def _get_document_names(self):
        """EXTENDS: purchase orders too."""
        return [
            *super()._get_document_names(),
            *self.purchase_line_ids.order_id.mapped("name"),
        ]
