from odoo import api, fields, models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    handover_is_delivered = fields.Boolean(
        string="Counts for Completion",
        compute="_compute_handover_is_delivered",
        help="Goods, and services invoiced by what was delivered. Freight, discounts "
        "and other lines that nobody delivers do not keep an order open.",
    )

    @api.depends(
        "display_type",
        "is_downpayment",
        "is_expense",
        "product_uom_qty",
        "product_id.type",
        "product_id.invoice_policy",
    )
    def _compute_handover_is_delivered(self):
        """Tell which lines have to arrive; as the rows of ``order.progress`` do."""
        for line in self:
            product = line.product_id
            line.handover_is_delivered = (
                not line.display_type
                and not line.is_downpayment
                and not line.is_expense
                and line.product_uom_qty > 0
                and (
                    product.type == "consu"
                    or (
                        product.type == "service"
                        and product.invoice_policy == "delivery"
                    )
                )
            )
