from datetime import timedelta

from odoo.fields import Command, Date

from .common import CreditCommon


class AlertCommon(CreditCommon):
    """The customer has grade B: near from 80 %, 7 overdue days are tolerated."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.grades = {
            code: cls.env.ref(f"customer_credit_grade.customer_credit_grade_{code}")
            for code in "abcd"
        }
        cls.credit_account._credit_apply({"grade_id": cls.grades["b"].id})
        cls.watch = cls.env["customer.credit.watch"]
        cls.alerts = cls.env["customer.credit.alert"].sudo()

    @classmethod
    def _watch(cls, accounts=None):
        return cls.watch._watch(cls.company, accounts)

    @classmethod
    def _open(cls, trigger=None, account=None):
        alerts = cls.alerts.search(
            [
                ("account_id", "=", (account or cls.credit_account).id),
                ("state", "=", "open"),
            ]
        )
        return alerts.filtered(lambda a: trigger in (None, a.trigger))

    @classmethod
    def _invoice(cls, amount, days_overdue=-10, partner=None):
        """Post an invoice that was due ``days_overdue`` days ago."""
        due = Date.today() - timedelta(days=days_overdue)
        move = (
            cls.env["account.move"]
            .sudo()
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": (partner or cls.partner).id,
                    "invoice_date": min(due, Date.today()),
                    "invoice_date_due": due,
                    "invoice_payment_term_id": False,
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "product_id": cls.product.id,
                                "quantity": 1,
                                "price_unit": amount,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                }
            )
        )
        move.action_post()
        return move

    @classmethod
    def _event(cls, user=None, account=None, **values):
        return (
            cls.env["customer.credit.event"]
            .with_user(user or cls.salesman)
            .create(
                {
                    "account_id": (account or cls.credit_account).id,
                    "kind": "court",
                    "text": "Sued by a supplier",
                    **values,
                }
            )
        )

    @classmethod
    def _entitle(cls, kind, amount, days, account=None):
        """Give a part of the limit that ends in ``days`` days."""
        return (
            cls.env["customer.credit.entitlement"]
            .sudo()
            .create(
                {
                    "account_id": (account or cls.credit_account).id,
                    "kind": kind,
                    "amount": amount,
                    "date_to": Date.today() + timedelta(days=days),
                }
            )
        )
