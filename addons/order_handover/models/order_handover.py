from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL


class OrderHandover(models.Model):
    """One line of an order's handover list (交接明细表, SPEC F2).

    Who hands what over to whom, by when it is to be received, and who received it.
    Made by the system and frozen, without prices, so that people who may not read
    orders can receive it. What has happened is never rewritten: a refused handover
    stays, and what is handed over again is a new one.
    """

    _name = "order.handover"
    _inherit = ["document.approval.frozen", "mail.thread", "mail.activity.mixin"]
    _description = "Handover"
    _order = "deadline, id"
    _check_company_auto = True

    # identity
    name = fields.Char(string="Stage", required=True, readonly=True, translate=True)
    order_id = fields.Many2one(
        comodel_name="sale.order",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    order_name = fields.Char(string="Order Number", required=True, readonly=True)
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True
    )
    event_id = fields.Many2one(
        comodel_name="order.handover.event",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    stage_id = fields.Many2one(
        comodel_name="order.handover.stage",
        string="Stage Set-Up",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    # parties
    sender_department_id = fields.Many2one(
        comodel_name="document.approval.department",
        string="From Department",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    sender_id = fields.Many2one(
        comodel_name="res.users",
        string="Handed Over By",
        readonly=True,
        ondelete="restrict",
    )
    receiver_department_id = fields.Many2one(
        comodel_name="document.approval.department",
        string="To Department",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Responsible",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="Has the to-do; every member of the department may receive it.",
    )
    receiver_id = fields.Many2one(
        comodel_name="res.users",
        string="Received By",
        readonly=True,
        ondelete="restrict",
    )
    is_mine = fields.Boolean(
        string="Waiting for My Department",
        compute="_compute_is_mine",
        search="_search_is_mine",
        help="You may receive it.",
    )
    is_sent_by_me = fields.Boolean(compute="_compute_is_mine")
    # content
    partner_name = fields.Char(string="Customer", readonly=True)
    document = fields.Char(readonly=True)
    content = fields.Text(string="What Is Handed Over", readonly=True)
    content_fingerprint = fields.Char(readonly=True)
    line_ids = fields.One2many(
        comodel_name="order.handover.line",
        inverse_name="handover_id",
        string="Products",
        readonly=True,
    )
    note = fields.Text(string="Remarks", tracking=True)
    receipt_note = fields.Text(
        string="Remarks on Receipt",
        readonly=True,
        help="What the receiver signed for; nobody changes it afterwards.",
    )
    # state
    date_sent = fields.Datetime(string="Handed Over On", required=True, readonly=True)
    deadline = fields.Datetime(required=True, readonly=True, index=True)
    state = fields.Selection(
        selection=[
            ("waiting", "Waiting"),
            ("received", "Received"),
            ("refused", "Refused"),
            ("cancelled", "Cancelled"),
        ],
        default="waiting",
        required=True,
        readonly=True,
        index=True,
    )
    date_received = fields.Datetime(string="Received On", readonly=True)
    requires_signature = fields.Boolean(string="To Be Signed", readonly=True)
    # in the table itself: attachments could be written by who may write remarks
    signature = fields.Image(
        max_width=1024, max_height=1024, attachment=False, readonly=True
    )
    is_overdue = fields.Boolean(
        compute="_compute_is_overdue", search="_search_is_overdue"
    )
    timeliness = fields.Selection(
        selection=[("in_time", "In Time"), ("late", "Late")],
        default="in_time",
        required=True,
        readonly=True,
        help="Late: received after the deadline, or overdue.",
    )
    # refusal
    refused_by_id = fields.Many2one(
        comodel_name="res.users", readonly=True, ondelete="restrict"
    )
    date_refused = fields.Datetime(string="Refused On", readonly=True)
    refuse_reason = fields.Text(string="Reason of the Refusal", readonly=True)
    previous_id = fields.Many2one(
        comodel_name="order.handover",
        string="Again After",
        readonly=True,
        ondelete="restrict",
        help="The refused handover this one replaces.",
    )
    next_ids = fields.One2many(
        comodel_name="order.handover",
        inverse_name="previous_id",
        string="Handed Over Again",
        readonly=True,
    )
    answer = fields.Text(string="Answer to the Refusal", readonly=True)
    # escalation
    escalate_hours = fields.Float(readonly=True)
    escalation_level = fields.Integer(readonly=True, default=0)
    date_escalation = fields.Datetime(readonly=True)
    revision = fields.Integer(readonly=True, default=0)

    _stage_uniq = models.UniqueIndex(
        "(event_id, stage_id) WHERE stage_id IS NOT NULL AND previous_id IS NULL",
        "This event has this handover already.",
    )
    _previous_uniq = models.UniqueIndex(
        "(previous_id) WHERE previous_id IS NOT NULL",
        "This has been handed over again already.",
    )
    _escalation_index = models.Index("(date_escalation) WHERE state = 'waiting'")

    @api.depends("name", "order_name")
    def _compute_display_name(self):
        for row in self:
            row.display_name = f"{row.name} ({row.order_name})"

    @api.depends("state", "deadline")
    def _compute_is_overdue(self):
        now = fields.Datetime.now()
        for row in self:
            row.is_overdue = row.state == "waiting" and row.deadline < now

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        overdue = Domain("state", "=", "waiting") & Domain(
            "deadline", "<", fields.Datetime.now()
        )
        wanted = Domain.FALSE
        if True in value:
            wanted |= overdue
        if False in value:
            wanted |= ~overdue
        return wanted

    @api.depends("receiver_department_id", "sender_department_id", "sender_id")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        departments = self.env["document.approval.department"]._handover_get_mine()
        for row in self:
            row_sudo = row.sudo()  # sudo: departments need not be readable
            row.is_mine = row_sudo.receiver_department_id in departments
            row.is_sent_by_me = (
                row_sudo.sender_department_id in departments
                or row_sudo.sender_id == self.env.user
            )

    def _search_is_mine(self, operator, value):
        if operator != "in":
            return NotImplemented
        departments = self.env["document.approval.department"]._handover_get_mine()
        mine = Domain("receiver_department_id", "in", departments.ids)
        wanted = Domain.FALSE
        if True in value:
            wanted |= mine
        if False in value:
            wanted |= ~mine
        return wanted

    # Who writes what ------------------------------------------------------------

    @api.model
    def _get_open_fields(self):
        """Return what people may write: remarks; made to be extended."""
        thread = set(self.env["mail.thread"]._fields)
        activity = set(self.env["mail.activity.mixin"]._fields)
        return {"note"} | (thread | activity) - {"id", "display_name"}

    def write(self, vals):
        """Refuse what only the system writes, whoever asks.

        :raise AccessError: naming the field
        """
        for name in vals.keys() - self._get_open_fields():
            field = self._fields.get(name)
            raise AccessError(
                self.env._(
                    "%(field)s of a handover is kept by the system.",
                    field=field._description_string(self.env) if field else name,
                )
            )
        # no context key of the caller keeps changed remarks out of the history
        tracked = self.with_context(tracking_disable=False, mail_notrack=False)
        return super(OrderHandover, tracked).write(vals)

    def _write_system(self, vals):
        # sudo: states are moved by those who may, as their methods have checked
        return super(OrderHandover, self.sudo()).write(vals)

    @api.ondelete(at_uninstall=True)
    def _unlink_never(self):
        raise UserError(self.env._("Handovers are kept: they are the order's history."))

    def _bump(self):
        """Write the rows' own lines first, so that rivals are rerun (DESIGN 3)."""
        self.flush_recordset()
        if self.ids:
            self.env.execute_query(
                SQL(
                    "UPDATE order_handover SET revision = COALESCE(revision, 0) + 1"
                    " WHERE id = ANY(%s) RETURNING id",
                    sorted(self.ids),
                )
            )
        self.invalidate_recordset(flush=False)

    def _translate_names(self):
        """Give the rows the names of their stages in all languages, at once."""
        if not self.ids:
            return
        self.flush_recordset()
        self.stage_id.flush_recordset(["name"])
        self.env.execute_query(
            SQL(
                "UPDATE order_handover row SET name = stage.name"
                " FROM order_handover_stage stage"
                " WHERE stage.id = row.stage_id AND row.id = ANY(%s)"
                " RETURNING row.id",
                self.ids,
            )
        )
        self.invalidate_recordset(["name", "display_name"], flush=False)
