from odoo import api, fields, models

from .document_approval_flow import ALWAYS

#: accounts of the Chinese charts: revenue of the main business, other payables
_CHINESE_ACCOUNTS = {
    "rebate_expense_account_id": ("6001", "5001"),
    "rebate_provision_account_id": ("2241",),
}


class ResCompany(models.Model):
    """Accounts of rebates, and who approves them (SPEC M4, B8)."""

    _inherit = "res.company"

    rebate_expense_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Rebates Granted",
        check_company=True,
        domain="[('account_type', 'in', ('income', 'income_other', 'expense'))]",
        help="Lowers the revenue as rebates are earned (contra revenue).",
    )
    rebate_provision_account_id = fields.Many2one(
        comodel_name="account.account",
        string="Provision for Rebates",
        check_company=True,
        domain="[('account_type', '=', 'liability_current')]",
        help="Holds what was earned and not yet released. Credit notes draw on it.",
    )
    rebate_journal_id = fields.Many2one(
        comodel_name="account.journal",
        string="Journal of Rebate Accruals",
        check_company=True,
        domain="[('type', '=', 'general')]",
    )

    @api.model
    def _sale_policy_get_usual_flows(self):
        """EXTENDS 'sale_order_policy': rebates, finance then management."""
        levels = [
            (10, self.env._("Finance"), ["finance"], 2.0, None),
            (20, self.env._("Management"), ["management"], 2.0, None),
        ]
        return {
            **super()._sale_policy_get_usual_flows(),
            "rebate.version": (self.env._("Rebate versions"), levels),
            "rebate.settlement": (self.env._("Rebate settlements"), levels),
        }

    def _rebate_create_default_flows(self):
        """Give these companies flows for rebates, where they lack one.

        :return: the flows that were created
        """
        # sudo: who prepares a programme need not manage flows
        flows = self.env["document.approval.flow"].sudo()
        for model_name in ALWAYS:
            flows |= self.sudo().root_id._sale_policy_create_usual_flow(model_name)
        return flows

    def _rebate_set_default_accounts(self):
        """Name the usual accounts of a Chinese chart, where none are named yet."""
        # sudo: who prepares a programme need not set the company up
        for company in self.sudo().root_id:
            if not (company.chart_template or "").startswith("cn"):
                continue
            # sudo: as above
            accounts = self.env["account.account"].sudo().with_company(company)
            for name, prefixes in _CHINESE_ACCOUNTS.items():
                if company[name]:
                    continue
                for prefix in prefixes:
                    if account := accounts.search(
                        [
                            ("company_ids", "in", company.ids),
                            ("code", "=like", f"{prefix}%"),
                        ],
                        order="code",
                        limit=1,
                    ):
                        company[name] = account
                        break
