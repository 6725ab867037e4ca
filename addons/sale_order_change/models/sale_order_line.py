from datetime import timedelta

from odoo import models

from ..supply import OUTSIDE


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _action_launch_stock_rule(self, *, previous_product_uom_qty=False):
        """EXTENDS 'sale_stock': what waits is promised for the day of the order.

        Odoo takes less off what waits with the same deadline only; for the rest it
        has goods returned that never left.
        """
        if self.env.context.get("sale_order_change_applied"):
            self._change_redate()
        return super()._action_launch_stock_rule(
            previous_product_uom_qty=previous_product_uom_qty
        )

    def _change_redate(self):
        """Give what waits for these lines the deadline that new moves would have."""
        for line in self:
            promised = line.order_id.commitment_date or line._expected_date()
            moves = line.move_ids.sorted("id")
            first = moves.rule_id[:1]
            for move in moves:
                if (
                    move.state in ("done", "cancel")
                    or move.location_id.usage in OUTSIDE
                ):
                    continue
                # a later step follows the first one, with its deadline
                rule = first if move.rule_id.action == "push" else move.rule_id
                deadline = promised - timedelta(days=rule.delay or 0)
                if move.date_deadline != deadline:
                    move.date_deadline = deadline

    def _policy_is_shipped_extra(self):
        """EXTENDS 'sale_order_policy': what a change took out is still the order's.

        Its transfers may have been cancelled, but nobody shipped it in addition.
        """
        return super()._policy_is_shipped_extra() and not self._change_was_ordered()

    def _change_was_ordered(self):
        """Tell whether an applied change named a quantity of this line."""
        self.ensure_one()
        if not self._origin.id:
            return False
        # sudo: requests need not be readable
        lines_sudo = self.env["sale.order.change.line"].sudo()
        return bool(
            lines_sudo.search_count(
                [
                    ("change_id.state", "=", "applied"),
                    "|",
                    ("created_line_id", "=", self._origin.id),
                    "&",
                    ("order_line_id", "=", self._origin.id),
                    ("old_quantity", ">", 0),
                ],
                limit=1,
            )
        )

    def _change_get_moved(self):
        """Return what is reserved and what has left, in the unit of the line.

        What has left counts whether or not the customer has accepted it; what came
        back does not.

        :return: ``{"reserved": quantity, "shipped": quantity}``
        """
        self.ensure_one()
        shipped = 0.0
        reserved = {True: 0.0, False: 0.0}  # by whether it leaves with that move
        for move in self.move_ids:
            if move.state == "cancel" or move.product_id != self.product_id:
                continue
            quantity = move.product_uom._compute_quantity(
                move.quantity, self.product_uom_id, rounding_method="HALF-UP"
            )
            source, target = move.location_id.usage, move.location_dest_id.usage
            leaves = source == "internal" and target in OUTSIDE
            if move.state != "done":
                if source == "internal":
                    reserved[leaves] += quantity
            elif leaves:
                shipped += quantity
            elif target == "internal" and source in OUTSIDE:
                shipped -= quantity
        # what is being picked leaves with a later move
        return {"reserved": max(reserved.values()), "shipped": max(shipped, 0.0)}
