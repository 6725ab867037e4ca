from odoo.exceptions import AccessError, MissingError
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal


class OrderProgressPortal(CustomerPortal):
    """The progress of an order for customers and channel partners (SPEC F5)."""

    @route(
        "/my/orders/<int(max=2147483647):order_id>/progress",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
    )
    def portal_order_progress(self, order_id, access_token=None, **kwargs):
        """Show the timeline to who may see the order, and to its channel partner.

        Everybody else is sent to the list of orders; who may see the order, but no
        progress, to the order.
        """
        order_sudo, is_customer = self._get_progress_order(order_id, access_token)
        if not order_sudo:
            return request.redirect("/my")
        if not self._shows_progress(order_sudo):
            return request.redirect(
                order_sudo.get_portal_url()
                if is_customer and access_token
                else f"/my/orders/{order_sudo.id}"
                if is_customer
                else "/my"
            )
        response = request.render(
            "order_handover.portal_order_progress",
            self._prepare_progress_values(order_sudo, access_token, is_customer),
        )
        response.headers["Cache-Control"] = "no-store"
        return response

    def _get_progress_order(self, order_id, access_token):
        """Return the order, or nothing, and whether the order itself may be seen."""
        try:
            return self._document_check_access(
                "sale.order", order_id, access_token=access_token
            ), True
        except MissingError:
            return request.env["sale.order"], False
        except AccessError:
            # sudo: only whether the user belongs to a partner the order names
            order_sudo = request.env["sale.order"].sudo().browse(order_id)
            partner = request.env.user.partner_id
            if request.env.user._is_public() or not (
                order_sudo._handover_is_progress_partner(partner)
            ):
                return request.env["sale.order"], False
            return order_sudo, False

    def _shows_progress(self, order_sudo):
        """Tell whether the order's company shows progress of such an order."""
        return (
            order_sudo.company_id.handover_progress_portal
            and order_sudo._handover_progress_was_confirmed()
        )

    def _prepare_progress_values(self, order_sudo, access_token, is_customer):
        """Return what the page shows: no prices, nothing for staff."""
        steps = order_sudo._handover_get_public_progress()[order_sudo.id]
        return {
            **self._prepare_portal_layout_values(),
            "page_name": "order_progress",
            "order_name": order_sudo.name,
            "order_reference": order_sudo.client_order_ref or "",
            "order_date": order_sudo.date_order,
            "order_url": (
                order_sudo.get_portal_url()
                if access_token
                else f"/my/orders/{order_sudo.id}"
            )
            if is_customer
            else "",
            "res_company": order_sudo.company_id,
            # the order is read as the superuser, whose days nobody asked for
            **order_sudo._handover_timeline_values(steps, user=request.env.user),
        }
