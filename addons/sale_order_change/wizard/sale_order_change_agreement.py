from odoo import fields, models


class SaleOrderChangeAgreement(models.TransientModel):
    """Enters a compensation agreement that was signed on paper (SPEC J3)."""

    _name = "sale.order.change.agreement"
    _description = "Signed Compensation Agreement"

    change_id = fields.Many2one(
        comodel_name="sale.order.change", required=True, readonly=True
    )
    name = fields.Char(string="Signed By", required=True)
    file = fields.Binary(string="Scan", required=True, attachment=False)
    filename = fields.Char()

    def action_enter(self):
        """Keep the scan and that the customer agreed.

        :raise UserError: the request is in review or closed, or the file is too large
        """
        self.ensure_one()
        self.change_id.check_access("write")
        self.change_id._agree("scan", self.name, self.file)
        return {"type": "ir.actions.act_window_close"}
