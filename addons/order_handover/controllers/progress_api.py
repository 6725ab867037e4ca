from datetime import datetime
from urllib.parse import urlencode

import pytz

from odoo.fields import Domain
from odoo.http import Controller, request, route

VERSION = "1"
#: how many orders a page has at most, and by default
_MOST, _USUAL = 100, 20
_PATH = "/order_handover/v1/orders"


class ApiError(Exception):
    """What was wrong with a request.

    :param int status: of HTTP
    """

    def __init__(self, status, code, message):
        super().__init__(message)
        self.status, self.code = status, code


class OrderProgressApi(Controller):
    """The progress of one's own orders as JSON; see docs/order_progress_api.md."""

    @route(
        _PATH,
        type="http",
        auth="order_progress_key",
        csrf=False,
        readonly=True,
        save_session=False,
    )
    def order_progress_list(self, **params):
        """Return the user's orders, newest first, page by page.

        Parameters: ``reference``, ``date_from``, ``date_to``, ``changed_since``,
        ``page``, ``limit``.
        """
        return self._answer(self._get_list, params)

    @route(
        f"{_PATH}/<path:reference>",
        type="http",
        auth="order_progress_key",
        csrf=False,
        readonly=True,
        save_session=False,
    )
    def order_progress_one(self, reference, **params):
        """Return one of the user's orders, by reference or id, with its timeline."""
        return self._answer(self._get_one, {"reference": reference})

    # Answers -----------------------------------------------------------------------

    def _answer(self, method, params):
        """Return what the method returns, or what was wrong, as JSON."""
        headers = {"Cache-Control": "no-store"}
        try:
            if request.httprequest.method not in ("GET", "HEAD"):
                headers["Allow"] = "GET, HEAD"
                raise ApiError(405, "method_not_allowed", "Orders are only read here.")
            content, status = method(params), 200
        except ApiError as error:
            status = error.status
            content = {"error": {"code": error.code, "message": str(error)}}
        return request.make_json_response(
            {"version": VERSION, **content}, headers=headers, status=status
        )

    def _get_list(self, params):
        page = self._read_number(params, "page", 1, 10**6)
        limit = self._read_number(params, "limit", _USUAL, _MOST)
        domain = self._get_visible() & self._get_filters(params)
        # sudo: rows of orders that the domain found with the user's own rights
        rows_sudo = request.env["order.progress"].sudo()
        total = rows_sudo.search_count(domain)
        rows_sudo = rows_sudo.search(
            domain,
            order="date_order desc, id desc",
            limit=limit,
            offset=(page - 1) * limit,
        )
        following = page * limit < total
        return {
            "orders": [self._get_summary(row) for row in rows_sudo],
            "page": page,
            "limit": limit,
            "total": total,
            "next": self._get_next(params, page) if following else None,
        }

    def _get_one(self, params):
        rows_sudo = self._find(params["reference"])
        if not rows_sudo:
            raise ApiError(404, "not_found", "No such order of yours.")
        if len(rows_sudo) > 1:
            raise ApiError(
                409, "ambiguous", "Several orders have this reference: ask by id."
            )
        order_sudo = rows_sudo.order_id
        steps = order_sudo._handover_get_public_progress()[order_sudo.id]
        lines = order_sudo._handover_lines_of(steps)
        return {
            "order": {
                **self._get_summary(rows_sudo),
                "steps": [self._get_step(step) for step in steps],
                "lines": [self._get_line(line) for line in lines],
            }
        }

    def _find(self, reference):
        """Return the visible order of that reference, else of that id."""
        # sudo: as in the list
        rows_sudo = request.env["order.progress"].sudo()
        visible = self._get_visible()
        if "\x00" in reference:  # no text of the database has it
            return rows_sudo
        found = rows_sudo.search(visible & Domain("name", "=", reference), limit=2)
        if not found and reference.isascii() and reference.isdigit():
            order_id = int(reference[:12])
            if order_id < 2**31:
                found = rows_sudo.search(visible & Domain("id", "=", order_id))
        return found

    # Whose orders ------------------------------------------------------------------

    def _get_visible(self):
        """Return the domain of the rows the user may see.

        Orders his own record rules let him read, and those that name his company as
        channel partner; confirmed ones of companies that offer this.

        :raise ApiError: when none of his companies offers it
        """
        # sudo: the switch of the user's own companies
        companies_sudo = request.env.user.sudo().company_ids.filtered(
            "handover_progress_api"
        )
        if not companies_sudo:
            raise ApiError(403, "not_offered", "Your supplier does not offer this.")
        orders = request.env["sale.order"]
        own = Domain.FALSE
        if orders.has_access("read"):
            own = Domain("id", "in", orders._search([]))
        named = orders._handover_progress_domain(request.env.user.partner_id)
        if not Domain(named).is_false():
            # sudo: orders that name the user's company, found by nothing else
            own |= Domain("id", "in", orders.sudo()._search(named))
        return (
            own
            & Domain("company_id", "in", companies_sudo.ids)
            & Domain("was_confirmed", "=", True)
        )

    def _get_filters(self, params):
        """Return the domain of what the caller asks for.

        :raise ApiError: naming the parameter that cannot be read
        """
        domain = Domain.TRUE
        reference = params.get("reference")
        if reference:
            if "\x00" in reference:  # no text of the database has it
                raise ApiError(400, "bad_parameter", "reference must be text.")
            domain &= Domain("name", "=", reference) | Domain(
                "client_order_ref", "=", reference
            )
        for name, field, operator in (
            ("date_from", "date_order", ">="),
            ("date_to", "date_order", "<"),
            ("changed_since", "date_changed", ">="),
        ):
            if params.get(name):
                domain &= Domain(field, operator, self._read_moment(params, name))
        return domain

    def _read_moment(self, params, name):
        """Return a parameter as a datetime in UTC."""
        try:
            moment = datetime.fromisoformat(params[name].strip())
            if moment.tzinfo:
                moment = moment.astimezone(pytz.utc).replace(tzinfo=None)
        except (ValueError, OverflowError):
            raise ApiError(
                400,
                "bad_parameter",
                f"{name} must be a date or time as in 2026-12-31T08:00:00Z.",
            ) from None
        return moment

    def _read_number(self, params, name, usual, most):
        """Return a parameter as a number from 1 to ``most``."""
        text = params.get(name) or str(usual)
        is_number = text.isascii() and text.isdigit() and len(text) <= 9
        number = int(text) if is_number else 0
        if not 1 <= number <= most:
            raise ApiError(
                400, "bad_parameter", f"{name} must be a number from 1 to {most}."
            )
        return number

    def _get_next(self, params, page):
        """Return the address of the next page."""
        known = ("reference", "date_from", "date_to", "changed_since", "limit")
        query = {name: params[name] for name in known if params.get(name)}
        # sudo: the address of this database
        parameters_sudo = request.env["ir.config_parameter"].sudo()
        base = parameters_sudo.get_param("web.base.url")
        return f"{base}{_PATH}?{urlencode({**query, 'page': page + 1})}"

    # Content -----------------------------------------------------------------------

    def _get_summary(self, row):
        """Return an order without its timeline."""
        return {
            "id": row.id,
            "reference": row.name,
            "customer_reference": row.client_order_ref or None,
            "ordered": self._moment(row.date_order),
            "phase": row.phase,
            "promised": self._moment(row.date_planned),
            "expected": self._moment(row.date_expected),
            "late": row.is_late,
            "delivered_share": round(row.share / 100, 4),
            "changed": self._moment(row.date_changed),
        }

    def _get_step(self, step):
        tracking = step.get("tracking") or {}
        result = {
            "code": step["code"],
            "name": step["name"],
            "state": step["state"],
            "planned": self._moment(step["planned"]),
            "expected": self._moment(step["expected"]),
            "actual": self._moment(step["actual"]),
            "share": round(step["share"], 4),
            "detail": step["detail"] or None,
        }
        if step["code"] in ("shipment", "return"):
            result["tracking_reference"] = tracking.get("reference") or None
            result["tracking_url"] = tracking.get("url") or None
            result["lines"] = [
                {
                    "line_id": line["line_id"],
                    "product": line["name"],
                    "quantity": line["quantity"],
                    "unit": line["unit"],
                }
                for line in step["lines"]
            ]
        return result

    def _get_line(self, line):
        return {
            "line_id": line["line_id"],
            "product": line["name"],
            "unit": line["unit"],
            "ordered": line["ordered"],
            "shipped": line["shipped"],
            "delivered": line["delivered"],
            "returned": line["returned"],
            "state": line["state"],
            "promised": self._moment(line["planned"]),
            "expected": self._moment(line["expected"]),
        }

    def _moment(self, value):
        """Return a datetime as ISO 8601 in UTC, to the second."""
        return value.replace(microsecond=0).isoformat() + "Z" if value else None
