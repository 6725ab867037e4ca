from odoo import api, fields, models
from odoo.exceptions import ValidationError


class RebateTarget(models.Model):
    """A participant's target and what else is its own in a version (SPEC M1, M3)."""

    _name = "rebate.target"
    _inherit = ["rebate.terms.mixin"]
    _description = "Rebate Target"
    _order = "version_id, participant_id"
    _rec_name = "participant_id"

    version_id = fields.Many2one(
        comodel_name="rebate.version", required=True, index=True, ondelete="cascade"
    )
    programme_id = fields.Many2one(related="version_id.programme_id")
    participant_id = fields.Many2one(
        comodel_name="rebate.participant",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('programme_id', '=', parent.programme_id)]",
    )
    sale_region_id = fields.Many2one(related="participant_id.sale_region_id")
    target = fields.Float(
        digits=(16, 2),
        default=0.0,
        help="For each period: an amount in the programme's currency, or a quantity.",
    )
    extra_rate = fields.Float(
        digits=(16, 6),
        compute="_compute_extra_rate",
        store=True,
        readonly=False,
        help="Added to the rate of every tier reached. At first what the last "
        "assessment of the channel partner granted.",
    )
    prepayment_rate = fields.Float(
        string="Prepayment (%)",
        help="Share of the orders to be paid in advance. Empty: as the version says.",
    )

    _participant_uniq = models.UniqueIndex(
        "(version_id, participant_id)", "This participant has a target already."
    )

    @api.depends("participant_id")
    def _compute_extra_rate(self):
        """Propose what the channel partner's assessment granted (SPEC L4)."""
        files = self.env["channel.partner"]
        for target in self:
            if not target.extra_rate:
                participant = target.participant_id
                file_sudo = files._channel_get(
                    participant.company_id, participant.partner_id
                )
                target.extra_rate = file_sudo[:1].rebate_extra_rate

    @api.constrains("target", "extra_rate", "prepayment_rate")
    def _check_values(self):
        for target in self:
            if not (
                0 <= target.target <= 1e13
                and -100 <= target.extra_rate <= 1e9
                and 0 <= target.prepayment_rate <= 100
            ):  # nor NaN
                raise ValidationError(
                    self.env._(
                        "%(partner)s: a target is not negative, a prepayment between "
                        "0 and 100 %%.",
                        partner=target.participant_id.display_name,
                    )
                )
