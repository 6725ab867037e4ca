from odoo import fields, models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    handover_exception_ids = fields.One2many(
        comodel_name="order.exception",
        inverse_name="picking_id",
        string="Exceptions",
        groups="base.group_user",
    )
    handover_exception_count = fields.Integer(
        compute="_compute_handover_exception_count", groups="base.group_user"
    )

    def _compute_handover_exception_count(self):
        counts = dict(
            self.env["order.exception"]._read_group(
                [("picking_id", "in", self.ids)], ["picking_id"], ["__count"]
            )
        )
        for picking in self:
            picking.handover_exception_count = counts.get(picking, 0)

    def action_handover_exceptions(self):
        """Show the exceptions of this transfer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "order_handover.order_exception_action"
        )
        action["domain"] = [("picking_id", "=", self.id)]
        action["context"] = {
            # sudo: only which order; it is opened with the user's own rights
            "default_order_id": self.sudo().sale_id.id,
            "default_picking_id": self.id,
        }
        return action
