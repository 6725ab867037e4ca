from odoo import api, models
from odoo.tools import float_compare, float_round


class SaleOrderPriceCheck(models.AbstractModel):
    """Prices that were granted or promised are allowed (SPEC C2, C3)."""

    _inherit = "sale.order.price.check"

    @api.model
    def _check_lines(self, lines):
        """EXTENDS 'sale_order_policy': not of lines that keep to their concession."""
        found = super()._check_lines(lines)
        granted = lines.filtered(
            lambda line: found.get(line) and line.price_concession_id
        )
        if not granted:
            return found
        totals = self._get_list_totals(
            granted.filtered(lambda one: one.price_concession_id.method == "discount")
        )
        # sudo: limits count whoever looks
        draws_sudo = self.env["sale.price.concession.draw"].sudo()
        for order, own in granted.grouped("order_id").items():
            # what a confirmed order has drawn already is its own
            taken = draws_sudo._get_current(order._origin)
            problems = self.env["sale.price.concession"]._get_order_problems(
                order, own, taken, False
            )
            share = order._policy_get_net_share()
            for line in own:
                if line not in problems and self._keeps_concession(line, totals, share):
                    found[line] = []
        return found

    @api.model
    def _get_list_totals(self, lines):
        """EXTENDS 'sale_order_policy': a sent quotation keeps the price of its day.

        Until its validity date, where a price revision raised the price since.
        """
        totals = super()._get_list_totals(lines)
        # sudo: limits count whoever looks
        effects_sudo = (
            self.env["sale.price.revision.effect"]
            .sudo()
            .search([("line_id", "in", lines.ids), ("is_taken", "=", False)])
        )
        for effect in effects_sudo:
            if not effect._is_promised():
                continue
            line = next(line for line in lines if line._origin == effect.line_id)
            old = self._get_untaxed_list_total(line, effect.old_price)
            totals[line] = min(totals[line], old)
        return totals

    @api.model
    def _keeps_concession(self, line, totals, share):
        """Tell whether the line is not cheaper than its concession allows."""
        concession = line.price_concession_id
        if concession.method == "discount":
            listed, net = totals[line], line.price_subtotal * share
            if listed <= 0:
                return False
            actual = float_round(100 * (1 - net / listed), precision_digits=2)
            missing = listed * (1 - concession.discount / 100) - net
            slack = 0 if actual >= 100 else line.currency_id.rounding / 2
            return (
                float_compare(actual, concession.discount, precision_digits=2) <= 0
                or float_compare(missing, slack, precision_digits=6) <= 0
            )
        today = concession._get_today(concession.company_id)
        convert = self._get_converter(line, concession.currency_id, today)
        net = line.price_total if concession.price_includes_tax else line.price_subtotal
        quantity = line.product_uom_id._compute_quantity(
            line.product_uom_qty, concession.uom_id, round=False
        )
        slack = max(concession.currency_id.rounding, convert(line.currency_id.rounding))
        missing = concession.price * quantity - convert(net * share)
        return float_compare(missing, slack / 2, precision_digits=6) <= 0
