from odoo import fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    handover_exception_ids = fields.One2many(
        comodel_name="order.exception",
        inverse_name="order_id",
        string="Exceptions",
        groups="base.group_user",
    )
    handover_exception_count = fields.Integer(
        compute="_compute_handover_exception_count", groups="base.group_user"
    )
    handover_open_exception_count = fields.Integer(
        string="Open Exceptions",
        compute="_compute_handover_exception_count",
        groups="base.group_user",
    )
    handover_notice_ids = fields.One2many(
        comodel_name="order.shipping.notice",
        inverse_name="order_id",
        string="Shipping Notices",
        groups="base.group_user",
    )

    def _compute_handover_exception_count(self):
        counts = {}
        for order, state, count in self.env["order.exception"]._read_group(
            [("order_id", "in", self.ids)], ["order_id", "state"], ["__count"]
        ):
            number, still_open = counts.get(order, (0, 0))
            still_open += count if state != "closed" else 0
            counts[order] = (number + count, still_open)
        for order in self:
            number, still_open = counts.get(order, (0, 0))
            order.handover_exception_count = number
            order.handover_open_exception_count = still_open

    def action_handover_exceptions(self):
        """Show the exceptions of this order."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "order_handover.order_exception_action"
        )
        action["domain"] = [("order_id", "=", self.id)]
        action["context"] = {"default_order_id": self.id}
        return action
