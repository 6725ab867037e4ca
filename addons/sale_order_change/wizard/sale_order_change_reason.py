from odoo import fields, models

from ..models.sale_order_change import KINDS


class SaleOrderChangeReason(models.TransientModel):
    """Asks why before a change request is made (SPEC J1)."""

    _name = "sale.order.change.reason"
    _description = "Reason of an Order Change"

    order_id = fields.Many2one(comodel_name="sale.order", required=True, readonly=True)
    kind = fields.Selection(selection=KINDS, required=True, default="change")
    reason = fields.Text(required=True)
    effect = fields.Text(string="Expected Effect")

    def action_make(self):
        """Make the request with its lines, and open it.

        :raise UserError: the order is not confirmed
        """
        self.ensure_one()
        change = self.env["sale.order.change"].create(
            {
                "order_id": self.order_id.id,
                "kind": self.kind,
                "reason": self.reason,
                "effect": self.effect,
            }
        )
        return change.action_open()
