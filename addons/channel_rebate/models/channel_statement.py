from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

STATES = [
    ("draft", "Draft"),
    ("issued", "Issued"),
    ("disputed", "Disputed"),
    ("confirmed", "Confirmed"),
    ("closed", "Closed"),
    ("superseded", "Replaced"),
]
WAYS = [
    ("portal", "In the Portal"),
    ("paper", "On Paper"),
    ("silence", "By Silence"),
]
#: states of statements that have left the house and count
LIVE = ("issued", "disputed", "confirmed", "closed")


class ChannelStatement(models.Model):
    """Reconciliation statement (对账单) of a customer for a period (SPEC H5).

    Opening balance, movements of the receivable accounts of a root company with all its
    branches, closing balance, in the company's currency. A draft shows the books; once
    it is issued nothing it states changes any more, whoever asks, and its fingerprint
    says so. What is booked late stands in the next statement. Made and kept by the
    system: no group may create or write.
    """

    _name = "channel.statement"
    _inherit = [
        "portal.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "document.approval.frozen",
    ]
    _description = "Reconciliation Statement"
    _order = "date_to desc, id desc"
    _check_company_auto = True
    _mail_post_access = "read"

    #: what an issued statement states
    _stated_fields = frozenset(
        {
            "name",
            "company_id",
            "currency_id",
            "partner_id",
            "partner_name",
            "date_from",
            "date_to",
            "version",
            "replaces_id",
            "opening_balance",
            "debit_total",
            "credit_total",
            "closing_balance",
            "rebate_total",
            "line_ids",
            "fingerprint",
            "date_issued",
        }
    )

    # identity
    name = fields.Char(string="Number", readonly=True, copy=False, index="trigram")
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True
    )
    date_from = fields.Date(string="From", required=True, readonly=True)
    date_to = fields.Date(
        string="To", required=True, readonly=True, help="This day included."
    )
    version = fields.Integer(required=True, readonly=True, default=1, aggregator=None)
    replaces_id = fields.Many2one(
        comodel_name="channel.statement",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    replaced_by_ids = fields.One2many(
        comodel_name="channel.statement",
        inverse_name="replaces_id",
        string="Replaced By",
        readonly=True,
    )
    # parties
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    partner_name = fields.Char(string="Name on the Statement", readonly=True)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Salesperson",
        compute="_compute_user_id",
        store=True,
        index=True,
    )
    # money
    currency_id = fields.Many2one(
        comodel_name="res.currency", required=True, readonly=True
    )
    opening_balance = fields.Monetary(readonly=True, aggregator=None)
    debit_total = fields.Monetary(string="Debit", readonly=True)
    credit_total = fields.Monetary(string="Credit", readonly=True)
    closing_balance = fields.Monetary(readonly=True)
    rebate_total = fields.Monetary(string="Rebates", readonly=True)
    line_ids = fields.One2many(
        comodel_name="channel.statement.line",
        inverse_name="statement_id",
        string="Lines",
        readonly=True,
    )
    # state
    state = fields.Selection(
        selection=STATES,
        default="draft",
        required=True,
        readonly=True,
        index=True,
        copy=False,
        tracking=True,
        group_expand=True,
    )
    date_issued = fields.Datetime(string="Issued On", readonly=True, copy=False)
    issued_by_id = fields.Many2one(
        comodel_name="res.users", string="Issued By", readonly=True, copy=False
    )
    confirmed_on = fields.Datetime(readonly=True, copy=False)
    confirmed_by = fields.Char(readonly=True, copy=False)
    confirmed_way = fields.Selection(
        selection=WAYS, string="How Confirmed", readonly=True, copy=False
    )
    date_reminded = fields.Datetime(string="Reminded On", readonly=True, copy=False)
    # evidence
    fingerprint = fields.Char(
        string="Fingerprint (SHA-256)",
        readonly=True,
        copy=False,
        help="Of everything the statement states. It is computed again whenever the "
        "statement is looked at.",
    )
    may_keep = fields.Boolean(compute="_compute_may")
    may_reply = fields.Boolean(compute="_compute_may")

    _version_uniq = models.UniqueIndex(
        "(company_id, partner_id, date_from, date_to, version)",
        "This customer has a statement of this period already.",
    )
    _period_check = models.Constraint(
        "CHECK (date_from <= date_to)", "A period cannot end before it begins."
    )

    @api.depends("name", "date_from", "date_to", "state", "partner_name")
    def _compute_display_name(self):
        for statement in self:
            if statement.name:
                statement.display_name = statement.name
                continue
            statement.display_name = self.env._(
                "Draft %(customer)s %(start)s – %(end)s",
                customer=statement.partner_name or "",
                start=format_date(self.env, statement.date_from),
                end=format_date(self.env, statement.date_to),
            )

    @api.depends(
        "company_id", "partner_id.user_id", "partner_id.channel_partner_ids.user_id"
    )
    def _compute_user_id(self):
        """The one of the channel partner's file, else of the customer."""
        for statement in self:
            # sudo: whose customer it is
            partner_sudo = statement.partner_id.sudo()
            files_sudo = partner_sudo.channel_partner_ids.filtered(
                lambda file, company=statement.company_id: file.company_id == company
            )
            statement.user_id = files_sudo.user_id[:1] or partner_sudo.user_id

    @api.depends_context("uid")
    @api.depends("user_id")
    def _compute_may(self):
        keeper = self._is_keeper()
        for statement in self:
            statement.may_keep = keeper
            statement.may_reply = keeper or statement.user_id == self.env.user

    def _compute_access_url(self):
        result = super()._compute_access_url()
        for statement in self:
            statement.access_url = f"/my/statements/{statement.id}"
        return result

    # Guard -----------------------------------------------------------------------

    def write(self, vals):
        """Refuse to change what an issued statement states, whoever asks.

        :raise AccessError: naming the field
        """
        names = self._stated_fields.intersection(vals)
        if vals.get("state") == "draft":  # nothing goes back
            names |= {"state"}
        if names and any(statement.state != "draft" for statement in self.sudo()):
            # sudo above: the stored state, whoever writes
            field = self._fields[sorted(names)[0]]
            raise AccessError(
                self.env._(
                    "%(field)s of an issued statement cannot be changed. Issue a new "
                    "version instead.",
                    field=field._description_string(self.env),
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=True)
    def _unlink_never(self):
        """EXTENDS 'document_approval': a draft has not left the house."""
        if any(statement.state != "draft" for statement in self):
            raise UserError(self.env._("Issued statements are kept."))

    # Rights ----------------------------------------------------------------------

    @api.model
    def _is_keeper(self):
        """Tell whether the user may make, issue, close and reissue statements."""
        user = self.env.user
        return (
            self.env.su
            or user.has_group("channel_rebate.group_officer")
            or user.has_group("account.group_account_invoice")
        )

    @api.model
    def _check_keeper(self):
        """:raise AccessError: for users who are not :meth:`_is_keeper`"""
        if not self._is_keeper():
            raise AccessError(
                self.env._("Only channel officers and accounting may do that.")
            )

    def _check_may_reply(self):
        """:raise AccessError: unless officer, accounting or the salesperson"""
        self.check_access("read")
        for statement in self:
            if not statement.may_reply:
                raise AccessError(
                    self.env._(
                        "%(statement)s: only its salesperson, channel officers and "
                        "accounting may answer the customer.",
                        statement=statement.display_name,
                    )
                )

    def _bump(self):
        """Write the row all rivals write, then look at the statements anew."""
        for company, statements in self.grouped("company_id").items():
            self.env["channel.statement.series"]._bump(company, statements.partner_id)
        self.invalidate_recordset()

    def _check_state(self, states, text):
        """:raise UserError: with ``text`` for the first in none of ``states``"""
        for statement in self:
            if statement.state not in states:
                labels = dict(self._fields["state"]._description_selection(self.env))
                raise UserError(
                    self.env._(
                        "%(statement)s is “%(state)s”: %(text)s",
                        statement=statement.display_name,
                        state=labels[statement.state],
                        text=text,
                    )
                )

    @api.model
    def _statement_get_today(self, company):
        """Return today where the company is."""
        zone = company.partner_id.tz or self.env.user.tz or "UTC"
        return fields.Date.context_today(self.with_context(tz=zone))

    # Screens ----------------------------------------------------------------------

    def action_preview(self):
        """Open the page the customer sees."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_url", "target": "self", "url": self.access_url}

    def action_discard(self):
        """Delete drafts.

        :raise UserError: for what was issued
        """
        self._check_keeper()
        self.check_access("read")
        # sudo: no group deletes statements; checked above, and issued ones are kept
        self.sudo().unlink()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "view_mode": "list,kanban,form",
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "target": "main",
        }

    def action_open_differences(self):
        """Show what differs from the books by now."""
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Differs from the Books"),
            "res_model": "channel.statement.difference",
            "view_mode": "list",
            "domain": [("statement_id", "in", self.ids)],
            "context": {"channel_statement_ids": self.ids},
        }
