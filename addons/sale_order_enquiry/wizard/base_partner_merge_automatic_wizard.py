from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """EXTENDS 'base': of the enquiries of merged customers the newest goes on.

        A customer is asked once at a time; two current enquiries would not merge.
        """
        self.env.flush_all()
        # sudo: contacts are merged with the enquiries of all companies
        current_sudo = (
            self.env["sale.order.enquiry"]
            .sudo()
            .search(
                [
                    ("partner_id", "in", (src_partners | dst_partner).ids),
                    ("is_current", "=", True),
                ],
                order="id desc",
            )
        )
        for enquiries_sudo in current_sudo.grouped("company_id").values():
            enquiries_sudo[1:]._close()
        result = super()._update_foreign_keys(src_partners, dst_partner)
        self.env.invalidate_all()
        return result
