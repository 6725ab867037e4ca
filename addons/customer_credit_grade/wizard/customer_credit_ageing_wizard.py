from odoo import fields, models


class CustomerCreditAgeingWizard(models.TransientModel):
    """Asks for the day of an ageing report (SPEC D6)."""

    _name = "customer.credit.ageing.wizard"
    _description = "Ageing as of a Day"

    date = fields.Date(
        string="As Of",
        required=True,
        default=lambda self: self.env["customer.credit.ageing"]._get_today(),
    )

    def action_show(self):
        """Show what was open at the end of that day."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_credit_grade.customer_credit_ageing_action"
        )
        return {
            **action,
            "name": self.env._("Ageing as of %s", self.date),
            "context": {"ageing_date": str(self.date)},
        }

    def action_export(self):
        """Load it down as a spreadsheet."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/customer_credit/ageing.xlsx?date={self.date}",
            "target": "download",
        }
