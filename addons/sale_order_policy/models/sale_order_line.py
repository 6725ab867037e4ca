from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import float_compare, float_is_zero, float_round

from .sale_order_completeness import LARGEST_NUMBER

LONGEST_LEAD_DAYS = 36500


class SaleOrderLine(models.Model):
    _name = "sale.order.line"
    _inherit = ["sale.order.line", "document.approval.line.mixin"]

    _approval_document_field = "order_id"

    policy_reinvoiced_line_id = fields.Many2one(
        comodel_name="account.move.line",
        string="Re-invoiced Bill Line",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="base.group_user",
        help="The vendor bill line that Odoo passes on to the customer here.",
    )

    @api.constrains("customer_lead")
    def _check_customer_lead(self):
        """Refuse what no calendar holds; Odoo would fail on every later reading."""
        for line in self:
            if not abs(line.customer_lead) <= LONGEST_LEAD_DAYS:  # nor NaN
                raise ValidationError(
                    self.env._(
                        "%(line)s: the lead time is at most %(most)s days.",
                        line=line.display_name,
                        most=LONGEST_LEAD_DAYS,
                    )
                )

    @api.constrains("linked_line_id", "order_id")
    def _check_linked_line_id(self):
        """Keep lines from being deleted along with those of another order."""
        for line in self:
            if line.linked_line_id and line.linked_line_id.order_id != line.order_id:
                raise ValidationError(
                    self.env._(
                        "%(line)s can only belong to a line of the same order.",
                        line=line.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._policy_tell_added_lines()
        return lines

    # Approval ----------------------------------------------------------------

    def _policy_is_system_line(self):
        """Tell whether Odoo itself adds such a line to a confirmed order (DESIGN 2).

        Nothing ordered, and proven by what it comes from: a down payment by its
        invoice, goods shipped in addition by their moves, a re-invoiced expense by
        the bill. Marks on the line alone prove nothing.
        """
        self.ensure_one()
        if float_compare(self._policy_get_net_price(), 0.0, precision_digits=6) < 0:
            return False
        if float_is_zero(self.product_uom_qty, precision_digits=6):
            return self._policy_is_down_payment() or self._policy_is_shipped_extra()
        return self._policy_is_reinvoiced()

    def _policy_is_down_payment(self):
        """Tell whether the line deducts no more than was invoiced as down payment.

        Odoo makes the line before its invoice: until then it may deduct nothing.
        """
        # sudo: invoices need not be readable
        line_sudo = self.sudo()
        if not line_sudo.is_downpayment or line_sudo.qty_delivered:
            return False
        order_lines = line_sudo.order_id.order_line
        others = order_lines.filtered(lambda line: not line.is_downpayment)
        invoiced = sum(
            line.price_unit
            if line.move_id.move_type == "out_invoice"
            # a credit note takes back
            else -line.price_unit
            for line in line_sudo.invoice_lines
            # an invoice of another order deducts nothing here
            if line.sale_line_ids == line_sudo
            and line.move_id.state != "cancel"
            and line.move_id not in others.invoice_lines.move_id
        )
        if not line_sudo.invoice_lines:
            return not line_sudo.qty_invoiced and not line_sudo.qty_to_invoice
        return (
            line_sudo.qty_invoiced == line_sudo._prepare_qty_invoiced().get(self, 0.0)
            and line_sudo.currency_id.compare_amounts(
                line_sudo.price_unit, max(invoiced, 0.0)
            )
            <= 0
        )

    def _policy_is_shipped_extra(self):
        """Tell whether the warehouse shipped what the line is for, at a fair price.

        As Odoo prices it: like the ordered line of the same product, else by the
        pricelist. What is invoiced by ordered quantity has no price here.
        """
        # sudo: stock moves need not be readable
        line_sudo = self.sudo()
        if not line_sudo.move_ids:
            return False
        if line_sudo.product_id.invoice_policy == "order":
            return line_sudo.currency_id.is_zero(line_sudo.price_unit)
        twins = line_sudo.order_id.order_line.filtered(
            lambda line: (
                line.product_id == line_sudo.product_id and line.product_uom_qty > 0
            )
        )
        prices = [twin._policy_get_net_price() for twin in twins]
        fair = min(prices) if prices else line_sudo._policy_get_default_net_price()
        # a discount is rounded to 0.01 %
        return line_sudo._policy_get_net_price() >= fair * (1 - 1e-4) - 0.005

    def _policy_get_default_net_price(self):
        """Return the net price Odoo gives the line by itself, for one unit."""
        self.ensure_one()
        line = self.with_company(self.company_id)
        taxes = line.product_id.taxes_id._filter_taxes_by_company(self.company_id)
        return line.product_id._get_tax_included_unit_price_from_price(
            line._get_pricelist_price()
            if line.order_id.pricelist_id
            else line.product_id.lst_price,
            taxes,
            fiscal_position=line.order_id.fiscal_position_id,
        )

    def _policy_is_reinvoiced(self):
        """Tell whether a posted vendor bill accounts for this line, and only for it."""
        line_sudo = self.sudo()
        bill_line = line_sudo.policy_reinvoiced_line_id
        return bool(
            line_sudo.is_expense
            and bill_line
            and bill_line._policy_allows_reinvoiced(line_sudo)
        )

    def _policy_tell_added_lines(self):
        """Tell the owner of a controlled order what was added to it (DESIGN 2)."""
        for order, lines in self.grouped("order_id").items():
            if order.state != "sale" or order._approval_mode() == "off":
                continue
            added = lines.filtered(
                lambda line: not line.display_type and line._policy_is_system_line()
            )
            if added:
                order._policy_tell_owner(
                    self.env._(
                        "Added to the confirmed order: %(lines)s. What was approved "
                        "has not changed; please check whether the customer knows.",
                        lines=", ".join(added.mapped("name")),
                    ),
                    also_note=True,
                )

    # Words and prices ----------------------------------------------------------

    def _policy_get_label(self):
        """Return how findings name this line: its place and product."""
        self.ensure_one()
        lines = self.order_id.order_line.filtered(lambda line: not line.display_type)
        name = self.product_id.display_name or (self.name or "").split("\n", 1)[0]
        # imagined lines are not saved: compared as records, not by their ids
        return f"{list(lines).index(self) + 1} ({name})"

    def _policy_get_net_price(self):
        """Return the price of one unit after the line's own discount.

        In the order's currency, per the line's unit, in the tax convention of the
        line, to 10 digits: what is lost in rounding is nothing on any quantity.
        """
        self.ensure_one()
        if not abs(self.price_unit) <= LARGEST_NUMBER:  # nor NaN
            return self.price_unit  # refused as incomplete, not rounded
        return float_round(
            self.price_unit * (1 - (self.discount or 0.0) / 100), precision_digits=10
        )

    def _policy_is_optional(self):
        """Tell whether the customer may still choose the quantity. To be extended."""
        return False

    def _policy_needs_price(self):
        """Tell whether a price of 0 is a mistake; a combo's is on its items."""
        self.ensure_one()
        return bool(self.product_id) and self.product_id.type != "combo"

    def _policy_has_list_price(self):
        """Tell whether the price of this line is compared with the pricelist.

        Made to be extended by add-ons whose lines get their price elsewhere. It must
        not depend on anything a salesperson could write on an ordinary line.
        """
        self.ensure_one()
        return bool(
            not self.display_type
            and self.product_id
            and self.product_uom_qty > 0
            and self.product_id.type != "combo"
            and self.price_subtotal >= 0
            and self.order_id._approval_line_is_material(self)
        )

    def _policy_get_list_price(self, rules, date):
        """Return the price in force of one unit of this line, discounts included.

        :param rules: the pricelist's rules that may apply, in their order
        :param date: the moment the price has to be in force
        :return: price in the order's currency and the line's unit, in the tax
            convention of the product
        """
        self.ensure_one()
        if self.combo_item_id:
            return self._policy_get_combo_item_price()
        product = self.product_id.with_context(**self._get_product_price_context())
        quantity = self.product_uom_id._compute_quantity(
            self.product_uom_qty, product.uom_id, raise_if_failure=False
        )
        rule = next(
            (rule for rule in rules if rule._is_applicable_for(product, quantity)),
            rules.browse(),
        )
        return rule._compute_price(
            product,
            self.product_uom_qty,
            self.product_uom_id,
            date=date,
            currency=self.currency_id,
        )

    def _policy_get_combo_item_price(self):
        """Return this item's part of the price that the pricelist gives its combo."""
        combo_line = self._get_linked_line()
        shown = combo_line._get_display_price_ignore_combo()
        if not shown:
            return self._get_combo_item_display_price()
        in_force = combo_line._get_pricelist_price()
        return self._get_combo_item_display_price() * in_force / shown

    def _policy_get_rule_targets(self):
        """Return what price limit rules for this line may be for, nearest first."""
        self.ensure_one()
        product = self.product_id
        categories = reversed((product.categ_id.parent_path or "").split("/")[:-1])
        return [
            ("variant", product.id),
            ("product", product.product_tmpl_id.id),
            *(("category", int(category)) for category in categories),
            ("all", 0),
        ]
