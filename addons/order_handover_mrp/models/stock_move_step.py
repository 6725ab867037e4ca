from odoo import models


class StockMove(models.Model):
    """Free replacements of kits (SPEC I2)."""

    _inherit = "stock.move"

    def _prepare_phantom_move_values(self, bom_line, product_qty, quantity_done):
        """EXTENDS 'mrp': parts of a kit settle what the kit settles."""
        return {
            **super()._prepare_phantom_move_values(
                bom_line, product_qty, quantity_done
            ),
            "handover_step_id": self.handover_step_id.id,
        }

    def _compute_kit_quantities(self, product_id, kit_qty, kit_bom, filters):
        """EXTENDS 'mrp': free replacements are neither delivered nor charged."""
        charged = self.filtered(lambda move: not move._handover_is_free())
        return super(StockMove, charged)._compute_kit_quantities(
            product_id, kit_qty, kit_bom, filters
        )
