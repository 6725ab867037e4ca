from odoo import fields, models


class SaleOrderType(models.Model):
    _inherit = "sale.order.type"

    handover_requires_acceptance = fields.Boolean(
        string="Requires Acceptance",
        help="What is delivered counts as delivered, and is invoiced and written off, "
        "only when the customer has signed for it. A customer may differ.",
    )

    def write(self, vals):
        result = super().write(vals)
        if "handover_requires_acceptance" in vals:
            # sudo: quotations the user may not see follow as well
            self.env["sale.order"].sudo()._handover_decide_again(
                [("policy_type_id", "in", self.ids)]
            )
        return result
