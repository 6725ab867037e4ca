from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

_MODEL = "sale.requirement.list"


class RequirementPortal(CustomerPortal):
    """Where a customer confirms what he needs, or objects (SPEC A7).

    Odoo makes one class of all portal controllers: helpers begin with ``_requirement``.
    """

    def _prepare_home_portal_values(self, counters):
        """EXTENDS 'portal'."""
        values = super()._prepare_home_portal_values(counters)
        if "requirement_count" in counters:
            lists = request.env[_MODEL]
            values["requirement_count"] = (
                lists.search_count([]) if lists.has_access("read") else 0
            )
        return values

    @http.route(
        ["/my/requirement-lists", "/my/requirement-lists/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        sitemap=False,
    )
    def portal_my_requirement_lists(self, page=1, **_kw):
        """List the requirement lists of the customer's own company."""
        lists = request.env[_MODEL]
        if not lists.has_access("read"):
            raise request.not_found()
        pager = portal_pager(
            url="/my/requirement-lists",
            total=lists.search_count([]),
            page=page,
            step=self._items_per_page,
        )
        found = lists.search([], limit=self._items_per_page, offset=pager["offset"])
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "requirement",
            "default_url": "/my/requirement-lists",
            "pager": pager,
            # sudo: lists the user may read, as texts
            "rows": [self._requirement_head(document) for document in found.sudo()],
        }
        return request.render("sale_order_enquiry.portal_my_requirement_lists", values)

    @http.route(
        "/my/requirement-lists/<int(max=2147483647):list_id>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
    )
    def portal_requirement_list(
        self, list_id, access_token=None, report_type=None, message=None, **_kw
    ):
        """Show the list as it was sent, or give its file."""
        list_sudo = self._requirement_find(list_id, access_token)
        if not list_sudo:
            return self._requirement_refuse()
        if report_type == "pdf":
            return self._requirement_give_file(list_sudo)
        done = message if message in ("confirmed", "objected") else ""
        return self._requirement_render(list_sudo, access_token, done=done)

    @http.route(
        "/my/requirement-lists/<int(max=2147483647):list_id>/sign",
        type="jsonrpc",
        auth="public",
        website=True,
    )
    def portal_requirement_sign(
        self, list_id, access_token=None, version=None, name=None, signature=None
    ):
        """Confirm with a signature; called by Odoo's signature form.

        :return: ``{"error": text}``, or where to go
        """
        arguments = request.httprequest.args
        token = access_token or arguments.get("access_token")
        list_sudo = self._requirement_find(list_id, token)
        if not list_sudo:
            return {"error": self._requirement_refusal()}
        if not signature:
            return {"error": request.env._("Sign first.")}
        problem = self._requirement_take(
            list_sudo,
            "confirm",
            name,
            version or arguments.get("version"),
            signature=signature,
        )
        if problem:
            return {"error": problem}
        return {
            "force_refresh": True,
            "redirect_url": list_sudo.get_portal_url(query_string="&message=confirmed"),
        }

    @http.route(
        "/my/requirement-lists/<int(max=2147483647):list_id>/object",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
        sitemap=False,
    )
    def portal_requirement_object(self, list_id, access_token=None, **form):
        """Object, with words for the whole or for lines."""
        list_sudo = self._requirement_find(list_id, access_token)
        if not list_sudo:
            return self._requirement_refuse()
        line_words = {
            int(key.removeprefix("line_")): text
            for key, text in form.items()
            if key.startswith("line_")
            and key.removeprefix("line_").isascii()
            and key.removeprefix("line_").isdigit()
            and len(key) < 12
        }
        problem = self._requirement_take(
            list_sudo,
            "object",
            form.get("name"),
            form.get("version"),
            words=form.get("words"),
            line_words=line_words,
        )
        if problem:
            return self._requirement_render(
                list_sudo, access_token, error=problem, form=form
            )
        return request.redirect(
            list_sudo.get_portal_url(query_string="&message=objected")
        )

    # Helpers ----------------------------------------------------------------------

    def _requirement_take(self, list_sudo, kind, name, version, **values):
        """Keep an answer; return in words why not, or ``""``."""
        user = request.env.user
        if user._is_internal():
            return self._requirement_staff_text()
        try:
            number = int(version)
        except (TypeError, ValueError):
            number = 0
        # sudo: as the visitor, whom the list was not read as
        document_sudo = list_sudo.with_user(user).sudo()
        try:
            document_sudo._answer(
                kind,
                name if user._is_public() else user.name,
                "link" if user._is_public() else "portal",
                number,
                address=request.httprequest.remote_addr,
                **values,
            )
        except UserError as error:
            return str(error)
        return ""

    def _requirement_find(self, list_id, access_token):
        """Return the list with elevated rights if the visitor may see it."""
        token = access_token if isinstance(access_token, str) else None
        try:
            list_sudo = self._document_check_access(_MODEL, list_id, access_token=token)
        except (AccessError, MissingError):
            return None
        return list_sudo if list_sudo.version_id else None

    def _requirement_give_file(self, list_sudo):
        file_sudo = list_sudo.version_id.attachment_id
        if not file_sudo:
            return request.redirect(list_sudo.get_portal_url())
        stream = request.env["ir.binary"]._get_stream_from(file_sudo)
        response = stream.get_response(as_attachment=True)
        response.headers["Cache-Control"] = "no-store"
        return response

    def _requirement_head(self, list_sudo):
        """Return what a list of lists shows; of what was sent, not of a new draft."""
        paper = list_sudo.version_id._prepare_paper()
        return {
            "number": paper["number"],
            "version": paper["version"],
            "date": paper["date"],
            "state": list_sudo.state,
            "url": list_sudo.access_url,
        }

    def _requirement_refusal(self):
        return request.env._(
            "This list is not yours, or the link is not valid any more. Please ask "
            "your contact person for a new one."
        )

    def _requirement_staff_text(self):
        return request.env._(
            "Only the customer answers here. What he said by other means you record on "
            "the requirement list."
        )

    def _requirement_refuse(self):
        response = request.render(
            "sale_order_enquiry.portal_enquiry_refused",
            {"text": self._requirement_refusal()},
        )
        response.status_code = 403
        return response

    def _requirement_render(self, list_sudo, access_token, **values):
        """Render the page; ``values``: ``error``, ``done``, ``form`` as entered."""
        user = request.env.user
        version_sudo = list_sudo.version_id
        may = list_sudo.state in ("sent", "objected") and not user._is_internal()
        page = self._get_page_view_values(
            list_sudo,
            access_token,
            {
                "page_name": "requirement",
                "paper": version_sudo._prepare_paper(),
                "state": list_sudo.state,
                "answered_by": list_sudo.answered_by,
                "answered_on": list_sudo.answered_on,
                "may_answer": may,
                "has_file": bool(version_sudo.attachment_id),
                "error": values.get("error"),
                "done": values.get("done"),
                "form": values.get("form") or {},
                "staff_text": self._requirement_staff_text()
                if user._is_internal()
                else "",
                "is_public": user._is_public(),
                "default_name": "" if user._is_public() else user.name,
                "sign_url": list_sudo.get_portal_url(
                    suffix="/sign", query_string=f"&version={version_sudo.version}"
                ),
                "object_url": list_sudo.get_portal_url(suffix="/object"),
                "pdf_url": list_sudo.get_portal_url(report_type="pdf"),
            },
            "my_requirement_lists_history",
            False,
        )
        page.pop("object", None)  # texts only
        response = request.render("sale_order_enquiry.portal_requirement_list", page)
        response.headers["Cache-Control"] = "private, no-store"
        return response
