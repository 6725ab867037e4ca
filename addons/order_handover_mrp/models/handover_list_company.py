from odoo import models


class ResCompany(models.Model):
    _inherit = "res.company"

    def _handover_get_default_stages(self):
        """EXTENDS 'order_handover': what is made goes to the warehouse."""
        name = self.env._("Finished products to the warehouse")
        stage = (name, "production", "warehouse", 4, "hours", "after_event", 0)
        return {
            **super()._handover_get_default_stages(),
            ("production_done", "all"): stage,
        }
