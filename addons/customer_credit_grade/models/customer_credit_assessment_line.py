from odoo import api, fields, models
from odoo.exceptions import AccessError


class CustomerCreditAssessmentLine(models.Model):
    """What was found for one criterion, where from, and its points (SPEC D1)."""

    _name = "customer.credit.assessment.line"
    _description = "Line of a Credit Assessment"
    _order = "assessment_id, sequence, id"
    _rec_name = "criterion_id"

    #: what follows from the scorecard and the books, never typed in
    _guarded_fields = frozenset(
        {"assessment_id", "criterion_id", "weight", "value", "has_value"}
        | {"date_computed", "points"}
    )

    assessment_id = fields.Many2one(
        comodel_name="customer.credit.assessment",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="assessment_id.company_id", store=True, index=True
    )
    criterion_id = fields.Many2one(
        comodel_name="customer.credit.criterion",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    sequence = fields.Integer(related="criterion_id.sequence", store=True)
    category = fields.Selection(related="criterion_id.category")
    source = fields.Selection(related="criterion_id.source", string="Answered By")
    weight = fields.Float(readonly=True, digits=(16, 2))
    band_id = fields.Many2one(
        comodel_name="customer.credit.criterion.band",
        string="Answer",
        domain="[('criterion_id', '=', criterion_id)]",
        ondelete="restrict",
    )
    value = fields.Float(readonly=True, digits=(16, 2))
    has_value = fields.Boolean(readonly=True)
    date_computed = fields.Date(string="As Of", readonly=True)
    value_text = fields.Char(string="Found", compute="_compute_value_text")
    source_text = fields.Char(
        string="Source", help="Where the answer comes from: a register, a report."
    )
    attachment_ids = fields.Many2many(
        comodel_name="ir.attachment", string="Documents", copy=False
    )
    points = fields.Float(compute="_compute_points", store=True, digits=(16, 2))
    points_text = fields.Char(string="Result", compute="_compute_points_text")
    is_missing = fields.Boolean(compute="_compute_points", store=True)

    _criterion_uniq = models.UniqueIndex(
        "(assessment_id, criterion_id)", "This criterion is there already."
    )

    @api.depends("band_id", "value", "has_value", "date_computed", "criterion_id")
    def _compute_points(self):
        for line in self:
            criterion = line.criterion_id.sudo()  # sudo: points follow the scorecard
            if criterion.source == "manual":
                line.points = line.band_id.points
                line.is_missing = not line.band_id
            else:
                value = line.value if line.has_value else None
                known = line.date_computed
                line.points = criterion._get_points(value) if known else 0.0
                line.is_missing = not known

    @api.depends("points", "is_missing")
    def _compute_points_text(self):
        for line in self:
            line.points_text = False if line.is_missing else f"{line.points:g}"

    @api.depends("value", "has_value", "date_computed")
    def _compute_value_text(self):
        for line in self:
            if line.source == "manual":
                line.value_text = False
            elif line.has_value:
                line.value_text = line._format_value()
            else:
                line.value_text = line.date_computed and self.env._("no data yet")

    def _format_value(self):
        """Return the computed value with its unit."""
        kind = self.criterion_id.kind
        if kind in ("turnover", "overdue_amount"):
            return self.company_id.currency_id.format(self.value)
        number = f"{self.value:g}"
        if kind in ("on_time", "use"):
            return self.env._("%(number)s %%", number=number)
        if kind == "relationship":
            return self.env._("%(number)s months", number=number)
        return self.env._("%(number)s days", number=number)

    @api.constrains("band_id")
    def _check_band_id(self):
        for line in self:
            if not line.band_id:
                continue
            of_other = line.band_id.criterion_id != line.criterion_id
            if of_other or line.source == "computed":
                raise AccessError(
                    self.env._(
                        "This is no answer to “%(criterion)s”.",
                        criterion=line.criterion_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        found = {"value", "has_value", "date_computed", "points"}
        if any(found.intersection(vals) for vals in vals_list):
            self._refuse_values()
        lines = super().create(vals_list)
        lines.assessment_id._check_draft()
        return lines

    def write(self, vals):
        if self._guarded_fields.intersection(vals):
            self._refuse_values()
        self.assessment_id._check_draft()
        result = super().write(vals)
        if "attachment_ids" in vals:
            self._keep_attachments()
        return result

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
    def _unlink_except_completed(self):
        self.assessment_id._check_draft()

    def _store_value(self, value, day):
        """Keep what the books say on a day; None where they say nothing."""
        self.ensure_one()
        return super().write(
            {
                "value": value or 0.0,
                "has_value": value is not None,
                "date_computed": day,
            }
        )
