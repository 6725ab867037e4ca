from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _credit_get_billing_contact(self):
        """Return whom a customer's debts are written to: who gets the invoices.

        The customer himself if that contact has no e-mail address.
        """
        self.ensure_one()
        contact = self.browse(self.address_get(["invoice"])["invoice"])
        return contact if contact.email else self
