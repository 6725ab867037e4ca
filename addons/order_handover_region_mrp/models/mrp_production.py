from odoo import fields, models


class MrpProduction(models.Model):
    _inherit = "mrp.production"

    replenishment_line_id = fields.Many2one(
        comodel_name="stock.replenishment.line",
        string="Replenishment",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="set null",
    )
