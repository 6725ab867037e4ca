from odoo import api, fields, models
from odoo.exceptions import ValidationError


class RebateSpeed(models.Model):
    """How much of a payment counts, by how soon it came (DESIGN 5)."""

    _name = "rebate.speed"
    _inherit = ["rebate.terms.mixin"]
    _description = "Collection Speed"
    _order = "version_id, days"
    _rec_name = "days"

    version_id = fields.Many2one(
        comodel_name="rebate.version", required=True, index=True, ondelete="cascade"
    )
    participant_id = fields.Many2one(
        comodel_name="rebate.participant", compute="_compute_participant_id"
    )
    days = fields.Integer(string="Up To (Days)", default=0, help="This day included.")
    percent = fields.Float(string="Counts (%)", default=100.0)

    _days_uniq = models.UniqueIndex(
        "(version_id, days)", "These days are there already."
    )

    def _compute_participant_id(self):
        self.participant_id = False

    @api.constrains("percent", "version_id", "participant_id")
    def _check_percent(self):
        for speed in self:
            if not 0 <= speed.percent <= 100:  # nor NaN
                raise ValidationError(
                    self.env._(
                        "A payment counts with 0 to 100 %%, not %(percent)s.",
                        percent=speed.percent,
                    )
                )
