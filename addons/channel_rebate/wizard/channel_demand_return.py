from odoo import fields, models


class ChannelDemandReturn(models.TransientModel):
    """Why a demand goes back to the partner (SPEC L2)."""

    _name = "channel.demand.return"
    _description = "Return of a Channel Demand"

    demand_id = fields.Many2one(
        comodel_name="channel.demand", required=True, readonly=True
    )
    reason = fields.Text(
        string="What the partner reads",
        required=True,
        help="Say what is missing or impossible, and what to do instead.",
    )

    def action_return(self):
        """Return it.

        :raise AccessError: for who may not decide on the demand
        """
        self.ensure_one()
        self.demand_id._return(self.reason)
        return {"type": "ir.actions.act_window_close"}
