from odoo import models


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def _action_done(self, feedback=False, attachment_ids=None):
        """EXTENDS 'mail': who has done the to-do of an order task has done the task.

        The one that the system gave; what people plan on a task is their own.
        """
        task_ids = [
            activity.res_id
            for activity in self
            if activity.res_model == "sale.order.task"
            and activity.active
            and activity.automated
        ]
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        if task_ids:
            tasks = self.env["sale.order.task"].browse(task_ids)
            tasks.filtered(lambda task: task.state == "open").action_done()
        return result
