from odoo import api, fields, models
from odoo.fields import Domain

from .customer_credit_account import MODES

_READERS = "sales_team.group_sale_salesman,customer_credit_grade.group_officer"


class ResPartner(models.Model):
    """The customer's credit on the customer's own form, for those who may see it."""

    _inherit = "res.partner"

    credit_account_id = fields.Many2one(
        comodel_name="customer.credit.account",
        compute="_compute_credit_account_id",
        groups=_READERS,
    )
    credit_grade_code = fields.Char(
        string="Credit Grade", compute="_compute_credit_account_id", groups=_READERS
    )
    credit_use_percent = fields.Float(
        string="Credit Used (%)",
        compute="_compute_credit_account_id",
        groups=_READERS,
        exportable=False,
    )
    credit_mode = fields.Selection(
        selection=MODES,
        compute="_compute_credit_account_id",
        groups=_READERS,
    )
    credit_bar = fields.Json(
        string="Use of the Limit",
        compute="_compute_credit_account_id",
        groups=_READERS,
        exportable=False,
    )

    @api.depends("commercial_partner_id")
    @api.depends_context("uid", "company", "lang")
    def _compute_credit_account_id(self):
        # as the user: who may not read the account sees nothing
        accounts = (
            self.env["customer.credit.account"]
            .with_user(self.env.user)
            .search(
                Domain("company_id", "=", self.env.company.sudo().root_id.id)
                & Domain("partner_id", "in", self.commercial_partner_id.ids)
            )
        )
        by_partner = {account.partner_id.id: account for account in accounts}
        for partner in self:
            account = by_partner.get(
                partner.commercial_partner_id._origin.id, accounts.browse()
            )
            partner.credit_account_id = account
            partner.credit_grade_code = account.grade_id.code
            partner.credit_use_percent = account.use_percent
            partner.credit_mode = account.mode
            partner.credit_bar = account.credit_bar

    def action_open_credit(self):
        """Open the credit account of the customer, with the reader's own rights."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "customer.credit.account",
            "res_id": self.credit_account_id.id,
            "view_mode": "form",
        }
