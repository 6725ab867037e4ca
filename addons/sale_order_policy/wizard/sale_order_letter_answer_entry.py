from odoo import api, fields, models
from odoo.exceptions import AccessError


class SaleOrderLetterAnswerEntry(models.TransientModel):
    """An answer the customer gave by telephone or mail, entered by us (SPEC L3)."""

    _name = "sale.order.letter.answer.entry"
    _description = "Enter a Customer's Answer"

    answer_id = fields.Many2one(
        comodel_name="sale.order.letter.answer",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    partner_id = fields.Many2one(related="answer_id.partner_id")
    agrees = fields.Selection(
        selection=[("confirm", "Confirms"), ("object", "Objects")],
        string="The Customer",
        required=True,
    )
    answered_name = fields.Char(
        string="Who Said So", required=True, help="The person at the customer."
    )
    words = fields.Text(
        string="What Was Said",
        required=True,
        help="How it reached us, and in whose words: kept with the order.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """EXTENDS: only for questions about orders the user may write.

        :raise AccessError: otherwise
        """
        entries = super().create(vals_list)
        entries._check_rights()
        return entries

    def action_enter(self):
        """Keep the answer as given to us; it can no longer be changed.

        :raise AccessError: for who may not write the order
        :raise UserError: when it was answered meanwhile
        """
        self.ensure_one()
        self._check_rights()
        self.answer_id._answer(
            self.agrees == "confirm", "staff", self.answered_name, self.words
        )
        return {"type": "ir.actions.act_window_close"}

    def _check_rights(self):
        if not self.env.user._is_internal():
            raise AccessError(self.env._("Only our own people enter answers here."))
        self.answer_id.check_access("read")
        self.answer_id.order_id.check_access("write")
