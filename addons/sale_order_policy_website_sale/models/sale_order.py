from odoo import models
from odoo.exceptions import ValidationError


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _check_cart_is_ready_to_be_paid(self):
        """EXTENDS 'website_sale': find before the payment what would block the order.

        Only what the customer can do something about. A review by our own people is
        no reason to turn him away, nor is what only they can fill in.

        :raise ValidationError: naming what is wrong with the cart
        """
        result = super()._check_cart_is_ready_to_be_paid()
        for order in self:
            if order._approval_mode() != "enforce":
                continue
            problems = [
                order._approval_finding_message(finding)
                for finding in order._approval_findings()[order.id]
                if finding["severity"] == "block"
                and order._policy_concerns_cart(finding)
            ]
            if problems:
                raise ValidationError("\n".join(problems))
        return result

    def _policy_concerns_cart(self, finding):
        """Tell whether a blocking finding is one the customer can mend."""
        if finding["code"] != "incomplete":
            return True
        values = finding["values"]
        if values["problem"] == "missing":
            return values["field"] == "order_line"
        return values["problem"] != "price"

    def _policy_pricelist_is_chosen(self):
        """EXTENDS 'sale_order_policy': visitors get theirs from the website.

        Unless somebody of the staff has changed the order since.
        """
        order_sudo = self.sudo()
        return super()._policy_pricelist_is_chosen() and not (
            order_sudo.website_id
            and order_sudo.create_uid.share
            and all(editor.share for editor in order_sudo.approval_editor_ids)
        )
