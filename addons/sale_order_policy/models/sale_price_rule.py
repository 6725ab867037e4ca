from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class SalePriceRule(models.Model):
    """How far a price may go down before somebody has to agree (SPEC C1).

    A rule sets a largest discount, a floor price, or both. For each of the two the
    most specific rule that sets it counts: variant before product before the nearest
    category before all; among these one for the salesperson's level before one for
    everybody; then one for the order type before one for all; then one for the
    customer's region before one for all; then the sequence.
    """

    _name = "sale.price.rule"
    _inherit = ["document.approval.home.mixin"]
    _description = "Price Limit Rule"
    _order = "sequence, id"
    _check_company_auto = True

    # identity
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        help="The rule also counts in the branches of this company.",
    )
    sequence = fields.Integer(
        default=10, help="Decides between two rules that are equally specific."
    )
    active = fields.Boolean(default=True)
    # scope
    applied_on = fields.Selection(
        selection=[
            ("all", "All products"),
            ("category", "A product category"),
            ("product", "A product"),
            ("variant", "A product variant"),
        ],
        default="all",
        required=True,
    )
    categ_id = fields.Many2one(
        comodel_name="product.category",
        string="Product Category",
        ondelete="cascade",
        index="btree_not_null",
        help="Counts for the categories below it too.",
    )
    product_tmpl_id = fields.Many2one(
        comodel_name="product.template",
        string="Product",
        ondelete="cascade",
        index="btree_not_null",
        check_company=True,
    )
    product_id = fields.Many2one(
        comodel_name="product.product",
        string="Product Variant",
        ondelete="cascade",
        index="btree_not_null",
        check_company=True,
    )
    order_type_id = fields.Many2one(
        comodel_name="sale.order.type",
        ondelete="cascade",
        check_company=True,
        help="Empty: for all order types.",
    )
    region_id = fields.Many2one(
        comodel_name="sales.region",
        string="Region",
        ondelete="cascade",
        check_company=True,
        help="Of the customer. Empty: for all regions.",
    )
    level_id = fields.Many2one(
        comodel_name="sale.salesperson.level",
        string="Salesperson Level",
        ondelete="cascade",
        help="Empty: for everybody.",
    )
    date_start = fields.Date(string="Valid From")
    date_end = fields.Date(string="Valid To", help="The last day it counts.")
    # limits
    is_discount_limited = fields.Boolean(string="Limit the Discount", default=True)
    max_discount = fields.Float(
        string="Largest Discount (%)",
        digits=(5, 2),
        help="Of the price that the order's pricelist gives, all discounts and "
        "rewards of the order taken together, untaxed.",
    )
    is_price_limited = fields.Boolean(string="Limit the Price")
    floor_price = fields.Float(
        min_display_digits="Product Price",
        help="The lowest price of one unit after all discounts and rewards.",
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    floor_uom_id = fields.Many2one(
        comodel_name="uom.uom",
        string="Per Unit",
        help="Empty: the product's own unit.",
    )
    floor_price_includes_tax = fields.Boolean()

    _max_discount_check = models.Constraint(
        "CHECK (NOT is_discount_limited OR (max_discount BETWEEN 0 AND 100))",
        "The largest discount is between 0 and 100 %.",
    )
    _floor_price_check = models.Constraint(
        "CHECK (NOT is_price_limited OR floor_price > 0)",
        "The floor price is above zero.",
    )
    _date_check = models.Constraint(
        "CHECK (date_end >= date_start)",
        "A price limit rule cannot end before it starts.",
    )

    @api.depends("applied_on", "categ_id", "product_tmpl_id", "product_id")
    def _compute_display_name(self):
        for rule in self:
            target = rule._get_target()
            rule.display_name = (
                target.display_name if target else self.env._("All products")
            )

    def _get_target(self):
        """Return the variant, product or category the rule is for, or None."""
        self.ensure_one()
        return {
            "category": self.categ_id,
            "product": self.product_tmpl_id,
            "variant": self.product_id,
        }.get(self.applied_on)

    @api.onchange("applied_on")
    def _onchange_applied_on(self):
        self.update(self._get_scope_reset(self.applied_on))

    @api.model
    def _get_scope_reset(self, applied_on):
        """Return values that empty the fields a scope does not use."""
        used = {
            "category": "categ_id",
            "product": "product_tmpl_id",
            "variant": "product_id",
        }
        return {name: False for scope, name in used.items() if scope != applied_on}

    @api.constrains("applied_on", "categ_id", "product_tmpl_id", "product_id")
    def _check_scope(self):
        for rule in self:
            if rule.applied_on != "all" and not rule._get_target():
                raise ValidationError(
                    self.env._("Say which product or category the rule is for.")
                )

    @api.constrains("is_discount_limited", "is_price_limited")
    def _check_limits(self):
        for rule in self:
            if not (rule.is_discount_limited or rule.is_price_limited):
                raise ValidationError(
                    self.env._(
                        "A price limit rule limits the discount, the price, or both."
                    )
                )

    @api.constrains("floor_uom_id", "product_tmpl_id", "product_id", "applied_on")
    def _check_floor_uom(self):
        for rule in self.filtered("floor_uom_id"):
            product = rule.applied_on in ("product", "variant") and rule._get_target()
            if product and not rule.floor_uom_id._has_common_reference(product.uom_id):
                raise ValidationError(
                    self.env._(
                        "%(product)s is kept in %(unit)s: a floor price per "
                        "%(floor_unit)s cannot be compared with it.",
                        product=product.display_name,
                        unit=product.uom_id.name,
                        floor_unit=rule.floor_uom_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create(
            [
                vals | self._get_scope_reset(vals["applied_on"])
                if "applied_on" in vals
                else vals
                for vals in vals_list
            ]
        )

    def write(self, vals):
        if "applied_on" in vals:
            vals = vals | self._get_scope_reset(vals["applied_on"])
        return super().write(vals)

    @api.model
    def _get_limits(self, lines, date):
        """Find the rules that count for order lines of one company.

        :param lines: sale.order.line records with a product
        :param date: the day the rules have to be valid on
        :return: {line: (rule for the discount, rule for the floor price)}, either
            may be empty
        """
        by_target = self._load_rules(lines.company_id, lines.product_id, date)
        limits = {}
        for line in lines:
            ranked = [
                rule
                for target in line._policy_get_rule_targets()
                for rule in by_target[target]
                if rule._matches_line(line)
            ]
            limits[line] = (
                next((r for r in ranked if r.is_discount_limited), self.browse()),
                next((r for r in ranked if r.is_price_limited), self.browse()),
            )
        return limits

    @api.model
    def _load_rules(self, company, products, date):
        """Return the valid rules by target: {(applied on, record id): rules}.

        The rules of a target come in the order in which they win.
        """
        templates = products.product_tmpl_id
        domain = (
            # sudo: parent companies need not be allowed
            Domain("company_id", "in", company.sudo().parent_ids.ids)
            & (Domain("date_start", "=", False) | Domain("date_start", "<=", date))
            & (Domain("date_end", "=", False) | Domain("date_end", ">=", date))
            & Domain.OR(
                [
                    Domain("applied_on", "=", "all"),
                    Domain("categ_id", "parent_of", products.categ_id.ids),
                    Domain("product_tmpl_id", "in", templates.ids),
                    Domain("product_id", "in", products.ids),
                ]
            )
        )
        by_target = defaultdict(list)
        # sudo: limits count whoever looks at the order, a reviewer of finance too
        rules_sudo = self.sudo().search(domain)
        for rule in rules_sudo.sorted(
            lambda rule: (
                not rule.level_id,
                not rule.order_type_id,
                not rule.region_id,
                rule.sequence,
                rule.id,
            )
        ):
            target = rule._get_target()
            by_target[rule.applied_on, target.id if target else 0].append(rule)
        return by_target

    def _matches_line(self, line):
        """Tell whether the rule is for the order's type, region and level."""
        self.ensure_one()
        order = line.order_id
        if self.order_type_id and self.order_type_id != order.policy_type_id:
            return False
        if self.region_id and self.region_id != order.partner_id._policy_get_region():
            return False
        return not self.level_id or self.level_id == order._policy_get_level()
