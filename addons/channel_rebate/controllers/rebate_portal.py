from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal


class RebatePortal(CustomerPortal):
    """A customer's own rebates (SPEC M3).

    There is no parameter for whose rebates: they are those of the company of the
    portal user. Odoo makes one class of all portal controllers: helpers begin with
    ``_rebate``.
    """

    def _prepare_home_portal_values(self, counters):
        """EXTENDS 'portal'."""
        values = super()._prepare_home_portal_values(counters)
        if "rebate_count" in counters:
            values["rebate_count"] = len(self._rebate_find())
        return values

    def _rebate_find(self):
        """Return the balances of the customer who is logged in as sudo, or none."""
        return request.env["rebate.balance"]._rebate_of_user(
            request.env.user, request.env.company
        )

    def _rebate_render(self, template, values):
        response = request.render(
            template, {**self._prepare_portal_layout_values(), **values}
        )
        response.headers["Cache-Control"] = "private, no-store"
        return response

    @route(
        "/my/rebates",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
        sitemap=False,
    )
    def portal_my_rebates(self, **_kw):
        """Show how one stands in each programme."""
        return self._rebate_render(
            "channel_rebate.portal_my_rebates",
            {
                "page_name": "rebates",
                "rebates": [
                    balance._prepare_portal_values() for balance in self._rebate_find()
                ],
            },
        )

    @route(
        "/my/rebates/<int(max=2147483647):balance_id>",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
        sitemap=False,
    )
    def portal_my_rebate(self, balance_id, **_kw):
        """Show one's rebate in a period and the documents it rests on."""
        balance_sudo = self._rebate_find().filtered(lambda b: b.id == balance_id)
        if not balance_sudo:
            raise request.not_found()
        return self._rebate_render(
            "channel_rebate.portal_my_rebate",
            {
                "page_name": "rebate",
                "rebate": balance_sudo._prepare_portal_values(),
                **balance_sudo._prepare_portal_sources(),
            },
        )
