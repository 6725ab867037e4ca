from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request

from odoo.addons.sale.controllers.portal import CustomerPortal


class CustomerPortalChange(CustomerPortal):
    """The customer asks for changes of his order, and answers proposals (J1, J3).

    A request is always reached by way of its order, which the visitor may see as its
    customer or by its link.
    """

    @http.route(
        "/my/orders/<int(max=2147483647):order_id>/changes",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
        sitemap=False,
    )
    def portal_order_change_ask(self, order_id, access_token=None, **form):
        """Take what the customer asks for; show the request, or why not."""
        order_sudo = self._change_get_order(order_id, access_token)
        if request.env.user._is_internal():
            return self._change_refuse(order_sudo, self._change_staff_text())
        quantities = {
            line.id: form[f"quantity_{line.id}"]
            for line in order_sudo._change_get_lines()
            if isinstance(form.get(f"quantity_{line.id}"), str)
        }
        try:
            with request.env.cr.savepoint():
                change = order_sudo._change_portal_ask(
                    form.get("kind"),
                    form.get("reason"),
                    quantities,
                    form.get("date"),
                )
        except UserError as error:
            return self._change_refuse(order_sudo, str(error), form)
        return request.redirect(change._get_portal_link())

    @http.route(
        "/my/orders/<int(max=2147483647):order_id>/changes/"
        "<int(max=2147483647):change_id>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
    )
    def portal_order_change(self, order_id, change_id, access_token=None, **_kw):
        """Show one request: what it is about, how far it is, what is to be signed."""
        order_sudo = self._change_get_order(order_id, access_token)
        change_sudo = self._change_get(order_sudo, change_id)
        user = request.env.user
        values = self._prepare_portal_layout_values()
        values.update(
            {
                "page_name": "order_change",
                "change": change_sudo._prepare_portal(),
                "order_name": order_sudo.name,
                "order_url": order_sudo.get_portal_url(),
                "sign_url": order_sudo.get_portal_url(
                    suffix=f"/changes/{change_id}/sign",
                    query_string="&fingerprint=" + change_sudo._get_terms_fingerprint(),
                ),
                "object_url": order_sudo.get_portal_url(
                    suffix=f"/changes/{change_id}/object"
                ),
                "default_name": "" if user._is_public() else user.name,
                "is_staff": user._is_internal(),
            }
        )
        response = request.render("sale_order_change.portal_order_change", values)
        response.headers["Cache-Control"] = "private, no-store"
        return response

    @http.route(
        "/my/orders/<int(max=2147483647):order_id>/changes/"
        "<int(max=2147483647):change_id>/sign",
        type="jsonrpc",
        auth="public",
        website=True,
    )
    def portal_order_change_sign(
        self, order_id, change_id, access_token=None, name=None, signature=None, **_kw
    ):
        """Keep the signed agreement; called by Odoo's signature form.

        :return: ``{"error": text}``, or where to go
        """
        arguments = request.httprequest.args
        token = access_token or arguments.get("access_token")
        order_sudo = self._change_find_order(order_id, token)
        if not order_sudo:
            return {"error": request.env._("This order is not yours.")}
        change_sudo = order_sudo._change_portal_get(change_id)
        if not change_sudo:
            return {"error": request.env._("This request does not exist.")}
        if request.env.user._is_internal():
            return {"error": self._change_staff_text()}
        try:
            with request.env.cr.savepoint():
                change_sudo._agree(
                    "portal", name, signature, arguments.get("fingerprint") or ""
                )
        except UserError as error:
            return {"error": str(error)}
        return {"force_refresh": True, "redirect_url": change_sudo._get_portal_link()}

    @http.route(
        "/my/orders/<int(max=2147483647):order_id>/changes/"
        "<int(max=2147483647):change_id>/object",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
        sitemap=False,
    )
    def portal_order_change_object(
        self, order_id, change_id, access_token=None, words=None, **_kw
    ):
        """Keep that the customer objects to the proposal, and why."""
        order_sudo = self._change_get_order(order_id, access_token)
        change_sudo = self._change_get(order_sudo, change_id)
        if request.env.user._is_internal():
            return self._change_refuse(order_sudo, self._change_staff_text())
        try:
            with request.env.cr.savepoint():
                change_sudo._object(words)
        except UserError as error:
            return self._change_refuse(order_sudo, str(error))
        return request.redirect(change_sudo._get_portal_link())

    # Helpers ----------------------------------------------------------------------

    def _change_get_order(self, order_id, access_token):
        """Return the order, with elevated rights, if the visitor may see it."""
        token = access_token if isinstance(access_token, str) else None
        order_sudo = self._change_find_order(order_id, token)
        if not order_sudo:
            raise request.not_found()
        return order_sudo

    def _change_find_order(self, order_id, token):
        """Return the order with elevated rights, but as the visitor, or nothing."""
        try:
            order_sudo = self._document_check_access("sale.order", order_id, token)
        except (AccessError, MissingError):
            return request.env["sale.order"]
        # sudo: as checked; what is written is the visitor's doing
        return order_sudo.with_user(request.env.user).sudo()

    def _change_get(self, order_sudo, change_id):
        """Return a request of this order that the customer may see."""
        change_sudo = order_sudo._change_portal_get(change_id)
        if not change_sudo:
            raise request.not_found()
        return change_sudo

    def _change_staff_text(self):
        return request.env._(
            "Only the customer answers here. Staff use the order itself."
        )

    def _change_refuse(self, order_sudo, text, form=None):
        """Say in words what should be corrected; what was typed stays in its form."""
        texts = {
            name: value
            for name, value in (form or {}).items()
            if isinstance(value, str)
        }
        return request.render(
            "sale_order_change.portal_order_change_refused",
            {
                "text": text,
                "back_url": order_sudo.get_portal_url(anchor="order_changes"),
                "sale_order": order_sudo,
                "typed": order_sudo._change_portal_may_ask() and texts,
                "page_name": "order_change",
            },
            status=422,
        )
