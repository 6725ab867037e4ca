from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

_BATCH = 200


class ChannelAgreement(models.Model):
    """How agreements are renewed, and who is reminded of that (SPEC L1)."""

    _inherit = "channel.agreement"

    reminded_on = fields.Date(readonly=True, copy=False)
    confirmation_rule = fields.Selection(
        selection=[
            ("company", "As set for the company"),
            ("own", "Within the days agreed here"),
            ("none", "The partner is not asked"),
        ],
        string="Order Confirmations",
        default="company",
        required=True,
        tracking=True,
        help="Whether the partner has to confirm our confirmation letters.",
    )
    confirmation_days = fields.Integer(
        string="Confirm Within (Days)", default=3, tracking=True, help="Working days."
    )

    @api.constrains("confirmation_rule", "confirmation_days")
    def _check_confirmation_days(self):
        for agreement in self:
            if (
                agreement.confirmation_rule == "own"
                and not 1 <= agreement.confirmation_days <= 365
            ):
                raise ValidationError(
                    self.env._("Partners confirm within 1 to 365 working days.")
                )

    def write(self, vals):
        """EXTENDS: a new end is reminded of anew; the reminder is the system's."""
        vals = {name: vals[name] for name in vals if name != "reminded_on"}
        if vals.get("date_to"):
            moved = self.filtered(
                lambda a: a.date_to != fields.Date.to_date(vals["date_to"])
            )
            moved._set_reminded_on(False)
        return super().write(vals)

    # Renewal -----------------------------------------------------------------------

    def _get_next_period(self):
        """Return the first and last day of the period that follows, equally long."""
        self.ensure_one()
        start = self.date_to + timedelta(days=1)
        months = (start.year - self.date_from.year) * 12
        months += start.month - self.date_from.month
        if months > 0 and start == self.date_from + relativedelta(months=months):
            end = start + relativedelta(months=months)
        else:
            end = start + (start - self.date_from)
        return start, end - timedelta(days=1)

    def action_renew(self):
        """Open the agreement of the next period; make it if there is none yet.

        Terms go over; documents do not, since the new paper has to be signed.

        :raise AccessError: for who may not create agreements
        """
        self.ensure_one()
        self.check_access("write")
        self.channel_partner_id._channel_bump()
        later = self.search(
            [
                ("channel_partner_id", "=", self.channel_partner_id.id),
                ("date_from", ">", self.date_to),
            ],
            order="date_from",
            limit=1,
        )
        if not later:
            start, end = self._get_next_period()
            later = self.copy(
                {
                    "name": self.env._(
                        "%(agreement)s, from %(day)s",
                        agreement=self.name,
                        day=format_date(self.env, start),
                    ),
                    "date_from": start,
                    "date_to": end,
                    "date_signed": False,
                }
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": later.id,
            "view_mode": "form",
        }

    # Reminders ---------------------------------------------------------------------

    @api.model
    def _cron_remind(self, batch_size=_BATCH):
        """Remind the responsible salespeople of agreements that end soon.

        :param int batch_size: how many in one transaction
        """
        crons = self.env["ir.cron"]
        domain = self._get_reminder_domain()
        while batch := self.search(domain, order="id", limit=batch_size):
            taken = batch.try_lock_for_update(allow_referencing=True)
            taken = taken.filtered(lambda a: not a.reminded_on)
            taken._remind()
            left = self.search_count(domain)
            if not taken or not crons._commit_progress(len(taken), remaining=left):
                break

    @api.model
    def _get_reminder_domain(self):
        """Return which agreements to remind of: ending soon, and not followed."""
        today = fields.Date.context_today(self)
        domain = Domain.FALSE
        companies = self.env["res.company"].search(
            [("channel_agreement_days", ">", 0), ("parent_id", "=", False)]
        )
        for company in companies:
            last = today + timedelta(days=company.channel_agreement_days)
            domain |= Domain("company_id", "=", company.id) & Domain(
                "date_to", "<=", last
            )
        return (
            domain
            & Domain("date_to", ">=", today)
            & Domain("reminded_on", "=", False)
            & Domain("channel_partner_id.active", "=", True)
            & Domain("channel_partner_id.state", "in", ("active", "rectification"))
        )

    def _remind(self):
        today = fields.Date.context_today(self)
        followed = self._get_followed()
        for agreement in self - followed:
            file = agreement.channel_partner_id
            user = file.user_id
            if not user.active or user.share:
                continue
            file = file.with_context(lang=user.lang)
            file.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=agreement.date_to,
                user_id=user.id,
                summary=file.env._("Renew the agreement"),
                note=file.env._(
                    "%(agreement)s ends on %(day)s.",
                    agreement=agreement.name,
                    day=format_date(file.env, agreement.date_to),
                ),
            )
        self._set_reminded_on(today)

    def _set_reminded_on(self, day):
        """Keep when it was reminded of; past :meth:`write`, which refuses that."""
        return super().write({"reminded_on": day})

    def _get_followed(self):
        """Return those of these agreements another one of the partner follows."""
        later = self.search(
            [("channel_partner_id", "in", self.channel_partner_id.ids)]
        ).grouped("channel_partner_id")
        return self.filtered(
            lambda a: any(
                other.date_to > a.date_to
                and other.date_from <= a.date_to + timedelta(days=1)
                for other in later[a.channel_partner_id]
            )
        )
