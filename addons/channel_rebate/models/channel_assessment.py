from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .. import assessment_figures as figures
from .channel_assessment_result import PRIORITIES, RESULTS

KINDS = [("quarter", "Quarter"), ("year", "Year")]


class ChannelAssessment(models.Model):
    """A channel partner assessed for a quarter or a year (SPEC L4).

    The books answer what they can, people enter the rest with its source; the score
    says what follows. Decided, it never changes again and has taken effect.
    """

    _name = "channel.assessment"
    _inherit = ["mail.thread", "mail.activity.mixin", "document.approval.mixin"]
    _description = "Channel Assessment"
    _order = "date_from desc, score desc, id desc"
    _check_company_auto = True

    _approval_protected_states = ("done",)
    _approval_material_fields = (
        "channel_partner_id",
        "period_kind",
        "date_from",
        "scorecard_id",
        "score",
        "result",
        "rebate_extra_rate",
        "priority",
        "support_amount",
        "deadline_days",
    )
    _approval_people_fields = frozenset({"channel_partner_id", "user_id"})
    _approval_line_field = "line_ids"
    _approval_material_line_fields = (
        "criterion_id",
        "weight",
        "value",
        "points",
        "is_counted",
        "source_text",
    )

    # parties
    channel_partner_id = fields.Many2one(
        comodel_name="channel.partner",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("state", "in", ("active", "rectification"))],
    )
    company_id = fields.Many2one(
        related="channel_partner_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        related="channel_partner_id.partner_id", store=True, index=True
    )
    salesperson_id = fields.Many2one(
        comodel_name="res.users",
        string="Salesperson",
        compute="_compute_salesperson_id",
        store=True,
        precompute=True,
        help="The partner's when the assessment was made; does not decide on it.",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Assessor",
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        tracking=True,
    )
    # period
    period_kind = fields.Selection(
        selection=KINDS, string="Period", required=True, default="quarter"
    )
    date_from = fields.Date(
        string="First Day",
        required=True,
        index=True,
        default=lambda self: figures.period_before(
            fields.Date.context_today(self), "quarter"
        )[0],
        help="Any day of the quarter or year; it becomes its first.",
    )
    date_to = fields.Date(
        string="Last Day",
        compute="_compute_date_to",
        store=True,
        precompute=True,
        help="This day included.",
    )
    period_name = fields.Char(compute="_compute_period_name")
    # content
    scorecard_id = fields.Many2one(
        comodel_name="channel.scorecard",
        compute="_compute_scorecard_id",
        store=True,
        precompute=True,
        ondelete="restrict",
    )
    line_ids = fields.One2many(
        comodel_name="channel.assessment.line",
        inverse_name="assessment_id",
        string="Criteria",
    )
    date_computed = fields.Date(string="Books As Of", readonly=True, copy=False)
    missing_count = fields.Integer(string="To Answer", compute="_compute_missing_count")
    weight_counted = fields.Float(
        compute="_compute_score",
        store=True,
        digits=(16, 2),
        help="Weight of the criteria there is data of.",
    )
    has_score = fields.Boolean(compute="_compute_score", store=True)
    score = fields.Float(
        compute="_compute_score", store=True, digits=(16, 2), aggregator="avg"
    )
    # result and measures
    result = fields.Selection(
        selection=RESULTS,
        compute="_compute_result",
        store=True,
        index=True,
        group_expand=True,
    )
    rule_id = fields.Many2one(
        comodel_name="channel.assessment.result",
        compute="_compute_measures",
        store=True,
        help="The rule the measures were proposed by.",
    )
    rebate_extra_rate = fields.Float(
        string="Extra Rebate (Percentage Points)",
        compute="_compute_measures",
        store=True,
        readonly=False,
        digits=(16, 4),
        aggregator=None,
        help="Added to the partner's rebate rates until the next assessment.",
    )
    priority = fields.Selection(
        selection=PRIORITIES,
        compute="_compute_measures",
        store=True,
        readonly=False,
        help="How much the partner comes before others.",
    )
    support_amount = fields.Monetary(
        string="Market Support",
        compute="_compute_measures",
        store=True,
        readonly=False,
    )
    deadline_days = fields.Integer(
        string="Rectified Within (Days)",
        compute="_compute_measures",
        store=True,
        readonly=False,
        aggregator=None,
    )
    note = fields.Html()
    rectification_ids = fields.One2many(
        comodel_name="channel.rectification",
        inverse_name="assessment_id",
        string="Rectifications",
    )
    # state
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("done", "In Effect"),
            ("cancel", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    date_done = fields.Date(string="In Effect Since", readonly=True, copy=False)
    done_by_id = fields.Many2one(
        comodel_name="res.users", string="Decided By", readonly=True, copy=False
    )
    is_history = fields.Boolean(
        string="For the History Only",
        readonly=True,
        copy=False,
        help="A later period was decided before it: it changed nothing.",
    )
    can_apply = fields.Boolean(compute="_compute_can_apply")

    _period_uniq = models.UniqueIndex(
        "(channel_partner_id, period_kind, date_from) WHERE state <> 'cancel'",
        "This channel partner is assessed for this period already.",
    )

    @api.depends("date_from", "period_kind")
    def _compute_date_to(self):
        for each in self:
            day, kind = each.date_from, each.period_kind
            each.date_to = figures.period_of(day, kind)[1] if day and kind else False

    @api.depends("date_from", "period_kind")
    def _compute_period_name(self):
        for each in self:
            day, kind = each.date_from, each.period_kind
            each.period_name = figures.period_name(day, kind) if day and kind else ""

    @api.depends("channel_partner_id", "date_from", "period_kind")
    def _compute_display_name(self):
        for each in self:
            each.display_name = self.env._(
                "%(partner)s, %(period)s",
                partner=each.channel_partner_id.display_name or "",
                period=each.period_name,
            )

    @api.depends("channel_partner_id")
    def _compute_salesperson_id(self):
        for each in self:
            each.salesperson_id = each.channel_partner_id.user_id

    @api.depends("channel_partner_id")
    def _compute_scorecard_id(self):
        cards = self.env["channel.scorecard"]
        for company, assessments in self.grouped("company_id").items():
            assessments.scorecard_id = cards._get_active(company) if company else cards

    @api.depends("line_ids.is_missing")
    def _compute_missing_count(self):
        for each in self:
            each.missing_count = len(each.line_ids.filtered("is_missing"))

    @api.depends("line_ids.points", "line_ids.weight", "line_ids.is_counted")
    def _compute_score(self):
        """Weigh what counts; what has no data takes its weight out."""
        for each in self:
            counted = each.line_ids.filtered("is_counted")
            score = figures.weighted([(line.weight, line.points) for line in counted])
            each.weight_counted = sum(counted.mapped("weight"))
            each.has_score = score is not None
            each.score = score or 0.0

    @api.depends("score", "has_score", "weight_counted", "line_ids.is_missing")
    def _compute_result(self):
        for each in self:
            rule = each._get_rule()
            each.result = rule.result if rule else False

    @api.depends("result")
    def _compute_measures(self):
        for each in self:
            rule = each._get_rule()
            if rule and rule == each.rule_id:
                continue  # what somebody changed stays while the result does
            each.rule_id = rule
            each.rebate_extra_rate = rule.rebate_extra_rate
            each.priority = rule.priority or "0"
            each.support_amount = rule.support_amount
            each.deadline_days = rule.deadline_days

    def _get_rule(self):
        """Return the rule of the scorecard the score reaches; none without a score."""
        self.ensure_one()
        card = self.scorecard_id.sudo()  # sudo: the result follows the score
        enough = self.weight_counted >= card.weight_least
        if not self.has_score or self.missing_count or not enough:
            return card.result_ids.browse()
        return card._get_rule(self.score)

    @api.constrains("rebate_extra_rate", "support_amount", "deadline_days")
    def _check_measures(self):
        for each in self:
            if not 0 <= each.rebate_extra_rate <= 100:  # nor NaN
                raise ValidationError(
                    self.env._("The extra rebate is between 0 and 100 points.")
                )
            if not 0 <= each.support_amount <= 1e12:
                raise ValidationError(self.env._("Amounts are not negative."))
            rectify = each.result == "rectification"
            if rectify and not 1 <= each.deadline_days <= 730:
                raise ValidationError(self.env._("Rectification takes 1 to 730 days."))
