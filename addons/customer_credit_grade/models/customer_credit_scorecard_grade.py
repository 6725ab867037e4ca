from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CustomerCreditScorecardGrade(models.Model):
    """From which score on a customer gets a grade (SPEC D2)."""

    _name = "customer.credit.scorecard.grade"
    _inherit = ["customer.credit.scorecard.part"]
    _description = "Grade of a Scorecard"
    _order = "score_from desc, id"

    scorecard_id = fields.Many2one(
        comodel_name="customer.credit.scorecard",
        required=True,
        index=True,
        ondelete="cascade",
    )
    score_from = fields.Float(
        digits=(16, 2),
        help="This score included, up to the next higher one.",
    )
    grade_id = fields.Many2one(
        comodel_name="customer.credit.grade", required=True, ondelete="restrict"
    )

    _score_uniq = models.UniqueIndex(
        "(scorecard_id, score_from)", "Two grades begin at the same score."
    )

    @api.constrains("score_from", "grade_id")
    def _check_score_from(self):
        for band in self:
            if not 0 <= band.score_from <= 100:  # nor NaN
                raise ValidationError(self.env._("Scores are between 0 and 100."))
            home = band.scorecard_id.company_id
            if band.grade_id.company_id and band.grade_id.company_id != home:
                raise ValidationError(
                    self.env._(
                        "Grade %(grade)s belongs to another company.",
                        grade=band.grade_id.name,
                    )
                )

    def _get_scorecards(self):
        return self.scorecard_id
