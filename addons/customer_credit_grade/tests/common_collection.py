from datetime import date, timedelta
from unittest.mock import patch

from odoo.fields import Command

from .common import CreditCommon


class CollectionCommon(CreditCommon):
    """A company that follows up debts; invoices of any amount and due day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {"credit_collection": True, "credit_collector_id": cls.financier.id}
        )
        cls.cases = cls.env["customer.credit.collection"].sudo()
        cls.steps = cls.env["customer.credit.collection.step"].sudo()
        cls.mails = cls.env["mail.mail"].sudo()
        cls.levels = {
            name: cls.env.ref(f"customer_credit_grade.collection_level_{name}")
            for name in ("reminder", "overdue", "call", "visit", "legal")
        }
        cls.other = cls._create_customer("Other Customer")

    @classmethod
    def _create_customer(cls, name, **values):
        return (
            cls.env["res.partner"]
            .sudo()
            .create(
                {
                    "name": name,
                    "email": f"{name.lower().replace(' ', '.')}@example.com",
                    "user_id": cls.salesman.id,
                    "is_company": True,
                    **values,
                }
            )
        )

    @classmethod
    def _invoice(cls, amount, due, partner=None, kind="out_invoice", **values):
        """Post an invoice due on ``due``."""
        due = due if isinstance(due, date) else date.fromisoformat(due)
        move = (
            cls.env["account.move"]
            .sudo()
            .create(
                {
                    "move_type": kind,
                    "partner_id": (partner or cls.partner).id,
                    "invoice_date": due - timedelta(days=30),
                    "invoice_date_due": due,
                    "invoice_payment_term_id": False,
                    "invoice_line_ids": [
                        Command.create(
                            {"name": "Goods", "price_unit": amount, "tax_ids": []}
                        )
                    ],
                    **values,
                }
            )
        )
        move.action_post()
        return move

    def _collect(self):
        """Run the job for the company, without commits."""
        with patch.object(
            type(self.env["ir.cron"]), "_commit_progress", lambda *_a, **_k: 1e9
        ):
            self.cases._collect(self.company)
        self.env.invalidate_all()

    def _steps_of(self, partner=None):
        return self.steps.search(
            [("account_id.partner_id", "=", (partner or self.partner).id)], order="id"
        )

    def _case_of(self, partner=None):
        return self.cases.search(
            [
                ("partner_id", "=", (partner or self.partner).id),
                ("state", "!=", "closed"),
            ]
        )

    def _mails_of(self, partner=None):
        partner = partner or self.partner
        return self.mails.search([("recipient_ids", "in", partner.ids)], order="id")
