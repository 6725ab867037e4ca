from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import float_round


class CustomerCreditAssessment(models.Model):
    """A customer assessed on a day by one version of a scorecard (SPEC D1, D2).

    Its score proposes a grade. Completed, it never changes again and asks for the
    grade by a credit request: nothing takes effect before that is approved.
    """

    _name = "customer.credit.assessment"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _description = "Credit Assessment"
    _order = "date desc, id desc"

    _guarded_fields = frozenset({"state", "request_id"})
    _fixed_fields = frozenset({"account_id", "scorecard_id"})

    account_id = fields.Many2one(
        comodel_name="customer.credit.account",
        string="Customer",
        required=True,
        index=True,
        ondelete="restrict",
    )
    partner_id = fields.Many2one(related="account_id.partner_id", string="Partner")
    company_id = fields.Many2one(
        related="account_id.company_id", store=True, index=True
    )
    scorecard_id = fields.Many2one(
        comodel_name="customer.credit.scorecard",
        compute="_compute_scorecard_id",
        store=True,
        precompute=True,
        ondelete="restrict",
    )
    date = fields.Date(
        required=True,
        copy=False,
        default=fields.Date.context_today,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Assessor",
        default=lambda self: self.env.user,
        tracking=True,
    )
    line_ids = fields.One2many(
        comodel_name="customer.credit.assessment.line",
        inverse_name="assessment_id",
        string="Criteria",
    )
    missing_count = fields.Integer(string="To Answer", compute="_compute_missing")
    score = fields.Float(
        compute="_compute_score", store=True, digits=(16, 2), aggregator="avg"
    )
    proposed_grade_id = fields.Many2one(
        comodel_name="customer.credit.grade",
        compute="_compute_proposed_grade_id",
        store=True,
    )
    chosen_grade_id = fields.Many2one(
        comodel_name="customer.credit.grade",
        string="Grade",
        compute="_compute_chosen_grade_id",
        store=True,
        readonly=False,
        domain="[('company_id', 'in', (company_id, False))]",
        help="The proposed one, unless you have a reason for another.",
    )
    is_deviation = fields.Boolean(compute="_compute_is_deviation")
    deviation_reason = fields.Text(string="Reason for Another Grade")
    note = fields.Html()
    request_id = fields.Many2one(
        comodel_name="customer.credit.request",
        string="Credit Request",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("done", "Completed"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )

    _draft_uniq = models.UniqueIndex(
        "(account_id) WHERE state = 'draft'",
        "An assessment of this customer is being made already.",
    )

    @api.depends("account_id")
    def _compute_scorecard_id(self):
        cards = self.env["customer.credit.scorecard"]
        for company, assessments in self.grouped("company_id").items():
            assessments.scorecard_id = cards._get_active(company) if company else cards

    @api.depends("account_id", "date")
    def _compute_display_name(self):
        for assessment in self:
            assessment.display_name = self.env._(
                "%(customer)s, %(date)s",
                customer=assessment.account_id.display_name or "",
                date=fields.Date.to_string(assessment.date) or "",
            )

    @api.depends("line_ids.is_missing")
    def _compute_missing(self):
        for assessment in self:
            lines = assessment.line_ids
            assessment.missing_count = len(lines.filtered("is_missing"))

    @api.depends("line_ids.points", "line_ids.weight")
    def _compute_score(self):
        for assessment in self:
            lines = assessment.line_ids
            total = sum(lines.mapped("weight"))
            points = sum(line.weight * line.points for line in lines)
            score = points / total if total else 0.0
            assessment.score = float_round(score, precision_digits=2)

    @api.depends("score", "scorecard_id", "line_ids.is_missing")
    def _compute_proposed_grade_id(self):
        for assessment in self:
            card = assessment.scorecard_id.sudo()  # sudo: the grade follows the score
            complete = assessment.line_ids and not assessment.missing_count
            grade = card._get_grade(assessment.score) if card and complete else False
            assessment.proposed_grade_id = grade

    @api.depends("proposed_grade_id")
    def _compute_chosen_grade_id(self):
        for assessment in self:
            if not assessment.deviation_reason:
                assessment.chosen_grade_id = assessment.proposed_grade_id

    @api.depends("proposed_grade_id", "chosen_grade_id")
    def _compute_is_deviation(self):
        for assessment in self:
            assessment.is_deviation = (
                assessment.chosen_grade_id != assessment.proposed_grade_id
            )

    # Guard -----------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Make the lines of the scorecard with each assessment.

        :raise UserError: where no scorecard is active
        """
        for vals in vals_list:
            if vals.get("state", "draft") != "draft" or vals.get("request_id"):
                self._refuse_state()
            vals.pop("scorecard_id", None)
            vals.pop("line_ids", None)
        assessments = super().create(vals_list)
        for assessment in assessments:
            if not self.env.su:
                assessment.account_id.check_access("read")
            if not assessment.scorecard_id:
                raise UserError(
                    self.env._(
                        "No scorecard is active. A credit administrator activates one "
                        "under Configuration, Scorecards."
                    )
                )
        # sudo: officers fill in lines, they do not choose what is asked
        self.env["customer.credit.assessment.line"].sudo().create(
            [
                {
                    "assessment_id": assessment.id,
                    "criterion_id": criterion.id,
                    "weight": criterion.weight,
                }
                for assessment in assessments
                # sudo: as above
                for criterion in assessment.scorecard_id.sudo().criterion_ids
            ]
        )
        return assessments

    def write(self, vals):
        if self._guarded_fields.intersection(vals):
            self._refuse_state()
        if not all(name.startswith(("message_", "activity_")) for name in vals):
            self._check_draft()
            if self._fixed_fields.intersection(vals):
                raise UserError(
                    self.env._("Customer and scorecard of an assessment stay.")
                )
        return super().write(vals)

    @api.model
    def default_get(self, fields):
        """Give nobody's own default to what only buttons write."""
        values = super().default_get(fields)
        values.pop("request_id", None)
        return {**values, "state": "draft"} if "state" in values else values

    def _refuse_state(self):
        raise AccessError(
            self.env._("An assessment is completed or cancelled by its buttons only.")
        )

    def _check_draft(self):
        """:raise UserError: for what is completed or cancelled"""
        if any(assessment.state != "draft" for assessment in self):
            raise UserError(
                self.env._(
                    "A completed assessment is never changed. Make a new one instead."
                )
            )

    @api.ondelete(at_uninstall=True)
    def _unlink_except_completed(self):
        self._check_draft()

    def _set_state(self, state, **values):
        result = super().write({"state": state, **values})
        self.flush_recordset(["state"])  # the next draft needs the place
        return result
