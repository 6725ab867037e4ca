from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .customer_credit_account import MODES

KINDS = [
    ("grade", "Grade"),
    ("mode", "Mode"),
    ("standing", "Standing limit"),
    ("temporary", "Temporary limit"),
    ("guarantee", "Guarantee"),
    ("insurance", "Credit insurance"),
    ("end", "End a limit or guarantee early"),
    ("group", "Credit group of the customer"),
    ("group_limit", "Limit of a credit group"),
]


class CustomerCreditRequest(models.Model):
    """One change of a customer's credit, from proposal to effect (SPEC D3).

    Sales proposes, finance reviews, management approves; the last agreement applies
    it. Nothing takes effect before. Only :meth:`_credit_request_apply` makes it
    applied, and only an approved round lets it pass the gate of the engine.
    Amounts are in the currency of the company.
    """

    _name = "customer.credit.request"
    _inherit = ["mail.thread", "mail.activity.mixin", "document.approval.mixin"]
    _description = "Credit Request"
    _order = "id desc"

    _approval_protected_states = ("applied",)
    _approval_material_fields = (
        "account_id",
        "group_id",
        "kind",
        "new_grade_id",
        "new_mode",
        "is_limit_set",
        "amount",
        "cover",
        "date_from",
        "date_to",
        "reference",
        "new_group_id",
        "entitlement_id",
        "reason",
        "attachment_ids",
    )
    #: written by the methods of this model only
    _guarded_fields = frozenset(
        {"name", "state", "requester_id", "date_applied", "old_value"}
    )
    #: never changed once the request is there
    _fixed_fields = frozenset({"company_id", "account_id", "partner_id", "group_id"})

    name = fields.Char(string="Number", readonly=True, copy=False, default="/")
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("applied", "In Effect"),
            ("cancel", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
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
        index="btree_not_null",
        domain=[("parent_id", "=", False)],
    )
    account_id = fields.Many2one(
        comodel_name="customer.credit.account",
        string="Credit Account",
        index="btree_not_null",
        ondelete="restrict",
    )
    user_id = fields.Many2one(related="account_id.user_id")
    group_id = fields.Many2one(
        comodel_name="customer.credit.group",
        index="btree_not_null",
        ondelete="restrict",
        help="The group whose limit is to change.",
    )
    requester_id = fields.Many2one(
        comodel_name="res.users", readonly=True, copy=False, index=True
    )
    kind = fields.Selection(
        selection=KINDS, string="What Changes", required=True, default="standing"
    )
    old_value = fields.Char(
        string="So Far",
        compute="_compute_old_value",
        store=True,
        copy=False,
        help="How it was when the request was made.",
    )
    new_grade_id = fields.Many2one(comodel_name="customer.credit.grade", string="Grade")
    new_mode = fields.Selection(
        selection=MODES,
        string="Mode",
        compute="_compute_new_mode",
        store=True,
        readonly=False,
        precompute=True,
        help="Empty: stays as it is.",
    )
    is_limit_set = fields.Boolean(
        string="With Standing Limit",
        compute="_compute_amount",
        store=True,
        readonly=False,
        precompute=True,
        help="The grade comes with this standing limit, which replaces the one before.",
    )
    amount = fields.Monetary(
        compute="_compute_amount",
        store=True,
        readonly=False,
        precompute=True,
        help="For a grade: as its formula proposes. Change it where you have reasons.",
    )
    cover = fields.Float(
        string="Cover (%)",
        default=100.0,
        help="Share of the guarantee or the insurance that raises the limit.",
    )
    date_from = fields.Date(string="Valid From")
    date_to = fields.Date(string="Valid To", help="The last day it counts.")
    reference = fields.Char(help="Number of the guarantee or the policy.")
    new_group_id = fields.Many2one(
        comodel_name="customer.credit.group",
        string="Credit Group",
        help="Empty: the customer leaves his group.",
    )
    entitlement_id = fields.Many2one(
        comodel_name="customer.credit.entitlement",
        string="Ends",
        domain="[('account_id', '=', account_id), ('date_ended', '=', False)]",
        index="btree_not_null",
    )
    attachment_ids = fields.Many2many(
        comodel_name="ir.attachment", string="Attachments", copy=False
    )
    reason = fields.Text(required=True, help="Reviewers decide on what stands here.")
    source = fields.Char(help="What led to the request, such as an assessment.")
    date_applied = fields.Datetime(string="In Effect Since", readonly=True, copy=False)

    # Proposals -------------------------------------------------------------------

    @api.depends("partner_id", "account_id", "company_id", "kind", "group_id")
    @api.depends("entitlement_id")
    def _compute_old_value(self):
        for request in self:
            if request.state in (False, "draft"):
                # sudo: what is shown of the account stands on its form as well
                request.old_value = request.sudo()._get_old_value()

    @api.depends("kind", "new_grade_id", "partner_id", "account_id")
    def _compute_new_mode(self):
        for request in self:
            if request.kind == "grade" and request.new_grade_id:
                is_prepay = request.new_grade_id.limit_method == "none"
                request.new_mode = "prepay" if is_prepay else "limited"
            elif request.kind == "standing":
                account_sudo = request._find_account()
                was = account_sudo.mode or request.sudo().company_id.credit_default_mode
                request.new_mode = "limited" if was in ("prepay", "unmanaged") else ""
            elif request.kind != "mode":
                request.new_mode = False

    @api.depends("kind", "new_grade_id", "partner_id", "account_id", "company_id")
    def _compute_amount(self):
        for request in self:
            if request.kind != "grade":
                request.is_limit_set = False
                continue
            grade = request.new_grade_id
            request.is_limit_set = bool(grade) and grade.limit_method != "none"
            partner = request.partner_id or request.sudo().account_id.partner_id
            request.amount = (
                grade._get_proposed_limits(request.company_id, partner).get(
                    partner._origin.id, 0.0
                )
                if grade
                else 0.0
            )

    def _find_account(self):
        """Return the customer's account with elevated rights, if he has one."""
        self.ensure_one()
        if self.account_id:
            return self.sudo().account_id
        return self.env["customer.credit.account"]._get_accounts(
            self.company_id or self.env.company, self.partner_id._origin
        )

    @api.depends("name", "kind", "partner_id", "group_id")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for request in self:
            request.display_name = self.env._(
                "%(number)s %(kind)s: %(customer)s",
                number=request.name,
                kind=kinds.get(request.kind, ""),
                customer=request.sudo().partner_id.display_name
                or request.sudo().group_id.display_name
                or "",
            )

    # Guard -----------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_guarded(vals, self._guarded_fields)
        vals_list = [self._prepare_request_values(vals) for vals in vals_list]
        requests = super().create(vals_list)
        requests._check_request()
        requests.attachment_ids.sudo().filtered(  # sudo: uploaded by the requester
            lambda file: file.create_uid == self.env.user and not file.res_id
        ).write({"res_model": self._name, "res_id": requests[:1].id})
        return requests

    def _prepare_request_values(self, vals):
        """Return ``vals`` with number, requester and what belongs to the customer."""
        about = ["kind", "company_id", "account_id", "partner_id", "group_id"]
        vals = self.default_get(about) | vals | {"requester_id": self.env.uid}
        vals.pop("state", None)  # it was draft, or refused
        vals["name"] = (
            # sudo: whoever may propose gets a number
            self.env["ir.sequence"].sudo().next_by_code("customer.credit.request")
        )
        if vals.get("kind") == "group_limit":
            group = self.env["customer.credit.group"].browse(vals.get("group_id"))
            return vals | {
                "account_id": False,
                "partner_id": False,
                "company_id": group.company_id.id,
            }
        account = self.env["customer.credit.account"].browse(vals.get("account_id"))
        if not account and vals.get("partner_id"):
            partner = self.env["res.partner"].browse(vals["partner_id"])
            company = self.env["res.company"].browse(vals["company_id"])
            partner.check_access("read")
            company.check_access("read")
            accounts = self.env["customer.credit.account"]
            account = accounts._get_accounts(company, partner) or accounts._bump(
                company, partner
            )
        if not account:
            raise UserError(self.env._("Choose the customer first."))
        account.sudo(False).check_access("read")
        return vals | {
            "account_id": account.id,
            "partner_id": account.sudo().partner_id.id,
            "company_id": account.sudo().company_id.id,
            "group_id": False,
        }

    def write(self, vals):
        self._refuse_guarded(vals, self._guarded_fields | self._fixed_fields)
        material = set(self._approval_material_fields)
        if material.intersection(vals):
            for request in self:
                if request.state != "draft":
                    raise UserError(
                        self.env._(
                            "%(request)s is in effect or cancelled. Make a new "
                            "request to change the credit again.",
                            request=request.display_name,
                        )
                    )
        result = super().write(vals)
        if material.intersection(vals):
            self._check_request()
        return result

    @api.model
    def _refuse_guarded(self, vals, names):
        """Refuse what only this model's own methods write; the superuser too.

        :raise AccessError: naming the field
        """
        for name in names.intersection(vals):
            if name == "state" and vals[name] == "draft":
                continue
            raise AccessError(
                self.env._(
                    "%(field)s of a credit request is not written by hand.",
                    field=self._fields[name]._description_string(self.env),
                )
            )

    @api.model
    def default_get(self, fields):
        """Give nobody's own default to what only this model writes."""
        guarded = self._guarded_fields
        values = super().default_get([name for name in fields if name not in guarded])
        values = {name: value for name, value in values.items() if name not in guarded}
        if "state" in fields:
            values["state"] = "draft"
        return values

    def _credit_write(self, vals):
        """Write what :meth:`write` refuses; the gate of the engine still looks."""
        # sudo: the right was checked by the method that calls
        return super(CustomerCreditRequest, self.sudo()).write(vals)

    # Actions ---------------------------------------------------------------------

    def action_cancel(self):
        """Give up requests that are not in effect."""
        self.check_access("write")
        for request in self:
            if request.state != "draft":
                raise UserError(
                    self.env._(
                        "%(request)s is in effect. Make a new request to change the "
                        "credit again.",
                        request=request.display_name,
                    )
                )
        self._credit_write({"state": "cancel"})
        return True

    def action_draft(self):
        """Take cancelled requests up again."""
        self.check_access("write")
        self.filtered(lambda r: r.state == "cancel")._credit_write({"state": "draft"})
        return True

    def action_apply_directly(self):
        """Apply without approval: a credit administrator, while control is off.

        :raise AccessError: for others
        :raise UserError: as soon as credit is observed or enforced
        """
        self.check_access("write")
        self.env["customer.credit.account"]._check_initial_load(self.company_id)
        for request in self:
            if request.state != "draft":
                raise UserError(
                    self.env._(
                        "%(request)s is in effect or cancelled.",
                        request=request.display_name,
                    )
                )
            request._credit_request_apply()
            request._approval_post(
                self.env._("Applied without approval: credit control is off.")
            )
        return True
