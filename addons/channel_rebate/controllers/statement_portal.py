from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

_MODEL = "channel.statement"


class CustomerPortalStatement(CustomerPortal):
    """The customer compares, confirms or disputes his statements (SPEC H5)."""

    def _prepare_home_portal_values(self, counters):
        """EXTENDS 'portal'."""
        values = super()._prepare_home_portal_values(counters)
        if "statement_count" in counters:
            statements = request.env[_MODEL]
            values["statement_count"] = (
                statements.search_count(self._get_statement_domain())
                if statements.has_access("read")
                else 0
            )
        return values

    @http.route(
        ["/my/statements", "/my/statements/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        sitemap=False,
    )
    def portal_my_statements(self, page=1, filterby=None, sortby=None, **_kw):
        """List the statements of the customer's own company."""
        statements = request.env[_MODEL]
        filters, sortings = self._get_statement_filters(), self._get_statement_sorts()
        filterby = filterby if filterby in filters else "all"
        sortby = sortby if sortby in sortings else "date"
        domain = self._get_statement_domain() & Domain(filters[filterby]["domain"])
        pager = portal_pager(
            url="/my/statements",
            total=statements.search_count(domain),
            page=page,
            step=self._items_per_page,
            url_args={"filterby": filterby, "sortby": sortby},
        )
        found = statements.search(
            domain,
            order=sortings[sortby]["order"],
            limit=self._items_per_page,
            offset=pager["offset"],
        )
        values = self._prepare_portal_layout_values()
        values.update(
            {
                "page_name": "statement",
                "default_url": "/my/statements",
                "pager": pager,
                "searchbar_filters": filters,
                "filterby": filterby,
                "searchbar_sortings": sortings,
                "sortby": sortby,
                # sudo: statements the user may read, as texts
                "rows": [self._prepare_row(statement) for statement in found.sudo()],
            }
        )
        return request.render("channel_rebate.portal_my_statements", values)

    @http.route(
        "/my/statements/<int:statement_id>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
    )
    def portal_statement(
        self, statement_id, access_token=None, report_type=None, message=None, **_kw
    ):
        """Show one statement, or give its file."""
        statement_sudo = self._get_statement(statement_id, access_token)
        if not statement_sudo:
            return self._refuse_statement()
        if report_type == "pdf":
            return self._give_statement_file(statement_sudo)
        done = message if message in ("confirmed", "disputed") else ""
        return self._render_statement(statement_sudo, access_token, done=done)

    @http.route(
        "/my/statements/<int:statement_id>/confirm",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
        sitemap=False,
    )
    def portal_statement_confirm(
        self, statement_id, access_token=None, name=None, **_kw
    ):
        """Confirm the whole statement with a name."""
        return self._answer_statement(
            statement_id,
            access_token,
            "confirmed",
            lambda statement, values: statement._confirm(name, **values),
        )

    @http.route(
        "/my/statements/<int:statement_id>/sign",
        type="jsonrpc",
        auth="public",
        website=True,
    )
    def portal_statement_sign(
        self, statement_id, access_token=None, name=None, signature=None
    ):
        """Confirm with a signature; called by Odoo's signature form.

        :return: ``{"error": text}``, or where to go
        """
        token = access_token or request.httprequest.args.get("access_token")
        statement_sudo = self._get_statement(statement_id, token)
        if not statement_sudo:
            return {"error": self._get_statement_refusal()}
        if request.env.user._is_internal():
            return {"error": self._get_statement_staff_text()}
        if not signature:
            return {"error": request.env._("Sign first.")}
        values = self._get_answer_values(statement_sudo)
        try:
            statement_sudo._confirm(name, signature=signature, **values)
        except UserError as error:
            return {"error": str(error)}
        return {
            "force_refresh": True,
            "redirect_url": statement_sudo.get_portal_url(
                query_string="&message=confirmed"
            ),
        }

    @http.route(
        "/my/statements/<int:statement_id>/dispute",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
        sitemap=False,
    )
    def portal_statement_dispute(self, statement_id, access_token=None, **form):
        """Object to lines, or say what is missing."""
        items = self._read_items(form)
        files = [
            (upload.filename, upload.read())
            for upload in request.httprequest.files.getlist("files")
        ]
        return self._answer_statement(
            statement_id,
            access_token,
            "disputed",
            lambda statement, values: statement._dispute(
                items, name=form.get("name"), files=files, **values
            ),
            form=form,
        )

    # Helpers ----------------------------------------------------------------------

    def _answer_statement(self, statement_id, access_token, done, answer, form=None):
        """Let the customer answer; show the page again when that is refused."""
        statement_sudo = self._get_statement(statement_id, access_token)
        if not statement_sudo:
            return self._refuse_statement()
        if request.env.user._is_internal():
            error = self._get_statement_staff_text()
        else:
            values = self._get_answer_values(statement_sudo)
            try:
                answer(statement_sudo, values)
            except UserError as problem:
                error = str(problem)
            else:
                return request.redirect(
                    statement_sudo.get_portal_url(query_string=f"&message={done}")
                )
        return self._render_statement(
            statement_sudo, access_token, error=error, form=form
        )

    def _get_answer_values(self, statement_sudo):
        user = request.env.user
        author = statement_sudo.partner_id if user._is_public() else user.partner_id
        return {
            "author_id": author.id,
            "address": request.httprequest.remote_addr,
        }

    def _read_items(self, form):
        """Return the objections in a form: ``reason_<line>`` and ``amount_<line>``."""
        items = []
        for key, reason in form.items():
            kind, _sep, number = key.partition("_")
            if kind != "reason" or not isinstance(reason, str):
                continue
            amount = form.get(f"amount_{number}")
            if not reason.strip() and not amount:
                continue
            line_id = False
            if number != "missing":
                is_line = number.isascii() and number.isdigit() and len(number) < 10
                line_id = int(number) if is_line else -1
            items.append({"line_id": line_id, "reason": reason, "amount": amount})
        return items

    def _get_statement_domain(self):
        return Domain("state", "!=", "draft")

    def _get_statement_filters(self):
        return {
            "all": {"label": request.env._("All"), "domain": []},
            "open": {
                "label": request.env._("To confirm"),
                "domain": [("state", "=", "issued")],
            },
            "disputed": {
                "label": request.env._("Disputed"),
                "domain": [("state", "=", "disputed")],
            },
            "confirmed": {
                "label": request.env._("Confirmed"),
                "domain": [("state", "in", ("confirmed", "closed"))],
            },
        }

    def _get_statement_sorts(self):
        return {
            "date": {
                "label": request.env._("Newest"),
                "order": "date_to desc, id desc",
            },
            "name": {"label": request.env._("Number"), "order": "name desc, id desc"},
        }

    def _prepare_row(self, statement_sudo):
        return {
            **statement_sudo._prepare_head(),
            "url": statement_sudo.get_portal_url(),
        }

    def _get_statement(self, statement_id, access_token):
        """Return the statement with elevated rights if the visitor may see it."""
        token = access_token if isinstance(access_token, str) else None
        try:
            statement_sudo = self._document_check_access(
                _MODEL, statement_id, access_token=token
            )
        except (AccessError, MissingError):
            return None
        if statement_sudo.state == "draft" and not request.env.user._is_internal():
            return None
        return statement_sudo

    def _give_statement_file(self, statement_sudo):
        """Return the file that was mailed, or print the statement now."""
        file_sudo = statement_sudo.paper_ids.attachment_id
        if not file_sudo:
            return self._show_report(
                model=statement_sudo,
                report_type="pdf",
                report_ref="channel_rebate.channel_statement_report",
                download=True,
            )
        stream = request.env["ir.binary"]._get_stream_from(file_sudo)
        response = stream.get_response(as_attachment=True)
        response.headers["Cache-Control"] = "no-store"
        return response

    def _get_statement_refusal(self):
        return request.env._(
            "This statement is not yours, or the link is not valid any more. Please "
            "ask your contact person for a new one."
        )

    def _get_statement_staff_text(self):
        return request.env._(
            "Only the customer answers here. If it was signed on paper, enter that on "
            "the statement."
        )

    def _refuse_statement(self):
        response = request.render(
            "channel_rebate.portal_statement_refused",
            {"text": self._get_statement_refusal()},
        )
        response.status_code = 403
        return response

    def _render_statement(self, statement_sudo, access_token, **values):
        """Render the page; ``values``: ``error``, ``done``, ``form`` as entered."""
        user = request.env.user
        page = self._get_page_view_values(
            statement_sudo,
            access_token,
            {
                "page_name": "statement",
                "paper": statement_sudo._prepare_paper(),
                "error": values.get("error"),
                "done": values.get("done"),
                "form": values.get("form") or {},
                "staff_text": self._get_statement_staff_text()
                if user._is_internal()
                else "",
                "default_name": "" if user._is_public() else user.name,
                "confirm_url": statement_sudo.get_portal_url(suffix="/confirm"),
                "dispute_url": statement_sudo.get_portal_url(suffix="/dispute"),
                "sign_url": statement_sudo.get_portal_url(suffix="/sign"),
                "pdf_url": statement_sudo.get_portal_url(report_type="pdf"),
            },
            "my_statements_history",
            False,
        )
        page.pop("object", None)  # texts only
        response = request.render("channel_rebate.portal_statement", page)
        response.headers["Cache-Control"] = "private, no-store"
        return response
