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
    def _rebate_get_flow_names(self):
        """Return the names of the usual flows by model."""
        return {
            "rebate.version": self.env._("Rebate versions"),
            "rebate.settlement": self.env._("Rebate settlements"),
        }

    def _rebate_create_default_flows(self):
        """Give these companies flows for rebates: finance, then management.

        Departments and flows that are there stay as they are.
        """
        # sudo: who prepares a programme need not manage flows
        flows = self.env["document.approval.flow"].sudo()
        made = flows.browse()
        for company in self.sudo().root_id:
            for model_name in ALWAYS:
                model = self.env["ir.model"]._get(model_name)
                if flows.with_context(active_test=False).search_count(
                    [("company_id", "=", company.id), ("model_id", "=", model.id)],
                    limit=1,
                ):
                    continue
                english = company.with_context(lang="en_US")
                departments = english._sale_policy_create_default_departments()
                made |= company._credit_create_flow(
                    {
                        "name": english._rebate_get_flow_names()[model_name],
                        "company_id": company.id,
                        "model_id": model.id,
                        "fallback_department_id": departments["management"].id,
                        "level_ids": english._credit_prepare_levels(departments),
                    }
                )
        if made:
            # sudo: who prepares a programme need not manage flows
            self.sudo()._sale_policy_translate_defaults()
        return made

    def _sale_policy_get_default_names(self):
        """EXTENDS 'sale_order_policy': the names of the rebate flows too."""
        return [
            *super()._sale_policy_get_default_names(),
            *self._rebate_get_flow_names().values(),
        ]

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
