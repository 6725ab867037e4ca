from odoo import api, fields, models
from odoo.exceptions import UserError

#: more answers than these about one order in one enquiry are no answers
_MOST_ANSWERS = 20
_KINDS = ("valid", "wish", "withdraw")


class SaleOrderEnquiry(models.Model):
    """Taking answers: all are kept, the last one counts (SPEC A6)."""

    _inherit = "sale.order.enquiry"

    def _answer(self, replies, name, way, **values):
        """Keep what the customer says about some of the orders.

        The caller has checked who answers, and calls it with elevated rights but as
        the user.

        :param dict replies: {line: {"kind": valid, wish or withdraw, "words": text,
            "wish_date": date}}
        :param str name: who says so
        :param str way: through what it came
        :param values: ``address``, ``said_on``, ``files`` ((name, bytes))
        :raise UserError: in words, for whoever answers; then nothing is kept
        """
        self.ensure_one()
        name = self._clean_text(name, 200)
        if not name:
            raise UserError(self.env._("Please enter your name."))
        self._bump()
        if not self.is_current:
            raise UserError(
                self.env._(
                    "A newer enquiry has replaced this one. Please answer that one."
                )
            )
        if not replies:
            raise UserError(
                self.env._("Please say for at least one order if it is valid.")
            )
        checked = [self._check_reply(line, reply) for line, reply in replies.items()]
        answers = self.env["sale.order.enquiry.answer"]._keep(
            [
                {
                    **reply,
                    "company_id": self.company_id.id,
                    "partner_id": self.partner_id.id,
                    "name": name,
                    "way": way,
                    "user_id": self.env.uid,
                    "address": values.get("address"),
                    "said_on": values.get("said_on"),
                }
                for reply in checked
            ],
            values.get("files") or (),
        )
        for answer in answers:
            self._follow_answer(answer)
        self._move_on()
        return answers

    def _check_reply(self, line, reply):
        """Return the values of one answer.

        :raise UserError: naming the order
        """
        if line not in self.line_ids:
            raise UserError(self.env._("That order is not in this enquiry."))
        if len(line.answer_ids) >= _MOST_ANSWERS:
            raise UserError(
                self.env._(
                    "%(order)s has been answered. Please talk to your contact person.",
                    order=line.order_name,
                )
            )
        return {
            "order_id": line.order_id.id,
            "line_id": line.id,
            **self._read_reply(line.order_name, reply),
        }

    @api.model
    def _read_reply(self, order_name, reply):
        """Return kind, words and date of an answer.

        :raise UserError: naming the order, for what is no answer
        """
        kind = reply.get("kind")
        words = self._clean_text(reply.get("words"))
        wish_date = reply.get("wish_date") or False
        if kind not in _KINDS:
            raise UserError(
                self.env._("%(order)s: choose an answer.", order=order_name)
            )
        if kind == "wish" and not words and not wish_date:
            raise UserError(
                self.env._("%(order)s: say what you wish.", order=order_name)
            )
        if kind != "wish":
            wish_date = False
        return {"kind": kind, "words": words, "wish_date": wish_date}

    def _follow_answer(self, answer):
        """Show the answer on its line and tell the order."""
        line = answer.line_id
        passed = answer.date - line.asked_on
        line._write_system(
            {
                "state": answer.kind,
                "answered_on": answer.date,
                "days_to_answer": passed.total_seconds() / 86400.0,
                "words": answer.words,
                "wish_date": answer.wish_date,
            }
        )
        # sudo: customers cannot write orders; posted as who answers
        order_sudo = answer.order_id.with_user(self.env.user).sudo()
        order_sudo._enquiry_on_answer(answer)

    def _move_on(self):
        """End the enquiry when everything is answered."""
        answered = all(line.state in _KINDS for line in self.line_ids)
        if answered and self.state != "answered":
            self._write_system({"state": "answered"})
            # sudo: to-dos of colleagues end as well
            self.sudo().activity_ids.unlink()

    @api.model
    def _answer_order(self, order, reply, name, way, **values):
        """Keep what a customer says about one order, asked or not; as :meth:`_answer`.

        :return: the answer, with elevated rights
        """
        # sudo: the caller may write the order
        line_sudo = (
            self.env["sale.order.enquiry.line"]
            .sudo()
            .search(
                [("order_id", "=", order.id), ("enquiry_id.is_current", "=", True)],
                limit=1,
            )
        )
        if line_sudo:
            return line_sudo.enquiry_id._answer({line_sudo: reply}, name, way, **values)
        name = self._clean_text(name, 200)
        if not name:
            raise UserError(self.env._("Please enter who said so."))
        answer_sudo = self.env["sale.order.enquiry.answer"]._keep(
            [
                {
                    **self._read_reply(order.name, reply),
                    "order_id": order.id,
                    "company_id": order.company_id.id,
                    "partner_id": order.partner_id.commercial_partner_id.id,
                    "name": name,
                    "way": way,
                    "user_id": self.env.uid,
                    "said_on": values.get("said_on") or fields.Date.today(),
                }
            ],
            values.get("files") or (),
        )
        order.sudo()._enquiry_on_answer(answer_sudo)  # sudo: posts as the user
        return answer_sudo
