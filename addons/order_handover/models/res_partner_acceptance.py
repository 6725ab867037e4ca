from odoo import api, fields, models
from odoo.exceptions import AccessError


class ResPartner(models.Model):
    _inherit = "res.partner"

    handover_acceptance = fields.Selection(
        selection=[("always", "Always"), ("never", "Never")],
        string="Acceptance of Deliveries",
        copy=False,
        help="Whether this customer signs for deliveries before they count as "
        "delivered. Empty: as the order type says. Orders that are confirmed stay as "
        "they are. Set by sales administrators, on the company.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        partners.filtered("handover_acceptance")._handover_check_setter()
        return partners

    def write(self, vals):
        if "handover_acceptance" in vals:
            value = vals["handover_acceptance"] or False
            changed = self.filtered(lambda p: p.handover_acceptance != value)
            changed._handover_check_setter()
        result = super().write(vals)
        if "handover_acceptance" in vals:
            # sudo: quotations the user may not see follow as well
            self.env["sale.order"].sudo()._handover_decide_again(
                [("partner_id.commercial_partner_id", "in", self.ids)]
            )
        return result

    def _handover_check_setter(self):
        """Refuse what decides when goods count as delivered to other people.

        :raise AccessError: for users who are not sales administrators
        """
        if self and not self._policy_sets_regions():
            raise AccessError(
                self.env._(
                    "%(customer)s: only a sales administrator decides whether a "
                    "customer's deliveries need acceptance.",
                    # sudo: a name only
                    customer=self[:1].sudo().display_name,
                )
            )
