from math import isfinite

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

#: what the engine and the methods of the model keep
KEPT = frozenset({"state", "name", "closed_kind", "date_closed", "warned", "revision"})


class SalePriceConcession(models.Model):
    """A price or discount granted to customers for a while (SPEC C2).

    Always under approval, whatever the company's switch says. Its terms never change
    afterwards: a successor is a copy. Orders draw on it when they are confirmed.
    Amounts are untaxed and in the currency of the concession, quantities in its unit,
    days those of the company.
    """

    _name = "sale.price.concession"
    _inherit = ["mail.thread", "mail.activity.mixin", "document.approval.mixin"]
    _description = "Price Concession"
    _order = "id desc"
    _check_company_auto = True
    _check_company_domain = models.check_company_domain_parent_of

    _approval_protected_states = ("active", "closed")
    _approval_people_fields = frozenset({"user_id"})
    _approval_material_fields = (
        "company_id",
        "currency_id",
        "partner_ids",
        "product_ids",
        "categ_ids",
        "method",
        "price",
        "price_includes_tax",
        "uom_id",
        "discount",
        "min_quantity",
        "prepayment",
        "date_from",
        "date_to",
        "max_quantity",
        "max_amount",
        "reason",
    )

    # identity
    name = fields.Char(string="Number", readonly=True, copy=False, default="/")
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        domain=[("parent_id", "=", False)],
        default=lambda self: self.env.company.root_id,
        help="It also counts in the branches of this company.",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Responsible",
        required=True,
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        index=True,
        help="Is told when it is nearly used up or over; does not decide on it.",
    )
    # scope
    partner_ids = fields.Many2many(
        comodel_name="res.partner",
        string="Customers",
        check_company=True,
        domain="[('parent_id', '=', False)]",
    )
    product_ids = fields.Many2many(
        comodel_name="product.product",
        string="Products",
        check_company=True,
        domain="[('sale_ok', '=', True)]",
    )
    categ_ids = fields.Many2many(
        comodel_name="product.category", string="Product Categories"
    )
    # price
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        required=True,
        default=lambda self: self.env.company.root_id.currency_id,
    )
    method = fields.Selection(
        selection=[("price", "Fixed price"), ("discount", "Discount")],
        string="What Is Granted",
        required=True,
        default="price",
    )
    price = fields.Float(digits="Product Price", string="Price per Unit")
    price_includes_tax = fields.Boolean(string="Taxes Included")
    uom_id = fields.Many2one(
        comodel_name="uom.uom",
        string="Unit",
        compute="_compute_uom_id",
        store=True,
        readonly=False,
        help="Of the price, the minimum and the cap; orders in other units are "
        "converted.",
    )
    discount = fields.Float(
        digits="Discount",
        string="Discount (%)",
        help="Off the price in force of the order's pricelist, without tax.",
    )
    # condition, term, cap
    min_quantity = fields.Float(
        digits="Product Unit",
        string="Minimum per Order",
        help="Together, of all lines of an order that use this concession.",
    )
    prepayment = fields.Float(
        string="Prepayment (%)",
        help="Of the order's total: asked for by its payment term as due at once, or "
        "paid (authorised) online before it is confirmed.",
    )
    date_from = fields.Date(
        string="From", required=True, default=lambda self: self._get_today()
    )
    date_to = fields.Date(string="To", required=True, help="This day included.")
    max_quantity = fields.Float(digits="Product Unit", string="Largest Quantity")
    max_amount = fields.Monetary(
        string="Largest Amount", help="Untaxed. Empty: no limit."
    )
    reason = fields.Text(required=True)
    # state
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("active", "Granted"),
            ("closed", "Closed"),
            ("cancel", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    closed_kind = fields.Selection(
        selection=[("expired", "Expired"), ("early", "Closed early")],
        readonly=True,
        copy=False,
    )
    date_closed = fields.Date(readonly=True, copy=False)
    close_reason = fields.Text(string="Reason for Closing", copy=False)
    warned = fields.Integer(readonly=True, copy=False, default=0)
    revision = fields.Integer(readonly=True, copy=False, default=0)
    draw_ids = fields.One2many(
        comodel_name="sale.price.concession.draw",
        inverse_name="concession_id",
        string="Uses",
        copy=False,
        readonly=True,
    )

    @api.model
    def _get_today(self, company=None):
        """Return the day where ``company`` is, by default the user's own."""
        company = company or self.env.company
        # sudo: the time zone of a company is no secret
        return self.env["sale.order.feasibility"]._get_today(company.sudo())

    @api.depends("product_ids")
    def _compute_uom_id(self):
        for concession in self:
            if not concession.uom_id:
                concession.uom_id = concession.product_ids[:1].uom_id

    # Rules -------------------------------------------------------------------

    @api.constrains(*_approval_material_fields)
    def _check_terms(self):
        """Refuse what cannot be meant."""
        for concession in self:
            problem = concession._get_mistake()
            if problem:
                raise ValidationError(problem)

    def _get_mistake(self):
        """Return in words what makes no sense, or None."""
        self.ensure_one()
        # sudo: parent companies need not be allowed
        if self.company_id.sudo().parent_id:
            return self.env._("Concessions are granted by a main company.")
        if any(partner.parent_id for partner in self.sudo().partner_ids):
            return self.env._("Choose the companies, not their contacts.")
        if self.date_from and self.date_to and self.date_from > self.date_to:
            return self.env._("It cannot end before it begins.")
        numbers = (self.price, self.min_quantity, self.max_quantity, self.max_amount)
        if not all(0 <= number <= 1e12 for number in numbers):  # nor NaN
            return self.env._("Prices, quantities and amounts are not negative.")
        if not (0 <= self.discount <= 100 and 0 <= self.prepayment <= 100):
            return self.env._("A share lies between 0 and 100 %.")
        for product in self.sudo().product_ids:
            if self.uom_id and not self.uom_id._has_common_reference(product.uom_id):
                return self.env._(
                    "%(product)s is kept in %(unit)s, which cannot be converted to "
                    "%(own)s.",
                    product=product.display_name,
                    unit=product.uom_id.name,
                    own=self.uom_id.name,
                )
        return None

    def _get_gaps(self):
        """Return in words what is missing before it can be submitted."""
        self.ensure_one()
        gaps = []
        if not self.partner_ids:
            gaps.append(self.env._("Name the customers."))
        if not self.product_ids and not self.categ_ids:
            gaps.append(self.env._("Name products or categories."))
        if self.method == "price" and not self.price:
            gaps.append(self.env._("Enter the price."))
        if self.method == "discount" and not self.discount:
            gaps.append(self.env._("Enter the discount."))
        if self._needs_unit() and not self.uom_id:
            gaps.append(self.env._("Enter the unit of price and quantities."))
        if self.date_to and self.date_to < self._get_today(self.company_id):
            gaps.append(self.env._("It would be over already: choose a later day."))
        return gaps

    def _needs_unit(self):
        return self.method == "price" or self.min_quantity or self.max_quantity

    # What users may write ------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_kept(vals)
        # sudo: the sequence is the system's
        sequence_sudo = self.env["ir.sequence"].sudo()
        concessions = super().create(vals_list)
        concessions.company_id._price_create_default_flows()
        for concession in concessions:
            company = concession.company_id
            number = sequence_sudo.with_company(company).next_by_code(self._name)
            concession._keep({"name": number or "/"})
        return concessions

    def write(self, vals):
        self._refuse_kept(vals)
        frozen = {*self._approval_material_fields, "close_reason", "draw_ids"}
        if frozen.intersection(vals) and any(
            concession.state != "draft" for concession in self
        ):
            raise UserError(
                self.env._(
                    "What was granted or cancelled stays as it is. Make a copy, change "
                    "it and submit it."
                )
            )
        return super().write(vals)

    @api.model
    def _refuse_kept(self, vals):
        """Refuse what only an approval or a button gives, whoever writes it.

        :raise AccessError: naming the field
        """
        for name in (KEPT | {"draw_ids"}).intersection(vals):
            if self.ids or (vals[name] and vals[name] not in ("draft", "/")):
                raise AccessError(
                    self.env._(
                        "%(field)s of a price concession is kept by the system.",
                        field=self._fields[name]._description_string(self.env),
                    )
                )
        if vals.get("state", "draft") != "draft":
            raise AccessError(self.env._("A state comes by approval or a button."))
        for value in vals.values():
            if isinstance(value, float) and not isfinite(value):
                raise ValidationError(self.env._("Enter a number."))

    def _keep(self, vals):
        """Write what the system keeps, past our own refusal; the gate decides."""
        # sudo: the last reviewer or a job need not have the rights of a salesperson
        return super(SalePriceConcession, self.sudo()).write(vals)

    @api.model
    def default_get(self, fields):
        """Give nobody's own default to what the system keeps."""
        values = super().default_get(fields)
        own = {"state": "draft", "name": "/", "warned": 0, "revision": 0}
        for name in KEPT.intersection(values):
            values[name] = own.get(name, False)
        return values

    @api.ondelete(at_uninstall=True)
    def _unlink_except_granted(self):
        """Keep what was granted, and what was cancelled after it was seen."""
        if any(concession.state in ("active", "closed") for concession in self):
            raise UserError(self.env._("What was granted is kept. Close it instead."))
