from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from .channel_assessment_result import PRIORITIES, RESULTS

#: states an assessment leads to, and out of
_DECIDED = frozenset({"rectification", "terminated"})


class ChannelPartner(models.Model):
    """What the last assessment says of a channel partner (SPEC L4)."""

    _inherit = "channel.partner"

    #: written by decided assessments only
    _assessed_fields = frozenset(
        {"assessment_id", "assessed_score", "assessed_result", "assessed_on"}
        | {"priority", "rebate_extra_rate", "rebate_extra_from", "support_amount"}
        | {"assessed_revision"}
    )

    assessment_ids = fields.One2many(
        comodel_name="channel.assessment",
        inverse_name="channel_partner_id",
        string="Assessments",
        readonly=True,
    )
    assessment_id = fields.Many2one(
        comodel_name="channel.assessment",
        string="Assessment in Effect",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
    )
    assessed_score = fields.Float(
        string="Score", readonly=True, copy=False, digits=(16, 2), aggregator="avg"
    )
    assessed_result = fields.Selection(
        selection=RESULTS, string="Result", readonly=True, copy=False, index=True
    )
    assessed_on = fields.Date(readonly=True, copy=False)
    priority = fields.Selection(
        selection=PRIORITIES, readonly=True, copy=False, default="0"
    )
    rebate_extra_rate = fields.Float(
        string="Extra Rebate (Percentage Points)",
        readonly=True,
        copy=False,
        digits=(16, 4),
        aggregator=None,
        help="Added to the rebate rates until the next assessment takes effect.",
    )
    rebate_extra_from = fields.Date(
        string="Extra Rebate Since", readonly=True, copy=False
    )
    support_amount = fields.Monetary(string="Market Support", readonly=True, copy=False)
    rectification_ids = fields.One2many(
        comodel_name="channel.rectification",
        inverse_name="channel_partner_id",
        string="Rectifications",
        readonly=True,
    )
    rectification_deadline = fields.Date(
        string="To Be Rectified By", compute="_compute_rectification_deadline"
    )
    assessed_revision = fields.Integer(readonly=True, copy=False)

    @api.depends("rectification_ids.state", "rectification_ids.date_deadline")
    def _compute_rectification_deadline(self):
        for channel in self:
            dates = channel._get_open_rectifications().mapped("date_deadline")
            channel.rectification_deadline = min(dates, default=False)

    def _get_open_rectifications(self):
        """Return the rectifications that are not closed yet."""
        return self.rectification_ids.filtered("is_open")

    def _has_open_rectification(self):
        return bool(self._get_open_rectifications())

    # Guard -----------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """:raise AccessError: for what assessments write"""
        for vals in vals_list:
            self._refuse_assessed(vals)
            if vals.get("state") in _DECIDED:
                self._refuse_state()
        return super().create(vals_list)

    def write(self, vals):
        """:raise AccessError: for what assessments write"""
        self._refuse_assessed(vals)
        if "state" in vals:
            for channel in self:
                before, after = channel.state, vals["state"]
                if before != after and {before, after} & _DECIDED:
                    self._refuse_state()
        return super().write(vals)

    @api.model
    def default_get(self, fields):
        """EXTENDS 'base': no own default for what assessments write."""
        values = super().default_get(fields)
        for name in self._assessed_fields.intersection(values):
            del values[name]
        if values.get("state") in _DECIDED:
            values["state"] = "draft"
        return values

    @api.model
    def _refuse_assessed(self, vals):
        for name in self._assessed_fields.intersection(vals):
            raise AccessError(
                self.env._(
                    "%(field)s is written by assessments only.",
                    field=self._fields[name]._description_string(self.env),
                )
            )

    @api.model
    def _refuse_state(self):
        raise AccessError(
            self.env._(
                "Rectification and termination come from an assessment, or by the "
                "buttons of a channel administrator."
            )
        )

    def _write_assessed(self, vals):
        """Write what an assessment decided, past our own refusal."""
        # sudo: the decision gave the right
        return super(ChannelPartner, self.sudo()).write(vals)

    def _bump_assessed(self):
        """Write the rows first, so that of two decisions the later one is rerun."""
        self.env.flush_all()
        self.env.execute_query(
            SQL(
                "UPDATE channel_partner"
                " SET assessed_revision = COALESCE(assessed_revision, 0) + 1"
                " WHERE id = ANY(%s) RETURNING id",
                self.ids,
            )
        )
        self.invalidate_recordset()

    def _end_rectifications(self):
        """Give up what is still to be put right: the partner is terminated."""
        self._get_open_rectifications()._write_system({"state": "cancel"})

    # What others ask ----------------------------------------------------------------

    def _channel_get_extra_rates(self, day):
        """Return ``{channel partner id: percentage points}`` in effect on a day.

        Those of the last assessment in effect by that day; each ends when the next
        takes effect. 0 without any. One query for all of ``self``.
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (channel_partner_id)
                       channel_partner_id, rebate_extra_rate
                  FROM channel_assessment
                 WHERE channel_partner_id = ANY(%(channels)s) AND state = 'done'
                   AND date_done <= %(day)s AND NOT is_history
              ORDER BY channel_partner_id, date_done DESC, date_to DESC, id DESC
                """,
                channels=self.ids,
                day=day,
            )
        )
        return {**dict.fromkeys(self.ids, 0.0), **{k: float(v or 0) for k, v in rows}}

    # Actions ---------------------------------------------------------------------

    def _check_may_decide(self):
        """Refuse to end or resume a partner by hand where assessments do it.

        :raise AccessError: for others than channel administrators, and for the
            salesperson of the partner
        :raise UserError: where assessments need approval
        """
        self.check_access("write")
        if not self.env.user.has_group("channel_rebate.group_manager"):
            raise AccessError(
                self.env._("Channel administrators end or resume a partner.")
            )
        for channel_sudo in self.sudo():  # sudo: the customer's salesperson
            if self.env.user in channel_sudo.user_id | channel_sudo.partner_id.user_id:
                raise AccessError(
                    self.env._(
                        "%(partner)s is yours: somebody else decides.",
                        partner=channel_sudo.display_name,
                    )
                )
            if channel_sudo.company_id.channel_assessment_mode == "enforce":
                raise UserError(
                    self.env._(
                        "In %(company)s this is decided by an assessment, with its "
                        "approval.",
                        company=channel_sudo.company_id.name,
                    )
                )

    def action_terminate(self):
        """End the partnership by hand; open rectifications are given up.

        :raise AccessError: for others than channel administrators
        """
        self._check_may_decide()
        self._write_assessed({"state": "terminated"})
        self.sudo()._end_rectifications()  # sudo: checked above

    def action_resume(self):
        """Take partners back as active.

        :raise AccessError: for others than channel administrators
        """
        self._check_may_decide()
        self._write_assessed({"state": "active"})

    def action_assess(self):
        """Open a new assessment of the partner for the last quarter."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Assessment"),
            "res_model": "channel.assessment",
            "view_mode": "form",
            "context": {"default_channel_partner_id": self.id},
        }

    def action_open_assessments(self):
        """Show the partner's assessments over time."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Assessments of %(partner)s", partner=self.display_name),
            "res_model": "channel.assessment",
            "view_mode": "graph,list,form",
            "domain": [("channel_partner_id", "=", self.id)],
            "context": {"default_channel_partner_id": self.id},
        }
