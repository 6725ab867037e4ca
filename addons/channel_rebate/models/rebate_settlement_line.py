from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL


class RebateSettlementLine(models.Model):
    """What one balance releases in a settlement; made by the system (SPEC M4)."""

    _name = "rebate.settlement.line"
    _inherit = ["rebate.kept.mixin", "document.approval.line.mixin"]
    _description = "Rebate Settlement Line"
    _order = "settlement_id desc, partner_id, id"
    _rec_name = "balance_id"
    _approval_document_field = "settlement_id"

    settlement_id = fields.Many2one(
        comodel_name="rebate.settlement", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(related="settlement_id.currency_id")
    balance_id = fields.Many2one(
        comodel_name="rebate.balance",
        string="Rebate",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", readonly=True, index=True
    )
    period_id = fields.Many2one(related="balance_id.period_id")
    earned_amount = fields.Monetary(related="balance_id.earned_amount")
    releasable_amount = fields.Monetary(related="balance_id.releasable_amount")
    released_amount = fields.Monetary(
        related="balance_id.released_amount", string="Released So Far"
    )
    amount = fields.Monetary(string="To Release", readonly=True)
    posted_amount = fields.Monetary(string="Released Here", readonly=True)
    state = fields.Selection(
        selection=[
            ("open", "Open"),
            ("posted", "Released"),
            ("held", "Not Released"),
            ("cancel", "Cancelled"),
        ],
        readonly=True,
    )
    reason = fields.Char(readonly=True)
    move_id = fields.Many2one(
        comodel_name="account.move", string="Credit Note", readonly=True
    )

    _open_uniq = models.UniqueIndex(
        "(balance_id) WHERE state = 'open'",
        "This rebate is in another settlement that is still open.",
    )

    @api.ondelete(at_uninstall=True)
    def _unlink_except_draft(self):
        if any(
            line.settlement_id.state != "draft"
            or line.settlement_id.approval_state == "pending"
            for line in self
        ):
            raise UserError(
                self.env._("Lines are taken out before the settlement is submitted.")
            )

    def _release(self):
        """Let go of these lines, so that another settlement may have them."""
        self._set({"state": "cancel"})
        drafts = self.filtered(lambda line: line.settlement_id.state == "draft")
        if drafts:
            self.env.execute_query(
                SQL(
                    "DELETE FROM rebate_settlement_line WHERE id = ANY(%s)"
                    " RETURNING id",
                    drafts.ids,
                )
            )
            self.env.invalidate_all(flush=False)

    def _set(self, values):
        """Write values past our own refusal, in one statement."""
        if not self:
            return
        self.env.execute_query(
            SQL(
                "UPDATE rebate_settlement_line SET %s WHERE id = ANY(%s) RETURNING id",
                SQL(", ").join(
                    SQL("%s = %s", SQL.identifier(name), value)
                    for name, value in values.items()
                ),
                self.ids,
            )
        )
        self.invalidate_recordset(flush=False)

    def _copy_back(self, settlement):
        """Give ``settlement`` the lines that take these back."""
        self.env.flush_all()
        self.env.execute_query(
            SQL(
                """
                INSERT INTO rebate_settlement_line (settlement_id, balance_id,
                       company_id, partner_id, amount, state, create_uid, create_date)
                SELECT %s, balance_id, company_id, partner_id, - posted_amount, 'open',
                       %s, now() AT TIME ZONE 'UTC'
                  FROM rebate_settlement_line WHERE id = ANY(%s)
             RETURNING id
                """,
                settlement.id,
                self.env.uid,
                self.ids,
            )
        )
        self.env.invalidate_all(flush=False)


class RebateSettlement(models.Model):
    _inherit = "rebate.settlement"

    @api.constrains("company_id", "currency_id")
    def _check_lines(self):
        """Lines are amounts of one company in one currency: those of the rebates."""
        for settlement in self:
            if settlement.company_id.parent_id or any(
                line.company_id != settlement.company_id
                or line.balance_id.currency_id != settlement.currency_id
                for line in settlement.line_ids
            ):
                raise ValidationError(
                    self.env._(
                        "%(number)s: company and currency are those of its rebates. "
                        "Take the lines out first, and choose a main company.",
                        number=settlement.name,
                    )
                )
