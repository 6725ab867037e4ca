from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    region_transfer_window_days = fields.Integer(
        related="company_id.region_transfer_window_days", readonly=False
    )
    region_transfer_keep_days = fields.Integer(
        related="company_id.region_transfer_keep_days", readonly=False
    )
    region_transfer_transit_days = fields.Integer(
        related="company_id.region_transfer_transit_days", readonly=False
    )
    region_transfer_size_attribute_id = fields.Many2one(
        related="company_id.region_transfer_size_attribute_id", readonly=False
    )
    region_transfer_size_pieces = fields.Float(
        related="company_id.region_transfer_size_pieces", readonly=False
    )
    region_transfer_approval = fields.Boolean(
        related="company_id.region_transfer_approval", readonly=False
    )
