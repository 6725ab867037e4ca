from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

MODES = [
    ("unmanaged", "Unmanaged"),
    ("prepay", "Prepay only"),
    ("limited", "Limited"),
    ("stopped", "Stopped"),
]
#: makes the accounts that are missing and bumps those that are there, in a fixed order
_BUMP = """
    INSERT INTO customer_credit_account AS account (
        company_id, partner_id, user_id, sale_region_id, mode, active, revision,
        create_uid, create_date, write_uid, write_date)
    SELECT c.id, p.id, p.user_id, p.sale_region_id, c.credit_default_mode, TRUE, 1,
           %(uid)s, %(now)s, %(uid)s, %(now)s
      FROM res_partner p, res_company c
     WHERE p.id = ANY(%(partners)s) AND c.id = %(company)s
  ORDER BY p.id
        ON CONFLICT (company_id, partner_id)
        DO UPDATE SET revision = account.revision + 1
 RETURNING account.id
"""


class CustomerCreditAccount(models.Model):
    """A customer's credit with one company and its branches (SPEC D2, D3, D9).

    One per root company and commercial partner, kept off ``res.partner``: whoever
    commits the customer to more than before writes this row first, so that of two
    who do so at once one is rerun (DESIGN 3). Figures are computed, never stored.
    """

    _name = "customer.credit.account"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _description = "Customer Credit"
    _order = "company_id, partner_id"
    _rec_name = "partner_id"
    _rec_names_search = ["partner_id"]

    #: written by approved requests only, see :meth:`_credit_apply`
    _guarded_fields = frozenset(
        {"mode", "grade_id", "group_id", "revision", "entitlement_ids", "next_review"}
    )
    #: never changed once the account is there
    _fixed_fields = frozenset({"company_id", "partner_id"})

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        domain=[("parent_id", "=", False)],
        default=lambda self: self.env.company.root_id,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("parent_id", "=", False)],
    )
    user_id = fields.Many2one(
        related="partner_id.user_id", string="Salesperson", store=True, index=True
    )
    sale_region_id = fields.Many2one(
        related="partner_id.sale_region_id", string="Region", store=True, index=True
    )
    active = fields.Boolean(default=True)
    mode = fields.Selection(
        selection=MODES,
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        default=lambda self: self.env.company.root_id.credit_default_mode,
        help="Unmanaged: nothing is checked.\n"
        "Prepay only: orders pass when they are paid.\n"
        "Limited: what the customer owes and has ordered stays within the limit.\n"
        "Stopped: nothing is confirmed or shipped.",
    )
    grade_id = fields.Many2one(
        comodel_name="customer.credit.grade",
        readonly=True,
        copy=False,
        tracking=True,
        index="btree_not_null",
    )
    group_id = fields.Many2one(
        comodel_name="customer.credit.group",
        readonly=True,
        copy=False,
        tracking=True,
        index="btree_not_null",
    )
    next_review = fields.Date(
        readonly=True, copy=False, help="When the customer is to be assessed again."
    )
    entitlement_ids = fields.One2many(
        comodel_name="customer.credit.entitlement",
        inverse_name="account_id",
        string="Limits and Guarantees",
        readonly=True,
        copy=False,
    )
    revision = fields.Integer(readonly=True, copy=False, default=0)

    _partner_uniq = models.UniqueIndex(
        "(company_id, partner_id)", "This customer has a credit account already."
    )

    # Guard -----------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_fields(vals, self._guarded_fields)
        accounts = super().create(vals_list)
        for account in accounts:
            if account.partner_id.commercial_partner_id != account.partner_id:
                raise UserError(
                    self.env._(
                        "%(contact)s belongs to %(customer)s: credit is kept for the "
                        "customer.",
                        contact=account.partner_id.display_name,
                        customer=account.partner_id.commercial_partner_id.display_name,
                    )
                )
        return accounts

    def write(self, vals):
        self._refuse_fields(vals, self._guarded_fields | self._fixed_fields)
        return super().write(vals)

    @api.model
    def _refuse_fields(self, vals, names):
        """Refuse what only an approved request writes; the superuser too.

        :raise AccessError: naming the field
        """
        for name in names.intersection(vals):
            raise AccessError(
                self.env._(
                    "%(field)s is changed by an approved credit request only.",
                    field=self._fields[name]._description_string(self.env),
                )
            )

    @api.model
    def default_get(self, fields):
        """Give nobody's own default to what only approved requests write."""
        guarded = self._guarded_fields | self._fixed_fields
        values = super().default_get([name for name in fields if name not in guarded])
        return {
            **{name: value for name, value in values.items() if name not in guarded},
            **{
                name: self._fields[name].default(self)
                for name in guarded.intersection(fields)
                if self._fields[name].default
            },
            **{
                name: self.env.context[f"default_{name}"]
                for name in self._fixed_fields.intersection(fields)
                if f"default_{name}" in self.env.context
            },
        }

    @api.ondelete(at_uninstall=True)
    def _unlink_never(self):
        raise UserError(
            self.env._("Credit accounts are kept with their history. Archive it.")
        )

    def _credit_apply(self, vals):
        """Write guarded values: the end of an approved request, or of a job's work.

        Bumps the rows first, so that orders being confirmed meanwhile see it.
        """
        for company, accounts in self.grouped("company_id").items():
            self._bump(company, accounts.partner_id)
        # sudo: the approval gave the right
        return super(CustomerCreditAccount, self.sudo()).write(vals)

    # Rows that rivals write ---------------------------------------------------------

    @api.model
    def _bump(self, company, partners):
        """Write the rows of these customers, making those that are missing.

        The first thing to do before anything is decided on figures (DESIGN 3): of two
        transactions that do so at once, the later one fails to serialize and is rerun.
        Rows of their groups come after, in a fixed order as well.

        :param company: any company; its root counts
        :param partners: any contacts; their commercial partners count
        :return: the accounts, with elevated rights
        """
        # sudo: it counts whoever may read customer and company
        company_sudo, debtors = company.sudo(), partners.sudo().commercial_partner_id
        if not debtors:
            return self.sudo().browse()
        self.env["res.partner"].flush_model(["user_id", "sale_region_id"])
        rows = self.env.execute_query(
            SQL(
                _BUMP,
                uid=self.env.uid,
                now=fields.Datetime.now(),
                partners=sorted(debtors.ids),
                company=company_sudo.root_id.id,
            )
        )
        accounts_sudo = self.sudo().browse([account_id for (account_id,) in rows])
        accounts_sudo.invalidate_recordset(["revision"], flush=False)
        if groups_sudo := accounts_sudo.group_id:
            self.env.execute_query(
                SQL(
                    "UPDATE customer_credit_group SET revision = revision + 1"
                    " WHERE id IN (SELECT id FROM customer_credit_group WHERE id IN %s"
                    " ORDER BY id FOR NO KEY UPDATE) RETURNING id",
                    tuple(sorted(groups_sudo.ids)),
                )
            )
        return accounts_sudo

    @api.model
    def _get_accounts(self, company, partners):
        """Return the accounts of these customers that exist, with elevated rights."""
        return (
            self.sudo()
            .with_context(active_test=False)
            .search(
                Domain("company_id", "=", company.sudo().root_id.id)
                & Domain("partner_id", "in", partners.sudo().commercial_partner_id.ids)
            )
        )
