from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    handover_shipping_notice = fields.Boolean(
        string="Shipping Notice",
        help="Customers get a shipping notice by mail for every delivery that has "
        "left, at the latest the next day.",
    )

    def _handover_get_waiting_location(self):
        """Return where goods wait for the customer's acceptance; nothing if nowhere."""
        self.ensure_one()
        return self.handover_acceptance_location_id
