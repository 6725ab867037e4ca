from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal

_MOST_WORDS = 2000


class SaleOrderLetterAnswerPortal(CustomerPortal):
    """Where a customer confirms or objects to an order (SPEC L3)."""

    @route(
        "/my/orders/<int(max=2147483647):order_id>/confirmation-answer",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
        sitemap=False,
    )
    def portal_letter_answer(self, order_id, access_token=None, **post):
        """Take the answer of whoever may see the order as its customer.

        Our own people are sent back: they do not answer for the customer.
        """
        try:
            order_sudo = self._document_check_access(
                "sale.order", order_id, access_token=access_token
            )
        except (AccessError, MissingError) as error:
            raise request.not_found() from error
        problem = self._policy_take_answer(order_sudo, post)
        if problem:
            return request.render(
                "sale_order_policy.portal_letter_answer_refused",
                {
                    "text": problem,
                    "back_url": order_sudo.get_portal_url(anchor="letter_answer"),
                    "page_name": "order",
                },
                status=422,
            )
        return request.redirect(order_sudo.get_portal_url(anchor="letter_answer"))

    def _policy_take_answer(self, order_sudo, post):
        """Keep the answer; return in words why not, or ``""``."""
        user = request.env.user
        if user._is_internal():
            return request.env._("Only the customer answers here.")
        # sudo: by the user, whom the order was not read as
        answer_sudo = order_sudo._policy_get_portal_answer().with_user(user).sudo()
        asked = str(answer_sudo.id)
        if not answer_sudo or post.get("answer_id") != asked:
            return request.env._(
                "A newer letter has replaced the one you answered. Please look at it."
            )
        name = self._policy_get_answerer(user, post)
        if not name:
            return request.env._("Please enter your name.")
        lines = order_sudo._policy_get_answer_lines()
        try:
            answer_sudo._answer(
                post.get("answer") == "confirm",
                "link" if user._is_public() else "portal",
                name,
                self._policy_read_words(post.get("words")),
                {
                    line: self._policy_read_words(post.get(f"line_{line.id}"))
                    for line in lines
                },
            )
        except UserError as error:
            return str(error)
        return ""

    def _policy_get_answerer(self, user, post):
        """Return who answers: the user; by the link, whom he says he is."""
        if not user._is_public():
            return user.name
        return self._policy_read_words(post.get("name"))[:100]

    def _policy_read_words(self, text):
        return (text or "").replace("\0", "").strip()[:_MOST_WORDS]
