from odoo import api, fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    channel_partner_ids = fields.One2many(
        comodel_name="channel.partner",
        inverse_name="partner_id",
        string="Channel Partner Files",
        groups="base.group_user",
    )
    channel_partner_count = fields.Integer(
        compute="_compute_channel_partner_count", groups="base.group_user"
    )

    @api.depends("channel_partner_ids")
    def _compute_channel_partner_count(self):
        for partner in self:
            partner.channel_partner_count = len(
                partner.commercial_partner_id.channel_partner_ids
            )

    def action_open_channel_partner(self):
        """Open the channel partner's file."""
        self.ensure_one()
        files = self.commercial_partner_id.channel_partner_ids
        return {
            "type": "ir.actions.act_window",
            "res_model": "channel.partner",
            "view_mode": "form",
            "res_id": files[:1].id,
        }
