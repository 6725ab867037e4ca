from odoo import models


class SaleOrder(models.Model):
    """Channel partners are asked by their agreement (SPEC L3)."""

    _inherit = "sale.order"

    def _policy_get_answer_terms(self):
        """EXTENDS 'sale_order_policy': the agreement in force, else the company.

        What the company says about channel partners goes before what it says about
        all customers.
        """
        self.ensure_one()
        file_sudo = self.sudo()._channel_get_asked()  # sudo: terms, whoever asks
        if not file_sudo:
            return super()._policy_get_answer_terms()
        return (
            file_sudo._channel_get_confirmation_days(),
            self.company_id._channel_get_setting("channel_confirmation_rule"),
        )

    def _channel_get_asked(self):
        """Return the file of the partner asked to confirm the order's letter; as sudo.

        The customer, when he is an active channel partner: the letter is his.
        """
        self.ensure_one()
        return self._channel_get_partner().filtered(
            lambda file: file.active and file.state in file._placing_states
        )
