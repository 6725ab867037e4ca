from odoo import api, fields, models
from odoo.exceptions import AccessError


class CustomerCreditGroup(models.Model):
    """Customers who share one headroom, such as a group of companies (DESIGN 4).

    The group's limit caps what its members may owe together; each member's own
    limit holds as well.
    """

    _name = "customer.credit.group"
    _inherit = ["document.approval.home.mixin", "mail.thread"]
    _description = "Credit Group"
    _order = "name, id"
    _check_company_domain = models.check_company_domain_parent_of

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        domain=[("parent_id", "=", False)],
        default=lambda self: self.env.company.root_id,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    limit = fields.Monetary(
        string="Group Limit",
        tracking=True,
        readonly=True,
        copy=False,
        help="What the members may owe together. Changed by approved requests only.",
    )
    account_ids = fields.One2many(
        comodel_name="customer.credit.account",
        inverse_name="group_id",
        string="Members",
        readonly=True,
    )
    #: row that rivals write (DESIGN 3)
    revision = fields.Integer(readonly=True, copy=False, default=0)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_limit(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_limit(vals)
        return super().write(vals)

    @api.model
    def _refuse_limit(self, vals):
        """Refuse what only an approved request writes; the superuser too.

        :raise AccessError: naming the field
        """
        for name in {"limit", "revision"}.intersection(vals):
            raise AccessError(
                self.env._(
                    "%(field)s is changed by an approved credit request only.",
                    field=self._fields[name]._description_string(self.env),
                )
            )

    def _apply_limit(self, amount):
        """Set the limit: the end of an approved request. Company currency."""
        self.ensure_one()
        # sudo: the approval gave the right
        group_sudo = self.sudo()
        accounts = group_sudo.account_ids
        if accounts:  # orders of members being confirmed meanwhile see it
            accounts._bump(group_sudo.company_id, accounts.partner_id)
        return super(CustomerCreditGroup, group_sudo).write({"limit": amount})

    @api.model
    def default_get(self, fields):
        """Give nobody's own default to the limit."""
        values = super().default_get(fields)
        return {n: v for n, v in values.items() if n not in ("limit", "revision")}

    def _get_headrooms(self):
        """Return ``{id: what the members may still order together}``.

        :return: company currency; what all members owe and have ordered taken off
        """
        result = {}
        # sudo: a member's headroom depends on the others, whoever asks
        for company, groups in self.sudo().grouped("company_id").items():
            members = groups.account_ids.partner_id
            exposures = self.env["customer.credit.exposure"]._get_exposures(
                company, members
            )
            for group in groups:
                used = sum(
                    exposures[partner.id].exposure
                    for partner in group.account_ids.partner_id
                )
                result[group.id] = round(group.limit - used, 6)
        return result
