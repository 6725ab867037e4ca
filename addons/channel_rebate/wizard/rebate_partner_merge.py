from odoo import models
from odoo.exceptions import UserError


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """EXTENDS 'base': rebates of customers merged are neither lost nor doubled.

        A participant takes its documents along and is counted anew. Two that take part
        in one programme each have reached tiers and been paid of their own.

        :raise UserError: when both take part in one programme, or a participant would
            become a contact of another customer
        """
        # sudo: contacts are merged with what they have in all companies
        participants_sudo = (
            self.env["rebate.participant"]
            .sudo()
            .search([("partner_id", "in", (src_partners | dst_partner).ids)])
        )
        self._rebate_check_merge(participants_sudo, dst_partner)
        # sudo: whoever merges, documents of all of them
        src_sudo, dst_sudo = src_partners.sudo(), dst_partner.sudo()
        customers = (src_sudo | dst_sudo).commercial_partner_id
        result = super()._update_foreign_keys(src_partners, dst_partner)
        # the rows moved past the ORM: have read and computed again what follows
        self.env.invalidate_all()
        participants_sudo.modified(["partner_id"])
        self.env["rebate.queue"]._push_partners(
            (customers - src_partners) | dst_sudo.commercial_partner_id
        )
        return result

    def _rebate_check_merge(self, participants_sudo, dst_partner):
        for programme, found in participants_sudo.grouped("programme_id").items():
            if len(found) > 1:
                raise UserError(
                    self.env._(
                        "%(customers)s take part in %(programme)s, each with figures "
                        "of its own. They can be merged when only one of them does.",
                        customers=", ".join(found.partner_id.mapped("display_name")),
                        programme=programme.name,
                    )
                )
        customer = dst_partner.commercial_partner_id
        if participants_sudo and customer != dst_partner:
            raise UserError(
                self.env._(
                    "%(partner)s takes part in %(programme)s and cannot become a "
                    "contact of %(customer)s.",
                    partner=participants_sudo[0].partner_id.display_name,
                    programme=participants_sudo[0].programme_id.name,
                    customer=customer.display_name,
                )
            )
