from odoo import fields, http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

_MODEL = "sale.order.enquiry"


class EnquiryPortal(CustomerPortal):
    """Where a customer says whether his open orders are still valid (SPEC A6).

    Odoo makes one class of all portal controllers: helpers begin with ``_enquiry``.
    """

    def _prepare_home_portal_values(self, counters):
        """EXTENDS 'portal'."""
        values = super()._prepare_home_portal_values(counters)
        if "enquiry_count" in counters:
            enquiries = request.env[_MODEL]
            values["enquiry_count"] = (
                enquiries.search_count([]) if enquiries.has_access("read") else 0
            )
        return values

    @http.route(
        ["/my/order-enquiries", "/my/order-enquiries/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        sitemap=False,
    )
    def portal_my_order_enquiries(self, page=1, **_kw):
        """List what the customer's own company was asked."""
        enquiries = request.env[_MODEL]
        if not enquiries.has_access("read"):
            raise request.not_found()
        pager = portal_pager(
            url="/my/order-enquiries",
            total=enquiries.search_count([]),
            page=page,
            step=self._items_per_page,
        )
        found = enquiries.search([], limit=self._items_per_page, offset=pager["offset"])
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "enquiry",
            "default_url": "/my/order-enquiries",
            "pager": pager,
            # sudo: enquiries the user may read, as texts
            "rows": [self._enquiry_head(enquiry) for enquiry in found.sudo()],
        }
        return request.render("sale_order_enquiry.portal_my_order_enquiries", values)

    @http.route(
        "/my/order-enquiries/<int(max=2147483647):enquiry_id>",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
    )
    def portal_order_enquiry(self, enquiry_id, access_token=None, message=None, **_kw):
        """Show the orders that are asked about."""
        enquiry_sudo = self._enquiry_find(enquiry_id, access_token)
        if not enquiry_sudo:
            return self._enquiry_refuse()
        return self._enquiry_render(enquiry_sudo, access_token, done=message == "done")

    @http.route(
        "/my/order-enquiries/<int(max=2147483647):enquiry_id>/answer",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
        sitemap=False,
    )
    def portal_order_enquiry_answer(self, enquiry_id, access_token=None, **form):
        """Keep the answers to some or all of the orders."""
        enquiry_sudo = self._enquiry_find(enquiry_id, access_token)
        if not enquiry_sudo:
            return self._enquiry_refuse()
        problem = self._enquiry_take(enquiry_sudo, form)
        if problem:
            return self._enquiry_render(
                enquiry_sudo, access_token, error=problem, form=form
            )
        return request.redirect(
            enquiry_sudo.get_portal_url(query_string="&message=done")
        )

    # Helpers ----------------------------------------------------------------------

    def _enquiry_take(self, enquiry_sudo, form):
        """Keep the answers; return in words why not, or ``""``."""
        user = request.env.user
        if user._is_internal():
            return self._enquiry_staff_text()
        # sudo: as the visitor, whom the enquiry was not read as
        enquiry_sudo = enquiry_sudo.with_user(user).sudo()
        try:
            enquiry_sudo._answer(
                self._enquiry_read(enquiry_sudo, form),
                form.get("name") if user._is_public() else user.name,
                "link" if user._is_public() else "portal",
                address=request.httprequest.remote_addr,
            )
        except UserError as error:
            return str(error)
        return ""

    def _enquiry_read(self, enquiry_sudo, form):
        """Return the replies in a form: ``kind_``, ``words_`` and ``date_<line>``.

        Lines come from the enquiry the visitor may see, whatever the form names.
        """
        replies = {}
        for line_sudo in enquiry_sudo.line_ids:
            kind = form.get(f"kind_{line_sudo.id}")
            if not kind:
                continue
            replies[line_sudo] = {
                "kind": kind,
                "words": form.get(f"words_{line_sudo.id}"),
                "wish_date": self._enquiry_read_date(form.get(f"date_{line_sudo.id}")),
            }
        return replies

    def _enquiry_read_date(self, text):
        """Return a date, or False.

        :raise UserError: for what is no date
        """
        if not text:
            return False
        try:
            date = fields.Date.to_date(text)
        except ValueError:
            date = None
        if not date or not 2000 <= date.year <= 2199:
            raise UserError(request.env._("Please enter the date you wish as a date."))
        return date

    def _enquiry_find(self, enquiry_id, access_token):
        """Return the enquiry with elevated rights if the visitor may see it."""
        token = access_token if isinstance(access_token, str) else None
        try:
            return self._document_check_access(_MODEL, enquiry_id, access_token=token)
        except (AccessError, MissingError):
            return None

    def _enquiry_head(self, enquiry_sudo):
        return {
            "name": enquiry_sudo.name,
            "date": enquiry_sudo.asked_on,
            "orders": enquiry_sudo.line_count,
            "answered": enquiry_sudo.answered_count,
            "is_open": enquiry_sudo.is_current
            and enquiry_sudo.answered_count < enquiry_sudo.line_count,
            "url": enquiry_sudo.access_url,
        }

    def _enquiry_staff_text(self):
        return request.env._(
            "Only the customer answers here. What he said by other means you record on "
            "the order."
        )

    def _enquiry_refuse(self):
        response = request.render(
            "sale_order_enquiry.portal_enquiry_refused",
            {
                "text": request.env._(
                    "This enquiry is not yours, or the link is not valid any more. "
                    "Please ask your contact person for a new one."
                )
            },
        )
        response.status_code = 403
        return response

    def _enquiry_render(self, enquiry_sudo, access_token, **values):
        """Render the page; ``values``: ``error``, ``done``, ``form`` as entered."""
        user = request.env.user
        page = self._get_page_view_values(
            enquiry_sudo,
            access_token,
            {
                "page_name": "enquiry",
                "enquiry_head": self._enquiry_head(enquiry_sudo),
                "rows": enquiry_sudo._prepare_rows(),
                "company_name": enquiry_sudo.company_id.name,
                "may_answer": enquiry_sudo.is_current and not user._is_internal(),
                "is_current": enquiry_sudo.is_current,
                "staff_text": self._enquiry_staff_text() if user._is_internal() else "",
                "is_public": user._is_public(),
                "error": values.get("error"),
                "done": values.get("done"),
                "form": values.get("form") or {},
                "answer_url": enquiry_sudo.get_portal_url(suffix="/answer"),
            },
            "my_order_enquiries_history",
            False,
        )
        page.pop("object", None)  # texts only
        response = request.render("sale_order_enquiry.portal_order_enquiry", page)
        response.headers["Cache-Control"] = "private, no-store"
        return response
