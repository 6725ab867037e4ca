from datetime import datetime, time

from odoo import api, fields, models
from odoo.exceptions import UserError

_MOST_WORDS = 2000
_MOST_OPEN = 3


class SaleOrder(models.Model):
    """What the customer sees and asks for on the page of his order (SPEC J1, J3).

    Called on an order the visitor may see, with elevated rights, as the visitor.
    """

    _inherit = "sale.order"

    def _change_portal_may_ask(self):
        """Tell whether the customer may ask for a change of this order online."""
        self.ensure_one()
        return (
            self.state == "sale"
            and self.company_id.sale_change_portal
            and len(self._change_get_open()) < _MOST_OPEN
        )

    def _change_portal_get(self, change_id=None):
        """Return the requests the customer may see: his own, and what was decided.

        :param int change_id: only this one
        """
        self.ensure_one()
        return (
            self.env["sale.order.change"]
            .sudo()  # sudo: of an order the visitor may see
            .search([("order_id", "=", self.id)])
            .filtered(
                lambda change: (
                    change_id in (None, change.id)
                    and (
                        change.origin == "portal"
                        or change.state == "applied"
                        or change.agreement_state != "none"
                    )
                )
            )
        )

    def _change_portal_ask(self, kind, reason, quantities, date):
        """Make a request as the customer asked for it, and tell the owner.

        :param str kind: change or cancel
        :param dict quantities: new quantities as texts by ids of lines
        :param str date: new delivery date, ISO, or empty
        :return: the request
        :raise UserError: in words, what he should correct
        """
        self.ensure_one()
        self._approval_touch(editor=False)  # of two requests at once, one is rerun
        if not self._change_portal_may_ask():
            raise UserError(
                self.env._(
                    "Changes of this order cannot be asked for here at the moment. "
                    "Please ask your contact person."
                )
            )
        reason = (reason or "").replace("\0", "").strip()[:_MOST_WORDS]
        if not reason:
            raise UserError(self.env._("Please say why."))
        change = (
            self.env["sale.order.change"]
            .sudo()  # sudo: the order is his, the values are checked here
            .with_context(mail_create_nosubscribe=True)
            .create(
                {
                    "order_id": self.id,
                    "kind": "cancel" if kind == "cancel" else "change",
                    "reason": reason,
                }
            )
        )
        change._keep({"origin": "portal"})
        if change.kind == "change":
            change._portal_enter(quantities, date)
            if not change.differences:
                raise UserError(
                    self.env._("Please enter a new quantity or delivery date.")
                )
        change._approval_attention(
            self._approval_owner(),
            change.with_context(lang=self._approval_owner().lang).env._(
                "The customer asks for a change"
            ),
            reason,
        )
        return change


class SaleOrderChange(models.Model):
    _inherit = "sale.order.change"

    def _portal_enter(self, quantities, date):
        """Enter what the customer typed.

        :raise UserError: it is no number or no date
        """
        self.ensure_one()
        for line in self.line_ids:
            text = quantities.get(line.order_line_id.id)
            if text is None or not str(text).strip():
                continue
            line.quantity = self._portal_read_number(text)
        if date:
            try:
                day = fields.Date.to_date(date)
            except ValueError:
                day = None
            if not day or day < fields.Date.context_today(self):
                raise UserError(self.env._("The delivery date is not usable."))
            old = self.old_commitment_date
            if not old or old.date() != day:
                self.commitment_date = datetime.combine(
                    day, old.time() if old else time(4)
                )

    @api.model
    def _portal_read_number(self, text):
        try:
            number = float(str(text).strip().replace(",", "."))
        except ValueError:
            number = -1.0
        if not 0 <= number <= 1e9:  # nor NaN
            raise UserError(
                self.env._("“%(text)s” is not a quantity.", text=str(text)[:40])
            )
        return number

    def _get_portal_link(self):
        """Return where the customer sees this request, with the order's own key."""
        self.ensure_one()
        # sudo: the link is for the customer
        return self.sudo().order_id.get_portal_url(suffix=f"/changes/{self.id}")

    def _get_portal_state(self):
        """Return (colour, words) of how far it is, for the customer."""
        self.ensure_one()
        if self.state == "applied":
            return "success", self.env._("Done")
        if self.state == "cancel" or self.approval_state == "refused":
            return "danger", self.env._("Not possible")
        if self.agreement_state == "asked":
            return "warning", self.env._("Waits for you")
        if self.approval_state in ("pending", "approved"):
            return "info", self.env._("Being checked")
        return "secondary", self.env._("Received")

    def _get_payment_text(self):
        """Return who pays what, as the customer reads it."""
        self.ensure_one()
        amount = self.currency_id.format(self.compensation_amount)
        if self.compensation_payer == "customer":
            return self.env._("You pay us %(amount)s.", amount=amount)
        if self.compensation_payer == "company":
            return self.env._("We pay you %(amount)s.", amount=amount)
        return self.env._("Nobody pays.")

    def _prepare_portal(self):
        """Return what the customer sees of this request, as texts."""
        self.ensure_one()
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        colour, state = self._get_portal_state()
        shown = self.agreement_state != "none"
        return {
            "number": self.name,
            "kind": kinds[self.kind],
            "date": self.create_date,
            "colour": colour,
            "state": state,
            "is_open": self.state in ("draft", "failed")
            and self.approval_state != "refused"
            and self.agreement_state == "none",
            "reason": self.reason if self.origin == "portal" else "",
            "answer": self.answer or "",
            "differences": self._get_differences(),
            "compensation": self.compensation if shown else "",
            "payment": self._get_payment_text() if shown else "",
            "agreement": self.agreement_state,
            "agreement_name": self.agreement_name or "",
            "agreement_date": self.agreement_date,
            "words": self.agreement_words or "",
            "fingerprint": self._get_terms_fingerprint(),
            "url": self._get_portal_link(),
        }
