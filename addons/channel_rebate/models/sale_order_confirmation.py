from odoo import api, fields, models

from .channel_confirmation import STATES


class SaleOrder(models.Model):
    """What the channel partner says to the confirmation letter (SPEC L3)."""

    _inherit = "sale.order"

    channel_confirmation_ids = fields.One2many(
        comodel_name="channel.confirmation",
        inverse_name="order_id",
        string="Partner's Answers",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    channel_confirmation_id = fields.Many2one(
        comodel_name="channel.confirmation",
        string="Current Answer",
        compute="_compute_channel_confirmation_id",
        groups="base.group_user",
    )
    channel_confirmation_state = fields.Selection(
        selection=STATES,
        string="Partner's Answer",
        compute="_compute_channel_confirmation_id",
        search="_search_channel_confirmation_state",
        groups="base.group_user",
    )

    @api.depends(
        "channel_confirmation_ids.is_current", "channel_confirmation_ids.state"
    )
    def _compute_channel_confirmation_id(self):
        # sudo: whether the partner agrees, for whoever may see the order
        current_sudo = self.env["channel.confirmation"].sudo()
        by_order = current_sudo.search(
            [("order_id", "in", self.ids), ("is_current", "=", True)]
        ).grouped("order_id")
        for order in self:
            confirmation = by_order.get(order._origin, current_sudo.browse())
            order.channel_confirmation_id = confirmation.id
            order.channel_confirmation_state = confirmation.state

    def _search_channel_confirmation_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        # sudo: as for the value; rules keep to orders one may see
        current_sudo = self.env["channel.confirmation"].sudo()
        asked = current_sudo.search(
            [("is_current", "=", True), ("state", "in", list(value))]
        ).order_id.ids
        if False not in value:
            return [("id", "in", asked)]
        every = current_sudo.search([("is_current", "=", True)]).order_id.ids
        return ["|", ("id", "in", asked), ("id", "not in", every)]

    def _channel_get_asked(self):
        """Return the file of the partner asked to confirm the order's letter; as sudo.

        The customer, when he is an active channel partner: the letter is his.
        """
        self.ensure_one()
        return self._channel_get_partner().filtered(
            lambda file: file.active and file.state in file._placing_states
        )

    def _policy_withdraw_confirmation(self):
        """EXTENDS 'sale_order_policy': what was asked ends with the letter."""
        self.env["channel.confirmation"]._supersede(self)
        return super()._policy_withdraw_confirmation()

    def action_channel_confirmations(self):
        """Show what the partner answered to the letters of this order."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "channel_rebate.channel_confirmation_action"
        )
        return {**action, "domain": [("order_id", "=", self.id)], "context": {}}

    # The portal --------------------------------------------------------------------

    def _channel_get_portal_confirmation(self):
        """Return the current answer or question, for the customer's page; as sudo."""
        self.ensure_one()
        if self.state != "sale":
            return self.env["channel.confirmation"]
        return self.channel_confirmation_id.sudo()  # sudo: by who may see the order

    def _channel_get_portal_lines(self):
        """Return the lines the customer may object to; call as sudo."""
        self.ensure_one()
        return self.order_line.filtered(
            lambda line: not line.display_type and not line.is_downpayment
        )
