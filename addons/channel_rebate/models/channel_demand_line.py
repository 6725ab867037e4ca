import math

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

#: more than anybody orders, and far from what numbers can hold
MOST_QUANTITY = 1_000_000_000


class ChannelDemandLine(models.Model):
    """One thing a channel partner asks for: a product, or in his own words (SPEC L2).

    Our people may name the product of a line in words before the demand becomes an
    order; what the partner wrote stays.
    """

    _name = "channel.demand.line"
    _description = "Line of a Channel Demand"
    _order = "demand_id, sequence, id"
    _check_company_auto = True

    #: what our people may still say once the demand was sent in
    _mapping_fields = frozenset({"product_id", "product_uom_id"})

    demand_id = fields.Many2one(
        comodel_name="channel.demand", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="demand_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Asked For", required=True)
    product_id = fields.Many2one(
        comodel_name="product.product",
        check_company=True,
        ondelete="restrict",
        domain=[("sale_ok", "=", True)],
        help="Without a product the line becomes a note on the order.",
    )
    quantity = fields.Float(digits="Product Unit", required=True, default=1.0)
    product_uom_id = fields.Many2one(
        comodel_name="uom.uom",
        string="Unit",
        compute="_compute_product_uom_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
    )
    unit = fields.Char(string="Unit in Words")
    date_wanted = fields.Date(string="Wanted On")
    remark = fields.Char()

    @api.depends("product_id")
    def _compute_product_uom_id(self):
        for line in self:
            product = line.product_id
            if line.product_uom_id not in product._channel_get_uoms():
                line.product_uom_id = product.uom_id

    @api.model
    def _check_finite(self, vals):
        """Refuse what is no number, before Odoo fails to round it.

        :raise ValidationError: for infinity and "not a number"
        """
        quantity = vals.get("quantity")
        if isinstance(quantity, float) and not math.isfinite(quantity):
            raise ValidationError(self.env._("Enter a quantity above zero."))

    @api.constrains("quantity")
    def _check_quantity(self):
        for line in self:
            if not 0 < line.quantity <= MOST_QUANTITY:
                raise ValidationError(
                    self.env._("%(line)s: enter a quantity above zero.", line=line.name)
                )

    @api.constrains("product_id", "product_uom_id")
    def _check_product(self):
        for line in self.sudo():  # sudo: whether it is sold, whoever asks
            if line.product_id and not line.product_id.sale_ok:
                raise ValidationError(
                    self.env._(
                        "%(product)s is not sold.", product=line.product_id.display_name
                    )
                )
            uoms = line.product_id._channel_get_uoms()
            if line.product_id and line.product_uom_id not in uoms:
                raise ValidationError(
                    self.env._(
                        "%(product)s is not sold by %(unit)s.",
                        product=line.product_id.display_name,
                        unit=line.product_uom_id.name or "–",
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """EXTENDS: a line in words only is named by the product, else refused."""
        products = self.env["product.product"]
        for vals in vals_list:
            self._check_finite(vals)
            if not vals.get("name") and vals.get("product_id"):
                vals["name"] = products.browse(vals["product_id"]).display_name
        lines = super().create(vals_list)
        lines.demand_id._check_editable()
        return lines

    def write(self, vals):
        """Refuse changes of what was sent in, but for naming the product.

        :raise UserError: also for whoever has elevated rights
        """
        if "demand_id" in vals:
            raise AccessError(self.env._("A line stays in its demand."))
        self._check_finite(vals)
        demands = self.demand_id
        if not self._mapping_fields.issuperset(vals):
            demands._check_editable()
        for demand in demands:
            if demand.state not in ("draft", "returned", "submitted"):
                raise UserError(
                    self.env._(
                        "%(demand)s is settled. Change the order instead.",
                        demand=demand.name,
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=True)
    def _unlink_except_sent(self):
        self.demand_id._check_editable()

    def _get_unit_text(self):
        """Return the unit as it is read: of the product, else the partner's word."""
        self.ensure_one()
        # sudo: the name of a unit, for partners who read none
        return self.sudo().product_uom_id.name or self.unit or ""
