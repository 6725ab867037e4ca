from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CustomerCreditRelease(models.Model):
    """A held document may pass after all (SPEC D4). Append-only.

    Good for one document, up to its value and the excess at that moment, for the
    kinds of objections there were, until a date.
    """

    _name = "customer.credit.release"
    _inherit = ["document.approval.frozen"]
    _description = "Credit Release"
    _order = "id desc"

    hold_id = fields.Many2one(
        comodel_name="customer.credit.hold",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="hold_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    res_model = fields.Char(related="hold_id.res_model", store=True)
    res_id = fields.Many2oneReference(
        related="hold_id.res_id", model_field="res_model", store=True
    )
    user_id = fields.Many2one(
        comodel_name="res.users", string="Released By", required=True, readonly=True
    )
    date = fields.Datetime(required=True, readonly=True)
    date_to = fields.Date(
        string="Good Until", required=True, readonly=True, help="This day included."
    )
    amount = fields.Monetary(
        string="Up to a Value Of",
        readonly=True,
        help="Void when the document is worth more.",
    )
    excess = fields.Monetary(
        string="Exceeding By Up To",
        readonly=True,
        help="Void when more than this is exceeded.",
    )
    codes = fields.Json(readonly=True)
    reason = fields.Text(required=True, readonly=True)

    _document_idx = models.Index("(res_id, res_model)")

    @api.model
    def _find(self, document, amount, verdict, day):
        """Return the releases that cover a document as it is now.

        :param float amount: its value now, company currency
        :param verdict: what credit objects to now
        :param day: the company's day
        """
        # sudo: releases are kept by the gate, not by users
        found = self.sudo().search(
            Domain("res_model", "=", document._name)
            & Domain("res_id", "=", document.id)
            & Domain("date_to", ">=", day)
        )
        return found.filtered(
            lambda release: (
                round(amount - release.amount, 6) <= 0.000001
                and round(verdict.excess - release.excess, 6) <= 0.000001
                and verdict.codes <= set(release.codes or ())
            )
        )

    @api.model
    def _give(self, hold, verdict, reason, date_to=None, resume=True):
        """Release ``hold`` as the current user, whose right was checked.

        :param bool resume: confirm the order if its customer waits
        :raise UserError: without a reason, or for longer than he may
        """
        words = reason.strip() if isinstance(reason, str) else ""
        if not words:
            raise UserError(self.env._("Please say why it is released."))
        hold_sudo = hold.sudo()
        releaser = self.env["customer.credit.releaser"]._get_of(
            hold_sudo.company_id, self.env.user
        )
        today = self.env["customer.credit.account"]._get_today(hold_sudo.company_id)
        latest = today + timedelta(days=releaser.days)
        day = fields.Date.to_date(date_to) if date_to else latest
        if not today <= day <= latest:
            raise UserError(
                self.env._(
                    "The release is good until a day from today to %(latest)s.",
                    latest=latest,
                )
            )
        # sudo: releases are kept by the gate, not by users
        release = self.sudo().create(
            {
                "hold_id": hold_sudo.id,
                "user_id": self.env.uid,
                "date": fields.Datetime.now(),
                "date_to": day,
                "amount": hold_sudo.amount,
                "excess": verdict.excess,
                "codes": sorted(verdict.codes),
                "reason": words,
            }
        )
        release._take_effect(resume)
        return release

    def _take_effect(self, resume):
        """Tell the owner; confirm the order if its customer waits."""
        self.ensure_one()
        hold = self.hold_id
        hold.write({"state": "released"})
        hold._tell_owner(
            self.env._(
                "Released by %(user)s until %(date)s: %(reason)s",
                user=self.user_id.name,
                date=self.date_to,
                reason=self.reason,
            )
        )
        if resume:
            hold._resume()
