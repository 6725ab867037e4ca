from odoo import models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    """A confirmed order keeps what its type asks for before goods leave (SPEC H2)."""

    _inherit = "sale.order"

    def write(self, vals):
        if (
            "policy_type_id" in vals
            and self.env["sale.order.type"]._handover_is_controlled()
        ):
            self._handover_refuse_laxer_type(vals["policy_type_id"])
        return super().write(vals)

    def _handover_refuse_laxer_type(self, type_id):
        """Refuse to take a confirmed order out of control by another order type.

        :raise UserError: unless a sales administrator does it
        """
        if self.env.user.has_group("sales_team.group_sale_manager"):
            return
        # sudo: who writes on orders need not read order types
        new_sudo = self.env["sale.order.type"].sudo().browse(type_id or ())
        for order_sudo in self.sudo():  # sudo: as above
            if order_sudo.state == "sale" and any(
                order_sudo.policy_type_id[name] and not new_sudo[name]
                for name in ("handover_confirm_shipping", "handover_check_delivery")
            ):
                raise UserError(
                    self.env._(
                        "%(order)s is confirmed, and its deliveries are confirmed and "
                        "checked because of its order type. Only a sales administrator "
                        "can give it a type that asks for less.",
                        order=order_sudo.name,
                    )
                )

    def _handover_get_receiver(self):
        """Return whom at the customer to write or talk to about a delivery.

        The contact person of the order if he is the customer's, else the customer.
        """
        self.ensure_one()
        customer = self.partner_id
        contact = self.policy_contact_id.filtered(
            lambda c: c.commercial_partner_id == customer.commercial_partner_id
        )
        return contact or customer

    def _handover_filter_controlled(self):
        """Return those whose type has deliveries confirmed or checked; call as sudo."""
        return self.filtered(
            lambda order: (
                order.policy_type_id.handover_confirm_shipping
                or order.policy_type_id.handover_check_delivery
            )
        )
