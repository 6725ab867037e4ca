from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

SECTIONS = [
    ("late", "Earlier Periods"),
    ("movement", "Movements"),
    ("rebate", "Rebates"),
]
KINDS = [
    ("invoice", "Invoice"),
    ("credit_note", "Credit Note"),
    ("payment", "Payment"),
    ("exchange", "Exchange Difference"),
    ("other", "Other"),
    ("earlier", "Before the First Statement"),
    ("rebate", "Rebate"),
]


class ChannelStatementLine(models.Model):
    """A line of a statement: copied from the books, and frozen with it (SPEC H5).

    ``late`` lines are differences to what earlier statements stated: booked later,
    changed or taken back. ``rebate`` lines are told and do not count in the balance.
    """

    _name = "channel.statement.line"
    _inherit = ["document.approval.frozen"]
    _description = "Line of a Statement"
    _order = "statement_id, sequence, id"
    _rec_name = "document"

    statement_id = fields.Many2one(
        comodel_name="channel.statement",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency", required=True, readonly=True
    )
    sequence = fields.Integer(readonly=True)
    section = fields.Selection(selection=SECTIONS, required=True, readonly=True)
    kind = fields.Selection(selection=KINDS, required=True, readonly=True)
    date = fields.Date(readonly=True)
    document = fields.Char(readonly=True)
    reference = fields.Char(readonly=True)
    orders = fields.Char(readonly=True)
    date_due = fields.Date(string="Due Date", readonly=True)
    debit = fields.Monetary(readonly=True)
    credit = fields.Monetary(readonly=True)
    balance = fields.Monetary(
        readonly=True, aggregator=None, help="After this line, from the opening on."
    )
    rebate_amount = fields.Monetary(string="Rebate", readonly=True)
    foreign_currency_id = fields.Many2one(
        comodel_name="res.currency", string="Currency of the Document", readonly=True
    )
    amount_currency = fields.Monetary(
        string="In Its Currency",
        currency_field="foreign_currency_id",
        readonly=True,
        aggregator=None,
    )
    # where it comes from
    source_id = fields.Integer(
        string="Journal Item (ID)",
        readonly=True,
        aggregator=None,
        help="Stays when the journal item is deleted.",
    )
    move_line_id = fields.Many2one(
        comodel_name="account.move.line",
        string="Journal Item",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    move_id = fields.Many2one(
        comodel_name="account.move",
        string="Journal Entry",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    # answers
    dispute_ids = fields.One2many(
        comodel_name="channel.statement.answer",
        inverse_name="line_id",
        string="Answers",
        readonly=True,
    )
    dispute_state = fields.Selection(
        selection=[
            ("open", "Disputed"),
            ("accepted", "Accepted"),
            ("rejected", "Rejected"),
        ],
        string="Dispute",
        compute="_compute_dispute_state",
    )

    @api.depends("dispute_ids.reply_state")
    def _compute_dispute_state(self):
        for line in self:
            disputes = line.dispute_ids.sorted("id")
            line.dispute_state = disputes[-1:].reply_state or False

    def write(self, vals):
        """Refuse to change a line of an issued statement, whoever asks.

        :raise AccessError: in words
        """
        # sudo: the stored state, whoever writes
        if any(line.statement_id.state != "draft" for line in self.sudo()):
            raise AccessError(
                self.env._("Lines of an issued statement cannot be changed.")
            )
        return super().write(vals)

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse to add to an issued statement, whoever asks.

        :raise AccessError: in words
        """
        lines = super().create(vals_list)
        if any(line.statement_id.state != "draft" for line in lines):
            raise AccessError(self.env._("An issued statement gets no further lines."))
        return lines

    @api.ondelete(at_uninstall=True)
    def _unlink_never(self):
        """EXTENDS 'document_approval'."""
        if any(line.statement_id.state != "draft" for line in self):
            raise UserError(self.env._("Lines of an issued statement are kept."))

    def action_open_move(self):
        """Open the entry the line was copied from, where the user may read it."""
        self.ensure_one()
        self.check_access("read")
        self.move_id.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "view_mode": "form",
            "res_id": self.move_id.id,
        }
