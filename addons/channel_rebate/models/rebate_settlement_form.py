from odoo import api, fields, models


class RebateSettlement(models.Model):
    """What the form of a settlement needs (SPEC M4)."""

    _inherit = "rebate.settlement"

    is_open = fields.Boolean(
        string="Can Be Changed", compute="_compute_is_open", help="Not submitted yet."
    )

    @api.depends("state", "approval_state")
    def _compute_is_open(self):
        for settlement in self:
            settlement.is_open = (
                settlement.state == "draft" and settlement.approval_state != "pending"
            )
