from odoo import fields, models
from odoo.tools import SQL


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """EXTENDS 'base': one account and one limit remain for customers merged.

        Those of the destination. Limits never add up: what the others had ends, and
        goes into the history of the account that stays.
        """
        self._credit_merge_accounts(src_partners, dst_partner)
        # what the others had in Odoo's own fields goes with them
        self.env["customer.credit.native"].sudo().search(
            [("partner_id", "in", src_partners.ids)]
        ).unlink()
        return super()._update_foreign_keys(src_partners, dst_partner)

    def _credit_merge_accounts(self, src_partners, dst_partner):
        # sudo: contacts are merged with what they have in all companies
        accounts_sudo = (
            self.env["customer.credit.account"]
            .sudo()
            .with_context(active_test=False)
            .search([("partner_id", "in", (src_partners | dst_partner).ids)])
        )
        for own in accounts_sudo.grouped("company_id").values():
            own = own.sorted(lambda a: (a.partner_id != dst_partner, a.id))
            if len(own) > 1:
                self._credit_fold_accounts(own[0], own[1:])

    def _credit_fold_accounts(self, kept, others):
        """Make ``others`` history of ``kept``, and remove them."""
        kept._bump(kept.company_id, (kept | others).partner_id)
        others.entitlement_ids.filtered(lambda part: not part.date_ended).write(
            {"date_ended": fields.Datetime.now()}
        )
        # sudo: drafts of others are returned as well
        drafts = self.env["customer.credit.request"].sudo()
        drafts = drafts.search(
            [("account_id", "in", others.ids), ("state", "=", "draft")]
        )
        drafts._approval_supersede(
            self.env._(
                "The customer was merged with %(partner)s.",
                partner=kept.partner_id.display_name,
            )
        )
        names = ", ".join(others.partner_id.mapped("display_name"))
        kept._message_log(
            body=self.env._(
                "Merged with %(customers)s. The limit of this account stays; limits "
                "and guarantees of the others have ended.",
                customers=names,
            )
        )
        self.env.flush_all()
        self._update_foreign_keys_generic("customer.credit.account", others, kept)
        self._update_reference_fields_generic("customer.credit.account", others, kept)
        self.env.cr.execute(
            SQL("DELETE FROM customer_credit_account WHERE id IN %s", tuple(others.ids))
        )
        self.env.invalidate_all()
