from odoo import api, fields, models


class SaleOrderLetterAnswer(models.Model):
    """What a channel partner answers (SPEC L3)."""

    _inherit = "sale.order.letter.answer"

    channel_partner_id = fields.Many2one(
        comodel_name="channel.partner",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    @api.model
    def _prepare_question(self, letter, now, days):
        """EXTENDS 'sale_order_policy': the file of the partner who is asked."""
        values = super()._prepare_question(letter, now, days)
        file_sudo = letter.order_id.sudo()._channel_get_asked()  # sudo: by the job
        if file_sudo:
            values["channel_partner_id"] = file_sudo.id
        return values
