from odoo import models

from odoo.addons.sale_order_change.supply import OUTSIDE


class SaleOrderLine(models.Model):
    """What is made for a line of an order (SPEC J2)."""

    _inherit = "sale.order.line"

    def _change_get_supplies(self, less=0.0):
        """EXTENDS 'sale_order_change': production orders for this line."""
        line_sudo = self.sudo()  # sudo: whoever asks need not read production
        plan, rest = line_sudo._change_plan_productions(less)
        # nothing stays that need not: what was added last becomes less first
        stays = self.product_uom_id.compare(rest, 0.0) > 0
        return [
            *super()._change_get_supplies(less),
            *(
                production._change_get_supply(stays and self, plan.get(production))
                for production in line_sudo._change_get_productions()
            ),
        ]

    def _change_get_productions(self):
        """Return the production orders whose products this line waits for."""
        self.ensure_one()
        moves = self.move_ids.browse(self.move_ids._rollup_move_origs())
        # those that grew are no longer found by all their moves
        own = moves.production_id.search([("sale_line_id", "=", self.id)])
        return (moves.production_id | own).filtered(
            lambda production: production.state != "cancel"
        )

    def _change_plan_productions(self, less):
        """Return what production orders become when so much less is needed.

        :return: ``{production order: quantity that is left}``, and how much more would
            have to become less, in the unit of the line
        """
        self.ensure_one()
        plan = {}
        for production in self._change_get_productions().sorted("id", reverse=True):
            if self.product_uom_id.compare(less, 0.0) <= 0:
                break
            if not production._change_may_follow(self):
                continue
            unit = production.product_uom_id
            taken = min(
                self.product_uom_id._compute_quantity(less, unit),
                production.product_qty,
            )
            plan[production] = production.product_qty - taken
            less -= unit._compute_quantity(taken, self.product_uom_id, round=False)
        return plan, less

    def _change_chain_productions(self):
        """Have what was added wait for the production order that grew for it.

        Odoo lets the production order grow and leaves the added transfer waiting for
        nothing, for ever.
        """
        self.ensure_one()
        moves = self.move_ids | self.move_ids.browse(self.move_ids._rollup_move_origs())
        finished = self._change_get_productions().move_finished_ids.filtered(
            lambda move: move.state not in ("done", "cancel")
        )
        for move in moves:
            if (
                move.state != "waiting"
                or move.procure_method != "make_to_order"
                or move.move_orig_ids
            ):
                continue
            grown = finished.filtered(
                lambda made, move=move: (
                    made.product_id == move.product_id
                    and made.location_dest_id == move.location_id
                )
            )
            move.move_orig_ids = grown.sorted("id")[-1:]

    # Kits --------------------------------------------------------------------------

    def _change_get_moved(self):
        """EXTENDS 'sale_order_change': a kit has left as far as any part of it has."""
        moved = super()._change_get_moved()
        line_sudo = self.sudo()  # sudo: bills of materials need not be readable
        kit = line_sudo._change_find_kit()
        if not kit or not line_sudo.move_ids:
            return moved
        shares = [
            line_sudo._change_get_shipped_part(part) / needed["qty"]
            for part, needed in line_sudo._get_bom_component_qty(kit).items()
            if needed["qty"]
        ]
        shipped = self.product_id.uom_id._compute_quantity(
            max(shares, default=0.0), self.product_uom_id, rounding_method="UP"
        )
        return {**moved, "shipped": max(moved["shipped"], shipped)}

    def _change_find_kit(self):
        boms = self.env["mrp.bom"]._bom_find(
            self.product_id, company_id=self.company_id.id, bom_type="phantom"
        )
        return boms[self.product_id]

    def _change_get_shipped_part(self, part_id):
        """Return how much of one part has left, in the part's own unit."""
        shipped = 0.0
        for move in self.move_ids:
            if move.state != "done" or move.product_id.id != part_id:
                continue
            source, target = move.location_id.usage, move.location_dest_id.usage
            if source == "internal" and target in OUTSIDE:
                shipped += move.product_qty
            elif target == "internal" and source in OUTSIDE:
                shipped -= move.product_qty
        return max(shipped, 0.0)
