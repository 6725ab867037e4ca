from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import request

from odoo.addons.account.controllers.portal import PortalAccount


class InvoiceDeliveryPortal(PortalAccount):
    """A customer who downloads his invoice has received it (SPEC H6)."""

    @http.route()
    def portal_my_invoice_detail(
        self,
        invoice_id,
        access_token=None,
        report_type=None,
        download=False,
        **kw,
    ):
        """EXTENDS 'account'."""
        response = super().portal_my_invoice_detail(
            invoice_id,
            access_token=access_token,
            report_type=report_type,
            download=download,
            **kw,
        )
        user = request.env.user
        if report_type != "pdf" or not download or user._is_internal():
            return response
        try:
            invoice_sudo = self._document_check_access(
                "account.move", invoice_id, access_token
            )
        except (AccessError, MissingError):
            return response
        visitor = invoice_sudo.partner_id if user._is_public() else user.partner_id
        invoice_sudo._channel_note_received(visitor.display_name)
        return response
