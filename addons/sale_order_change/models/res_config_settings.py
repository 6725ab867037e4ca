from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    sale_change_control = fields.Boolean(
        related="company_id.sale_change_control", readonly=False
    )
    sale_change_portal = fields.Boolean(
        related="company_id.sale_change_portal", readonly=False
    )

    def action_sale_change_create_flow(self):
        """Create the usual flow for change requests, then show it."""
        self.ensure_one()
        self.company_id._change_create_default_flow()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Approval Flows for Order Changes"),
            "res_model": "document.approval.flow",
            "view_mode": "list,form",
            "domain": [
                ("company_id", "=", self.company_id.id),
                ("model", "=", "sale.order.change"),
            ],
            "context": {"active_test": False},
        }
