import json
from urllib.parse import quote

from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

_MODEL = "order.acceptance"
#: characters of the answers in the address of the signature
_MAX_ANSWERS = 6000


class CustomerPortalAcceptance(CustomerPortal):
    """The customer signs for what was delivered (SPEC I1)."""

    def _prepare_home_portal_values(self, counters):
        """EXTENDS 'portal'."""
        values = super()._prepare_home_portal_values(counters)
        slips = request.env[_MODEL]
        if "acceptance_count" in counters:
            values["acceptance_count"] = (
                slips.search_count([]) if slips.has_access("read") else 0
            )
        return values

    @http.route(
        ["/my/acceptances", "/my/acceptances/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        sitemap=False,
    )
    def portal_my_acceptances(self, page=1, filterby=None, **_kw):
        """List the slips of the customer's own company."""
        slips = request.env[_MODEL]
        filters = self._get_acceptance_filters()
        filterby = filterby if filterby in filters else "all"
        domain = filters[filterby]["domain"]
        pager = portal_pager(
            url="/my/acceptances",
            total=slips.search_count(domain),
            page=page,
            step=self._items_per_page,
            url_args={"filterby": filterby},
        )
        found = slips.search(
            domain,
            order="id desc",
            limit=self._items_per_page,
            offset=pager["offset"],
        )
        values = self._prepare_portal_layout_values()
        values.update(
            {
                "page_name": "acceptance",
                "default_url": "/my/acceptances",
                "pager": pager,
                "searchbar_filters": filters,
                "filterby": filterby,
                # sudo: slips the user may read, as texts
                "papers": [
                    {**slip._prepare_paper(), "url": slip.get_portal_url()}
                    for slip in found.sudo()
                ],
            }
        )
        return request.render("order_handover.portal_my_acceptances", values)

    @http.route(
        "/my/acceptances/<int:slip_id>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
    )
    def portal_acceptance(
        self,
        slip_id,
        access_token=None,
        report_type=None,
        download=False,
        message=None,
        **_kw,
    ):
        """Show one slip; what is waiting can be answered."""
        slip_sudo = self._get_acceptance(slip_id, access_token)
        if not slip_sudo:
            return self._refuse_acceptance()
        if report_type in ("html", "pdf", "text"):
            return self._show_report(
                model=slip_sudo,
                report_type=report_type,
                report_ref="order_handover.order_acceptance_report",
                download=download,
            )
        return self._render_acceptance(
            slip_sudo, access_token, is_done=message == "sign_ok"
        )

    @http.route(
        "/my/acceptances/<int:slip_id>/check",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
        sitemap=False,
    )
    def portal_acceptance_check(self, slip_id, access_token=None, **form):
        """Show once more what is accepted and rejected, to be signed."""
        slip_sudo = self._get_acceptance(slip_id, access_token)
        if not slip_sudo:
            return self._refuse_acceptance()
        answers = slip_sudo._prepare_answers(form)
        try:
            slip_sudo._check_waiting()
            parts = slip_sudo._check_answers(answers)
            text = json.dumps(answers)
            if len(text) > _MAX_ANSWERS:
                raise UserError(
                    request.env._(
                        "That is too much to enter here. Write less, or contact us."
                    )
                )
        except UserError as error:
            return self._render_acceptance(
                slip_sudo, access_token, form=form, error=str(error)
            )
        return self._render_acceptance(
            slip_sudo, access_token, form=form, parts=parts, answers=text
        )

    @http.route(
        "/my/acceptances/<int:slip_id>/sign",
        type="jsonrpc",
        auth="public",
        website=True,
    )
    def portal_acceptance_sign(
        self, slip_id, access_token=None, answers=None, name=None, signature=None
    ):
        """Sign; called by Odoo's signature form.

        :return: ``{"error": text}``, or where to go
        """
        arguments = request.httprequest.args
        access_token = access_token or arguments.get("access_token")
        answers = answers or arguments.get("answers") or "{}"
        slip_sudo = self._get_acceptance(slip_id, access_token)
        if not slip_sudo:
            return {"error": self._get_refusal()}
        try:
            answers = json.loads(answers)
            if not isinstance(answers, dict):
                raise ValueError
        except (TypeError, ValueError):
            return {"error": request.env._("Open the page again and sign then.")}
        user = request.env.user
        if user._is_internal():
            return {"error": self._get_staff_text()}
        author = slip_sudo.partner_id if user._is_public() else user.partner_id
        try:
            slip_sudo._sign_in_portal(
                name,
                signature,
                answers,
                author=author,
                address=request.httprequest.remote_addr,
            )
        except UserError as error:
            return {"error": str(error)}
        return {
            "force_refresh": True,
            "redirect_url": slip_sudo.get_portal_url(query_string="&message=sign_ok"),
        }

    # Helpers ----------------------------------------------------------------------

    def _get_acceptance_filters(self):
        return {
            "all": {"label": request.env._("All"), "domain": []},
            "waiting": {
                "label": request.env._("To sign"),
                "domain": [("state", "=", "waiting")],
            },
            "signed": {
                "label": request.env._("Signed"),
                "domain": [("state", "=", "signed")],
            },
        }

    def _get_acceptance(self, slip_id, access_token):
        """Return the slip with elevated rights if the visitor may see it, or none."""
        token = access_token if isinstance(access_token, str) else None
        try:
            return self._document_check_access(_MODEL, slip_id, access_token=token)
        except (AccessError, MissingError):
            return None

    def _get_refusal(self):
        return request.env._(
            "This acceptance slip is not yours, or the link is not valid any more. "
            "Please ask your contact person for a new one."
        )

    def _get_staff_text(self):
        return request.env._(
            "Only the customer signs here. If it was signed on paper, enter the paper "
            "on the slip."
        )

    def _refuse_acceptance(self):
        response = request.render(
            "order_handover.portal_acceptance_refused", {"text": self._get_refusal()}
        )
        response.status_code = 403
        return response

    def _render_acceptance(self, slip_sudo, access_token, **values):
        """Render the page of a slip.

        :param values: ``form`` what was entered, ``error`` a text, ``parts`` what is
            to be signed by line, ``answers`` the same to be sent, ``is_done``
        """
        paper = slip_sudo._prepare_paper()
        form = values.get("form") or {}
        parts = {
            line.id: line._prepare_part(part)
            for line, part in (values.get("parts") or {}).items()
        }
        for line in paper["lines"]:
            line["entered"] = form.get(f"rejected_{line['id']}") or ""
            line["entered_remark"] = form.get(f"remark_{line['id']}") or ""
            line.update(parts.get(line["id"]) or {})
        page = self._get_page_view_values(
            slip_sudo,
            access_token,
            {
                "page_name": "acceptance",
                "paper": paper,
                "error": values.get("error"),
                "is_done": values.get("is_done"),
                "is_signing": bool(parts),
                "staff_text": self._get_staff_text()
                if request.env.user._is_internal()
                else "",
                "default_name": ""
                if request.env.user._is_public()
                else request.env.user.name,
                "page_url": slip_sudo.get_portal_url(),
                "check_url": slip_sudo.get_portal_url(suffix="/check"),
                "pdf_url": slip_sudo.get_portal_url(report_type="pdf", download=True),
                "sign_url": slip_sudo.get_portal_url(
                    suffix="/sign",
                    query_string=f"&answers={quote(values.get('answers') or '{}')}",
                ),
            },
            "my_acceptances_history",
            False,
        )
        page.pop("object", None)  # texts only
        response = request.render("order_handover.portal_acceptance", page)
        response.headers["Cache-Control"] = "private, no-store"
        return response
