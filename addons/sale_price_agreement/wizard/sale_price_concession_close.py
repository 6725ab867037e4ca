from odoo import fields, models


class SalePriceConcessionClose(models.TransientModel):
    """Asks why a concession is closed before its end (SPEC C2)."""

    _name = "sale.price.concession.close"
    _description = "Close a Price Concession"

    concession_id = fields.Many2one(
        comodel_name="sale.price.concession", required=True, ondelete="cascade"
    )
    reason = fields.Text(required=True)

    def action_close(self):
        """Close it; whoever may not is refused there."""
        for asked in self:
            asked.concession_id.action_close(asked.reason)
        return {"type": "ir.actions.act_window_close"}
