from odoo.exceptions import AccessError, MissingError
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal


class SaleOrderLetterPortal(CustomerPortal):
    """The confirmation letter for customers (SPEC B7)."""

    @route(
        "/my/orders/<int(max=2147483647):order_id>/confirmation-letter",
        type="http",
        auth="public",
        methods=["GET"],
    )
    def portal_order_confirmation_letter(self, order_id, access_token=None):
        """Give who may see the order its current letter.

        Everybody else, and when there is no letter, is sent to the list of orders.
        """
        try:
            order_sudo = self._document_check_access(
                "sale.order", order_id, access_token=access_token
            )
        except (AccessError, MissingError):
            return request.redirect("/my")
        file_sudo = order_sudo.policy_letter_id.attachment_id
        if not file_sudo:
            return request.redirect(order_sudo.get_portal_url())
        stream = request.env["ir.binary"]._get_stream_from(file_sudo)
        response = stream.get_response(as_attachment=True)
        response.headers["Cache-Control"] = "no-store"
        return response
