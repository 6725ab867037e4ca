from odoo import fields, models


class StockReturnPicking(models.TransientModel):
    _inherit = "stock.return.picking"

    handover_step_id = fields.Many2one(
        comodel_name="order.exception.step", readonly=True, ondelete="cascade"
    )

    def _get_proc_values(self, line):
        """EXTENDS 'stock': an exchange that settles an exception starts now."""
        values = super()._get_proc_values(line)
        step = self.handover_step_id
        if step and self.env.su:
            values.update(
                handover_step_id=step.id,
                date_planned=fields.Datetime.now(),
                date_deadline=False,
                priority=step._get_priority(),
            )
        return values


class StockReturnPickingLine(models.TransientModel):
    _inherit = "stock.return.picking.line"

    def _prepare_move_default_values(self, new_picking):
        """EXTENDS 'stock': the return settles the step it was made for, if any."""
        values = super()._prepare_move_default_values(new_picking)
        step = self.wizard_id.handover_step_id if self.env.su else False
        values["handover_step_id"] = step and step.id
        return values
