from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .. import assessment_figures as figures


class ChannelAssessment(models.Model):
    """Who may write what on an assessment, whatever the route (SPEC L4)."""

    _inherit = "channel.assessment"

    #: what only methods write
    _kept_fields = frozenset(
        {"state", "date_done", "done_by_id", "score", "result", "has_score"}
        | {"weight_counted", "date_computed", "line_ids", "rule_id", "is_history"}
        | {"company_id", "partner_id"}
    )
    _fixed_fields = frozenset(
        {"channel_partner_id", "scorecard_id", "period_kind", "date_from", "date_to"}
        | {"salesperson_id"}
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Make the lines of the scorecard with each assessment.

        :raise UserError: where no scorecard is in use
        :raise AccessError: for values that methods write
        """
        for vals in vals_list:
            if set(vals) & self._kept_fields - {"state", "line_ids"} or (
                vals.get("state", "draft") != "draft"
            ):
                self._refuse_kept()
            for name in ("scorecard_id", "salesperson_id", "line_ids", "date_to"):
                vals.pop(name, None)
            self._set_first_day(vals)
        assessments = super().create(vals_list)
        assessments._check_partners()
        assessments._create_lines()
        return assessments

    @api.model
    def _set_first_day(self, vals):
        """Put the first day of the period in place of any day of it."""
        names = [name for name in ("period_kind", "date_from") if not vals.get(name)]
        vals.update(self.default_get(names))
        day = fields.Date.to_date(vals["date_from"])
        vals["date_from"] = figures.period_of(day, vals["period_kind"])[0]

    def _check_partners(self):
        """:raise UserError: for terminated partners, or without a scorecard"""
        for each in self:
            channel = each.channel_partner_id
            if not self.env.su:
                channel.check_access("read")
            if channel.state not in ("active", "rectification"):
                raise UserError(
                    self.env._(
                        "%(partner)s is no active channel partner.",
                        partner=channel.display_name,
                    )
                )
            if not each.scorecard_id:
                raise UserError(
                    self.env._(
                        "No scorecard is in use in %(company)s. An administrator "
                        "puts one into use under Configuration, Scorecards.",
                        company=each.company_id.name,
                    )
                )

    def _create_lines(self):
        """Make one line for each criterion of the scorecards."""
        # sudo: officers fill in lines, they do not choose what is asked
        lines_sudo = self.env["channel.assessment.line"].sudo()
        lines_sudo.create(
            [
                {
                    "assessment_id": each.id,
                    "criterion_id": criterion.id,
                    "weight": criterion.weight,
                }
                for each in self
                # sudo: as above
                for criterion in each.scorecard_id.sudo().criterion_ids
            ]
        )

    def write(self, vals):
        """:raise UserError: for what is decided or cancelled"""
        if set(vals) & self._kept_fields - {"line_ids"}:
            self._refuse_kept()
        if not all(name.startswith(("message_", "activity_")) for name in vals):
            self._check_draft()
            if self._fixed_fields.intersection(vals):
                raise UserError(
                    self.env._("Partner, period and scorecard of an assessment stay.")
                )
        return super().write(vals)

    @api.model
    def default_get(self, fields):
        """EXTENDS 'document_approval': no own default for what methods write."""
        values = super().default_get(fields)
        values = {
            name: value
            for name, value in values.items()
            if name not in self._kept_fields - {"state"}
        }
        return {**values, "state": "draft"} if "state" in values else values

    @api.model
    def _refuse_kept(self):
        raise AccessError(
            self.env._(
                "Score, result and state of an assessment follow from its criteria, "
                "its buttons and its approval."
            )
        )

    def _check_draft(self):
        """:raise UserError: for what is decided or cancelled"""
        if any(each.state != "draft" for each in self):
            raise UserError(
                self.env._(
                    "An assessment that is decided or cancelled is never changed. Make "
                    "a new one instead."
                )
            )

    @api.ondelete(at_uninstall=True)
    def _unlink_except_decided(self):
        self._check_draft()

    def _set_state(self, state, **values):
        """Write the state past our own refusal; the approval gate decides."""
        result = self._write_kept({"state": state, **values})
        self.flush_recordset(["state"])  # the next of the period needs the place
        return result

    def _write_kept(self, vals):
        """Write what only methods write, as the user."""
        return super().write(vals)
