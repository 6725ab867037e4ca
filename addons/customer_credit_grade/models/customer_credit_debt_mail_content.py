import base64

from odoo import api, models

#: so many customers are in the mail itself; all of them are in the spreadsheet
_ROWS = 200


class CustomerCreditDebtMail(models.Model):
    """What the mails about debts and payments say (SPEC D6, H4)."""

    _inherit = "customer.credit.debt.mail"

    @api.model
    def _prepare_debts(self, company, user):
        """Return the mail with what this person's customers owe."""
        rows = self._get_ageing(company)
        customers = self._group_by_recipient(company, rows.partner_id).get(user, ())
        rows = rows.filtered(lambda row: row.partner_id in customers)
        body = self.env["ir.qweb"]._render(
            "customer_credit_grade.mail_debts",
            {
                "rows": rows[:_ROWS],
                "all_rows": rows,
                "company": company,
                "user": user,
                "labels": rows._get_labels(),
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
                        "name": f"ageing-{rows._get_day()}.xlsx",
                        "datas": base64.b64encode(
                            rows._get_xlsx([("id", "in", rows.ids)])
                        ),
                    },
                )
            ],
        }

    @api.model
    def _get_payments_of(self, company, user):
        """Return the payments this person is to be told of."""
        payments = self._get_payments(company)
        customers = self._group_by_recipient(company, payments.partner_id).get(user, ())
        return payments.filtered(
            lambda line: line.partner_id.commercial_partner_id in customers
        )

    @api.model
    def _prepare_payments(self, company, user, period, payments):
        """Return the mail with what this person's customers have paid (SPEC H4).

        :param payments: the journal items of the payments, on receivable accounts
        """
        customers = payments.partner_id.commercial_partner_id
        exposures = self.env["customer.credit.exposure"]._get_exposures(
            company, customers
        )
        body = self.env["ir.qweb"]._render(
            "customer_credit_grade.mail_payments",
            {
                "payments": payments,
                "paid": {line: self._get_paid(line) for line in payments},
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

    @api.model
    def _get_paid(self, line):
        """Return the numbers of what a payment was applied to."""
        moves = line.matched_debit_ids.debit_move_id.move_id
        own = moves.filtered(
            lambda move: move.journal_id != move.company_id.currency_exchange_journal_id
        )
        return ", ".join(name for name in own.mapped("name") if name)
