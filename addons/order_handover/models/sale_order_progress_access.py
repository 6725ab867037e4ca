from odoo import models
from odoo.fields import Domain

from ..progress import PUBLIC_LINE_KEYS, PUBLIC_STEP_KEYS


class SaleOrder(models.Model):
    """Who sees the progress of an order, and how much of it (SPEC F5)."""

    _inherit = "sale.order"

    def _handover_progress_partners(self):
        """Return who besides the customer may see the progress: channel partners.

        Theirs are all contacts of the same company. Hook: nobody by default. Extend
        :meth:`_handover_progress_domain` alike, which finds the same orders.
        """
        self.ensure_one()
        return self.env["res.partner"]

    def _handover_progress_domain(self, partner):
        """Return which orders ``partner`` may see the progress of as channel partner.

        Hook; see :meth:`_handover_progress_partners`.
        """
        return Domain.FALSE

    def _handover_is_progress_partner(self, partner):
        """Tell whether ``partner`` is, or belongs to, a channel partner named here."""
        self.ensure_one()
        # sudo: whom the order names, whoever asks; only yes or no is told
        named = self.sudo()._handover_progress_partners().commercial_partner_id
        return bool(partner) and partner.sudo().commercial_partner_id in named

    def _handover_progress_was_confirmed(self):
        """Tell whether customers see progress: the order is or was confirmed."""
        self.ensure_one()
        # sudo: the letters and moves of an order one may see
        order_sudo = self.sudo()
        return order_sudo.state == "sale" or (
            order_sudo.state == "cancel"
            and bool(order_sudo.policy_letter_ids or order_sudo.order_line.move_ids)
        )

    def _handover_public_steps(self, steps):
        """Return the steps as customers may see them: nothing that is not listed."""
        return [
            {
                **{key: step.get(key) for key in PUBLIC_STEP_KEYS},
                "lines": [
                    {key: line[key] for key in PUBLIC_LINE_KEYS if key in line}
                    for line in step["lines"]
                ],
            }
            for step in steps
            if step["audience"] == "all"
        ]

    def _handover_get_public_progress(self):
        """Return {order_id: [step]} as customers may see them.

        The caller has checked who may see the orders.
        """
        steps = self._handover_get_steps()
        return {
            order.id: order._handover_public_steps(steps[order.id]) for order in self
        }

    def action_handover_progress(self):
        """Open the timeline of this order.

        :raise AccessError: for who may not read the order
        """
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Order Progress"),
            "res_model": "order.progress",
            "res_id": self.id,
            "view_mode": "form",
            "views": [[False, "form"]],
        }
