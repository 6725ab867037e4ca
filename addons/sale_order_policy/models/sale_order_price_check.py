from odoo import api, fields, models
from odoo.exceptions import MissingError
from odoo.tools import float_compare, float_round, formatLang


class SaleOrderPriceCheck(models.AbstractModel):
    """Compares the prices of orders with the price limit rules (SPEC C1).

    *Net price* of a line: its untaxed subtotal, less its share of everything on the
    order that lowers the total without being a product sold: negative lines, global
    discounts, rewards. These are spread over the positive lines in proportion to
    their untaxed subtotals.

    *Price in force*: what the order's pricelist gives today for the product, the
    quantity and the unit, after the discounts of the pricelist itself, untaxed by
    the product's own taxes. It does not depend on any price, tax or date written on
    the order.
    """

    _name = "sale.order.price.check"
    _description = "Price Check of Orders"

    @api.model
    def _get_findings(self, orders):
        """Return {order id: [finding]} of the orders' prices.

        :param orders: sale.order records, of any companies
        """
        findings = {order.id: [] for order in orders}
        for company, company_orders in orders.grouped("company_id").items():
            found = self._check_lines(
                company_orders.with_company(company).order_line.filtered(
                    lambda line: line._policy_has_list_price()
                )
            )
            for line, line_findings in found.items():
                findings[line.order_id.id] += line_findings
        return findings

    @api.model
    def _check_lines(self, lines):
        """Return {line: [finding]} of lines of one company."""
        today = fields.Date.context_today(self)
        limits = self.env["sale.price.rule"]._get_limits(lines, today)
        limited = lines.filtered(lambda line: any(limits[line]))
        list_totals = self._get_list_totals(
            limited.filtered(lambda line: limits[line][0])
        )
        shares = {order: order._policy_get_net_share() for order in limited.order_id}
        return {
            line: [
                *self._check_discount(
                    line, limits[line][0], list_totals, shares[line.order_id]
                ),
                *self._check_floor(line, limits[line][1], shares[line.order_id], today),
            ]
            for line in limited
        }

    # Price in force ----------------------------------------------------------

    @api.model
    def _get_list_totals(self, lines):
        """Return {line: untaxed total of the line at the price in force}.

        The rules of a pricelist are read once for all its lines.
        """
        now = fields.Datetime.now()
        totals = {}
        for pricelist, group in lines.grouped(
            lambda line: line.order_id.pricelist_id
        ).items():
            rules = pricelist._get_applicable_rules(group.product_id, now)
            for line in group:
                price = line._policy_get_list_price(rules, now)
                totals[line] = self._get_untaxed_list_total(line, price)
        return totals

    @api.model
    def _get_untaxed_list_total(self, line, price):
        """Return the unrounded untaxed total of a line at ``price`` per unit.

        ``price`` follows the product's own taxes, as pricelists do; the taxes on
        the line may have been changed by hand and do not count.
        """
        order = line.order_id
        taxes = line.product_id.taxes_id._filter_taxes_by_company(order.company_id)
        price = line.product_id._get_tax_included_unit_price_from_price(
            price, taxes, fiscal_position=order.fiscal_position_id
        )
        mapped = order.fiscal_position_id.map_tax(taxes)
        if not any(mapped.flatten_taxes_hierarchy().mapped("price_include")):
            return price * line.product_uom_qty
        return mapped.with_context(round_base=False).compute_all(
            price,
            currency=line.currency_id,
            quantity=line.product_uom_qty,
            product=line.product_id,
            partner=order.partner_shipping_id,
            rounding_method="round_globally",
        )["total_excluded"]

    # Checks ------------------------------------------------------------------

    @api.model
    def _check_discount(self, line, rule, list_totals, share):
        """Return the finding that a line's discount is above the limit, or none.

        Rounding never makes a finding: the percentage counts in 0.01 steps, and half
        a currency unit on the line's total is not a discount.
        """
        if not rule or self._is_price_missing(line):
            return []
        list_total = list_totals[line]
        if list_total <= 0:
            return [self._make(line, "no_list_price", "info")]
        net_total = line.price_subtotal * share
        actual = float_round(100 * (1 - net_total / list_total), precision_digits=2)
        missing = list_total * (1 - rule.max_discount / 100) - net_total
        slack = 0 if actual >= 100 else line.currency_id.rounding / 2
        if (
            float_compare(actual, rule.max_discount, precision_digits=2) <= 0
            or float_compare(missing, slack, precision_digits=6) <= 0
        ):
            return []
        quantity = line.product_uom_qty
        return [
            self._make(
                line,
                "discount",
                "review",
                allowed=rule.max_discount,
                actual=actual,
                list_price=float_round(list_total / quantity, precision_digits=6),
                net_price=float_round(net_total / quantity, precision_digits=6),
                currency=line.currency_id.name,
                unit=line.product_uom_id.name,
                unit_id=line.product_uom_id.id,
            )
        ]

    @api.model
    def _is_price_missing(self, line):
        """Tell whether the line cannot be submitted anyway, for want of a price."""
        return (
            line.order_id.policy_type_id.require_line_price
            and line._policy_needs_price()
            and line.currency_id.is_zero(line._policy_get_net_price())
        )

    @api.model
    def _check_floor(self, line, rule, share, date):
        """Return the finding that a line's price is below its floor, or none."""
        if not rule:
            return []
        unit = rule.floor_uom_id or line.product_id.uom_id
        if not unit._has_common_reference(line.product_uom_id):
            return [
                self._make(
                    line,
                    "floor_unit",
                    "review",
                    unit=line.product_uom_id.name,
                    unit_id=line.product_uom_id.id,
                    floor_unit=unit.name,
                    floor_unit_id=unit.id,
                )
            ]
        convert = self._get_converter(line, rule.currency_id, date)
        total = (
            line.price_total if rule.floor_price_includes_tax else line.price_subtotal
        )
        actual = convert(total * share)
        quantity = line.product_uom_id._compute_quantity(
            line.product_uom_qty, unit, round=False
        )
        slack = max(rule.currency_id.rounding, convert(line.currency_id.rounding)) / 2
        missing = rule.floor_price * quantity - actual
        if float_compare(missing, slack, precision_digits=6) <= 0:
            return []
        return [
            self._make(
                line,
                "floor_price",
                "review",
                allowed=rule.floor_price,
                actual=float_round(actual / quantity, precision_digits=6),
                currency=rule.currency_id.name,
                unit=unit.name,
                unit_id=unit.id,
                tax_included=rule.floor_price_includes_tax,
            )
        ]

    @api.model
    def _get_converter(self, line, currency, date):
        """Return a function from the line's currency to ``currency``, unrounded."""

        def convert(amount):
            return line.currency_id._convert(
                amount, currency, line.company_id, date, round=False
            )

        return convert

    @api.model
    def _make(self, line, code, severity, **values):
        """Return one finding of the sales department about a line."""
        return line.order_id._approval_make_finding(
            code,
            "sales",
            severity,
            line=line,
            line_label=line._policy_get_label(),
            product=line.product_id.display_name,
            **values,
        )

    # Words -------------------------------------------------------------------

    @api.model
    def _get_text(self, code, values):
        """Return a finding in words, or nothing for a code of somebody else."""
        makers = {
            "discount": self._get_discount_text,
            "floor_price": self._get_floor_text,
            "floor_unit": self._get_floor_unit_text,
            "no_list_price": self._get_no_list_price_text,
        }
        return makers[code](values) if code in makers else ""

    @api.model
    def _get_unit(self, values, key="unit"):
        """Return the name of a unit for the reader; as it was then, if it is gone."""
        unit_id = values.get(f"{key}_id")
        # sudo: only the name, of a unit on an order the reader may see
        unit_sudo = self.env["uom.uom"].sudo().browse(unit_id or [])
        try:
            return unit_sudo.name or values.get(key, "")
        except MissingError:
            return values.get(key, "")

    @api.model
    def _get_discount_text(self, values):
        return self.env._(
            "discount %(actual)s %%, allowed %(allowed)s %% (%(net)s instead of "
            "%(list)s %(currency)s per %(unit)s)",
            actual=formatLang(self.env, values["actual"], digits=2),
            allowed=formatLang(self.env, values["allowed"], digits=2),
            net=formatLang(self.env, values["net_price"], digits=2),
            list=formatLang(self.env, values["list_price"], digits=2),
            currency=values["currency"],
            unit=self._get_unit(values),
        )

    @api.model
    def _get_floor_text(self, values):
        actual = formatLang(self.env, values["actual"], digits=2)
        allowed = formatLang(self.env, values["allowed"], digits=2)
        if values.get("tax_included"):
            return self.env._(
                "price %(actual)s %(currency)s per %(unit)s with tax, floor price "
                "%(allowed)s",
                actual=actual,
                allowed=allowed,
                currency=values["currency"],
                unit=self._get_unit(values),
            )
        return self.env._(
            "price %(actual)s %(currency)s per %(unit)s without tax, floor price "
            "%(allowed)s",
            actual=actual,
            allowed=allowed,
            currency=values["currency"],
            unit=self._get_unit(values),
        )

    @api.model
    def _get_floor_unit_text(self, values):
        return self.env._(
            "sold per %(unit)s, but its floor price is per %(floor_unit)s and cannot "
            "be compared",
            unit=self._get_unit(values),
            floor_unit=self._get_unit(values, "floor_unit"),
        )

    @api.model
    def _get_no_list_price_text(self, _values):
        return self.env._("the pricelist has no price, so no discount can be told")
