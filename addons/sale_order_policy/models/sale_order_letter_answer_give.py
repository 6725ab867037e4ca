from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

_BATCH = 200


class SaleOrderLetterAnswer(models.Model):
    """The customer's answer, and what no answer means (SPEC L3)."""

    _inherit = "sale.order.letter.answer"

    #: who has not answered may still do so
    _open_states = ("waiting", "overdue")

    def _answer(self, agrees, source, name, words="", line_words=None):
        """Keep the customer's answer; the caller has checked who gives it.

        :param bool agrees: whether he confirms; else he objects
        :param str source: through what it came, see the field
        :param str name: who says so
        :param dict line_words: {order line: what is wrong with it}
        :raise UserError: when it was answered meanwhile, or without a reason
        """
        self.ensure_one()
        self._bump()
        if not self.is_current or self.state not in self._open_states:
            raise UserError(
                self.env._("This has been answered already, or a newer letter asks.")
            )
        words = (words or "").strip()
        line_words = {
            line: text.strip()
            for line, text in (line_words or {}).items()
            if text.strip()
        }
        if not agrees and not words and not line_words:
            raise UserError(self.env._("Please say what you do not agree with."))
        answer_sudo = self.sudo()  # sudo: customers write no answers themselves
        if not agrees:
            answer_sudo.line_ids.create(
                [
                    {
                        "answer_id": self.id,
                        "sale_line_id": line.id,
                        "name": line.product_id.display_name or line.name,
                        "words": text,
                    }
                    for line, text in line_words.items()
                ]
            )
        self._write_system(
            {
                "state": "confirmed" if agrees else "objected",
                "answered_on": fields.Datetime.now(),
                "answered_by_id": self.env.uid,
                "answered_name": name,
                "source": source,
                "words": words,
            }
        )
        answer_sudo._tell_answer(agrees)

    def _tell_answer(self, agrees):
        """Note the answer on the order; whoever renegotiates gets an activity."""
        order = self.order_id.with_context(lang=self.order_id._approval_owner().lang)
        if agrees:
            order._approval_post(
                order.env._(
                    "%(name)s confirms version %(version)s of the confirmation letter.",
                    name=self.answered_name,
                    version=self.version,
                )
            )
            return
        details = [self.words] if self.words else []
        details += [f"{line.name}: {line.words}" for line in self.line_ids]
        order._policy_tell_owner(
            order.env._(
                "%(name)s objects to version %(version)s of the confirmation letter. "
                "%(details)s",
                name=self.answered_name,
                version=self.version,
                details="; ".join(details),
            ),
            summary=order.env._("Renegotiate: the customer objects"),
            also_note=True,
        )

    def action_ask_again(self):
        """Ask anew about the same letter, once an objection is settled in words.

        :raise AccessError: for who may not write the order
        :raise UserError: when there is nothing to ask about
        """
        self.ensure_one()
        self.check_access("read")
        self.order_id.check_access("write")
        if not self.env.user._is_internal():
            raise AccessError(self.env._("Only our own people ask customers."))
        self._bump()
        letter_sudo = self.sudo().letter_id
        if not self.is_current or self.state not in ("objected", "overdue"):
            raise UserError(self.env._("There is nothing to ask about any more."))
        if not self._ask(letter_sudo):
            raise UserError(
                self.env._("This customer is not asked to confirm letters any more.")
            )

    # No answer ---------------------------------------------------------------------

    @api.model
    def _cron_follow_deadlines(self, batch_size=_BATCH):
        """Apply the company's rule to what is overdue, in batches.

        :param int batch_size: how many in one transaction
        """
        domain = [
            ("state", "=", "waiting"),
            ("is_current", "=", True),
            ("due_on", "<", fields.Datetime.now()),
        ]
        self._work_in_batches(domain, batch_size, lambda answer: answer._apply_rule())

    def _apply_rule(self):
        """Do what the company says about no answer; nothing on the order changes."""
        self.ensure_one()
        _days, rule = self.order_id._policy_get_answer_terms()
        counts = rule in ("confirmed", "both")
        values = {"state": "silent" if counts else "overdue"}
        if counts:
            values |= {"answered_on": fields.Datetime.now(), "source": "rule"}
        self._write_system(values)
        order = self.order_id.with_context(lang=self.order_id._approval_owner().lang)
        if counts:
            text = order.env._(
                "%(partner)s did not answer version %(version)s of the confirmation "
                "letter in time: it counts as confirmed.",
                partner=self.partner_id.display_name,
                version=self.version,
            )
        else:
            text = order.env._(
                "%(partner)s did not answer version %(version)s of the confirmation "
                "letter in time. Please ask.",
                partner=self.partner_id.display_name,
                version=self.version,
            )
        if rule == "confirmed":
            order._approval_post(text)
        else:
            order._policy_tell_owner(
                text, summary=order.env._("No answer of the customer"), also_note=True
            )
