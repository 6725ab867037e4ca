from markupsafe import Markup

from odoo import fields, models
from odoo.tools import format_date


class SaleOrderLetter(models.Model):
    """Letters that channel partners are asked to confirm (SPEC L3)."""

    _inherit = "sale.order.letter"

    def write(self, vals):
        """EXTENDS: with the letter the partner's time to answer begins."""
        queued = self.filtered(lambda letter: letter.state != "sent")
        result = super().write(vals)
        if vals.get("state") == "sent":
            self.env["channel.confirmation"]._ask(queued)
        return result

    def _post_paper(self, recipients, words):
        """EXTENDS 'sale_order_policy': say in the mail until when to answer."""
        file_sudo = self.order_id.sudo()._channel_get_asked()
        days = file_sudo._channel_get_confirmation_days() if file_sudo else 0
        if days:
            words = {**words, "body_html": words["body_html"] + self._get_asking(days)}
        return super()._post_paper(recipients, words)

    def _get_asking(self, days):
        """Return what the mail says, in the language of the letter."""
        letter = self.with_context(lang=self._get_lang())
        confirmations = self.env["channel.confirmation"]
        due = confirmations._get_due(self.company_id, fields.Datetime.now(), days)
        return Markup("<p>%s</p>") % letter.env._(
            "Please open the order and press “Confirm” or “Object” until %(day)s.",
            day=format_date(letter.env, letter._get_local_day(due)),
        )

    def _get_local_day(self, moment):
        """Return the day of a moment where the letter is read."""
        local = fields.Datetime.context_timestamp(
            self.with_context(tz=self._get_zone()), moment
        )
        return local.date()
