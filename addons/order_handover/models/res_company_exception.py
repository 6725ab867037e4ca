from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    _inherit = "res.company"

    handover_late_days = fields.Integer(
        string="Late Deliveries",
        help="A delivery that has not left so many days after its date becomes an "
        "exception by itself. 0: never.",
    )
    handover_exception_coordinator_id = fields.Many2one(
        comodel_name="res.users",
        string="Coordinator of Exceptions",
        domain=[("share", "=", False)],
        help="Is told when a customer was not informed within 24 hours. Empty: the "
        "first order coordinator.",
    )

    @api.constrains("handover_late_days")
    def _check_handover_late_days(self):
        for company in self:
            if not 0 <= company.handover_late_days <= 365:
                raise ValidationError(
                    self.env._("A delivery is late after 0 to 365 days.")
                )

    def _handover_get_exception_coordinator(self):
        """Return who is told when an exception is left lying; called as sudo."""
        self.ensure_one()
        chosen = self.handover_exception_coordinator_id
        people = self.env.ref("order_handover.group_officer").all_user_ids
        allowed = (chosen | people.sorted("id"))._approval_working_for(self)
        managers = self.env.ref("order_handover.group_manager").all_user_ids
        return (allowed - (managers - chosen))[:1] or allowed[:1]
