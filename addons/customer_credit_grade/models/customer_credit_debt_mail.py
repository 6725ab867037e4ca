import logging
from collections import defaultdict
from datetime import timedelta

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

_logger = logging.getLogger(__name__)


class CustomerCreditDebtMail(models.Model):
    """What was mailed to whom of the debts and payments of his customers (D6, H4).

    The row is the claim: who inserts it sends the mail, in the same transaction, so
    neither a retry nor a second worker sends it twice.
    """

    _name = "customer.credit.debt.mail"
    _inherit = ["document.approval.frozen"]
    _description = "Mail About Debts"
    _order = "id desc"

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="To",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    kind = fields.Selection(
        selection=[("debts", "Debts"), ("payments", "Payments")],
        required=True,
        readonly=True,
    )
    period = fields.Date(required=True, readonly=True)
    mail_id = fields.Many2one(comodel_name="mail.mail", readonly=True)
    line_ids = fields.Many2many(
        comodel_name="account.move.line",
        relation="customer_credit_debt_mail_line_rel",
        column1="mail_id",
        column2="line_id",
        string="Payments",
        readonly=True,
        help="The payments the mail tells of; nobody is told of them again.",
    )

    _period_uniq = models.UniqueIndex("(company_id, user_id, kind, period)")

    @api.model
    def _claim(self, company, user, kind, period):
        """Return a new row, or none when somebody has it already."""
        rows = self.env.execute_query(
            SQL(
                "INSERT INTO customer_credit_debt_mail (company_id, user_id, kind,"
                " period, create_uid, create_date, write_uid, write_date)"
                " VALUES (%(company)s, %(user)s, %(kind)s, %(period)s, %(uid)s,"
                " %(now)s, %(uid)s, %(now)s) ON CONFLICT DO NOTHING RETURNING id",
                company=company.id,
                user=user.id,
                kind=kind,
                period=period,
                uid=self.env.uid,
                now=fields.Datetime.now(),
            )
        )
        return self.browse(rows[0] if rows else ())

    @api.model
    def _cron_mail(self):
        """Mail debts and payments to those whose turn it is; each in a commit."""
        todo = []
        companies = self.env["res.company"].search([("parent_id", "=", False)])
        for company in companies:
            todo += self._get_due(company)
        cron = self.env["ir.cron"]
        if not cron._commit_progress(remaining=len(todo)):
            return
        for company, user, kind, period in todo:
            self._mail_safely(company, user, kind, period)
            if not cron._commit_progress(1):
                return

    def _mail_safely(self, company, user, kind, period):
        """As :meth:`_mail_one`; one mail's trouble keeps no other waiting."""
        try:
            with self.env.cr.savepoint():
                self._mail_one(company, user, kind, period)
        except OperationalError as error:  # somebody works on it: next run
            self.env.cr.rollback()
            self.env.invalidate_all(flush=False)
            _logger.info("Mail to user %s: next run, %s", user.id, error)
        except Exception:
            self.env.invalidate_all(flush=False)
            _logger.exception("Mail about %s to user %s failed", kind, user.id)

    @api.model
    def _get_due(self, company):
        """Return who gets what today: [(company, user, kind, period)]."""
        today = self.env["customer.credit.account"]._get_today(company)
        found = []
        period = self._get_period(company, today)
        if period:
            customers = self._get_ageing(company).partner_id
            users = self._group_by_recipient(company, customers)
            found += [(company, user, "debts", period) for user in users]
        if company.credit_payment_mail:
            customers = self._get_payments(company).partner_id
            users = self._group_by_recipient(company, customers)
            found += [(company, user, "payments", today) for user in users]
        sent = {
            (mail.company_id, mail.user_id, mail.kind, mail.period)
            for mail in self.search(
                [
                    ("company_id", "=", company.id),
                    ("period", ">=", today - timedelta(days=31)),
                ]
            )
        }
        return [due for due in found if due not in sent]

    @api.model
    def _get_period(self, company, today):
        """Return the first day of the period to be mailed, or None when not due.

        A job that comes late still finds the period: a list that should have gone
        out on Monday is sent on any later day of the week that has none.
        """
        if company.credit_debt_mail == "weekly":
            weekday = int(company.credit_debt_weekday)
            return today - timedelta(days=(today.weekday() - weekday) % 7)
        if company.credit_debt_mail == "monthly":
            return today.replace(day=1)
        return None

    @api.model
    def _group_by_recipient(self, company, partners):
        """Return ``{user: customers}``: who is told about which customers.

        That is the salesperson; where there is none who may be told, the leader of a
        team of the customer's region, then its manager. Only users of the company.
        """
        found = defaultdict(self.env["res.partner"].browse)
        for customer in partners.commercial_partner_id:
            region = customer.sale_region_id
            for user in (customer.user_id, *region.team_ids.user_id, region.user_id):
                if (
                    user.active
                    and not user.share
                    and user.email
                    and company in user.company_ids.root_id
                ):
                    found[user] += customer
                    break
        return dict(found)

    @api.model
    def _get_ageing(self, company):
        """Return the rows of a company today."""
        report = self.env["customer.credit.ageing"].with_company(company)
        return report.with_context(ageing_date=False).search(
            [("company_id", "=", company.id)]
        )

    @api.model
    def _get_payments(self, company):
        """Return the journal items of customers' payments nobody was told of yet.

        By when they were booked, not by their date: a payment booked late is told as
        well, one booked before the company began to tell is not.
        """
        horizon = self.env.cr.now() - timedelta(days=31)
        since = max(company.credit_payment_mail_since or horizon, horizon)
        lines = self.env["account.move.line"].search(
            Domain("create_date", ">=", since)
            & Domain("company_id", "in", company._credit_get_companies().ids)
            & Domain("parent_state", "=", "posted")
            & Domain("account_type", "=", "asset_receivable")
            & Domain("partner_id", "!=", False)
            & Domain("balance", "<", 0)
            & (
                Domain("move_id.origin_payment_id", "!=", False)
                | Domain("move_id.statement_line_id", "!=", False)
            ),
            order="partner_id, id",
        )
        told = self.search(
            [
                ("company_id", "=", company.id),
                ("kind", "=", "payments"),
                ("period", ">=", horizon.date() - timedelta(days=1)),
            ]
        )
        return lines - told.line_ids

    @api.model
    def _mail_one(self, company, user, kind, period):
        """Claim the mail and queue it, in the recipient's language."""
        row = self._claim(company, user, kind, period)
        if not row:
            return
        there = self.with_context(lang=user.lang, tz=user.tz)
        if kind == "debts":
            values = there._prepare_debts(company, user)
        else:
            lines = there._get_payments_of(company, user)
            row.line_ids = lines
            values = there._prepare_payments(company, user, period, lines)
        # sudo: the job sends, whoever runs it
        mail = (
            self.env["mail.mail"]
            .sudo()
            .create(
                {
                    "email_from": company.email_formatted
                    or self.env.user.email_formatted,
                    "email_to": user.email_formatted,
                    "auto_delete": False,
                    **values,
                }
            )
        )
        row.mail_id = mail
