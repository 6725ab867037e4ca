from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal

_MOST_FILES = 5
_MOST_BYTES = 5 * 1024 * 1024
_MOST_WORDS = 4000


class OrderExceptionPortal(CustomerPortal):
    """Shipping notices and exceptions of an order, for its customer (SPEC H2, I3)."""

    def _get_order(self, order_id, access_token):
        """Return the order for whoever may see it, as sudo.

        :raise NotFound: for everybody else
        """
        try:
            return self._document_check_access(
                "sale.order", order_id, access_token=access_token
            )
        except (AccessError, MissingError) as error:
            raise request.not_found() from error

    @route(
        "/my/orders/<int(max=2147483647):order_id>"
        "/shipping-notice/<int(max=2147483647):notice_id>",
        type="http",
        auth="public",
        methods=["GET"],
    )
    def portal_shipping_notice(self, order_id, notice_id, access_token=None, **_kw):
        """Download a shipping notice of an order one may see."""
        order_sudo = self._get_order(order_id, access_token)
        notice_sudo = order_sudo.handover_notice_ids.filtered(
            lambda notice: notice.id == notice_id and notice.attachment_id
        )
        if not notice_sudo:
            raise request.not_found()
        stream = request.env["ir.binary"]._get_stream_from(notice_sudo.attachment_id)
        response = stream.get_response(as_attachment=True)
        response.headers["Cache-Control"] = "private, no-store"
        return response

    @route(
        "/my/orders/<int(max=2147483647):order_id>/exception",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
    )
    def portal_report_exception(
        self, order_id, access_token=None, description="", **post
    ):
        """Take down what a customer reports about an order of his own."""
        order_sudo = self._get_order(order_id, access_token)
        try:
            files = self._read_files(request.httprequest.files.getlist("files"))
            order_sudo._handover_report_exception(
                description[:_MOST_WORDS], post, files
            )
        except UserError as error:
            return self._show_refusal(order_sudo, str(error))
        return request.redirect(
            order_sudo.get_portal_url(
                query_string="&handover_reported=1", anchor="order_exceptions"
            )
        )

    def _read_files(self, uploads):
        """Return ``[(name, content)]`` of what was sent along.

        :raise UserError: for too many, too large or other than allowed files
        """
        uploads = [upload for upload in uploads if upload.filename]
        if len(uploads) > _MOST_FILES:
            raise UserError(
                request.env._("At most %(count)s files at a time.", count=_MOST_FILES)
            )
        files = []
        for upload in uploads:
            content = upload.read(_MOST_BYTES + 1)
            if len(content) > _MOST_BYTES:
                raise UserError(
                    request.env._(
                        "%(file)s is larger than %(size)s MB. Please send a smaller "
                        "one.",
                        file=upload.filename,
                        size=_MOST_BYTES // 1024 // 1024,
                    )
                )
            files.append((upload.filename, content))
        return files

    def _show_refusal(self, order_sudo, text):
        """Show why a report was not taken, with the way back."""
        return request.render(
            "order_handover.portal_exception_refused",
            {
                "order": order_sudo,
                "text": text,
                "back_url": order_sudo.get_portal_url(anchor="order_exceptions"),
                "page_name": "order",
            },
            status=422,
        )
