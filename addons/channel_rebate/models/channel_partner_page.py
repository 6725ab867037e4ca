from odoo import models


class ChannelPartner(models.Model):
    """What a channel partner reads on his first page (SPEC L1)."""

    _inherit = "channel.partner"

    def _prepare_portal_values(self):
        """Return what the page shows; call as sudo. Hook: what else there is to show.

        Only what is named here leaves for the portal: no notes of our people.
        """
        self.ensure_one()
        agreement = self.agreement_id
        later = self.agreement_ids.filtered(
            lambda a: not a.is_in_force and a.days_left > 0
        ).sorted("date_from")
        demands = self.env["channel.demand"]
        return {
            "channel": self,
            "agreement": agreement,
            "next_agreement": later[:1] if not agreement else later.browse(),
            "files": (agreement or later[:1]).attachment_ids,
            "refusal": self._channel_get_refusal(),
            "is_rectifying": self.state == "rectification",
            "pricelist_name": self.pricelist_id.name or "",
            "payment_terms": self.payment_term_id.name or "",
            "contacts": self._get_portal_contacts(),
            "to_answer": self._get_portal_confirmations(),
            "demand_count": demands.search_count(
                [
                    ("channel_partner_id", "=", self.id),
                    ("state", "in", ("draft", "submitted", "returned")),
                ]
            ),
        }

    def _get_portal_contacts(self):
        """Return whom the partner can call at our side; call as sudo. Hook."""
        self.ensure_one()
        users = self.user_id | self.partner_id.user_id
        return [
            {
                "name": user.name,
                "phone": user.partner_id.phone or "",
                "email": user.email or "",
            }
            for user in users
            if user.active and not user.share
        ]

    def _get_portal_confirmations(self):
        """Return the letters that wait for the partner's answer; call as sudo."""
        self.ensure_one()
        return self.env["sale.order.letter.answer"].search(
            [
                ("channel_partner_id", "=", self.id),
                ("is_current", "=", True),
                ("state", "in", ("waiting", "overdue")),
                ("order_id.state", "=", "sale"),
            ],
            order="due_on, id",
            limit=20,
        )
