from odoo.http import request, route

from odoo.addons.channel_rebate.controllers.channel_portal import ChannelPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

_PAGE = 40
_URL = "/my/channel/orders"


class ChannelOrdersPortal(ChannelPortal):
    """The orders a channel partner brought, with the way to their progress (F5)."""

    @route(
        [_URL, f"{_URL}/page/<int(max=2147483647):page>"],
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
        sitemap=False,
    )
    def portal_channel_orders(self, page=1, **_kw):
        """List confirmed orders of the partner and of his end customers; no prices."""
        channel_sudo = self._channel_find_or_404()
        # sudo: orders of his end customers are none of his own
        orders_sudo = request.env["sale.order"].sudo()
        domain = orders_sudo._channel_brought_domain(request.env.user.partner_id) & (
            orders_sudo._channel_confirmed_domain(channel_sudo.company_id)
        )
        pager = portal_pager(
            url=_URL, total=orders_sudo.search_count(domain), page=page, step=_PAGE
        )
        return self._channel_render(
            "channel_rebate_progress.portal_channel_orders",
            {
                "page_name": "channel_orders",
                "orders": orders_sudo.search(
                    domain,
                    order="date_order desc, id desc",
                    limit=_PAGE,
                    offset=pager["offset"],
                ),
                "own": channel_sudo.partner_id,
                "pager": pager,
            },
        )
