from odoo import models


class OrderAcceptance(models.Model):
    """What a customer rejects becomes an exception (SPEC I1, I2)."""

    _inherit = "order.acceptance"

    def _handover_on_rejected(self, lines):
        """EXTENDS 'order_handover': enter one exception per slip."""
        result = super()._handover_on_rejected(lines)
        if not self.order_id:
            return result
        remarks = dict.fromkeys(lines.filtered("remark").mapped("remark"))
        self.env["order.exception"]._create_from_rejection(
            self.order_id,
            [
                {
                    "sale_line_id": line.sale_line_id.id,
                    "product_id": line.product_id.id,
                    "product_uom_id": line.product_uom_id.id,
                    "quantity": line.rejected_qty,
                    "note": line.remark,
                }
                for line in lines
            ],
            picking=self.picking_id,
            reason="\n".join(remarks),
        )
        return result
