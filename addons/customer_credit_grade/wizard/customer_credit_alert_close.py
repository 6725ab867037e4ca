from odoo import fields, models


class CustomerCreditAlertClose(models.TransientModel):
    """Asks why alerts are closed (SPEC D5)."""

    _name = "customer.credit.alert.close"
    _description = "Close Credit Alerts"

    alert_ids = fields.Many2many(
        comodel_name="customer.credit.alert",
        relation="customer_credit_alert_close_rel",
        required=True,
        readonly=True,
        string="Alerts",
    )
    reason = fields.Text(required=True)

    def action_close(self):
        """Close all of them, or none."""
        self.ensure_one()
        self.alert_ids.action_close(self.reason)
        return {"type": "ir.actions.act_window_close"}
