from odoo import api, fields, models


class OrderHandoverReceive(models.TransientModel):
    """Receive one or several handovers, with one's signature."""

    _name = "order.handover.receive"
    _description = "Receive Handovers"

    handover_ids = fields.Many2many(
        comodel_name="order.handover",
        relation="order_handover_receive_rel",
        string="Handovers",
        readonly=True,
    )
    requires_signature = fields.Boolean(compute="_compute_requires_signature")
    signer_name = fields.Char(
        string="Signed By", default=lambda self: self.env.user.name, readonly=True
    )
    signature = fields.Image(max_width=1024, max_height=1024, attachment=False)
    note = fields.Text(string="Remarks")

    @api.depends("handover_ids")
    def _compute_requires_signature(self):
        for wizard in self:
            wizard.requires_signature = any(
                wizard.handover_ids.mapped("requires_signature")
            )

    def action_receive(self):
        """Receive them as the user.

        :raise AccessError: for others than members of the receiving departments
        :raise UserError: when somebody was faster, or the signature is missing
        """
        self.ensure_one()
        self.check_access("read")
        self.handover_ids._check_receiver()
        self.handover_ids._receive(self.signature, self.note)
        return {"type": "ir.actions.act_window_close"}
