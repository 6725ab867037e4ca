from odoo import api, models


class ChannelScorecardPart(models.AbstractModel):
    """A part of a scorecard: frozen with it (SPEC L4)."""

    _name = "channel.scorecard.part"
    _description = "Part of a Channel Scorecard"

    def _get_scorecards(self):
        """Return the scorecards these parts belong to."""
        return self.scorecard_id

    @api.model_create_multi
    def create(self, vals_list):
        """:raise UserError: for scorecards in use"""
        parts = super().create(vals_list)
        parts._get_scorecards()._check_draft()
        return parts

    def write(self, vals):
        """:raise UserError: for scorecards in use"""
        self._get_scorecards()._check_draft()
        result = super().write(vals)
        self._get_scorecards()._check_draft()  # nor moved into one in use
        return result

    @api.ondelete(at_uninstall=True)
    def _unlink_except_in_use(self):
        self._get_scorecards()._check_draft()
