from odoo import http
from odoo.exceptions import RedirectWarning, UserError
from odoo.http import request
from odoo.tools import format_amount, format_date, format_datetime

from ..models.document_approval_answer import ANSWERS

#: a page about money: not kept, not framed, its address not passed on
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
}
ROUTE = "/approval/decide/<string:token>"


class ApprovalDecision(http.Controller):
    """The page a decision link opens (SPEC B4).

    The link names a seat and a person and opens nothing by itself: the person has to
    be logged in, and only a form sent from the page decides. So mail scanners, link
    previews and colleagues who got the mail forwarded can do nothing with it.
    """

    @http.route(ROUTE, type="http", auth="user", methods=["GET"])
    def approval_decide_page(self, token, **kwargs):
        """Show the document's facts and the form. Decides nothing."""
        self._use_language_of_user()
        seat, refusal = self._find_seat(token)
        return refusal or self._render_seat(seat, token)

    @http.route(ROUTE, type="http", auth="user", methods=["POST"])
    def approval_decide(self, token, **post):
        """Decide as the person logged in, then show what became of it.

        What the engine refuses is shown in its words, with all that was entered. A
        lost race is no refusal and reaches the request, which is then repeated.
        """
        self._use_language_of_user()
        seat, refusal = self._find_seat(token)
        if refusal:
            return refusal
        entered = {
            key: value.replace("\x00", "").strip()
            for key, value in post.items()
            if isinstance(value, str)  # and no files
        }
        if self._get_own_decision(seat):
            return request.redirect(f"/approval/decide/{token}")
        try:
            with request.env.cr.savepoint():
                self._decide(seat, entered)
        except (UserError, RedirectWarning) as error:
            words = str(error.args[0]) if error.args else str(error)
            return self._render_seat(seat, token, entered, words)
        return request.redirect(f"/approval/decide/{token}")

    # Whose link it is --------------------------------------------------------------

    def _use_language_of_user(self):
        user = request.env.user
        request.update_context(lang=user.lang, tz=user.tz)

    def _find_seat(self, token):
        """Return the seat the link was made for, or the page that says why not."""
        named = request.env["document.approval.seat"]._read_decision_token(token)
        if not named:
            return None, self._render_refusal("unknown", 404)
        seat_id, user_id = named
        user = request.env.user
        if user.id != user_id or not user._is_internal():
            return None, self._render_refusal("stranger", 403)
        # sudo: whether it is there; it is shown to nobody but its addressee
        seat_sudo = request.env["document.approval.seat"].sudo().browse(seat_id)
        if not seat_sudo.exists():
            return None, self._render_refusal("unknown", 404)
        company = seat_sudo.company_id
        if company not in user.company_ids:
            return None, self._render_refusal("access", 403)
        companies = company | user.company_ids
        request.update_context(allowed_company_ids=companies.ids)
        seat = request.env["document.approval.seat"].browse(seat_id)
        if not seat.has_access("read"):
            return None, self._render_refusal("access", 403)
        return seat, None

    def _render_refusal(self, why, status):
        """Return a page without any fact.

        :param str why: unknown (forged, spoilt, expired), stranger (made for somebody
            else) or access (the user has nothing to do with it any more)
        """
        values = {
            "why": why,
            # sudo: the name and logo of one's own company
            "company": request.env.company.sudo(),
            "html_lang": (request.env.lang or "en_US").replace("_", "-"),
            "is_internal": request.env.user._is_internal(),
            "user_name": request.env.user.name,
        }
        return request.render(
            "document_approval.decision_refusal",
            values,
            status=status,
            headers=HEADERS,
        )

    # Deciding ------------------------------------------------------------------------

    def _decide(self, seat, entered):
        """Decide as the user on what he entered.

        :raise UserError: the engine's refusal
        """
        env = request.env
        answers = {
            check.id: {
                "answer": entered[f"check_{check.id}"],
                "remark": entered.get(f"remark_{check.id}", ""),
            }
            for check in seat.check_ids
            if entered.get(f"check_{check.id}") in dict(ANSWERS)
        }
        decision = entered.get("decision")
        if decision == "approve":
            seat.action_approve(entered.get("comment"), answers)
        elif decision == "refuse":
            reasons = {str(reason.id): reason.id for reason in self._get_reasons()}
            seat.action_refuse(
                entered.get("reason"), reasons.get(entered.get("reason_id")), answers
            )
        else:
            raise UserError(env._("Please choose whether to approve or to refuse."))

    def _get_reasons(self):
        return request.env["document.approval.reason"].search([])

    def _get_own_decision(self, seat):
        """Return what the user has decided on this seat, if anything."""
        # sudo: one's own decision, even where the document is hidden by now
        return seat.sudo().decision_ids.filtered(
            lambda decision: (
                decision.user_id == request.env.user
                and decision.kind in ("approve", "refuse")
            )
        )[-1:]

    # The page ------------------------------------------------------------------------

    def _render_seat(self, seat, token, entered=None, error=None):
        """Return the page about a seat.

        :param dict entered: what to fill in again
        :param str error: why the engine refused
        """
        values = {
            "url": f"/approval/decide/{token}",
            "entered": entered or {},
            "error": error,
            "html_lang": (request.env.lang or "en_US").replace("_", "-"),
            "user_name": request.env.user.name,
            **self._get_seat_values(seat),
            **self._get_document_values(seat),
        }
        return request.render(
            "document_approval.decision_page", values, headers=HEADERS
        )

    def _get_seat_values(self, seat):
        """Return who asks, for which department, and whether it can be decided."""
        env, user = request.env, request.env.user
        # sudo: the addressee may see what the mail told him
        seat_sudo = seat.sudo()
        own = self._get_own_decision(seat)
        objection = None if own else seat._get_objection(user)
        principal = seat_sudo._get_principal(user)
        deadline = seat_sudo.date_deadline
        return {
            "seat": seat_sudo,
            "company": seat_sudo.company_id,
            "type": seat_sudo.model_id.name,
            "amount": format_amount(env, seat_sudo.amount, seat_sudo.currency_id)
            if seat_sudo.amount
            else "",
            "submitted": format_date(env, seat_sudo.round_id.date_submitted),
            "deadline": self._show_time(deadline) if deadline else "",
            "absent": principal.name if principal - user else "",
            "own": own,
            "own_date": self._show_time(own.date) if own else "",
            "objection": objection,
            "can_decide": not own and not objection,
            "checks": seat_sudo.check_ids,
            "reasons": self._get_reasons(),
        }

    def _get_document_values(self, seat):
        """Return the facts of the document, as far as the user may read it."""
        # sudo: the round; what is shown of it depends on the document below
        round_sudo = seat.sudo().round_id
        document = round_sudo._get_document()
        document = document and document.with_user(request.env.user)
        values = {"panel": None, "facts": None, "open_url": ""}
        if not document or not document.has_access("read"):
            return values
        values["open_url"] = f"/mail/view?model={document._name}&res_id={document.id}"
        values["facts"] = round_sudo._get_facts()
        if document._approval_round() == round_sudo:
            panel = document._approval_panel_data()
            if panel and not panel["is_preview"]:
                values["panel"] = self._prepare_panel(panel, seat)
        return values

    def _prepare_panel(self, panel, seat):
        """Return the panel's data with the reader's own findings first."""
        # sudo: the name of the department that asks the user
        department = seat.sudo().department_id.name
        panel["findings"].sort(
            key=lambda finding: department not in finding["department"].split(" · ")
        )
        for level in panel["levels"]:
            for place in level["seats"]:
                for decision in place["decisions"]:
                    decision["date"] = self._show_time(decision["date"])
        return panel

    def _show_time(self, value):
        env = request.env
        return format_datetime(env, value, tz=env.user.tz or "UTC", dt_format="short")
