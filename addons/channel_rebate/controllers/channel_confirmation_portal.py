from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal

_MOST_WORDS = 2000


class ChannelConfirmationPortal(CustomerPortal):
    """Where a channel partner confirms or objects to an order (SPEC L3)."""

    @route(
        "/my/orders/<int(max=2147483647):order_id>/channel-answer",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
        sitemap=False,
    )
    def portal_channel_answer(self, order_id, access_token=None, **post):
        """Take the answer of whoever may see the order as its customer.

        Our own people are sent back: they do not answer for the partner.
        """
        try:
            order_sudo = self._document_check_access(
                "sale.order", order_id, access_token=access_token
            )
        except (AccessError, MissingError) as error:
            raise request.not_found() from error
        problem = self._channel_take_answer(order_sudo, post)
        if problem:
            return request.render(
                "channel_rebate.portal_channel_answer_refused",
                {
                    "text": problem,
                    "back_url": order_sudo.get_portal_url(anchor="channel_answer"),
                    "page_name": "order",
                },
                status=422,
            )
        return request.redirect(order_sudo.get_portal_url(anchor="channel_answer"))

    def _channel_take_answer(self, order_sudo, post):
        """Keep the answer; return in words why not, or ``""``."""
        user = request.env.user
        if user._is_internal():
            return request.env._("Only the partner answers here.")
        # sudo: by the user, whom the order was not read as
        confirmation_sudo = (
            order_sudo._channel_get_portal_confirmation().with_user(user).sudo()
        )
        asked = str(confirmation_sudo.id)
        if not confirmation_sudo or post.get("confirmation_id") != asked:
            return request.env._(
                "A newer letter has replaced the one you answered. Please look at it."
            )
        name = self._channel_get_answerer(user, post)
        if not name:
            return request.env._("Please enter your name.")
        lines = order_sudo._channel_get_portal_lines()
        try:
            confirmation_sudo._answer(
                post.get("answer") == "confirm",
                "link" if user._is_public() else "portal",
                name,
                self._channel_read_words(post.get("words")),
                {
                    line: self._channel_read_words(post.get(f"line_{line.id}"))
                    for line in lines
                },
            )
        except UserError as error:
            return str(error)
        return ""

    def _channel_get_answerer(self, user, post):
        """Return who answers: the user; by the link, whom he says he is."""
        if not user._is_public():
            return user.name
        return self._channel_read_words(post.get("name"))[:100]

    def _channel_read_words(self, text):
        return (text or "").replace("\0", "").strip()[:_MOST_WORDS]
