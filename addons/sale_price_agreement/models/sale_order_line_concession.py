from contextlib import contextmanager

from odoo import api, fields, models
from odoo.tools import float_compare, float_round

#: what may change what a line takes of a concession
_RELEVANT = frozenset(
    {
        "order_id",
        "product_id",
        "product_uom_qty",
        "product_uom_id",
        "price_unit",
        "discount",
        "tax_ids",
        "price_concession_id",
        "display_type",
        "is_downpayment",
    }
)


class SaleOrderLine(models.Model):
    """The concession a line uses, and the price it gives (SPEC C2)."""

    _inherit = "sale.order.line"

    price_concession_id = fields.Many2one(
        comodel_name="sale.price.concession",
        compute="_compute_price_concession_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        groups="base.group_user",
        help="The line takes its price from it and counts against its cap.",
    )
    price_concession_note = fields.Char(
        string="Concession Left",
        compute="_compute_price_concession_note",
        groups="base.group_user",
        exportable=False,
    )

    @api.depends(
        "product_id", "product_uom_id", "product_uom_qty", "order_id.partner_id"
    )
    def _compute_price_concession_id(self):
        """Offer the concession with the lowest price, never over a better one."""
        found = {}
        for line in self:
            order = line.order_id
            current = line.price_concession_id
            if order.state not in ("draft", "sent", False) or line._origin.qty_invoiced:
                line.price_concession_id = current
                continue
            if order not in found:
                found[order] = self.env["sale.price.concession"]._find_for(order)
            line.price_concession_id = line._concession_choose(found[order], current)

    def _concession_choose(self, concessions, current):
        """Return the best of ``concessions``; what is used already stays if it can."""
        self.ensure_one()
        if not self._concession_may_use():
            return concessions.browse()
        suited = concessions.filtered(lambda one: one._suits(self))
        current_sudo = current.sudo()  # sudo: whoever enters the line
        if current_sudo and (
            current_sudo in suited
            or (
                current_sudo.state in ("active", "closed")
                and current_sudo._is_in_term(self.order_id, self)
                and current_sudo._is_for_product(self.product_id)
            )
        ):
            return current
        best, lowest = concessions.browse(), self._policy_get_default_net_price()
        for concession in suited:
            price = self._concession_get_price(concession)
            if float_compare(price, lowest, precision_digits=6) < 0:
                best, lowest = concession, price
        return best

    def _concession_may_use(self):
        return bool(
            self.product_id
            and self.product_uom_id
            and not self.display_type
            and not self.is_downpayment
            and not self.combo_item_id
            and self.product_id.type != "combo"
            and self.product_uom_qty > 0
        )

    @api.depends("price_concession_id", "state")
    @api.depends_context("lang")
    def _compute_price_concession_note(self):
        for line in self:
            concession_sudo = line.price_concession_id.sudo()  # sudo: its number
            if not concession_sudo:
                line.price_concession_note = False
                continue
            line.price_concession_note = ", ".join(
                filter(None, [concession_sudo.name, concession_sudo._get_left_text()])
            )

    @api.model
    def _policy_get_product_targets(self, product):
        """Return what price limit rules for a product may be for, nearest first."""
        return self.new({"product_id": product.id})._policy_get_rule_targets()

    # Price -------------------------------------------------------------------

    def _concession_get_price(self, concession):
        """Return the price of one unit of the line that ``concession`` grants.

        In the order's currency, the line's unit and the tax convention of the line,
        not rounded.
        """
        self.ensure_one()
        if concession.method == "discount":
            return self._policy_get_default_net_price() * (
                1 - concession.discount / 100
            )
        company = self.company_id or self.env.company
        price = concession.currency_id._convert(
            concession.uom_id._compute_price(concession.price, self.product_uom_id),
            self.currency_id or company.currency_id,
            company,
            concession._get_today(concession.company_id),
            round=False,
        )
        taxes = self.tax_ids
        included = any(taxes.flatten_taxes_hierarchy().mapped("price_include"))
        if included == concession.price_includes_tax or not taxes:
            return price
        key = "total_included" if included else "total_excluded"
        return taxes.with_context(
            round_base=False, force_price_include=concession.price_includes_tax
        ).compute_all(
            price,
            currency=self.currency_id,
            product=self.product_id,
            partner=self.order_id.partner_shipping_id,
            rounding_method="round_globally",
        )[key]

    def _concession_shows_discount(self, concession):
        items = self.env["product.pricelist.item"]
        return concession.method == "discount" and items._is_discount_feature_enabled()

    @api.depends("price_concession_id")
    def _compute_price_unit(self):
        """EXTENDS 'sale': recomputed when a concession is chosen."""
        return super()._compute_price_unit()

    def _reset_price_unit(self):
        """EXTENDS 'sale': take the price of the concession, rounded up."""
        result = super()._reset_price_unit()
        concession_sudo = self.sudo().price_concession_id  # sudo: whoever enters it
        if concession_sudo and not self._concession_shows_discount(concession_sudo):
            digits = self.env["decimal.precision"].precision_get("Product Price")
            price = float_round(
                self.with_company(self.company_id)._concession_get_price(
                    concession_sudo
                ),
                precision_digits=digits,
                rounding_method="UP",
            )
            self.update({"price_unit": price, "technical_price_unit": price})
        return result

    @api.depends("price_concession_id")
    def _compute_discount(self):
        """EXTENDS 'sale': show the discount of the concession, rounded down."""
        result = super()._compute_discount()
        for line in self:
            concession_sudo = line.sudo().price_concession_id  # sudo: as above
            if not concession_sudo or not line.product_id:
                continue
            if not line._concession_shows_discount(concession_sudo):
                line.discount = 0.0
                continue
            own = line.with_company(line.company_id)
            shown = own._get_display_price()
            taxes = line.product_id.taxes_id._filter_taxes_by_company(line.company_id)
            full = own.product_id._get_tax_included_unit_price_from_price(
                shown, taxes, fiscal_position=line.order_id.fiscal_position_id
            )
            if full:
                share = own._concession_get_price(concession_sudo) / full
                line.discount = float_round(
                    100 * (1 - share), precision_digits=2, rounding_method="DOWN"
                )
        return result

    def _price_get_promised(self):
        """Return what a sent quotation promises in this line, as plain data."""
        self.ensure_one()
        return [
            self.product_id.id,
            self.product_uom_id.id,
            self.product_uom_qty,
            self._policy_get_net_price(),
            self.price_concession_id.id or 0,
        ]

    # Changes of confirmed orders ---------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        with self._concession_watch(self._approval_documents(vals_list)):
            return super().create(vals_list)

    def write(self, vals):
        if not _RELEVANT.intersection(vals):
            return super().write(vals)
        with self._concession_watch(self._approval_documents([vals])):
            return super().write(vals)

    def unlink(self):
        with self._concession_watch(self.order_id):
            return super().unlink()

    @contextmanager
    def _concession_watch(self, orders):
        if not orders or not orders._concession_exists():
            yield
            return
        with orders._concession_guard():
            yield
