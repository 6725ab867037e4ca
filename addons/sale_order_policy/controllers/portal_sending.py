from odoo import http
from odoo.exceptions import AccessError, MissingError, ValidationError
from odoo.http import request

from odoo.addons.sale.controllers.portal import CustomerPortal, PaymentPortal


def _is_kept_back(order_sudo):
    """Tell whether this reader may not see the quotation yet."""
    return (
        request.env.user.share
        and order_sudo.state in ("draft", "sent")
        and not order_sudo._policy_may_be_sent()
    )


class CustomerPortalSending(CustomerPortal):
    """What customers see of quotations that are not approved yet (SPEC A2)."""

    @http.route()
    def portal_order_page(self, order_id, access_token=None, **kwargs):
        """EXTENDS 'sale': keep back what may be sent only once it is approved."""
        try:
            order_sudo = self._document_check_access(
                "sale.order", order_id, access_token=access_token
            )
        except (AccessError, MissingError):
            return request.redirect("/my")
        if _is_kept_back(order_sudo):
            return request.render(
                "sale_order_policy.quotation_in_preparation",
                {"order_name": order_sudo.name, "page_name": "quote"},
            )
        return super().portal_order_page(order_id, access_token=access_token, **kwargs)

    @http.route()
    def portal_my_sale_order_download_edi(
        self, order_id=None, access_token=None, **kwargs
    ):
        """EXTENDS 'sale': the file says what the page keeps back."""
        try:
            order_sudo = self._document_check_access(
                "sale.order", order_id, access_token=access_token
            )
        except (AccessError, MissingError):
            return request.redirect("/my")
        if _is_kept_back(order_sudo):
            return request.redirect("/my")
        return super().portal_my_sale_order_download_edi(
            order_id=order_id, access_token=access_token, **kwargs
        )


class PaymentPortalSending(PaymentPortal):
    @http.route()
    def portal_order_transaction(self, order_id, access_token, **kwargs):
        """EXTENDS 'sale': a payment that is begun does not open what is kept back.

        :raise ValidationError: as long as the quotation may not be sent
        """
        try:
            order_sudo = self._document_check_access(
                "sale.order", order_id, access_token
            )
        except AccessError:
            order_sudo = request.env["sale.order"]  # refused in Odoo's own words
        if order_sudo and _is_kept_back(order_sudo):
            raise ValidationError(
                request.env._(
                    "%(order)s is still being prepared and cannot be paid yet.",
                    order=order_sudo.name,
                )
            )
        return super().portal_order_transaction(order_id, access_token, **kwargs)
