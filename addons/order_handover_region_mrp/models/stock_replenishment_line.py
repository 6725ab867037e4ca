from odoo import fields, models


class StockReplenishmentLine(models.Model):
    _inherit = "stock.replenishment.line"

    production_ids = fields.One2many(
        comodel_name="mrp.production",
        inverse_name="replenishment_line_id",
        groups="mrp.group_mrp_user",
    )

    def _get_document_names(self):
        """EXTENDS: manufacturing orders too."""
        return [*super()._get_document_names(), *self.production_ids.mapped("name")]
