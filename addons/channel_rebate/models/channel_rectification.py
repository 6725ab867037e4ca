import uuid

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

_OPEN = ("draft", "told", "answered")


class ChannelRectification(models.Model):
    """What a channel partner has to put right, by when, and whether he did (SPEC L4).

    The partner is told by mail and in the portal, answers with evidence, and an
    officer verifies it. What was told stays as it is.
    """

    _name = "channel.rectification"
    _inherit = ["mail.thread", "mail.activity.mixin", "portal.mixin"]
    _description = "Rectification of a Channel Partner"
    _order = "is_open desc, date_deadline, id desc"

    #: what people write, and until when
    _open_fields = frozenset(
        {"user_id", "date_deadline", "answer", "answer_attachment_ids"}
        | {"verification_note"}
    )
    _draft_fields = frozenset({"findings", "required_actions"})
    _fixed_fields = frozenset({"channel_partner_id"})

    channel_partner_id = fields.Many2one(
        comodel_name="channel.partner",
        required=True,
        index=True,
        ondelete="restrict",
        groups="base.group_user",
        domain=[("state", "in", ("active", "rectification"))],
    )
    company_id = fields.Many2one(
        related="channel_partner_id.company_id", store=True, index=True
    )
    partner_id = fields.Many2one(
        related="channel_partner_id.partner_id", store=True, index=True
    )
    assessment_id = fields.Many2one(
        comodel_name="channel.assessment",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        groups="base.group_user",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        tracking=True,
    )
    findings = fields.Text(required=True, help="What is not as it should be.")
    required_actions = fields.Text(
        string="To Be Done", help="What the partner has to do; he reads it."
    )
    date_deadline = fields.Date(
        string="Deadline", required=True, tracking=True, help="This day included."
    )
    told_on = fields.Datetime(string="Partner Told On", readonly=True, copy=False)
    answer = fields.Text(string="Answer of the Partner", copy=False)
    answer_attachment_ids = fields.Many2many(
        comodel_name="ir.attachment", string="Evidence", copy=False
    )
    answered_on = fields.Datetime(readonly=True, copy=False)
    answered_by_id = fields.Many2one(
        comodel_name="res.users", string="Entered By", readonly=True, copy=False
    )
    verification_note = fields.Text(
        string="What Was Verified", copy=False, groups="base.group_user"
    )
    verified_on = fields.Datetime(readonly=True, copy=False)
    verified_by_id = fields.Many2one(
        comodel_name="res.users", readonly=True, copy=False
    )
    reminded_on = fields.Date(readonly=True, copy=False)
    state = fields.Selection(
        selection=[
            ("draft", "To Be Sent"),
            ("told", "Partner Told"),
            ("answered", "To Verify"),
            ("done", "Rectified"),
            ("failed", "Failed"),
            ("cancel", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
        group_expand=True,
    )
    is_open = fields.Boolean(compute="_compute_is_open", store=True)
    is_overdue = fields.Boolean(compute="_compute_is_overdue")

    @api.depends("state")
    def _compute_is_open(self):
        for each in self:
            each.is_open = each.state in _OPEN

    @api.depends("state", "date_deadline")
    def _compute_is_overdue(self):
        today = fields.Date.context_today(self)
        for each in self:
            late = each.date_deadline and each.date_deadline < today
            each.is_overdue = bool(each.is_open and late)

    @api.depends("partner_id", "date_deadline")
    def _compute_display_name(self):
        for each in self:
            each.display_name = self.env._(
                "%(partner)s by %(deadline)s",
                partner=each.sudo().partner_id.name or "",  # sudo: for the partner
                deadline=fields.Date.to_string(each.date_deadline) or "",
            )

    def _compute_access_url(self):
        """EXTENDS 'portal'."""
        result = super()._compute_access_url()
        for each in self:
            each.access_url = f"/my/rectifications/{each.id}"
        return result

    # Guard -----------------------------------------------------------------------

    @api.model
    def _get_open_fields(self):
        """Return what people may write while it is open. Made to be extended."""
        thread = set(self.env["mail.thread"]._fields)
        activity = set(self.env["mail.activity.mixin"]._fields)
        own = self._open_fields | self._draft_fields
        return own | (thread | activity) - {"id", "display_name"}

    @api.model_create_multi
    def create(self, vals_list):
        """:raise AccessError: for what methods write, or partners one cannot read"""
        allowed = self._get_open_fields() | self._fixed_fields
        for vals in vals_list:
            self._refuse_kept(vals, allowed)
        records = super().create(vals_list)
        records.channel_partner_id.check_access("read")
        return records

    @api.model
    def _create_system(self, vals):
        """Create one that follows from an assessment."""
        return super().create([vals])

    @api.model
    def default_get(self, fields):
        """EXTENDS 'base': no own default for what methods write."""
        allowed = self._get_open_fields() | self._fixed_fields
        return {
            name: value
            for name, value in super().default_get(fields).items()
            if name in allowed or self._fields[name].default
        } | ({"state": "draft"} if "state" in fields else {})

    def write(self, vals):
        """:raise AccessError: for what methods write
        :raise UserError: for closed ones, and words the partner was told
        """
        self._refuse_kept(vals, self._get_open_fields())
        own = (self._open_fields | self._draft_fields).intersection(vals)
        if own and not all(each.is_open for each in self):
            raise UserError(self.env._("What is closed stays as it is."))
        if self._draft_fields.intersection(vals) and any(
            each.state != "draft" for each in self
        ):
            raise UserError(
                self.env._(
                    "The partner was told this already. Cancel it and make a new one, "
                    "or change the deadline."
                )
            )
        result = super().write(vals)
        if "date_deadline" in vals:
            self._write_system({"reminded_on": False})
        return result

    @api.model
    def _refuse_kept(self, vals, allowed):
        for name in vals.keys() - allowed:
            if name not in self._fields:
                continue
            raise AccessError(
                self.env._(
                    "%(field)s of a rectification is kept by the system.",
                    field=self._fields[name]._description_string(self.env),
                )
            )

    def _portal_ensure_token(self):
        """EXTENDS 'portal': the token is kept by the system too."""
        if not self.access_token:
            self._write_system({"access_token": str(uuid.uuid4())})
        return self.access_token

    def _write_system(self, vals):
        # sudo: moved by those who may, as their methods have checked
        return super(ChannelRectification, self.sudo()).write(vals)

    @api.ondelete(at_uninstall=True)
    def _unlink_except_draft(self):
        if any(each.state != "draft" or each.assessment_id for each in self):
            raise UserError(self.env._("Rectifications are kept; cancel them instead."))
