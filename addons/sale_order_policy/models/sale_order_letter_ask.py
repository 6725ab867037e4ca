from markupsafe import Markup

from odoo import fields, models
from odoo.tools import format_date


class SaleOrderLetter(models.Model):
    """Letters that customers are asked to confirm (SPEC L3)."""

    _inherit = "sale.order.letter"

    def write(self, vals):
        """EXTENDS: with the letter the customer's time to answer begins."""
        queued = self.filtered(lambda letter: letter.state != "sent")
        result = super().write(vals)
        if vals.get("state") == "sent":
            self.env["sale.order.letter.answer"]._ask(queued)
        return result

    def _post_paper(self, recipients, words):
        """EXTENDS: say in the mail until when to answer."""
        days, _rule = self.order_id._policy_get_answer_terms()
        if days:
            words = {**words, "body_html": words["body_html"] + self._get_asking(days)}
        return super()._post_paper(recipients, words)

    def _get_asking(self, days):
        """Return what the mail says, in the language of the letter."""
        letter = self.with_context(lang=self._get_lang())
        answers = self.env["sale.order.letter.answer"]
        due = answers._get_due(self.company_id, fields.Datetime.now(), days)
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

    def _post_reminder(self, answer):
        """Remind the customer by mail of the letter that waits for his answer.

        The letter goes along once more, to whom it went.
        """
        letter = self.with_company(self.company_id)
        recipients = letter._get_customer()
        if not recipients or not self.attachment_id:
            return
        lang_env = self.with_context(lang=self._get_lang()).env
        words = {
            "subject": lang_env._(
                "Please confirm our order confirmation %(order)s",
                order=self.order_id.name,
            ),
            "body_html": Markup("<p>%s</p>")
            % lang_env._(
                "We have no answer to our order confirmation %(order)s yet. Please "
                "open the order and press “Confirm” or “Object” until %(day)s.",
                order=self.order_id.name,
                day=format_date(lang_env, self._get_local_day(answer.due_on)),
            ),
        }
        super()._post_paper(recipients, words)
