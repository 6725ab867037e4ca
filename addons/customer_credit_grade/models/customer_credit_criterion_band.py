from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CustomerCreditCriterionBand(models.Model):
    """Points for a range of values, or for an answer of the assessor (SPEC D1)."""

    _name = "customer.credit.criterion.band"
    _inherit = ["customer.credit.scorecard.part"]
    _description = "Band of a Credit Criterion"
    _order = "criterion_id, value_from, sequence, id"
    _rec_name = "label"

    criterion_id = fields.Many2one(
        comodel_name="customer.credit.criterion",
        required=True,
        index=True,
        ondelete="cascade",
    )
    sequence = fields.Integer(default=10)
    value_from = fields.Float(
        string="From",
        digits=(16, 2),
        help="This value included, up to the next band's.",
    )
    label = fields.Char(
        string="Answer", translate=True, help="What the assessor chooses."
    )
    points = fields.Float(digits=(16, 2), help="0 to 100.")

    @api.constrains("points", "label", "value_from", "criterion_id")
    def _check_band(self):
        for band in self:
            if not 0 <= band.points <= 100:  # nor NaN
                raise ValidationError(self.env._("Points are between 0 and 100."))
            bands = band.criterion_id.band_ids
            if band.criterion_id.source == "manual":
                if not band.label:
                    raise ValidationError(
                        self.env._(
                            "“%(criterion)s”: every answer needs its words.",
                            criterion=band.criterion_id.name,
                        )
                    )
            elif len(set(bands.mapped("value_from"))) != len(bands):
                raise ValidationError(
                    self.env._(
                        "“%(criterion)s”: two bands begin at the same value.",
                        criterion=band.criterion_id.name,
                    )
                )

    def _get_scorecards(self):
        return self.criterion_id.scorecard_id
