from psycopg2 import IntegrityError

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import RedirectWarning, UserError


class SaleOrder(models.Model):
    """Customers never lose anything to the gate (DESIGN 2, 3).

    What a customer did with an order that may not be confirmed yet, such as signing
    or paying it, is kept: the order is *parked*. It stays unconfirmed and visible,
    its owner is told, and the last approval confirms it with all that follows.
    """

    _inherit = "sale.order"

    approval_parked_reason = fields.Selection(
        selection=[
            ("signed", "Signed, awaiting approval"),
            ("paid", "Paid, awaiting approval"),
            ("placed", "Ordered online, awaiting approval"),
        ],
        string="Customer Waits",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The customer has done his part. The last approval confirms the order.",
    )
    approval_parked_fingerprint = fields.Char(
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="What the customer signed or paid, to tell whether it was changed since.",
    )

    @api.model
    def _approval_guarded_fields(self):
        """EXTENDS 'document_approval'."""
        return super()._approval_guarded_fields() | {
            "approval_parked_reason",
            "approval_parked_fingerprint",
        }

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") in ("draft", "sale", "cancel"):
            self.filtered(
                lambda order: (
                    order.approval_parked_reason
                    and (
                        order.state != "draft" or not order._approval_is_customer_done()
                    )
                )
            )._approval_unpark()
        return result

    def _policy_may_be_parked(self):
        """Tell whether some gate may keep this order from being confirmed.

        Made to be extended by add-ons with a gate of their own.
        """
        self.ensure_one()
        return self._approval_mode() == "enforce"

    # Where customers confirm -----------------------------------------------------

    def _validate_order(self):
        """EXTENDS 'sale': park what may not be confirmed yet; never raise for that."""
        enforced = self.filtered(lambda order: order._policy_may_be_parked())
        if others := self - enforced:
            super(SaleOrder, others)._validate_order()
        for order in enforced:
            order._approval_confirm_or_park(
                super(SaleOrder, order)._validate_order,
                "signed" if order.signature else "placed",
            )
        return None

    def action_confirm(self):
        """EXTENDS 'sale': park for a customer who orders on a page of the website.

        Only code running with elevated rights on behalf of a customer gets that;
        staff, and whoever calls this from outside, are refused in words.
        """
        online = self.filtered(lambda order: order._approval_is_confirmed_online())
        for order in online:
            order._approval_confirm_or_park(
                super(SaleOrder, order).action_confirm, "placed"
            )
        if self and self == online:
            return True
        return super(SaleOrder, self - online).action_confirm()

    def _approval_is_confirmed_online(self):
        """Tell whether a customer's own action is what confirms this order now."""
        self.ensure_one()
        by_customer = self.env.user.share or (
            self.env.user._is_superuser()
            and any(
                tx.state in ("pending", "authorized", "done")
                for tx in self.transaction_ids
            )
        )
        return (
            self.env.su
            and by_customer
            and self.state in ("draft", "sent")
            and self._policy_may_be_parked()
        )

    def _has_to_be_signed(self):
        """EXTENDS 'sale': a customer who has done his part is not asked again."""
        return super()._has_to_be_signed() and not self.approval_parked_reason

    def _has_to_be_paid(self):
        """EXTENDS 'sale': as :meth:`_has_to_be_signed`."""
        return super()._has_to_be_paid() and not self.approval_parked_reason

    # Parking -----------------------------------------------------------------------

    def _approval_confirm_or_park(self, confirm, reason):
        """Confirm the order, or keep what the customer did until it may be confirmed.

        :param confirm: function without arguments that confirms this order
        :param str reason: signed, paid or placed
        :return: the order if it is confirmed now, else nothing
        """
        self.ensure_one()
        # in the language of the owner, who is told; the customer reads another page
        owner_self = self.with_context(lang=self._approval_owner().lang)
        waiting = owner_self._approval_waiting_text()
        error = waiting or self._approval_attempt(confirm)
        if error:
            self._approval_park(reason, error)
        return self.filtered(lambda order: order.state == "sale")

    def _approval_attempt(self, action):
        """Run ``action`` in a savepoint.

        :return: the error in words when it was refused, nothing of it being kept;
            else False. Serialization failures pass: the request is run again.
        """
        try:
            with self.env.cr.savepoint():
                action()
        except (UserError, RedirectWarning, IntegrityError) as error:
            return str(error.args[0] if error.args else error)
        return False

    def _approval_park(self, reason, error):
        """Keep that the customer has done his part, and tell the owner.

        :param str error: in words, why the order cannot be confirmed
        """
        self.ensure_one()
        fingerprint = self._approval_fingerprints()[self.id]
        again = (
            self.approval_parked_reason
            # sudo: called for customers
            and self.sudo().approval_parked_fingerprint == fingerprint
        )
        if self.approval_parked_reason == "paid":
            reason = "paid"
        self._approval_write(
            {
                "approval_parked_reason": reason,
                "approval_parked_fingerprint": fingerprint,
            }
        )
        if self.state == "draft":
            # a website reopens paid carts that are still drafts
            self.sudo().with_context(tracking_disable=True).write({"state": "sent"})
        if again and self._approval_round().state == "pending":
            return
        objection = self._approval_submit_parked()
        owner_self = self.with_context(lang=self._approval_owner().lang)
        if self.state != "sale":
            self._policy_tell_owner(
                objection or error, summary=owner_self._approval_get_parked_label()
            )

    def _approval_submit_parked(self):
        """Submit a parked order on behalf of its owner, unless it was sent back.

        :return: in words what keeps it from being submitted, else False
        """
        self.ensure_one()
        if self._approval_mode() != "enforce":
            return False
        round_sudo = self._approval_round()
        if round_sudo.state in ("pending", "refused", "withdrawn"):
            return False
        if self._approval_has_valid_round():
            return False
        salesperson = self.sudo().user_id.filtered(lambda u: u.active and not u.share)
        # nobody's order is submitted by the system, so that nobody is kept from
        # deciding on it
        owner_self = self.with_user(salesperson.id or SUPERUSER_ID).with_context(
            allowed_company_ids=self.sudo().company_id.ids
        )
        return self._approval_attempt(owner_self.action_submit_for_approval)

    def _approval_get_parked_label(self):
        """Return the parked reason in words."""
        self.ensure_one()
        field = self._fields["approval_parked_reason"]
        labels = dict(field._description_selection(self.env))
        return labels.get(self.approval_parked_reason, "")

    def _approval_unpark(self):
        self._approval_write(
            {"approval_parked_reason": False, "approval_parked_fingerprint": False}
        )

    def _approval_is_customer_done(self):
        """Tell whether what the customer did is still there."""
        self.ensure_one()
        if self.approval_parked_reason == "signed":
            return bool(self.signature)
        if self.approval_parked_reason == "paid":
            return self.amount_paid > 0 and self._is_confirmation_amount_reached()
        return True

    # Going on ------------------------------------------------------------------------

    def _approval_on_approved(self):
        """EXTENDS 'document_approval': confirm what customers are waiting for."""
        result = super()._approval_on_approved()
        for order in self.filtered("approval_parked_reason"):
            order._approval_resume()
        return result

    def _approval_resume(self):
        """Confirm a parked order, or tell the owner why that is not possible.

        The approval stands in any case.
        """
        self.ensure_one()
        # sudo: the last reviewer need not have the rights of a salesperson
        order_sudo = self.sudo().with_company(self.sudo().company_id)
        order_sudo = order_sudo.with_context(lang=self._approval_owner().lang)
        if order_sudo.state not in ("draft", "sent"):
            return
        if order_sudo._approval_is_parked_for_other():
            return
        # what keeps it from being confirmed is told to the owner from there
        order_sudo._validate_order()
        if order_sudo.state != "sale":
            return
        error = order_sudo._approval_attempt(order_sudo._approval_invoice_parked)
        if error:
            order_sudo._policy_tell_owner(
                self.env._(
                    "The order is confirmed, but its invoice could not be made: "
                    "%(error)s",
                    error=error,
                ),
                also_note=True,
            )

    def _approval_is_parked_for_other(self):
        """End the parking of an order that is not what the customer agreed to.

        :return: whether that was so; the owner is told
        """
        self.ensure_one()
        if (
            self._approval_fingerprints()[self.id] == self.approval_parked_fingerprint
            and self._approval_is_customer_done()
        ):
            return False
        label = self._approval_get_parked_label()
        self._approval_unpark()
        self._policy_tell_owner(
            self.env._(
                "“%(label)s” no longer holds: the order was changed afterwards, or "
                "the payment was taken back. It is approved. Agree with the "
                "customer, then confirm it.",
                label=label,
            ),
            also_note=True,
        )
        return True

    def _approval_invoice_parked(self):
        """Make the invoice that the payment would have made. Made to be extended."""
        self.ensure_one()
        self.transaction_ids._policy_invoice_late()
