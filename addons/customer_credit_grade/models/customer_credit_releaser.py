from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_list


class CustomerCreditReleaser(models.Model):
    """Who may release held documents, and how much (SPEC D4)."""

    _name = "customer.credit.releaser"
    _inherit = ["document.approval.home.mixin"]
    _description = "Credit Releaser"
    _order = "company_id, amount, id"
    _rec_name = "user_id"

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        domain=[("parent_id", "=", False)],
        default=lambda self: self.env.company.root_id,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        comodel_name="res.users",
        required=True,
        index=True,
        ondelete="cascade",
        domain=[("share", "=", False)],
    )
    amount = fields.Monetary(
        string="Up To",
        required=True,
        help="The most by which a customer may exceed what is allowed, all his open "
        "documents together.",
    )
    days = fields.Integer(
        string="For Days", default=7, help="How long a release is good at most."
    )

    _user_uniq = models.UniqueIndex(
        "(company_id, user_id)", "This person may release already; change the cap."
    )
    _amount_positive = models.Constraint(
        "CHECK (amount >= 0 AND days >= 0 AND days <= 366)",
        "The cap is not negative, and a release is good for a year at most.",
    )

    @api.model
    def _get_of(self, company, user):
        """Return the cap of a user who is active and allowed in the company."""
        company_sudo = company.sudo().root_id
        if not user.active or user.share or company_sudo not in user.sudo().company_ids:
            return self.sudo().browse()
        # sudo: who may release need not read the others' caps
        return self.sudo().search(
            Domain("company_id", "=", company_sudo.id)
            & Domain("user_id", "=", user.id),
            limit=1,
        )

    @api.model
    def _get_names(self, company):
        """Return who may release in a company, as text."""
        releasers_sudo = self.sudo().search(
            [("company_id", "=", company.sudo().root_id.id), ("user_id.active", "=", 1)]
        )
        return format_list(self.env, releasers_sudo.user_id.mapped("name"))
