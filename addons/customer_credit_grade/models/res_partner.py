from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain


class ResPartner(models.Model):
    _inherit = "res.partner"

    def write(self, vals):
        """EXTENDS 'base': debts do not move to another customer unseen.

        :raise UserError: when somebody who does not look after credit would put a
            contact with debts or orders below another customer
        """
        if "commercial_partner_id" in vals:
            raise AccessError(
                self.env._("The customer of a contact is computed, not written.")
            )
        if not {"parent_id", "is_company"}.intersection(vals) or (
            self.env.user.has_group("customer_credit_grade.group_officer")
            or not self.env["sale.order"]._credit_is_controlled()
        ):
            return super().write(vals)
        before = {partner: partner.commercial_partner_id for partner in self}
        result = super().write(vals)
        moved = self.filtered(
            lambda partner: partner.commercial_partner_id != before[partner]
        )
        if moved and moved._credit_owes():
            raise UserError(
                self.env._(
                    "%(contacts)s has confirmed orders or open invoices, which would "
                    "become another customer's. Ask a credit officer.",
                    contacts=", ".join(moved.mapped("display_name")),
                )
            )
        return result

    def _credit_owes(self):
        """Tell whether these very contacts have confirmed orders or open invoices."""
        # sudo: what others may not see counts too
        contacts = self.sudo().with_context(active_test=False)
        contacts = contacts.search([("id", "child_of", self.ids)])
        orders_sudo = self.env["sale.order"].sudo()
        lines_sudo = self.env["account.move.line"].sudo()
        return bool(
            orders_sudo.search_count(
                Domain("partner_invoice_id", "in", contacts.ids)
                & Domain("state", "=", "sale"),
                limit=1,
            )
            or lines_sudo.search_count(
                Domain("partner_id", "in", contacts.ids)
                & Domain("account_type", "=", "asset_receivable")
                & Domain("parent_state", "=", "posted")
                & Domain("reconciled", "=", False),
                limit=1,
            )
        )
