import secrets

from odoo import fields
from odoo.exceptions import UserError
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..models.channel_demand_form import MOST_LINES
from ..models.channel_demand_portal import MOST_BYTES, MOST_FILES
from .channel_portal import ChannelPortal

_PAGE = 20
_EMPTY_ROWS = 2
_URL = "/my/channel/demands"
_ID = "<int(max=2147483647):demand_id>"


class ChannelDemandPortal(ChannelPortal):
    """Demands and orders channel partners pass on (SPEC L2)."""

    def _channel_get_demand(self, demand_id):
        """Return a demand of the partner who is logged in, as sudo.

        :raise NotFound: for those of others
        """
        channel_sudo = self._channel_find_or_404()
        demand_sudo = (
            request.env["channel.demand"]
            .sudo()  # sudo: partners have no access; found from their own file
            .search(
                [
                    ("id", "=", demand_id),
                    ("channel_partner_id", "=", channel_sudo.id),
                ]
            )
        )
        if not demand_sudo:
            raise request.not_found()
        return demand_sudo

    # Reading -----------------------------------------------------------------------

    @route(
        [_URL, f"{_URL}/page/<int(max=2147483647):page>"],
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
        sitemap=False,
    )
    def portal_channel_demands(self, page=1, **_kw):
        """List the partner's demands, newest first."""
        channel_sudo = self._channel_find_or_404()
        # sudo: as in _channel_get_demand
        demands_sudo = request.env["channel.demand"].sudo()
        domain = [("channel_partner_id", "=", channel_sudo.id)]
        pager = portal_pager(
            url=_URL, total=demands_sudo.search_count(domain), page=page, step=_PAGE
        )
        return self._channel_render(
            "channel_rebate.portal_channel_demands",
            {
                "page_name": "channel_demand",
                "demands": demands_sudo.search(
                    domain, limit=_PAGE, offset=pager["offset"]
                ),
                "pager": pager,
                "refusal": channel_sudo._channel_get_refusal(),
            },
        )

    @route(
        f"{_URL}/{_ID}",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
        sitemap=False,
    )
    def portal_channel_demand(self, demand_id, **_kw):
        """Show one demand, how far it is, and what can be done with it."""
        return self._channel_show_demand(self._channel_get_demand(demand_id))

    def _channel_show_demand(self, demand_sudo, problem="", status=200):
        return self._channel_render(
            "channel_rebate.portal_channel_demand",
            {
                "page_name": "channel_demand",
                "demand": demand_sudo,
                "files": demand_sudo._portal_get_files(),
                "progress": demand_sudo._portal_get_progress(),
                "refusal": demand_sudo.channel_partner_id._channel_get_refusal(),
                "problem": problem,
            },
            status=status,
        )

    @route(
        f"{_URL}/{_ID}/file/<int(max=2147483647):file_id>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
        sitemap=False,
    )
    def portal_channel_demand_file(self, demand_id, file_id, **_kw):
        """Download a file of a demand of one's own."""
        files_sudo = self._channel_get_demand(demand_id)._portal_get_files()
        file_sudo = files_sudo.filtered(lambda file: file.id == file_id)
        if not file_sudo:
            raise request.not_found()
        return self._channel_send_file(file_sudo)

    @route(
        "/my/channel/products",
        type="jsonrpc",
        auth="user",
        methods=["POST"],
        readonly=True,
    )
    def portal_channel_products(self, text="", **_kw):
        """Return products the partner may order: number, name, unit; no price."""
        channel_sudo = self._channel_find()
        if not channel_sudo or not isinstance(text, str):
            return []
        return [
            {
                "id": product.id,
                "name": product.display_name,
                "unit": product.uom_id.name,
            }
            for product in channel_sudo._channel_find_products(text)
        ]

    # Writing -----------------------------------------------------------------------

    @route(
        f"{_URL}/new",
        type="http",
        auth="user",
        website=True,
        methods=["GET", "POST"],
        sitemap=False,
    )
    def portal_channel_demand_new(self, **post):
        """Show the empty form, and take it."""
        channel_sudo = self._channel_find_or_404()
        if channel_sudo._channel_get_refusal():
            return request.redirect(_URL)
        if request.httprequest.method == "POST":
            return self._channel_take_form(channel_sudo, None, post)
        kind = "order" if post.get("kind") == "order" else "demand"
        typed = request.env["channel.demand.form"]._get_typed({"kind": kind})
        return self._channel_show_form(channel_sudo, None, typed)

    @route(
        f"{_URL}/{_ID}/edit",
        type="http",
        auth="user",
        website=True,
        methods=["GET", "POST"],
        sitemap=False,
    )
    def portal_channel_demand_edit(self, demand_id, **post):
        """Go on with a draft or with what came back."""
        demand_sudo = self._channel_get_demand(demand_id)
        channel_sudo = demand_sudo.channel_partner_id
        if (
            demand_sudo.state not in demand_sudo._editable_states
            or channel_sudo._channel_get_refusal()
        ):
            return request.redirect(f"{_URL}/{demand_sudo.id}")
        if request.httprequest.method == "POST":
            return self._channel_take_form(channel_sudo, demand_sudo, post)
        typed = request.env["channel.demand.form"]._get_typed_of(demand_sudo)
        return self._channel_show_form(channel_sudo, demand_sudo, typed)

    def _channel_take_form(self, channel_sudo, demand_sudo, post):
        """Keep what was typed, send it in if asked to; else show it with the errors."""
        forms = request.env["channel.demand.form"]
        typed = forms._get_typed(post)
        values, lines, errors = forms._read_typed(channel_sudo, typed)
        submits = post.get("action") == "submit"
        if submits:
            errors += self._channel_get_form_gaps(values, lines)
        try:
            files = self._channel_read_files()
            if not errors:
                with request.env.cr.savepoint():
                    demand_sudo = self._channel_keep_form(
                        channel_sudo, demand_sudo, (values, lines, files), post, submits
                    )
                return request.redirect(f"{_URL}/{demand_sudo.id}")
        except UserError as error:
            request.env.invalidate_all(flush=False)
            errors.append(("", str(error)))
        return self._channel_show_form(
            channel_sudo, demand_sudo, typed, errors, post.get("request_key")
        )

    def _channel_keep_form(self, channel_sudo, demand_sudo, content, post, submits):
        values, lines, files = content
        if demand_sudo:
            demand_sudo._portal_write(values, lines)
            wanted_off = demand_sudo._portal_get_files().filtered(
                lambda file: post.get(f"remove-file-{file.id}")
            )
            wanted_off.unlink()
            is_new = True
        else:
            demand_sudo = request.env["channel.demand"]._portal_create(
                channel_sudo, values, lines, post.get("request_key")
            )
            # the same form once more: everything was done the first time
            is_new = (
                demand_sudo.state == "draft" and not demand_sudo._portal_get_files()
            )
        if is_new:
            demand_sudo._portal_add_files(files)
        if submits and is_new:
            demand_sudo._submit()
        return demand_sudo

    def _channel_get_form_gaps(self, values, lines):
        """Return what is missing in a form that is to be sent in."""
        demand = request.env["channel.demand"].sudo()  # sudo: nothing is kept of it
        return demand.new(
            {
                "end_customer_name": values["end_customer_name"],
                "line_ids": [(0, 0, {"name": line["name"]}) for line in lines],
            }
        )._get_gaps()

    def _channel_read_files(self):
        uploads = [
            upload
            for upload in request.httprequest.files.getlist("files")
            if upload.filename
        ][: MOST_FILES + 1]
        return request.env["channel.demand"]._portal_check_files(
            [(upload.filename, upload.read(MOST_BYTES + 1)) for upload in uploads]
        )

    def _channel_show_form(self, channel_sudo, demand_sudo, typed, errors=(), key=""):
        by_input = {}
        for name, text in errors:
            by_input.setdefault(name, text)
        rows = typed["rows"][:MOST_LINES]
        empty = dict.fromkeys(
            ("product_id", "product", "quantity", "unit", "date", "remark"), ""
        )
        return self._channel_render(
            "channel_rebate.portal_channel_demand_form",
            {
                "page_name": "channel_demand",
                "channel": channel_sudo,
                "demand": demand_sudo,
                "files": demand_sudo._portal_get_files() if demand_sudo else [],
                "typed": typed["head"],
                "rows": [*rows, *([empty] * (1 if rows else _EMPTY_ROWS))],
                "empty": empty,
                "errors": by_input,
                "problems": list(dict.fromkeys(text for _name, text in errors)),
                "request_key": (key or secrets.token_hex(16))[:64],
                "most_lines": MOST_LINES,
                "most_files": MOST_FILES,
                "most_size": MOST_BYTES // 1024 // 1024,
                "today": fields.Date.to_string(fields.Date.context_today(channel_sudo)),
            },
            status=422 if errors else 200,
        )

    @route(
        f"{_URL}/{_ID}/<any(submit,withdraw):step>",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
        sitemap=False,
    )
    def portal_channel_demand_step(self, demand_id, step, **_post):
        """Send in, or withdraw, a demand of one's own."""
        demand_sudo = self._channel_get_demand(demand_id)
        try:
            with request.env.cr.savepoint():
                if step == "submit":
                    demand_sudo._submit()
                elif demand_sudo.channel_partner_id._channel_get_refusal():
                    raise UserError(
                        demand_sudo.channel_partner_id._channel_get_refusal()
                    )
                else:
                    demand_sudo._withdraw()
        except UserError as error:
            request.env.invalidate_all(flush=False)
            return self._channel_show_demand(demand_sudo, str(error), status=422)
        return request.redirect(f"{_URL}/{demand_sudo.id}")
