from odoo import api, fields, models


class SaleOrder(models.Model):
    """The tasks of an order, for its owner (SPEC F1)."""

    _inherit = "sale.order"

    policy_task_ids = fields.One2many(
        comodel_name="sale.order.task",
        inverse_name="order_id",
        string="Order Tasks",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    policy_task_count = fields.Integer(
        string="Number of Order Tasks",
        compute="_compute_policy_task_count",
        groups="base.group_user",
    )
    policy_task_open_count = fields.Integer(
        string="Open Order Tasks",
        compute="_compute_policy_task_count",
        groups="base.group_user",
    )

    @api.depends("policy_task_ids.state")
    def _compute_policy_task_count(self):
        for order in self:
            tasks = order.policy_task_ids.filtered(
                lambda task: task.state != "cancelled"
            )
            order.policy_task_count = len(tasks)
            order.policy_task_open_count = len(
                tasks.filtered(lambda task: task.state == "open")
            )

    def action_policy_tasks(self):
        """Show the tasks of this order."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sale_order_policy.sale_order_task_action"
        )
        return {**action, "domain": [("order_id", "=", self.id)], "context": {}}
