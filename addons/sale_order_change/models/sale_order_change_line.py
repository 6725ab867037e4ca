from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.sale_order_policy.models.sale_order_completeness import (
    LARGEST_NUMBER,
)

#: what of a line may be changed: its name here, and on the order line
CHANGEABLE = {
    "quantity": "product_uom_qty",
    "price_unit": "price_unit",
    "discount": "discount",
    "customer_lead": "customer_lead",
}
_SYSTEM_FIELDS = frozenset(
    {*(f"old_{name}" for name in CHANGEABLE), "created_line_id", "tax_ids"}
)


class SaleOrderChangeLine(models.Model):
    """One line of the order as it is and as it shall be, or a new one (SPEC J1)."""

    _name = "sale.order.change.line"
    _inherit = ["document.approval.line.mixin"]
    _description = "Line of an Order Change Request"
    _order = "change_id, sequence, id"
    _rec_name = "product_id"
    _check_company_auto = True
    _approval_document_field = "change_id"

    change_id = fields.Many2one(
        comodel_name="sale.order.change", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(related="change_id.company_id", store=True)
    currency_id = fields.Many2one(related="change_id.currency_id")
    order_id = fields.Many2one(related="change_id.order_id", string="Order")
    order_line_id = fields.Many2one(
        comodel_name="sale.order.line",
        string="Line of the Order",
        domain="[('order_id', '=', order_id), ('display_type', '=', False)]",
        index="btree_not_null",
        ondelete="restrict",
        help="Empty: a new line.",
    )
    created_line_id = fields.Many2one(
        comodel_name="sale.order.line",
        string="New Line of the Order",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    product_id = fields.Many2one(
        comodel_name="product.product",
        required=True,
        check_company=True,
        domain=[("sale_ok", "=", True), ("type", "!=", "combo")],
    )
    product_uom_id = fields.Many2one(
        comodel_name="uom.uom",
        string="Unit",
        compute="_compute_product_uom_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    old_quantity = fields.Float(
        string="Quantity Before", digits="Product Unit", readonly=True
    )
    quantity = fields.Float(digits="Product Unit", help="0 takes the line out.")
    old_price_unit = fields.Float(
        string="Price Before", digits="Product Price", readonly=True
    )
    price_unit = fields.Float(
        digits="Product Price",
        compute="_compute_price_unit",
        store=True,
        readonly=False,
        precompute=True,
    )
    old_discount = fields.Float(
        string="Discount Before (%)", digits="Discount", readonly=True
    )
    discount = fields.Float(string="Discount (%)", digits="Discount")
    old_customer_lead = fields.Float(string="Lead Time Before (Days)", readonly=True)
    customer_lead = fields.Float(
        string="Lead Time (Days)",
        compute="_compute_customer_lead",
        store=True,
        readonly=False,
        precompute=True,
    )
    tax_ids = fields.Many2many(
        comodel_name="account.tax",
        string="Taxes",
        compute="_compute_tax_ids",
        store=True,
        compute_sudo=True,
        context={"active_test": False},
    )
    qty_delivered = fields.Float(
        related="order_line_id.qty_delivered", string="Delivered"
    )
    qty_invoiced = fields.Float(related="order_line_id.qty_invoiced", string="Invoiced")
    is_changed = fields.Boolean(compute="_compute_is_changed")
    amount_difference = fields.Monetary(
        string="Difference",
        compute="_compute_amount_difference",
        help="Untaxed, in the currency of the order.",
    )

    _order_line_uniq = models.UniqueIndex(
        "(change_id, order_line_id) WHERE order_line_id IS NOT NULL",
        "This line of the order is in the request already.",
    )

    @api.depends("product_id", "order_line_id")
    def _compute_product_uom_id(self):
        for line in self:
            line.product_uom_id = (
                line.order_line_id.product_uom_id or line.product_id.uom_id
            )

    @api.depends("product_id", "product_uom_id")
    def _compute_price_unit(self):
        """Propose the price in force for a new line."""
        for line in self:
            order = line.change_id.order_id
            if line.order_line_id or not line.product_id:
                line.price_unit = line.order_line_id.price_unit
                continue
            # without a pricelist, the price of the product
            line.price_unit = order.pricelist_id._get_product_price(
                line.product_id,
                line.quantity or 1.0,
                currency=order.currency_id,
                uom=line.product_uom_id,
            )

    @api.depends("product_id", "order_line_id")
    def _compute_customer_lead(self):
        for line in self:
            existing = line.order_line_id
            line.customer_lead = (
                existing.customer_lead if existing else line.product_id.sale_delay
            )

    @api.depends("product_id", "order_line_id.tax_ids", "change_id.order_id")
    def _compute_tax_ids(self):
        """Taxes as Odoo gives them: the line's own, or those of a new line."""
        for line in self:
            order = line.change_id.order_id
            if line.order_line_id:
                line.tax_ids = line.order_line_id.tax_ids
                continue
            taxes = line.product_id.taxes_id._filter_taxes_by_company(order.company_id)
            line.tax_ids = order.fiscal_position_id.map_tax(taxes)

    @api.depends(*CHANGEABLE, *(f"old_{name}" for name in CHANGEABLE))
    def _compute_is_changed(self):
        for line in self:
            line.is_changed = line._is_changed()

    @api.depends("is_changed")
    def _compute_amount_difference(self):
        for line in self:
            line.amount_difference = line._get_amount_difference()

    def _is_changed(self):
        """Tell whether the line asks for anything; a new line does with a quantity."""
        self.ensure_one()
        if not self.order_line_id:
            return bool(self.quantity)
        return any(
            self._approval_raw(name) != self._approval_raw(f"old_{name}")
            for name in CHANGEABLE
        )

    def _approval_raw(self, name):
        """Return a value rounded as it is compared and stored."""
        return self.env["sale.order.change"]._approval_raw_value(self, name)

    # Guard -----------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        filled = []
        for vals in vals_list:
            self._refuse_system(vals)
            filled.append(self._fill(vals))
        lines = super().create(filled)
        lines._check_open()
        return lines

    def write(self, vals):
        self._refuse_system(vals)
        if {"change_id", "order_line_id"}.intersection(vals):
            raise UserError(
                self.env._("Take the line out and add another one instead.")
            )
        if {"product_id", "product_uom_id"}.intersection(vals) and any(
            line.order_line_id for line in self
        ):
            raise UserError(
                self.env._(
                    "Product and unit of a line stay. Set its quantity to 0 and add a "
                    "new line."
                )
            )
        self._check_open()
        return super().write(vals)

    def _keep(self, vals):
        """Write what the system keeps, past our own refusal; the gate decides."""
        return super().write(vals)

    @api.model
    def _refuse_system(self, vals):
        for name in _SYSTEM_FIELDS.intersection(vals):
            raise AccessError(
                self.env._(
                    "%(field)s of a change request is kept by the system.",
                    field=self._fields[name]._description_string(self.env),
                )
            )

    @api.model
    def default_get(self, fields):
        """Give nobody's own default to what the system keeps."""
        values = super().default_get([n for n in fields if n not in _SYSTEM_FIELDS])
        return {n: v for n, v in values.items() if n not in _SYSTEM_FIELDS}

    @api.model
    def _fill(self, vals):
        """Return ``vals`` with what the line of the order says."""
        if not vals.get("order_line_id"):
            return vals
        # sudo: whether it belongs to the order is checked below
        line_sudo = self.env["sale.order.line"].sudo().browse(vals["order_line_id"])
        current = {name: line_sudo[source] for name, source in CHANGEABLE.items()}
        return {
            "sequence": line_sudo.sequence,
            **current,
            **vals,
            "product_id": line_sudo.product_id.id,
            "product_uom_id": line_sudo.product_uom_id.id,
            **{f"old_{name}": value for name, value in current.items()},
        }

    def _check_open(self):
        closed = self.change_id.filtered(lambda c: c.state in ("applied", "cancel"))
        if closed:
            raise UserError(
                self.env._(
                    "%(number)s is closed and stays as it is. Make a new request.",
                    number=closed[0].name,
                )
            )

    @api.ondelete(at_uninstall=True)
    def _unlink_except_closed(self):
        self._check_open()

    @api.constrains("order_line_id", "change_id")
    def _check_order_line_id(self):
        for line in self:
            # sudo: lines the user may not see belong to other orders
            own = line.sudo().order_line_id
            if own and own not in line.change_id.sudo().order_id._change_get_lines():
                raise ValidationError(
                    self.env._(
                        "%(product)s: only ordinary lines of the same order can be "
                        "changed.",
                        product=line.product_id.display_name,
                    )
                )

    @api.constrains("quantity", "price_unit", "discount", "customer_lead")
    def _check_numbers(self):
        for line in self:
            if (
                not 0 <= line.quantity <= LARGEST_NUMBER  # nor NaN
                or not abs(line.price_unit) <= LARGEST_NUMBER
                or not 0 <= line.discount <= 100
                or not 0 <= line.customer_lead <= 36500
            ):
                raise ValidationError(
                    self.env._(
                        "%(product)s: quantity, price and lead time are not negative, "
                        "and a discount is between 0 and 100 %%.",
                        product=line.product_id.display_name,
                    )
                )
