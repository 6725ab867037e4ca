import re

from odoo import api, models
from odoo.tools import format_list

from ..spreadsheet import normalise

NOT_DIALLED = re.compile(r"[^\d+]")
MOST_PLACES_NAMED = 5


class SaleOrderImportPlace(models.AbstractModel):
    """Finds the contact person and the delivery place among a customer's addresses."""

    _name = "sale.order.import.place"
    _description = "Contacts and Places of Order Imports"

    @api.model
    def _check(self, job, plan, texts, customer, found):
        """Fill in contact and delivery address of the plan.

        :param texts: {key: (text, row)}
        :param found: what was looked up, the customers' families among it
        """
        # sudo: only to know which partners belong together
        commercial = customer.sudo().commercial_partner_id
        family = found["family"].get(commercial.id, customer)
        self._check_contact(job, plan, texts, customer, family)
        if "place" in texts:
            self._check_place(plan, *texts["place"], family)

    @api.model
    def _check_contact(self, job, plan, texts, customer, family):
        ways = {k: texts[k][0] for k in ("contact", "phone", "email") if k in texts}
        people = family.filtered(lambda partner: not partner.is_company)
        if not ways:
            return
        contact = people.browse()
        if "contact" in ways:
            name = normalise(ways["contact"])
            contact = people.filtered(lambda p: normalise(p.name or "") == name)
        if len(contact) != 1:
            among = contact or ("contact" not in ways and people) or people.browse()
            contact = self._find_by_number(among, ways) or contact
        if contact:
            plan.values["policy_contact_id"] = contact[0].id
        elif "contact" in ways and job.create_contacts:
            plan.contact = {
                "name": ways["contact"],
                "phone": ways.get("phone", False),
                "email": ways.get("email", False),
                "parent_id": customer.id,
                "type": "contact",
            }
        elif "contact" in ways:
            plan.add(
                texts["contact"][1],
                self.env._(
                    "%(customer)s has no contact “%(name)s”. Correct the name, or have "
                    "the import create new contacts.",
                    customer=customer.display_name,
                    name=ways["contact"],
                ),
            )

    @api.model
    def _find_by_number(self, people, ways):
        """Return the person with that e-mail address or phone number."""
        email = normalise(ways.get("email", ""))
        phone = NOT_DIALLED.sub("", ways.get("phone", ""))
        return people.filtered(
            lambda p: (
                (email and normalise(p.email or "") == email)
                or (phone and NOT_DIALLED.sub("", p.phone or "") == phone)
            )
        )[:1]

    @api.model
    def _check_place(self, plan, text, row, family):
        wanted = normalise(text)
        matches = family.filtered(lambda p: wanted in self._get_names(p))
        # the same place may be kept for deliveries, for invoices and as the main one
        matches = matches.sorted(lambda p: (p.type != "delivery", bool(p.parent_id)))
        if matches:
            plan.values["partner_shipping_id"] = matches[0].id
            return
        known = [p.street or p.name for p in family if p.street or p.type == "delivery"]
        reason = self.env._(
            "The customer has no address “%(text)s”. Create it at the customer.",
            text=text,
        )
        if known:
            reason += " " + self.env._(
                "Known are: %(places)s.",
                places=format_list(self.env, known[:MOST_PLACES_NAMED]),
            )
        plan.add(row, reason)

    @api.model
    def _get_names(self, partner):
        """Return how the address may be written."""
        street, city = partner.street or "", partner.city or ""
        both = " ".join(filter(None, (street, partner.street2)))
        written = {
            *(street, both, partner.name or ""),
            *(f"{city}{both}", f"{city} {both}", f"{both} {city}", f"{both}, {city}"),
        }
        return {normalise(text) for text in written if text.strip()}
