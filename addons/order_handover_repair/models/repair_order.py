from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class RepairOrder(models.Model):
    _inherit = "repair.order"

    handover_step_id = fields.Many2one(
        comodel_name="order.exception.step",
        string="Settles",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The step of an order exception this repair is made for.",
    )
    handover_exception_id = fields.Many2one(
        related="handover_step_id.exception_id", string="Order Exception"
    )

    @api.model
    def default_get(self, fields):
        """EXTENDS 'repair': no default puts a repair under a step."""
        values = super().default_get(fields)
        values.pop("handover_step_id", None)
        return values

    @api.model_create_multi
    def create(self, vals_list):
        self._handover_refuse_step(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        """EXTENDS 'repair': what is repaired goes back to the customer (SPEC I2).

        By whatever button: when the last repair of a step is done, or cancelled.

        :raise AccessError: for users who say what a repair settles
        :raise UserError: when the goods of an exception have not come back
        """
        self._handover_refuse_step([vals])
        if vals.get("state") not in ("done", "cancel"):
            return super().write(vals)
        # sudo: the workshop need not see exceptions, nor make deliveries
        steps_sudo = self.sudo().handover_step_id
        for order_sudo in steps_sudo.order_id:
            # who finishes another repair of the order at this moment is run again
            order_sudo._handover_bump()
        if vals["state"] == "done":
            steps_sudo._check_came_back()
        result = super().write(vals)
        steps_sudo._deliver_back()
        return result

    @api.ondelete(at_uninstall=True)
    def _unlink_except_of_steps(self):
        # sudo: the workshop need not see exceptions
        for repair_sudo in self.sudo().filtered("handover_step_id"):
            raise UserError(
                self.env._(
                    "%(repair)s settles %(exception)s and is kept. Cancel it instead.",
                    repair=repair_sudo.name,
                    exception=repair_sudo.handover_exception_id.name,
                )
            )

    def _handover_refuse_step(self, vals_list):
        if not self.env.su and any("handover_step_id" in vals for vals in vals_list):
            raise AccessError(
                self.env._("What a repair settles is kept by the system.")
            )
