from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import float_compare

CATEGORIES = [
    ("company", "Company facts"),
    ("operations", "Operations"),
    ("finances", "Finances"),
    ("record", "Credit record"),
]
KINDS = [
    ("on_time", "Invoices paid on time (%)"),
    ("days_late", "Average days late"),
    ("turnover", "Turnover"),
    ("relationship", "Length of relationship (months)"),
    ("use", "Share of the limit used (%)"),
    ("overdue_amount", "Overdue now (amount)"),
    ("overdue_days", "Overdue now (days)"),
]


class CustomerCreditCriterion(models.Model):
    """One thing customers are assessed by, with its weight and bands (SPEC D1)."""

    _name = "customer.credit.criterion"
    _inherit = ["customer.credit.scorecard.part"]
    _description = "Credit Criterion"
    _order = "scorecard_id, sequence, id"

    scorecard_id = fields.Many2one(
        comodel_name="customer.credit.scorecard",
        required=True,
        index=True,
        ondelete="cascade",
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)
    category = fields.Selection(selection=CATEGORIES, required=True, default="record")
    weight = fields.Float(
        required=True, digits=(16, 2), help="The weights of a scorecard add up to 100."
    )
    source = fields.Selection(
        selection=[("manual", "Chosen by the assessor"), ("computed", "Books")],
        required=True,
        default="manual",
    )
    kind = fields.Selection(
        selection=KINDS,
        string="Figure",
        help="Amounts are in the currency of the customer's company.",
    )
    window_months = fields.Integer(
        string="Months Looked At",
        default=12,
        help="Payment record and turnover of this many months up to the assessment.",
    )
    points_missing = fields.Float(
        string="Points Without Data",
        digits=(16, 2),
        help="Given where the books say nothing yet, as for a new customer.",
    )
    band_ids = fields.One2many(
        comodel_name="customer.credit.criterion.band",
        inverse_name="criterion_id",
        string="Bands",
        copy=True,
    )
    bands_text = fields.Char(string="Points", compute="_compute_bands_text")

    @api.depends("source", "band_ids.value_from", "band_ids.label", "band_ids.points")
    def _compute_bands_text(self):
        for criterion in self:
            manual = criterion.source == "manual"
            criterion.bands_text = " · ".join(
                f"{band.label or '' if manual else f'≥ {band.value_from:,.10g}'}"
                f": {band.points:g}"
                for band in criterion.band_ids
            )

    @api.constrains("weight", "source", "kind", "window_months", "points_missing")
    def _check_figures(self):
        for criterion in self:
            if not 0 < criterion.weight <= 100:  # nor NaN
                raise ValidationError(self.env._("Weights are between 0 and 100."))
            if criterion.source == "computed" and not criterion.kind:
                raise ValidationError(
                    self.env._(
                        "Choose the figure “%(criterion)s” is computed by.",
                        criterion=criterion.name,
                    )
                )
            if not 1 <= criterion.window_months <= 120:
                raise ValidationError(
                    self.env._("The books are looked at for 1 to 120 months.")
                )
            if not 0 <= criterion.points_missing <= 100:
                raise ValidationError(self.env._("Points are between 0 and 100."))

    def _get_scorecards(self):
        return self.scorecard_id

    def _get_points(self, value):
        """Return the points of a computed value; below the lowest band none.

        A band holds from its value, that included, to the next band's, excluded.

        :param value: the figure, or None where the books say nothing
        """
        self.ensure_one()
        if value is None:
            return self.points_missing
        reached = self.band_ids.filtered(
            lambda band: float_compare(band.value_from, value, precision_digits=2) <= 0
        )
        return reached.sorted("value_from")[-1:].points
