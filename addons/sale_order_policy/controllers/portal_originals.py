from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import request

from odoo.addons.sale.controllers.portal import CustomerPortal


class CustomerPortalOriginals(CustomerPortal):
    @http.route(
        "/my/orders/<int:order_id>/original/<int:original_id>",
        type="http",
        auth="public",
        website=True,
        readonly=True,
        sitemap=False,
    )
    def portal_order_original(self, order_id, original_id, access_token=None, **_kw):
        """Download a document of an order one may see (SPEC A3).

        Anything else is not found: originals of other orders, internal and replaced
        ones.
        """
        try:
            order_sudo = self._document_check_access(
                "sale.order", order_id, access_token=access_token
            )
        except (AccessError, MissingError) as error:
            raise request.not_found() from error
        document_sudo = order_sudo._policy_get_portal_originals().filtered(
            lambda original: original.id == original_id
        )
        if not document_sudo:
            raise request.not_found()
        stream = request.env["ir.binary"]._get_stream_from(document_sudo.attachment_id)
        response = stream.get_response(as_attachment=True)
        response.headers["Cache-Control"] = "private, no-store"
        return response
