from odoo import api, fields, models


class OrderHandoverStage(models.Model):
    _inherit = "order.handover.stage"

    event = fields.Selection(
        selection_add=[
            ("production_done", "Production for the order done"),
            ("goods_picked",),
        ],
        ondelete={"production_done": "cascade"},
    )

    @api.model
    def _get_kinds(self, lines):
        """EXTENDS 'order_handover': what has a bill of materials is made.

        Odoo's route of manufacturing is one of the warehouse, not of the product.
        """
        kinds = super()._get_kinds(lines)
        for company, company_lines in lines.grouped("company_id").items():
            boms = self.env["mrp.bom"]._bom_find(
                company_lines.product_id, company_id=company.id, bom_type="normal"
            )
            for line in company_lines:
                if boms[line.product_id]:
                    kinds[line].add("make")
        return kinds
