class SettlementMixin:
    """Accounts and taxes for the settlement of rebates."""

    @classmethod
    def _set_accounts(cls):
        """Give the company accounts of rebates, and two taxes."""
        accounts = cls.env["account.account"].sudo()
        cls.expense, cls.provision, cls.vat_account = accounts.create(
            [
                {"name": name, "code": code, "account_type": kind}
                for name, code, kind in (
                    ("Rebates granted", "RB1", "expense"),
                    ("Provision for rebates", "RB2", "liability_current"),
                    ("Output VAT", "RB3", "liability_current"),
                )
            ]
        )
        cls.company.write(
            {
                "rebate_expense_account_id": cls.expense.id,
                "rebate_provision_account_id": cls.provision.id,
            }
        )
        cls.vat13, cls.vat9 = (
            cls.env["account.tax"]
            .sudo()
            .create(
                [
                    {"name": "VAT 13", "amount": 13.0, "amount_type": "percent"},
                    {"name": "VAT 9", "amount": 9.0, "amount_type": "percent"},
                ]
            )
        )
        for tax in cls.vat13 | cls.vat9:
            (
                tax.invoice_repartition_line_ids | tax.refund_repartition_line_ids
            ).filtered(
                lambda line: line.repartition_type == "tax"
            ).account_id = cls.vat_account
