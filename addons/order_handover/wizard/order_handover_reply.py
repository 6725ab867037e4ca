from odoo import fields, models


class OrderHandoverReply(models.TransientModel):
    """Refuse handovers with a reason, or hand them over again with an answer."""

    _name = "order.handover.reply"
    _description = "Refuse or Answer Handovers"

    handover_ids = fields.Many2many(
        comodel_name="order.handover",
        relation="order_handover_reply_rel",
        string="Handovers",
        readonly=True,
    )
    text = fields.Text(string="Reason")

    def action_refuse(self):
        """Refuse them as the user.

        :raise AccessError: for others than members of the receiving departments
        :raise UserError: without a reason, or when somebody was faster
        """
        self.ensure_one()
        self.check_access("read")
        self.handover_ids._check_receiver()
        self.handover_ids._refuse(self.text)
        return {"type": "ir.actions.act_window_close"}

    def action_hand_over_again(self):
        """Hand them over again as the user.

        :raise AccessError: for others than the sender and his department
        :raise UserError: without an answer, or when somebody was faster
        """
        self.ensure_one()
        self.check_access("read")
        self.handover_ids._check_sender()
        self.handover_ids._hand_over_again(self.text)
        return {"type": "ir.actions.act_window_close"}
