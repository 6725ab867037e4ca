from odoo import api, fields, models

#: an agreement that ends this soon is shown in orange
_SOON_DAYS = 30


class ChannelPartner(models.Model):
    """What the file shows of the agreement and of orders (SPEC L1, L3)."""

    _inherit = "channel.partner"

    agreement_days_left = fields.Integer(compute="_compute_agreement_days_left")
    agreement_warning = fields.Selection(
        selection=[("none", "No agreement"), ("soon", "Ends soon"), ("fine", "Fine")],
        compute="_compute_agreement_days_left",
    )
    confirmation_open_count = fields.Integer(
        string="Open Letters", compute="_compute_confirmation_open_count"
    )

    @api.depends("agreement_ids.date_from", "agreement_ids.date_to")
    def _compute_agreement_days_left(self):
        for channel in self:
            agreement = channel.agreement_id
            channel.agreement_days_left = agreement.days_left
            if not agreement:
                channel.agreement_warning = "none"
            elif agreement.days_left <= _SOON_DAYS:
                channel.agreement_warning = "soon"
            else:
                channel.agreement_warning = "fine"

    def _compute_confirmation_open_count(self):
        counts = dict(
            self.env["sale.order.letter.answer"]._read_group(
                [
                    ("channel_partner_id", "in", self.ids),
                    ("is_current", "=", True),
                    ("state", "in", ("waiting", "objected", "overdue")),
                ],
                groupby=["channel_partner_id"],
                aggregates=["__count"],
            )
        )
        for channel in self:
            channel.confirmation_open_count = counts.get(channel, 0)

    def _channel_get_confirmation_days(self):
        """Return within how many working days letters are confirmed; 0: not asked.

        The agreement in force says so, else the company.
        """
        self.ensure_one()
        agreement = self.agreement_id
        if agreement.confirmation_rule == "none":
            return 0
        if agreement.confirmation_rule == "own":
            return agreement.confirmation_days
        return self.company_id._channel_get_setting("channel_confirmation_days")

    def action_open_confirmations(self):
        """Show what the partner answered to confirmation letters."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sale_order_policy.sale_order_letter_answer_action"
        )
        return {
            **action,
            "domain": [("channel_partner_id", "=", self.id)],
            "context": {},
        }
