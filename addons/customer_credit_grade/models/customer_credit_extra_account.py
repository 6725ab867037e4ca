from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CustomerCreditExtraAccount(models.Model):
    """Further accounts whose balances count as exposure (DESIGN 4).

    Bills receivable (应收票据) count until they mature, advances (预收账款) lower
    the exposure. Neither is reconcilable, so balances are taken.
    """

    _name = "customer.credit.extra.account"
    _inherit = ["document.approval.home.mixin"]
    _description = "Extra Account of the Exposure"
    _order = "company_id, id"
    _rec_name = "account_id"

    _home_fields = frozenset({"company_id", "account_id"})

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        domain=[("parent_id", "=", False)],
        default=lambda self: self.env.company.root_id,
    )
    account_id = fields.Many2one(
        comodel_name="account.account",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('account_type', '!=', 'asset_receivable')]",
    )
    weight = fields.Float(
        default=100.0,
        string="Weight (%)",
        help="Share of the balance that counts. Advances have a negative balance and "
        "lower the exposure with 100 %.",
    )
    until_maturity = fields.Boolean(
        string="Only Until Due",
        help="Counts entries until their own due date, for bills that pay themselves.",
    )

    _account_uniq = models.UniqueIndex(
        "(company_id, account_id)", "This account counts already."
    )

    @api.constrains("account_id", "weight")
    def _check_account_id(self):
        for extra in self:
            # sudo: accounts of a branch need not be readable
            if extra.sudo().account_id.account_type == "asset_receivable":
                raise ValidationError(
                    self.env._(
                        "%(account)s is a receivable account and counts already.",
                        account=extra.account_id.display_name,
                    )
                )
            if not 0 <= extra.weight <= 100:
                raise ValidationError(self.env._("The weight is between 0 and 100 %."))
