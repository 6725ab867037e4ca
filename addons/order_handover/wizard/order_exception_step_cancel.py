from odoo import fields, models


class OrderExceptionStepCancel(models.TransientModel):
    _name = "order.exception.step.cancel"
    _description = "Cancel a Step with the Reason"

    step_id = fields.Many2one(
        comodel_name="order.exception.step", required=True, readonly=True
    )
    reason = fields.Char(required=True)

    def action_cancel(self):
        """Cancel the step; for who may write the exception."""
        self.ensure_one()
        self.step_id._cancel(self.reason)
        return {"type": "ir.actions.act_window_close"}
