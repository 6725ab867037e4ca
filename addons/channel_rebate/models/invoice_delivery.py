from odoo import api, fields, models

WAYS = [
    ("mail", "By Mail"),
    ("portal", "In the Portal"),
    ("courier", "By Courier"),
    ("hand", "Handed Over"),
]


class AccountMove(models.Model):
    """How an invoice reached the customer, and that it did (SPEC H6)."""

    _inherit = "account.move"

    channel_delivery_way = fields.Selection(
        selection=WAYS, string="Way of Delivery", copy=False
    )
    channel_courier = fields.Char(string="Courier", copy=False)
    channel_courier_number = fields.Char(
        string="Courier Number", copy=False, index="btree_not_null"
    )
    channel_sent_on = fields.Date(string="Invoice Sent On", copy=False)
    channel_received_on = fields.Date(string="Invoice Received On", copy=False)
    channel_received_by = fields.Char(string="Invoice Received By", copy=False)
    channel_delivery_state = fields.Selection(
        selection=[
            ("none", "Not Sent"),
            ("sent", "On Its Way"),
            ("received", "Received"),
        ],
        string="Delivery of the Invoice",
        compute="_compute_channel_delivery_state",
        store=True,
        copy=False,
    )

    @api.depends("channel_sent_on", "channel_received_on", "move_type")
    def _compute_channel_delivery_state(self):
        for move in self:
            if not move.is_sale_document():
                move.channel_delivery_state = False
            elif move.channel_received_on:
                move.channel_delivery_state = "received"
            else:
                move.channel_delivery_state = "sent" if move.channel_sent_on else "none"

    def write(self, vals):
        """EXTENDS 'account': what Odoo mails is on its way."""
        result = super().write(vals)
        if vals.get("is_move_sent"):
            unsent = self.filtered(
                lambda move: move.is_sale_document() and not move.channel_sent_on
            )
            for move in unsent:
                move.channel_sent_on = fields.Date.context_today(move)
                move.channel_delivery_way = move.channel_delivery_way or "mail"
        return result

    def _channel_note_received(self, name):
        """Note that the customer has downloaded his invoice; the first time counts.

        Call it with elevated rights, for a visitor who may see the invoice.

        :param str name: who downloaded it
        """
        self.ensure_one()
        if self.channel_received_on or self.state != "posted":
            return
        if not self.is_sale_document():
            return
        today = fields.Date.context_today(self)
        self.write(
            {
                "channel_received_on": today,
                "channel_received_by": name,
                "channel_sent_on": self.channel_sent_on or today,
                "channel_delivery_way": self.channel_delivery_way or "portal",
            }
        )
