from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal

_MODEL = "channel.rectification"
#: files of one answer, and bytes of one file
_MAX_FILES = 10
_MAX_BYTES = 10 * 1024 * 1024


class CustomerPortalRectification(CustomerPortal):
    """What a channel partner has to put right, and his answer (SPEC L4)."""

    def _prepare_home_portal_values(self, counters):
        """EXTENDS 'portal'."""
        values = super()._prepare_home_portal_values(counters)
        if "rectification_count" in counters:
            records = request.env[_MODEL]
            values["rectification_count"] = (
                records.search_count([]) if records.has_access("read") else 0
            )
        return values

    @http.route(
        "/my/rectifications",
        type="http",
        auth="user",
        website=True,
        readonly=True,
        sitemap=False,
    )
    def portal_my_rectifications(self, **_kw):
        """List those of the customer's own company."""
        records = request.env[_MODEL]
        if not records.has_access("read"):
            return request.redirect("/my")
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="rectification",
            # sudo: those the user may read, as texts
            rectifications=records.search([], limit=100).sudo(),
        )
        return request.render("channel_rebate.portal_my_rectifications", values)

    @http.route(
        "/my/rectifications/<int:record_id>",
        type="http",
        auth="user",
        website=True,
        sitemap=False,
    )
    def portal_rectification(self, record_id, **_kw):
        """Show one; an answer can be given while one is waited for."""
        record_sudo = self._get_rectification(record_id)
        if not record_sudo:
            return request.redirect("/my")
        return self._render_rectification(record_sudo)

    @http.route(
        "/my/rectifications/<int:record_id>/answer",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
        sitemap=False,
    )
    def portal_rectification_answer(self, record_id, answer=None, **_form):
        """Take the answer with its files."""
        record_sudo = self._get_rectification(record_id)
        if not record_sudo:
            return request.redirect("/my")
        try:
            files = self._read_rectification_files()
            record_sudo.with_user(request.env.user)._answer_from_portal(answer, files)
        except UserError as problem:
            return self._render_rectification(record_sudo, str(problem), answer)
        return request.redirect(f"/my/rectifications/{record_sudo.id}")

    def _get_rectification(self, record_id):
        """Return the record with elevated rights, or None when it is not his."""
        try:
            return self._document_check_access(_MODEL, record_id)
        except (AccessError, MissingError):
            return None

    def _render_rectification(self, record_sudo, error=None, text=None):
        values = self._prepare_portal_layout_values()
        values.update(
            page_name="rectification",
            rectification=record_sudo,
            error=error,
            answer_text=text or "",
        )
        response = request.render("channel_rebate.portal_rectification", values)
        response.headers["Cache-Control"] = "private, no-store"
        return response

    def _read_rectification_files(self):
        """Return what was sent along: list of (name, bytes).

        :raise UserError: for too many or too large files
        """
        files = []
        for file in request.httprequest.files.getlist("files"):
            content = file.read(_MAX_BYTES + 1)
            if not content:
                continue
            files.append((file.filename, content))
            if len(content) > _MAX_BYTES or len(files) > _MAX_FILES:
                raise UserError(
                    request.env._(
                        "Please send up to %(count)s files of up to 10 MB.",
                        count=_MAX_FILES,
                    )
                )
        return files
