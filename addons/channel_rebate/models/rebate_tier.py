from odoo import api, fields, models
from odoo.exceptions import ValidationError


class RebateTier(models.Model):
    """From which value on which rate holds: half-open, up to the next (DESIGN 5)."""

    _name = "rebate.tier"
    _inherit = ["rebate.terms.mixin"]
    _description = "Rebate Tier"
    _order = "version_id, participant_id desc, value_from"
    _rec_name = "value_from"

    version_id = fields.Many2one(
        comodel_name="rebate.version", required=True, index=True, ondelete="cascade"
    )
    participant_id = fields.Many2one(
        comodel_name="rebate.participant",
        string="Only For",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('programme_id', '=', parent.programme_id)]",
        help="A participant with tiers of its own has these, not the common ones.",
    )
    value_from = fields.Float(
        string="From",
        digits=(16, 2),
        default=0.0,
        help="This value included, up to the next tier. An amount, a quantity, or a "
        "percentage of target or growth, as the version says.",
    )
    rate = fields.Float(
        digits=(16, 6),
        default=0.0,
        help="Percent of the amount, or an amount per unit, as the version says.",
    )

    _from_uniq = models.UniqueIndex(
        "(version_id, COALESCE(participant_id, 0), value_from)",
        "There is a tier from this value already.",
    )

    @api.constrains("value_from", "rate")
    def _check_values(self):
        for tier in self:
            if not (0 <= tier.value_from <= 1e13 and 0 <= tier.rate <= 1e9):  # nor NaN
                raise ValidationError(
                    self.env._(
                        "Tiers and rates are not negative: %(value)s, %(rate)s.",
                        value=tier.value_from,
                        rate=tier.rate,
                    )
                )
            if tier.version_id.reward == "percent" and tier.rate > 100:
                raise ValidationError(
                    self.env._(
                        "A rebate of %(rate)s %% is more than the whole amount.",
                        rate=tier.rate,
                    )
                )
