from odoo import models

from odoo.addons.sale_order_change.supply import FOLLOWS, STAYS, Supply


class MrpProduction(models.Model):
    """Production for a line of an order that is changed (SPEC J2)."""

    _inherit = "mrp.production"

    def _change_may_follow(self, line):
        """Tell whether the order may become less, or nothing, with ``line``.

        Not begun, and all of it for this line.
        """
        self.ensure_one()
        finished = self.move_finished_ids.filtered(
            lambda move: move.product_id == self.product_id
        )
        waiting = finished.browse(finished._rollup_move_dests()) - finished
        return bool(
            self.state in ("draft", "confirmed")
            and self.product_id == line.product_id
            and not self.qty_producing
            and not self.qty_produced
            and all(work.state in ("blocked", "ready") for work in self.workorder_ids)
            and waiting.sale_line_id == line
        )

    def _change_get_supply(self, line, left):
        """Return this production order as something that hangs on ``line``.

        :param left: how much is to be made if it follows, else None
        """
        self.ensure_one()
        is_open = self.state not in ("done", "cancel")
        fate = STAYS if is_open and line else ""
        if left is not None:
            fate = FOLLOWS
        has_begun = self.state in ("progress", "to_close", "done") or self.qty_produced
        return Supply(
            record=self,
            department="production",
            code="production",
            values={
                "order": self.name,
                "product": self.product_id.display_name,
                "unit": self.product_uom_id.name,
                "quantity": self.product_qty,
                "made": self.qty_produced,
                "state": self.state,
                "left": left,
            },
            fate=fate,
            work=self.env._(
                "production began: %(order)s, %(quantity)s %(unit)s %(product)s",
                order=self.name,
                quantity=f"{self.product_qty:g}",
                unit=self.product_uom_id.name,
                product=self.product_id.display_name,
            )
            if has_begun
            else "",
        )

    def _change_become(self, quantity):
        """Make only so much, or nothing."""
        self.ensure_one()
        if self.product_uom_id.is_zero(quantity):
            self.action_cancel()
            return
        # the same wizard that Odoo uses when more is ordered
        wizard = self.env["change.production.qty"].with_context(skip_activity=True)
        wizard.create({"mo_id": self.id, "product_qty": quantity}).change_prod_qty()
