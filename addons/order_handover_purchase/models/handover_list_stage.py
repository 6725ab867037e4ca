from odoo import api, fields, models


class OrderHandoverStage(models.Model):
    _inherit = "order.handover.stage"

    event = fields.Selection(
        selection_add=[
            ("purchase_approved", "Purchase for the order approved"),
            ("goods_received",),
        ],
        ondelete={"purchase_approved": "cascade"},
    )

    @api.model
    def _get_kinds(self, lines):
        """EXTENDS 'order_handover': goods that have a vendor are bought.

        Odoo's route of buying is one of the warehouse, not of the product.
        """
        kinds = super()._get_kinds(lines)
        for line in lines:
            vendors = line.product_id.seller_ids.filtered(
                lambda vendor, line=line: (
                    vendor.company_id in (line.company_id, line.company_id.browse())
                )
            )
            if vendors and "goods" in kinds[line]:
                kinds[line].add("buy")
        return kinds
