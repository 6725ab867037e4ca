from odoo import models


class ResCompany(models.Model):
    _inherit = "res.company"

    def _handover_get_default_stages(self):
        """EXTENDS 'order_handover': the warehouse knows what is to come."""
        name = self.env._("Expected goods to the warehouse")
        stage = (name, "purchasing", "warehouse", 1, "days", "after_event", 0)
        return {
            **super()._handover_get_default_stages(),
            ("purchase_approved", "all"): stage,
        }
