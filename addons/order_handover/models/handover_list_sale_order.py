from odoo import api, fields, models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    """Handovers begin with the confirmation and end with it (SPEC F1, F2)."""

    _inherit = "sale.order"

    handover_list_ids = fields.One2many(
        comodel_name="order.handover",
        inverse_name="order_id",
        string="Handover List",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    handover_list_count = fields.Integer(
        string="Number of Handovers",
        compute="_compute_handover_list_count",
        groups="base.group_user",
    )
    handover_list_open_count = fields.Integer(
        string="Waiting Handovers",
        compute="_compute_handover_list_count",
        groups="base.group_user",
    )

    @api.depends("handover_list_ids.state")
    def _compute_handover_list_count(self):
        for order in self:
            rows = order.handover_list_ids.filtered(
                lambda row: row.state != "cancelled"
            )
            order.handover_list_count = len(rows)
            order.handover_list_open_count = len(
                rows.filtered(lambda row: row.state == "waiting")
            )

    @api.model_create_multi
    def create(self, vals_list):
        """EXTENDS 'sale': orders that are confirmed from the start."""
        orders = super().create(vals_list)
        orders.filtered(self._approval_is_protected)._handover_list_enter()
        return orders

    def write(self, vals):
        """EXTENDS 'sale': notice what becomes confirmed, and what no longer is.

        By whatever route an order is confirmed, it ends here; what a gate refuses is
        rolled back with it.
        """
        if "state" not in vals:
            return super().write(vals)
        before = self.filtered(self._approval_is_protected)
        result = super().write(vals)
        after = self.filtered(self._approval_is_protected)
        (after - before)._handover_list_enter()
        (before - after)._handover_list_leave()
        return result

    def _handover_list_enter(self):
        """Queue the handovers of orders that have just been confirmed."""
        events = self.env["order.handover.event"].sudo()  # sudo: customers confirm too
        if not self or not events._is_used():
            return
        groups = events._read_group(
            [("order_id", "in", self.ids), ("kind", "=", "order_confirmed")],
            groupby=["order_id"],
            aggregates=["__count"],
        )
        times = {order.id: count for order, count in groups}
        events._queue(
            "order_confirmed",
            [
                {
                    "order_id": order_id,
                    "key": str(times.get(order_id, 0) + 1),
                    "source_model": "sale.order",
                    "source_ids": [order_id],
                }
                for order_id in self.ids
            ],
        )

    def _handover_list_leave(self):
        """End what is queued and what waits for orders confirmed no longer."""
        if self:
            # sudo: handovers of other departments end as well
            self.env["order.handover.event"].sudo()._withdraw(self)
            self.env["order.handover"].sudo()._cancel_of_orders(self)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_handed_over(self):
        # sudo: handovers the user may not see count as well
        rows_sudo = self.env["order.handover"].sudo()
        row_sudo = rows_sudo.search([("order_id", "in", self.ids)], limit=1)
        if row_sudo:
            raise UserError(
                self.env._(
                    "%(order)s was handed over between departments and cannot be "
                    "deleted; it stays cancelled.",
                    order=row_sudo.order_name,
                )
            )

    def action_handover_list(self):
        """Show the handovers of this order."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "order_handover.order_handover_action"
        )
        return {**action, "domain": [("order_id", "=", self.id)], "context": {}}
