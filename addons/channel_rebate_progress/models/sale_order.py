from odoo import api, models
from odoo.fields import Domain


class SaleOrder(models.Model):
    """Channel partners see the progress of orders they are named on (SPEC F5)."""

    _inherit = "sale.order"

    def _handover_progress_partners(self):
        """EXTENDS 'order_handover': the order's channel partner, while he is one."""
        partners = super()._handover_progress_partners()
        # sudo: the file of the partner, whoever asks for the order
        files_sudo = self.sudo().channel_partner_id
        working = files_sudo.filtered(
            lambda file: file.active and file.state in file._placing_states
        )
        return partners | working.partner_id

    def _handover_progress_domain(self, partner):
        """EXTENDS 'order_handover': the same orders, found by the partner."""
        domain = super()._handover_progress_domain(partner)
        return Domain(domain) | self._channel_brought_domain(partner)

    @api.model
    def _channel_brought_domain(self, partner):
        """Return the orders whose channel partner ``partner`` belongs to."""
        # sudo: partners read no files
        files_sudo = self.env["channel.partner"].sudo()
        files_sudo = files_sudo.search(
            [
                ("partner_id", "=", partner.sudo().commercial_partner_id.id),
                ("state", "in", files_sudo._placing_states),
            ]
        )
        return Domain("channel_partner_id", "in", files_sudo.ids)

    @api.model
    def _channel_confirmed_domain(self, company):
        """Return the confirmed orders of this root company and its branches."""
        return Domain("state", "=", "sale") & Domain(
            "company_id", "child_of", company.ids
        )
