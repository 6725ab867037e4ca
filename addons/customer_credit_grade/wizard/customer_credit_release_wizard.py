from odoo import api, fields, models


class CustomerCreditReleaseWizard(models.TransientModel):
    """Asks why and until when held documents are released (SPEC D4)."""

    _name = "customer.credit.release.wizard"
    _description = "Release Held Documents"

    hold_ids = fields.Many2many(
        comodel_name="customer.credit.hold",
        relation="customer_credit_release_wizard_hold_rel",
        required=True,
        readonly=True,
        string="Held Documents",
    )
    date_to = fields.Date(
        string="Good Until", help="Empty: as long as your cap allows."
    )
    reason = fields.Text(required=True)
    objection = fields.Text(compute="_compute_objection")

    @api.depends("hold_ids")
    def _compute_objection(self):
        """Say beforehand what keeps the user from releasing."""
        for wizard in self:
            found = {
                hold._get_release_objection(self.env.user) for hold in wizard.hold_ids
            }
            wizard.objection = "\n".join(sorted(text for text in found if text))

    def action_release(self):
        """Release all of them, or none."""
        self.ensure_one()
        self.hold_ids.action_release(self.reason, self.date_to)
        return {"type": "ir.actions.act_window_close"}
