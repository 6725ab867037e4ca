from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal


class ChannelPortal(CustomerPortal):
    """The pages of a channel partner (SPEC L1).

    There is no parameter for whose pages: it is the company of the portal user. Odoo
    makes one class of all portal controllers: helpers begin with ``_channel``.
    """

    def _prepare_home_portal_values(self, counters):
        """EXTENDS 'portal'."""
        values = super()._prepare_home_portal_values(counters)
        if "channel_count" in counters:
            values["channel_count"] = len(self._channel_find())
        return values

    def _channel_find(self):
        """Return the file of the partner who is logged in as sudo, or nothing."""
        return request.env["channel.partner"]._channel_of_user(
            request.env.user, request.env.company
        )

    def _channel_find_or_404(self):
        """Return the file of the partner who is logged in, as sudo.

        :raise NotFound: for everybody else
        """
        channel_sudo = self._channel_find()
        if not channel_sudo:
            raise request.not_found()
        return channel_sudo

    def _channel_render(self, template, values, status=200):
        response = request.render(
            template, {**self._prepare_portal_layout_values(), **values}, status=status
        )
        response.headers["Cache-Control"] = "private, no-store"
        return response

    @route(
        "/my/channel",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
        sitemap=False,
    )
    def portal_my_channel(self, **_kw):
        """Show agreement, terms, contacts, and the way to everything else."""
        channel_sudo = self._channel_find_or_404()
        return self._channel_render(
            "channel_rebate.portal_my_channel",
            {"page_name": "channel", **channel_sudo._prepare_portal_values()},
        )

    @route(
        "/my/channel/agreement/<int(max=2147483647):agreement_id>"
        "/<int(max=2147483647):file_id>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
        sitemap=False,
    )
    def portal_channel_agreement_file(self, agreement_id, file_id, **_kw):
        """Download a document of one of the partner's own agreements."""
        agreement_sudo = self._channel_find_or_404().agreement_ids.filtered(
            lambda agreement: agreement.id == agreement_id
        )
        file_sudo = agreement_sudo.attachment_ids.filtered(lambda f: f.id == file_id)
        if not file_sudo:
            raise request.not_found()
        return self._channel_send_file(file_sudo)

    def _channel_send_file(self, file_sudo):
        """Send a file that was found from what the partner may see."""
        stream = request.env["ir.binary"]._get_stream_from(file_sudo)
        response = stream.get_response(as_attachment=True)
        response.headers["Cache-Control"] = "private, no-store"
        return response
