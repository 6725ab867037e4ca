import base64

from odoo.fields import Command, Date
from odoo.tests import new_test_user

from odoo.addons.account.tests.common import AccountTestInvoicingCommon


class StatementCommon(AccountTestInvoicingCommon):
    """A customer with two contacts, people, and books of January to March 2026.

    The company counts in dollars; a euro is worth half a dollar, two from February on.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.euro = cls.setup_other_currency(
            "EUR", rates=[("1900-01-01", 2.0), ("2026-02-01", 0.5)]
        )
        cls.customer, cls.stranger = cls.env["res.partner"].create(
            [
                {"name": "Yunhe Trading", "is_company": True, "email": "yunhe@x.cn"},
                {"name": "Other Trading", "is_company": True, "email": "other@x.cn"},
            ]
        )
        cls.shop, cls.office = cls.env["res.partner"].create(
            [
                {"name": "Shop", "parent_id": cls.customer.id, "type": "delivery"},
                {"name": "Office", "parent_id": cls.customer.id, "type": "invoice"},
            ]
        )
        cls.officer = cls._user("officer", "channel_rebate.group_officer")
        cls.accountant = cls._user("accounts", "account.group_account_invoice")
        cls.seller = cls._user("seller", "sales_team.group_sale_salesman")
        cls.other_seller = cls._user("otherseller", "sales_team.group_sale_salesman")
        cls.employee = cls._user("employee", "base.group_user")
        cls.customer.user_id = cls.seller
        cls.visitor = cls._portal("visitor", cls.shop)
        cls.foreigner = cls._portal("foreigner", cls.stranger)
        cls.system = cls.env(su=True)
        cls.statements = cls.system["channel.statement"]
        cls.company.channel_statement_reminder_days = 0

    @classmethod
    def get_default_groups(cls):
        return super().get_default_groups() | cls.quick_ref(
            "sales_team.group_sale_manager"
        )

    @classmethod
    def _user(cls, login, group):
        return new_test_user(
            cls.env(su=True),
            f"stmt_{login}",
            groups=group,
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
            email=f"{login}@example.com",
        )

    @classmethod
    def _portal(cls, login, partner):
        return new_test_user(
            cls.env(su=True),
            f"stmt_{login}",
            groups="base.group_portal",
            partner_id=partner.id,
            context={},
        )

    # Books -------------------------------------------------------------------------

    @classmethod
    def _bill(cls, amount, date, kind="out_invoice", partner=None, **values):
        move = cls.env["account.move"].create(
            {
                "move_type": kind,
                "partner_id": (partner or cls.customer).id,
                "invoice_date": date,
                "date": date,
                "invoice_line_ids": [
                    Command.create(
                        {"name": "Goods", "price_unit": amount, "tax_ids": False}
                    )
                ],
                **values,
            }
        )
        move.action_post()
        return move

    @classmethod
    def _pay(cls, amount, date, **values):
        payment = cls.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": cls.customer.id,
                "amount": amount,
                "date": date,
                **values,
            }
        )
        payment.action_post()
        return payment

    @classmethod
    def _entries(cls, amount, date, partners, company=None):
        """Book ``amount`` on the receivable account of each of the partners."""
        receivable = cls.company_data["default_account_receivable"].id
        revenue = cls.company_data["default_account_revenue"].id
        moves = cls.env["account.move"].create(
            [
                {
                    "move_type": "entry",
                    "date": date,
                    "company_id": (company or cls.company).id,
                    "journal_id": cls.company_data["default_journal_misc"].id,
                    "line_ids": [
                        Command.create(
                            {
                                "account_id": receivable,
                                "partner_id": partner.id,
                                "debit": amount,
                            }
                        ),
                        Command.create({"account_id": revenue, "credit": amount}),
                    ],
                }
                for partner in partners
            ]
        )
        moves.action_post()
        return moves

    # Statements -----------------------------------------------------------------------

    @classmethod
    def _make(cls, start, end, issue=True, mail=False, partner=None):
        made, _existing, _later = cls.statements._make(
            cls.company,
            partner or cls.customer,
            Date.to_date(start),
            Date.to_date(end),
        )
        if issue:
            made._issue(mail=mail)
        return made

    @classmethod
    def _january(cls, **values):
        return cls._make("2026-01-01", "2026-01-31", **values)

    @classmethod
    def _february(cls, **values):
        return cls._make("2026-02-01", "2026-02-28", **values)

    def assertAddsUp(self, statement):
        """Opening, movements and closing agree, line by line, and with the books."""
        self.env.flush_all()
        balance = statement.opening_balance
        for line in statement.line_ids.filtered(lambda x: x.section != "rebate"):
            balance += line.debit - line.credit
            self.assertAlmostEqual(line.balance, balance, 2)
        self.assertAlmostEqual(statement.closing_balance, balance, 2)
        items = self.env["account.move.line"].search(
            [
                ("partner_id", "child_of", statement.partner_id.id),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("date", "<=", statement.date_to),
            ]
        )
        self.assertAlmostEqual(
            statement.closing_balance, sum(items.mapped("balance")), 2
        )


PICTURE = base64.b64encode(
    base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
        "awAAAABJRU5ErkJggg=="
    )
).decode()
