from odoo import api, models


class ResCompany(models.Model):
    """Who approves assessments where nobody has set it up otherwise (SPEC L4)."""

    _inherit = "res.company"

    @api.model
    def _sale_policy_get_usual_flows(self):
        """EXTENDS 'sale_order_policy': assessments, sales then management."""
        return {
            **super()._sale_policy_get_usual_flows(),
            "channel.assessment": (
                self.env._("Channel assessments"),
                [
                    (10, self.env._("Sales"), ["sales"], 3.0, None),
                    (20, self.env._("Management"), ["management"], 3.0, None),
                ],
            ),
        }

    def _channel_create_default_flow(self):
        """Give these companies a flow for assessments, where they lack one.

        :return: the flows that were created
        """
        return self.filtered(
            lambda company: not company.parent_id
        )._sale_policy_create_usual_flow("channel.assessment")

    @api.model_create_multi
    def create(self, vals_list):
        """EXTENDS 'base': a company may have them approved from its first day."""
        companies = super().create(vals_list)
        self.env["document.approval.flow"]._forget_gated_companies()
        companies.filtered(
            lambda company: company.channel_assessment_mode == "enforce"
        )._channel_create_default_flow()
        return companies

    def write(self, vals):
        """EXTENDS 'base': whoever has them approved needs somebody to do it."""
        result = super().write(vals)
        if {"channel_assessment_mode", "parent_id"}.intersection(vals):
            self.env["document.approval.flow"]._forget_gated_companies()
        if vals.get("channel_assessment_mode") == "enforce":
            self._channel_create_default_flow()
        return result
