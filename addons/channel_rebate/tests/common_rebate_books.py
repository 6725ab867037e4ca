from .common_rebate import RebateCommon


class RebateBooksCommon(RebateCommon):
    """The company has set the accounts of rebates up; the operator settles."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_accounts()

    @classmethod
    def _set_up_accounts(cls):
        expense, provision = (
            cls.env["account.account"]
            .sudo()
            .create(
                [
                    {"name": "Granted", "code": "RA1", "account_type": "expense"},
                    {
                        "name": "Provision",
                        "code": "RA2",
                        "account_type": "liability_current",
                    },
                ]
            )
        )
        cls.provision = provision
        cls.company.write(
            {
                "rebate_expense_account_id": expense.id,
                "rebate_provision_account_id": provision.id,
            }
        )

    @classmethod
    def _settle_as_officer(cls, programme, submit=True):
        settlement = (
            cls.env["rebate.settlement"]
            .with_user(cls.officer)
            .create({"period_ids": programme.period_ids.ids})
        )
        settlement.action_fill()
        if submit:
            settlement.action_submit_for_approval()
        return settlement

    def _get_provision(self):
        lines = (
            self.env["account.move.line"]
            .sudo()
            .search(
                [
                    ("account_id", "=", self.provision.id),
                    ("parent_state", "=", "posted"),
                ]
            )
        )
        return round(-sum(lines.mapped("balance")), 2)
