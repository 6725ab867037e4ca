from odoo import models


class OrderExceptionStep(models.Model):
    _inherit = "order.exception.step"

    def _get_most_of_part(self, product):
        """EXTENDS 'order_handover': no more parts than the agreed kits are made of."""
        kits = self.line_ids.filtered(
            lambda line: line.product_id not in self.move_ids.product_id
        )
        boms = self.env["mrp.bom"]._bom_find(
            kits.product_id, company_id=self.company_id.id, bom_type="phantom"
        )
        if not all(boms[kit.product_id] for kit in kits):
            return super()._get_most_of_part(product)
        most = 0.0
        for kit in kits:
            bom = boms[kit.product_id]
            quantity = kit.product_uom_id._compute_quantity(
                kit.quantity, bom.product_uom_id, round=False
            )
            _boms, parts = bom.explode(kit.product_id, quantity / bom.product_qty)
            most += sum(
                part.product_uom_id._compute_quantity(data["qty"], product.uom_id)
                for part, data in parts
                if part.product_id == product
            )
        return most
