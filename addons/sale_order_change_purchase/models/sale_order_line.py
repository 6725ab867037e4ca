from odoo import models

from odoo.addons.sale_order_change.supply import FOLLOWS, STAYS


class SaleOrderLine(models.Model):
    """What is bought for a line of an order (SPEC J2)."""

    _inherit = "sale.order.line"

    def _change_get_supplies(self, less=0.0):
        """EXTENDS 'sale_order_change': purchases for this line."""
        line_sudo = self.sudo()  # sudo: whoever asks need not read purchases
        plan, rest = line_sudo._change_plan_purchases(less)
        stays = self.product_uom_id.compare(rest, 0.0) > 0
        supplies = super()._change_get_supplies(less)
        for bought in line_sudo._change_get_purchases():
            fate = FOLLOWS if bought in plan else ""
            if stays and bought not in plan and bought._change_is_open():
                fate = STAYS
            supplies.append(bought._change_get_supply(fate, plan.get(bought)))
        return supplies

    def _change_get_purchases(self):
        """Return the lines of purchases that were made for this line.

        By the moves that wait for them, at any step before; services and goods that go
        straight to the customer by the line itself.
        """
        self.ensure_one()
        moves = self.move_ids | self.move_ids.browse(self.move_ids._rollup_move_origs())
        lines = moves.created_purchase_line_ids | moves.purchase_line_id
        return (lines | self.purchase_line_ids).filtered(
            lambda line: line.state != "cancel" and line.product_qty
        )

    def _change_plan_purchases(self, less):
        """Return what requests for quotation become when so much less is needed.

        Only what no vendor was asked for yet; what was added last first.

        :return: ``{line of a purchase: quantity that is left}``, and how much more
            would have to become less, in the unit of the line
        """
        self.ensure_one()
        plan = {}
        for bought in self._change_get_purchases().sorted("id", reverse=True):
            if self.product_uom_id.compare(less, 0.0) <= 0:
                break
            if bought.state != "draft" or bought.product_id != self.product_id:
                continue
            unit = bought.product_uom_id
            taken = min(
                self.product_uom_id._compute_quantity(less, unit),
                bought._change_get_share(self),
            )
            plan[bought] = bought.product_qty - taken
            less -= unit._compute_quantity(taken, self.product_uom_id, round=False)
        return plan, less
