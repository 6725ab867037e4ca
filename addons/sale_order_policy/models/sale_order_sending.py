from odoo import models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    """Whether a quotation may go to the customer before it is approved (SPEC A2).

    The order type says so. A quotation that may is marked as subject to approval on
    paper, in the portal and in mails; one that may not cannot become "sent", by any
    route, and is not shown in the portal.
    """

    _inherit = "sale.order"

    def _policy_may_be_sent(self):
        """Tell whether the customer may see the quotation now.

        What a customer has signed, or begun to pay, stays visible to him.
        """
        self.ensure_one()
        # sudo: the type and the payments count whoever asks
        order_sudo = self.sudo()
        return (
            order_sudo.policy_type_id.sending_rule != "approved"
            or bool(self.approval_parked_reason)
            or any(
                tx.state in ("pending", "authorized", "done")
                for tx in order_sudo.transaction_ids
            )
            or not self.approval_must_wait
        )

    def _policy_is_subject_to_approval(self):
        """Tell whether the quotation has to be marked as not binding yet."""
        self.ensure_one()
        return bool(self.approval_must_wait)

    def _policy_check_sendable(self):
        """Refuse to send what has to be approved first.

        :raise UserError: naming the first such quotation and what to do
        """
        for order in self:
            if order.state in ("draft", "sent") and not order._policy_may_be_sent():
                raise UserError(
                    self.env._(
                        "%(order)s may be sent to the customer only once it is "
                        "approved (order type %(type)s).\n%(waiting)s",
                        order=order.display_name,
                        type=order.sudo().policy_type_id.name,  # sudo: a name only
                        waiting=order._approval_waiting_text() or "",
                    )
                )

    def action_quotation_send(self):
        """EXTENDS 'sale': say beforehand what the customer may not see yet."""
        self._policy_check_sendable()
        return super().action_quotation_send()

    def _approval_before(self):
        """EXTENDS 'document_approval': remember what was sent already."""
        before = super()._approval_before()
        for order_sudo in self.sudo():  # sudo: as the rest of it
            before[order_sudo.id]["is_sent"] = order_sudo.state == "sent"
        return before

    def _approval_after(self, before, material):
        """EXTENDS 'document_approval': nothing becomes sent that may not be."""
        result = super()._approval_after(before, material)
        self.exists().filtered(
            lambda order: (
                order.sudo().state == "sent"  # sudo: whoever writes
                and not before.get(order.id, {}).get("is_sent")
            )
        )._policy_check_sendable()
        return result

    def _has_to_be_signed(self):
        """EXTENDS 'sale': what the customer may not see, he cannot sign."""
        return super()._has_to_be_signed() and self._policy_may_be_sent()

    def _has_to_be_paid(self):
        """EXTENDS 'sale': as :meth:`_has_to_be_signed`."""
        return super()._has_to_be_paid() and self._policy_may_be_sent()

    def _can_be_edited_on_portal(self):
        """EXTENDS 'sale': as :meth:`_has_to_be_signed`."""
        return super()._can_be_edited_on_portal() and self._policy_may_be_sent()

    def _notify_by_email_prepare_rendering_context(self, message, *args, **kwargs):
        """EXTENDS 'sale': mark mails about what is not approved yet."""
        context = super()._notify_by_email_prepare_rendering_context(
            message, *args, **kwargs
        )
        if len(self) == 1 and self._policy_is_subject_to_approval():
            lang = context.get("lang") or self.env.lang
            context["subtitles"] = [
                *context.get("subtitles", []),
                self.with_context(lang=lang).env._("Subject to approval"),
            ]
        return context
