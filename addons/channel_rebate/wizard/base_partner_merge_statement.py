from odoo import models
from odoo.exceptions import UserError


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """EXTENDS 'base': what was issued to a customer stays with him (SPEC H5).

        :raise UserError: when one that would go has statements
        """
        # sudo: statements of all companies count
        statements_sudo = self.env["channel.statement"].sudo()
        issued_sudo = statements_sudo.search(
            [("partner_id", "in", src_partners.ids), ("state", "!=", "draft")], limit=1
        )
        if issued_sudo:
            raise UserError(
                self.env._(
                    "%(customer)s has been issued statements. Keep that contact when "
                    "you merge, and merge the others into it.",
                    customer=issued_sudo.partner_id.display_name,
                )
            )
        statements_sudo.search([("partner_id", "in", src_partners.ids)]).unlink()
        return super()._update_foreign_keys(src_partners, dst_partner)
