from odoo import api, models
from odoo.exceptions import UserError


class RebateTermsMixin(models.AbstractModel):
    """What belongs to a version and stays as it was approved (SPEC B6, M2)."""

    _name = "rebate.terms.mixin"
    _description = "Part of a Rebate Version"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records.version_id._check_open()
        records.version_id._approval_touch()
        return records

    def write(self, vals):
        versions = self.version_id
        versions._check_open()
        result = super().write(vals)
        self.version_id._check_open()
        # who changed the terms does not approve them; and of a change and an
        # approval at the same moment one is rerun
        (versions | self.version_id)._approval_touch()
        return result

    @api.ondelete(at_uninstall=True)
    def _unlink_except_approved(self):
        self.version_id._check_open()
        self.version_id._approval_touch()

    @api.constrains("version_id", "participant_id")
    def _check_participant(self):
        for record in self:
            participant = record.participant_id
            if (
                participant
                and participant.programme_id != record.version_id.programme_id
            ):
                raise UserError(
                    self.env._(
                        "%(partner)s takes part in another programme.",
                        partner=participant.display_name,
                    )
                )
