from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ChannelScorecardBand(models.Model):
    """Points for a range of values: from its bound up to the next one (SPEC L4)."""

    _name = "channel.scorecard.band"
    _inherit = ["channel.scorecard.part"]
    _description = "Band of a Channel Criterion"
    _order = "criterion_id, value_from desc, id"
    _rec_name = "value_from"

    criterion_id = fields.Many2one(
        comodel_name="channel.scorecard.criterion",
        required=True,
        index=True,
        ondelete="cascade",
    )
    value_from = fields.Float(
        string="From",
        digits=(16, 2),
        help="This value included, up to the next band's, excluded.",
    )
    points = fields.Float(digits=(16, 2), help="0 to 100.")

    _value_uniq = models.UniqueIndex(
        "(criterion_id, value_from)", "Two bands begin at the same value."
    )

    @api.constrains("points")
    def _check_points(self):
        if any(not 0 <= band.points <= 100 for band in self):  # nor NaN
            raise ValidationError(self.env._("Points are between 0 and 100."))

    def _get_scorecards(self):
        return self.criterion_id.scorecard_id
