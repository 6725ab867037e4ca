from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import float_compare

from .. import assessment_figures as figures

INDICATORS = [
    ("order_completion", "Order completion (%)"),
    ("payment_on_time", "Paid on time (%)"),
    ("complaints", "Complaints (number)"),
    ("growth", "Growth against the year before (%)"),
    ("manual", "Entered by hand"),
]
METHODS = [
    ("bands", "Bands"),
    ("linear", "Straight line between two values"),
    ("deduction", "Deduction for each"),
    ("direct", "The value is the points"),
]


class ChannelScorecardCriterion(models.Model):
    """One thing channel partners are assessed by: its figure, weight, points (SPEC L4).

    Points are 0 to 100; the weight of a scorecard adds up to 100. Everything is
    rounded half up to two digits: the value, the points, the score, each once.
    """

    _name = "channel.scorecard.criterion"
    _inherit = ["channel.scorecard.part"]
    _description = "Criterion of a Channel Scorecard"
    _order = "scorecard_id, sequence, id"

    scorecard_id = fields.Many2one(
        comodel_name="channel.scorecard",
        required=True,
        index=True,
        ondelete="cascade",
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)
    indicator = fields.Selection(
        selection=INDICATORS,
        string="Figure",
        required=True,
        default="manual",
        help="Order completion: value delivered of the goods due in the period.\n"
        "Paid on time: share of the receivables due in the period that was paid in "
        "money by the due date; credit notes take their part out.\n"
        "Complaints: those of the period.\n"
        "Growth: invoiced untaxed, net of returns, against the same period a year "
        "before.",
    )
    weight = fields.Float(
        required=True, digits=(16, 2), help="The weights of a scorecard add up to 100."
    )
    method = fields.Selection(
        selection=METHODS, string="Points By", required=True, default="bands"
    )
    band_ids = fields.One2many(
        comodel_name="channel.scorecard.band",
        inverse_name="criterion_id",
        string="Bands",
        copy=True,
    )
    value_low = fields.Float(string="Lower Value", digits=(16, 2))
    points_low = fields.Float(string="Points There and Below", digits=(16, 2))
    value_high = fields.Float(string="Upper Value", digits=(16, 2), default=100.0)
    points_high = fields.Float(
        string="Points There and Above", digits=(16, 2), default=100.0
    )
    deduction_each = fields.Float(
        string="Deducted for Each",
        digits=(16, 2),
        default=5.0,
        help="From the score: 5 makes 100 to 95, while every criterion counts.",
    )
    deduction_most = fields.Float(
        string="Deducted at Most",
        digits=(16, 2),
        default=20.0,
        help="Not more than the weight of the criterion.",
    )
    no_data = fields.Selection(
        selection=[
            ("skip", "Take its weight out"),
            ("points", "Give fixed points"),
        ],
        string="Without Data",
        required=True,
        default="skip",
        help="Nothing fell due, there was no business the year before, ...: the "
        "other criteria count instead, or these points are given.",
    )
    points_missing = fields.Float(string="Points Without Data", digits=(16, 2))
    rule_text = fields.Char(string="Points", compute="_compute_rule_text")

    @api.depends(
        "method",
        "band_ids.value_from",
        "band_ids.points",
        "value_low",
        "points_low",
        "value_high",
        "points_high",
        "deduction_each",
        "deduction_most",
    )
    def _compute_rule_text(self):
        for criterion in self:
            criterion.rule_text = criterion._get_rule_text()

    def _get_rule_text(self):
        """Return in one line how points are given."""
        self.ensure_one()
        if self.method == "bands":
            return " · ".join(
                f"≥ {band.value_from:,.10g}: {band.points:g}"
                for band in self.band_ids.sorted("value_from", reverse=True)
            )
        if self.method == "linear":
            return self.env._(
                "%(low)s: %(points_low)s … %(high)s: %(points_high)s",
                low=f"{self.value_low:g}",
                points_low=f"{self.points_low:g}",
                high=f"{self.value_high:g}",
                points_high=f"{self.points_high:g}",
            )
        if self.method == "deduction":
            return self.env._(
                "each −%(each)s, at most −%(most)s",
                each=f"{self.deduction_each:g}",
                most=f"{self.deduction_most:g}",
            )
        return self.env._("0 to 100, as entered")

    @api.constrains(
        "weight", "points_missing", "points_low", "points_high", "method", "indicator"
    )
    def _check_figures(self):
        for criterion in self:
            if not 0 < criterion.weight <= 100:  # nor NaN
                raise ValidationError(self.env._("Weights are between 0 and 100."))
            points = ("points_missing", "points_low", "points_high")
            if any(not 0 <= criterion[name] <= 100 for name in points):
                raise ValidationError(self.env._("Points are between 0 and 100."))
            if criterion.method == "direct" and criterion.indicator != "manual":
                raise ValidationError(
                    self.env._(
                        "“%(criterion)s” comes from the books: say how its value "
                        "becomes points.",
                        criterion=criterion.name,
                    )
                )

    @api.constrains(
        "method",
        "value_low",
        "value_high",
        "deduction_each",
        "deduction_most",
        "weight",
    )
    def _check_method(self):
        for criterion in self:
            low, high = criterion.value_low, criterion.value_high
            if criterion.method == "linear" and not low < high:
                raise ValidationError(
                    self.env._(
                        "“%(criterion)s”: the lower value comes before the upper one.",
                        criterion=criterion.name,
                    )
                )
            each, most = criterion.deduction_each, criterion.deduction_most
            if criterion.method == "deduction" and not (
                0 < each <= most <= criterion.weight
            ):
                raise ValidationError(
                    self.env._(
                        "“%(criterion)s”: what is deducted for each is above 0, and "
                        "at most its weight of %(weight)s can be deducted.",
                        criterion=criterion.name,
                        weight=f"{criterion.weight:g}",
                    )
                )

    def _get_points(self, value):
        """Return the points of a value, 0 to 100; None when it does not count.

        A band holds from its value, that included, to the next band's, excluded;
        below the lowest there are none. Deductions are from the score, so with a
        weight of 20 each 5 takes 25 of the criterion's 100 points.

        :param value: the figure, or None where there is no data
        """
        self.ensure_one()
        if value is None:
            return self.points_missing if self.no_data == "points" else None
        if self.method == "linear":
            return figures.interpolate(
                value,
                self.value_low,
                self.points_low,
                self.value_high,
                self.points_high,
            )
        if self.method == "deduction":
            return self._get_points_left(value)
        if self.method == "direct":
            return figures.half_up(min(max(figures.exact(value), 0), 100))
        reached = self.band_ids.filtered(
            lambda band: float_compare(band.value_from, value, precision_digits=2) <= 0
        )
        return reached.sorted("value_from")[-1:].points

    def _get_points_left(self, count):
        """Return the points left after the deductions for ``count``."""
        self.ensure_one()
        lost = min(
            figures.exact(self.deduction_each) * max(figures.exact(count), 0),
            figures.exact(self.deduction_most),
        )
        return figures.half_up(100 - 100 * lost / figures.exact(self.weight))
