import base64
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL


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
            self._mail_one(company, user, kind, period)
            if not cron._commit_progress(1):
                return

    @api.model
    def _get_due(self, company):
        """Return who gets what today: [(company, user, kind, period)]."""
        today = self.env["customer.credit.account"]._get_today(company)
        found = []
        period = self._get_period(company, today)
        if period:
            ageing = self.env["customer.credit.ageing"]
            users = ageing.search([("company_id", "=", company.id)]).user_id
            found += [(company, user, "debts", period) for user in users]
        if company.credit_payment_mail:
            yesterday = today - timedelta(days=1)
            payments = self._get_payments(company, yesterday)
            users = payments.partner_id.commercial_partner_id.user_id
            found += [(company, user, "payments", yesterday) for user in users]
        sent = {
            (mail.company_id, mail.user_id, mail.kind, mail.period)
            for mail in self.search(
                [
                    ("company_id", "=", company.id),
                    ("period", ">=", today.replace(day=1)),
                ]
            )
        }
        return [
            due
            for due in found
            if due not in sent and due[1].active and not due[1].share and due[1].email
        ]

    @api.model
    def _get_period(self, company, today):
        """Return the first day of the period to be mailed, or None when not due.

        A job that comes late still finds the period: Monday's list is sent on any
        later day of the week that has none.
        """
        if company.credit_debt_mail == "weekly":
            return today - timedelta(days=today.weekday())
        if company.credit_debt_mail == "monthly":
            return today.replace(day=1)
        return None

    @api.model
    def _get_payments(self, company, day):
        """Return the customers' payments booked on a day."""
        return self.env["account.payment"].search(
            [
                ("company_id", "in", company._credit_get_companies().ids),
                ("payment_type", "=", "inbound"),
                ("partner_type", "=", "customer"),
                ("state", "in", ("in_process", "paid")),
                ("date", "=", day),
                ("partner_id.commercial_partner_id.user_id", "!=", False),
            ],
            order="partner_id, id",
        )

    @api.model
    def _mail_one(self, company, user, kind, period):
        """Claim the mail and queue it, in the recipient's language."""
        row = self._claim(company, user, kind, period)
        if not row:
            return
        there = self.with_context(lang=user.lang, tz=user.tz)
        values = getattr(there, f"_prepare_{kind}")(company, user, period)
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

    @api.model
    def _prepare_debts(self, company, user, _period):
        """Return the mail with what this person's customers owe."""
        report = self.env["customer.credit.ageing"].with_company(company)
        domain = [("company_id", "=", company.id), ("user_id", "=", user.id)]
        rows = report.search(domain)
        body = self.env["ir.qweb"]._render(
            "customer_credit_grade.mail_debts",
            {
                "rows": rows,
                "company": company,
                "user": user,
                "labels": report._get_labels(),
                "currency": company.currency_id,
            },
        )
        return {
            "subject": self.env._(
                "Debts of your customers: %(amount)s overdue",
                amount=company.currency_id.format(sum(rows.mapped("overdue"))),
            ),
            "body_html": body,
            "attachment_ids": [
                (
                    0,
                    0,
                    {
                        "name": "ageing.xlsx",
                        "datas": base64.b64encode(report._get_xlsx(domain)),
                    },
                )
            ],
        }

    @api.model
    def _prepare_payments(self, company, user, period):
        """Return the mail with what this person's customers have paid (SPEC H4)."""
        payments = self._get_payments(company, period).filtered(
            lambda payment: payment.partner_id.commercial_partner_id.user_id == user
        )
        customers = payments.partner_id.commercial_partner_id
        exposures = self.env["customer.credit.exposure"]._get_exposures(
            company, customers
        )
        body = self.env["ir.qweb"]._render(
            "customer_credit_grade.mail_payments",
            {
                "payments": payments,
                "open": {
                    partner: exposures[partner.id].receivable for partner in customers
                },
                "company": company,
                "user": user,
                "currency": company.currency_id,
            },
        )
        return {
            "subject": self.env._("Payments of your customers on %s", period),
            "body_html": body,
        }
