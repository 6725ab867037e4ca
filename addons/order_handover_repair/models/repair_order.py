from odoo import api, fields, models
from odoo.exceptions import AccessError


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
        self._handover_refuse_step([vals])
        return super().write(vals)

    def _handover_refuse_step(self, vals_list):
        if not self.env.su and any("handover_step_id" in vals for vals in vals_list):
            raise AccessError(
                self.env._("What a repair settles is kept by the system.")
            )

    def action_repair_done(self):
        """EXTENDS 'repair': what is repaired goes back to the customer (SPEC I2).

        :raise UserError: when the goods of an exception have not come back
        """
        # sudo: the workshop need not see exceptions, nor make deliveries
        steps_sudo = self.sudo().handover_step_id
        steps_sudo._check_came_back()
        result = super().action_repair_done()
        steps_sudo._deliver_back()
        return result
