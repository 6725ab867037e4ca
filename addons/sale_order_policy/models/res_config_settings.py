from odoo import models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    def action_sale_policy_create_default_flow(self):
        """Create the usual departments and levels, then show the flow."""
        self.ensure_one()
        self.company_id._sale_policy_create_default_flow()
        flows = self.env["document.approval.flow"].search(
            [("company_id", "=", self.company_id.id), ("model", "=", "sale.order")]
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Approval Flows for Orders"),
            "res_model": "document.approval.flow",
            "view_mode": "list,form",
            "domain": [("id", "in", flows.ids)],
        }
