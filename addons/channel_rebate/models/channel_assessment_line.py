from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from .. import assessment_figures as figures


class ChannelAssessmentLine(models.Model):
    """What was found for one criterion, where from, and its points (SPEC L4)."""

    _name = "channel.assessment.line"
    _inherit = ["document.approval.line.mixin"]
    _description = "Line of a Channel Assessment"
    _order = "assessment_id, sequence, id"
    _rec_name = "criterion_id"

    _approval_document_field = "assessment_id"

    #: what people write on a line
    _open_fields = frozenset({"value", "source_text", "note", "attachment_ids"})

    assessment_id = fields.Many2one(
        comodel_name="channel.assessment",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="assessment_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(related="assessment_id.state")
    criterion_id = fields.Many2one(
        comodel_name="channel.scorecard.criterion",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    sequence = fields.Integer(related="criterion_id.sequence", store=True)
    indicator = fields.Selection(related="criterion_id.indicator", string="Figure")
    rule_text = fields.Char(
        related="criterion_id.rule_text", string="Points By", related_sudo=True
    )
    weight = fields.Float(readonly=True, digits=(16, 2))
    value = fields.Float(digits=(16, 2))
    has_value = fields.Boolean(readonly=True)
    part_amount = fields.Monetary(
        string="Part", readonly=True, help="Delivered, paid on time, invoiced."
    )
    whole_amount = fields.Monetary(
        string="Of", readonly=True, help="Ordered, due, invoiced the year before."
    )
    date_computed = fields.Date(string="As Of", readonly=True)
    value_text = fields.Char(string="Found", compute="_compute_value_text")
    source_text = fields.Char(
        string="Source",
        help="Where an entered value comes from: a visit, a survey, a report.",
    )
    note = fields.Char(string="Remark")
    attachment_ids = fields.Many2many(
        comodel_name="ir.attachment", string="Documents", copy=False
    )
    points = fields.Float(compute="_compute_points", store=True, digits=(16, 2))
    is_counted = fields.Boolean(
        string="Counts",
        compute="_compute_points",
        store=True,
        help="Without data its weight is taken out and the others count.",
    )
    is_missing = fields.Boolean(
        string="To Answer", compute="_compute_points", store=True
    )
    score = fields.Float(
        compute="_compute_score",
        digits=(16, 2),
        help="What it adds to the score of the assessment.",
    )

    _criterion_uniq = models.UniqueIndex(
        "(assessment_id, criterion_id)", "This criterion is there already."
    )

    @api.depends("value", "has_value", "date_computed", "source_text", "criterion_id")
    def _compute_points(self):
        for line in self:
            criterion = line.criterion_id.sudo()  # sudo: points follow the scorecard
            if criterion.indicator == "manual":
                # without a source it is not answered; 0 is an answer like others
                known = has_value = bool((line.source_text or "").strip())
            else:
                known, has_value = bool(line.date_computed), line.has_value
            points = criterion._get_points(line.value if has_value else None)
            line.is_missing = not known
            line.is_counted = known and points is not None
            line.points = points if line.is_counted else 0.0

    @api.depends("points", "weight", "is_counted", "assessment_id.weight_counted")
    def _compute_score(self):
        for line in self:
            total = line.assessment_id.weight_counted
            if not line.is_counted or not total:
                line.score = 0.0
                continue
            product = figures.exact(line.weight) * figures.exact(line.points)
            line.score = figures.half_up(product / figures.exact(total))

    @api.depends("value", "has_value", "date_computed", "source_text", "whole_amount")
    def _compute_value_text(self):
        for line in self:
            if line.is_missing:
                line.value_text = False
            elif line.indicator == "manual":
                line.value_text = f"{line.value:.10g}"
            elif not line.has_value:
                line.value_text = self.env._("no data")
            else:
                line.value_text = line._format_value()

    def _format_value(self):
        """Return the computed value with its unit, and what it is a part of."""
        self.ensure_one()
        if self.indicator == "complaints":
            return f"{self.value:g}"
        money = self.currency_id.format
        if self.indicator == "growth":
            return self.env._(
                "%(value)s %%: %(now)s after %(before)s",
                value=f"{self.value:+.10g}",
                now=money(self.part_amount),
                before=money(self.whole_amount),
            )
        return self.env._(
            "%(value)s %%: %(part)s of %(whole)s",
            value=f"{self.value:.10g}",
            part=money(self.part_amount),
            whole=money(self.whole_amount),
        )

    @api.constrains("value")
    def _check_value(self):
        for line in self:
            criterion = line.criterion_id.sudo()  # sudo: what may be entered
            direct = criterion.method == "direct"
            if not -1e12 <= line.value <= 1e12 or (  # nor NaN
                direct and not 0 <= line.value <= 100
            ):
                raise ValidationError(
                    self.env._(
                        "“%(criterion)s” is between 0 and 100.",
                        criterion=criterion.name,
                    )
                )

    # Guard -----------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Made with the assessment, empty.

        :raise AccessError: for values that come from the books
        """
        allowed = {"assessment_id", "criterion_id", "weight"}
        if any(set(vals) - allowed for vals in vals_list):
            self._refuse_values()
        lines = super().create(vals_list)
        lines.assessment_id._check_draft()
        return lines

    @api.model
    def default_get(self, fields):
        """EXTENDS 'base': a line begins empty, whatever defaults there are."""
        allowed = {"assessment_id", "criterion_id", "weight"}
        values = super().default_get(fields)
        return {name: value for name, value in values.items() if name in allowed}

    def write(self, vals):
        """:raise AccessError: for values that come from the books"""
        if set(vals) - self._open_fields:
            self._refuse_values()
        if "value" in vals and any(
            line.criterion_id.indicator != "manual" for line in self
        ):
            self._refuse_values()
        self.assessment_id._check_draft()
        result = super().write(vals)
        if "attachment_ids" in vals:
            self._keep_attachments()
        return result

    @api.model
    def _refuse_values(self):
        raise AccessError(
            self.env._("Figures come from the books: use “Compute from the Books”.")
        )

    def _keep_attachments(self):
        """Show the assessor's own new files to whoever may read the line."""
        for line in self:
            files = line.attachment_ids.filtered(
                lambda file: not file.res_id and file.create_uid == self.env.user
            )
            files.write({"res_model": self._name, "res_id": line.id})

    @api.ondelete(at_uninstall=True)
    def _unlink_except_draft(self):
        self.assessment_id._check_draft()

    def _store_value(self, value, part, whole, day):
        """Keep what the books say on a day; the value is None where there is no data.

        Written as the user, past our own refusal: the approval sees who did it.
        """
        self.ensure_one()
        return super().write(
            {
                "value": value or 0.0,
                "has_value": value is not None,
                "part_amount": part or 0.0,
                "whole_amount": whole or 0.0,
                "date_computed": day,
            }
        )

    # Documents -------------------------------------------------------------------

    def action_open_documents(self):
        """Show the documents the figure rests on, as the reader's rights allow.

        :raise UserError: where there are none
        """
        self.ensure_one()
        self.check_access("read")
        assessment = self.assessment_id
        channel = assessment.channel_partner_id
        period = assessment.date_from, assessment.date_to
        # sudo: which documents; they open with the reader's own rights
        criterion = self.criterion_id.sudo()
        if criterion.indicator == "complaints":
            if action := criterion._get_complaints_action(channel, *period):
                return action
        elif criterion.indicator != "manual":
            model, ids = criterion._get_documents(channel, *period)
            return {
                "type": "ir.actions.act_window",
                "name": self.env._(
                    "%(criterion)s: %(assessment)s",
                    criterion=criterion.name,
                    assessment=assessment.display_name,
                ),
                "res_model": model,
                "view_mode": "list,form",
                "domain": [("id", "in", ids)],
                "context": {"create": False},
            }
        raise UserError(
            self.env._("Nothing is kept in the system for this; see the source.")
        )
