from odoo import api, models


class CustomerCreditScorecardPart(models.AbstractModel):
    """A part of a scorecard: frozen with it (SPEC D1)."""

    _name = "customer.credit.scorecard.part"
    _description = "Part of a Scorecard"

    def _get_scorecards(self):
        """Return the scorecards these parts belong to."""
        raise NotImplementedError

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        parts._get_scorecards()._check_draft()
        return parts

    def write(self, vals):
        self._get_scorecards()._check_draft()
        result = super().write(vals)
        self._get_scorecards()._check_draft()  # nor moved into one in use
        return result

    @api.ondelete(at_uninstall=True)
    def _unlink_except_in_use(self):
        self._get_scorecards()._check_draft()
