from odoo import api, fields, models
from odoo.exceptions import ValidationError

RESULTS = [
    ("reward", "Reward"),
    ("keep", "Keep"),
    ("rectification", "Rectification"),
    ("termination", "Termination"),
]
PRIORITIES = [("0", "Normal"), ("1", "High"), ("2", "Very High"), ("3", "Highest")]


class ChannelAssessmentResult(models.Model):
    """From which score on what follows, with the measures proposed (SPEC L4)."""

    _name = "channel.assessment.result"
    _inherit = ["channel.scorecard.part"]
    _description = "Result of a Channel Scorecard"
    _order = "scorecard_id, score_from desc, id"
    _rec_name = "result"

    scorecard_id = fields.Many2one(
        comodel_name="channel.scorecard",
        required=True,
        index=True,
        ondelete="cascade",
    )
    currency_id = fields.Many2one(related="scorecard_id.currency_id")
    score_from = fields.Float(
        digits=(16, 2), help="This score included, up to the next higher one."
    )
    result = fields.Selection(selection=RESULTS, required=True, default="keep")
    rebate_extra_rate = fields.Float(
        string="Extra Rebate (Percentage Points)",
        digits=(16, 4),
        help="Added to the partner's rebate rates: 1.5 makes 3 % to 4.5 %.",
    )
    priority = fields.Selection(
        selection=PRIORITIES,
        required=True,
        default="0",
        help="How much the partner comes before others.",
    )
    support_amount = fields.Monetary(
        string="Market Support", help="In the currency of the company."
    )
    deadline_days = fields.Integer(
        string="Rectified Within (Days)",
        default=60,
        help="For rectification: days from the decision.",
    )

    _score_uniq = models.UniqueIndex(
        "(scorecard_id, score_from)", "Two results begin at the same score."
    )

    @api.constrains("score_from", "rebate_extra_rate", "support_amount")
    def _check_figures(self):
        for rule in self:
            if not 0 <= rule.score_from <= 100:  # nor NaN
                raise ValidationError(self.env._("Scores are between 0 and 100."))
            if not 0 <= rule.rebate_extra_rate <= 100:
                raise ValidationError(
                    self.env._("The extra rebate is between 0 and 100 points.")
                )
            if not 0 <= rule.support_amount <= 1e12:
                raise ValidationError(self.env._("Amounts are not negative."))

    @api.constrains("deadline_days", "result")
    def _check_deadline_days(self):
        for rule in self:
            if rule.result == "rectification" and not 1 <= rule.deadline_days <= 730:
                raise ValidationError(self.env._("Rectification takes 1 to 730 days."))
