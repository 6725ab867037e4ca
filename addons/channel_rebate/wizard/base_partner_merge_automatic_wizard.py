from odoo import models
from odoo.exceptions import UserError


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """EXTENDS 'base': a channel partner's file follows its company.

        :raise UserError: when both have one, since neither history may be lost
        """
        # sudo: contacts are merged with what they have in all companies
        files_sudo = (
            self.env["channel.partner"]
            .sudo()
            .with_context(active_test=False)
            .search([("partner_id", "in", (src_partners | dst_partner).ids)])
        )
        self._channel_check_merge(files_sudo, dst_partner)
        result = super()._update_foreign_keys(src_partners, dst_partner)
        if files_sudo:
            # the rows moved past the ORM: have read and computed again what follows
            self.env.invalidate_all()
            files_sudo.modified(["partner_id"])
        return result

    def _channel_check_merge(self, files, dst_partner):
        for own in files.grouped("company_id").values():
            if len(own) > 1:
                raise UserError(
                    self.env._(
                        "%(partner)s and %(other)s are both channel partners, each "
                        "with a history of its own. They cannot be merged.",
                        partner=own[0].partner_id.display_name,
                        other=own[1].partner_id.display_name,
                    )
                )
        if files and dst_partner.commercial_partner_id != dst_partner:
            raise UserError(
                self.env._(
                    "%(contact)s is a contact of %(customer)s and cannot take over "
                    "the file of a channel partner. Merge into the company instead.",
                    contact=dst_partner.display_name,
                    customer=dst_partner.commercial_partner_id.display_name,
                )
            )
