import base64

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class ChannelStatementReply(models.TransientModel):
    """Answer one objection of the customer (SPEC H5)."""

    _name = "channel.statement.reply"
    _description = "Answer an Objection"

    dispute_id = fields.Many2one(
        comodel_name="channel.statement.answer", required=True, readonly=True
    )
    line_id = fields.Many2one(related="dispute_id.line_id")
    currency_id = fields.Many2one(related="dispute_id.currency_id")
    words = fields.Text(related="dispute_id.reason", string="Customer's Words")
    has_amount = fields.Boolean(related="dispute_id.has_amount")
    amount = fields.Monetary(related="dispute_id.amount")
    attachment_ids = fields.Many2many(related="dispute_id.attachment_ids")
    result = fields.Selection(
        selection=[
            ("accept", "The customer is right"),
            ("reject", "The statement is right"),
        ],
        required=True,
    )
    reason = fields.Text(help="The customer reads it in the portal.")

    def action_reply(self):
        """Write down the answer.

        :raise AccessError: unless officer, accounting or the salesperson
        :raise UserError: when it was answered meanwhile, or a reason is missing
        """
        self.ensure_one()
        statement = self.dispute_id.statement_id
        statement._check_may_reply()
        # sudo: answers are written by the system; checked above
        statement.sudo()._reply(
            self.dispute_id.sudo(), self.result == "accept", self.reason or ""
        )
        return {"type": "ir.actions.act_window_close"}


class ChannelStatementReissue(models.TransientModel):
    """Make a new version of a statement, with the reason (SPEC H5)."""

    _name = "channel.statement.reissue"
    _description = "New Version of a Statement"

    statement_id = fields.Many2one(
        comodel_name="channel.statement",
        required=True,
        readonly=True,
        default=lambda self: self.env.context.get("active_id"),
    )
    reason = fields.Text(required=True)

    def action_reissue(self):
        """Make the draft of the new version and open it.

        :raise AccessError: for others than officers and accounting
        :raise UserError: saying why not
        """
        self.ensure_one()
        statement = self.statement_id
        statement._check_keeper()
        statement.check_access("read")
        # sudo: statements are made by the system; checked above
        draft = statement.sudo()._reissue(self.reason)
        return {
            "type": "ir.actions.act_window",
            "res_model": "channel.statement",
            "view_mode": "form",
            "res_id": draft.id,
        }


class ChannelStatementSigned(models.TransientModel):
    """Enter that the customer confirmed a statement on paper, with the scan (H5)."""

    _name = "channel.statement.signed"
    _description = "Statement Confirmed on Paper"

    statement_id = fields.Many2one(
        comodel_name="channel.statement",
        required=True,
        readonly=True,
        default=lambda self: self.env.context.get("active_id"),
    )
    name = fields.Char(string="Signed By", required=True)
    file = fields.Binary(string="Scan", required=True, attachment=False)
    filename = fields.Char()

    def action_confirm(self):
        """Confirm the statement in the customer's name, as signed on paper.

        :raise AccessError: unless officer, accounting or the salesperson
        :raise UserError: without a scan, or when it was answered meanwhile
        """
        self.ensure_one()
        statement = self.statement_id
        statement._check_may_reply()
        # sudo: answers are written by the system; checked above
        statement_sudo = statement.sudo()
        content = base64.b64decode(self.file or b"")
        files = statement_sudo._check_files([(self.filename or self.name, content)])
        if not files:
            raise UserError(self.env._("Upload the signed statement."))
        statement_sudo._confirm(self.name, way="paper")
        answer = statement_sudo.answer_ids.sorted("id")[-1:]
        answer.attachment_ids = [Command.set(answer._keep_files(files).ids)]
        return {"type": "ir.actions.act_window_close"}
