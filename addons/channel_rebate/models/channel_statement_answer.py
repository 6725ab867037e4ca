from odoo import api, fields, models
from odoo.exceptions import UserError

KINDS = [
    ("confirm", "Confirmed"),
    ("dispute", "Disputed"),
    ("accept", "Accepted"),
    ("reject", "Rejected"),
    ("silence", "Confirmed by Silence"),
    ("close", "Closed"),
    ("reissue", "New Version"),
]


class ChannelStatementAnswer(models.Model):
    """What one side told the other about a statement: who, when, in which words (H5).

    Append-only. A dispute is settled by the answer to it, a row of its own; one answer
    for each. Written by the system only.
    """

    _name = "channel.statement.answer"
    _inherit = ["document.approval.frozen"]
    _description = "Answer About a Statement"
    _order = "id"
    _rec_name = "kind"

    statement_id = fields.Many2one(
        comodel_name="channel.statement",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency", required=True, readonly=True
    )
    kind = fields.Selection(selection=KINDS, required=True, readonly=True)
    line_id = fields.Many2one(
        comodel_name="channel.statement.line",
        string="Line",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Empty: something is missing on the statement.",
    )
    parent_id = fields.Many2one(
        comodel_name="channel.statement.answer",
        string="Answer To",
        readonly=True,
        ondelete="restrict",
    )
    reply_ids = fields.One2many(
        comodel_name="channel.statement.answer",
        inverse_name="parent_id",
        string="Answered By",
        readonly=True,
    )
    reply_state = fields.Selection(
        selection=[
            ("open", "Open"),
            ("accepted", "Accepted"),
            ("rejected", "Rejected"),
        ],
        string="Dispute",
        compute="_compute_reply_state",
    )
    reason = fields.Text(string="Words", readonly=True)
    has_amount = fields.Boolean(readonly=True)
    amount = fields.Monetary(
        string="Right Amount",
        readonly=True,
        aggregator=None,
        help="What the customer takes for right.",
    )
    name = fields.Char(string="Signed By", readonly=True)
    author_id = fields.Many2one(
        comodel_name="res.partner", readonly=True, ondelete="restrict"
    )
    date = fields.Datetime(
        required=True, readonly=True, default=lambda self: fields.Datetime.now()
    )
    way = fields.Selection(
        selection=[("portal", "In the Portal"), ("paper", "On Paper")],
        string="How",
        readonly=True,
    )
    address = fields.Char(string="IP Address", readonly=True)
    signature = fields.Image(
        readonly=True, attachment=True, max_width=1024, max_height=1024
    )
    attachment_ids = fields.Many2many(
        comodel_name="ir.attachment",
        relation="channel_statement_answer_attachment_rel",
        string="Files",
        readonly=True,
    )

    _parent_uniq = models.UniqueIndex(
        "(parent_id) WHERE parent_id IS NOT NULL", "This has been answered already."
    )

    @api.depends("kind", "reply_ids.kind")
    def _compute_reply_state(self):
        states = {"accept": "accepted", "reject": "rejected"}
        for answer in self:
            if answer.kind != "dispute":
                answer.reply_state = False
                continue
            answer.reply_state = states.get(answer.reply_ids[:1].kind, "open")

    def write(self, vals):
        """Refuse it, whoever asks: what was said was said.

        :raise UserError: always, but for files added while a row is made
        """
        if set(vals) - {"attachment_ids"} or any(
            answer.attachment_ids for answer in self
        ):
            raise UserError(self.env._("What was answered is kept as it is."))
        return super().write(vals)

    @api.ondelete(at_uninstall=True)
    def _unlink_never(self):
        """EXTENDS 'document_approval'."""
        raise UserError(self.env._("What was answered is kept as it is."))

    def action_reply(self):
        """Open the form in which a dispute is answered."""
        self.ensure_one()
        self.statement_id._check_may_reply()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Answer the Customer"),
            "res_model": "channel.statement.reply",
            "view_mode": "form",
            "target": "new",
            "context": {"default_dispute_id": self.id},
        }
