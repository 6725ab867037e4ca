import base64
from unittest.mock import patch

from freezegun import freeze_time
from lxml import html

from odoo.exceptions import ConcurrencyError, UserError
from odoo.fields import Command, Datetime
from odoo.http import Request
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger
from odoo.tools.misc import hash_sign

from .common import ApprovalCommon

SCOPE = "document_approval.decision_link"
NASTY = (
    "x",
    "%00",
    "%00%ff%fe",
    "AQ",
    "A" * 499,
    "A" * 7000,
    "%F0%9F%92%A9",
    "%E5%AE%A1%E6%89%B9",
    "..",
    "%2e%2e%2f",
    "'%20OR%201=1--",
    "<script>",
    "%ED%A0%80",
    "AQAAAAAAAAAA" + "A" * 80,
    "-_" * 40,
    "====",
    "1",
    "%0d%0aSet-Cookie:x=1",
)


class DecisionLinkCommon(HttpCase, ApprovalCommon):
    """A document that waits for its supervisor, and his link."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.flow.level_ids[0].seat_ids.check_ids = [
            Command.create({"name": "Is the price right?", "must_be_yes": True}),
            Command.create({"name": "Is it urgent?"}),
        ]
        cls.reason = cls.env["document.approval.reason"].create({"name": "Too cheap"})

    def setUp(self):
        super().setUp()
        self.document = self._submitted(name="D-LINK-1")
        self.seat = self._seat(self.document, self.sales)
        self.url = self._url(self.seat, self.supervisor)

    def _url(self, seat, user):
        return f"/approval/decide/{seat._get_decision_token(user)}"

    def _login(self, user):
        self.authenticate(user.login, user.login)

    def _csrf(self):
        return Request.csrf_token(self)

    def _page(self, url=None):
        response = self.url_open(url or self.url)
        return response, html.fromstring(response.content)

    def _post(self, url=None, csrf=None, answered=True, allow_redirects=True, **data):
        """Send the form, with the answers that let the supervisor agree."""
        if csrf is None:
            csrf = self._csrf()
        if answered:
            first, second = self.seat.check_ids
            data.setdefault(f"check_{first.id}", "yes")
            data.setdefault(f"check_{second.id}", "na")
        response = self.url_open(
            url or self.url,
            data={"csrf_token": csrf, **data},
            allow_redirects=allow_redirects,
        )
        self.env.invalidate_all()
        return response

    def _decisions(self, seat=None):
        return (seat or self.seat).decision_ids.filtered(
            lambda decision: decision.kind in ("approve", "refuse")
        )

    def assertUndecided(self):
        self.env.invalidate_all()
        self.assertFalse(self._decisions())
        self.assertEqual(self.seat.state, "open")
        self.assertEqual(self.document.approval_state, "pending")

    def assertNoFacts(self, response):
        for secret in ("D-LINK-1", "Desk", "Customer", "Chair", "urgent"):
            self.assertNotIn(secret, response.text)
        self.assertNotIn('name="decision"', response.text)


@tagged("post_install", "-at_install")
class TestDecisionLink(DecisionLinkCommon):
    """The addressee looks and decides."""

    def test_page_shows_the_facts_and_decides_nothing(self):
        self._login(self.supervisor)
        response, page = self._page()
        self.assertEqual(response.status_code, 200)
        for text in ("D-LINK-1", "Desk", "Chair", "requester", "Is it urgent?"):
            self.assertIn(text, response.text)
        buttons = page.xpath("//button[@name='decision']/@value")
        self.assertEqual(buttons, ["approve", "refuse"])
        self.assertUndecided()

    def test_head_and_unknown_methods_decide_nothing(self):
        self._login(self.supervisor)
        self.assertEqual(self.opener.head(self.base_url() + self.url).status_code, 200)
        for method in ("PUT", "DELETE", "PATCH"):
            response = self.opener.request(method, self.base_url() + self.url)
            self.assertEqual(response.status_code, 405)
        self.url_open(self.url + "?decision=approve&comment=x")
        self.assertUndecided()

    def test_page_is_not_kept_framed_or_passed_on(self):
        self._login(self.supervisor)
        headers = self.url_open(self.url).headers
        self.assertEqual(headers["Cache-Control"], "no-store")
        self.assertIn("frame-ancestors 'none'", headers["Content-Security-Policy"])
        self.assertEqual(headers["X-Frame-Options"], "DENY")
        self.assertEqual(headers["Referrer-Policy"], "same-origin")

    def test_approve(self):
        self._login(self.supervisor)
        first = self.seat.check_ids[0]
        response = self._post(
            decision="approve", comment="Fine\x00", **{f"remark_{first.id}": "Looked"}
        )
        decision = self._decisions()
        self.assertEqual(decision.kind, "approve")
        self.assertEqual(decision.user_id, self.supervisor)
        self.assertEqual(decision.words, "Fine")
        self.assertEqual(decision.answer_ids.mapped("answer"), ["yes", "na"])
        self.assertEqual(decision.answer_ids[0].remark, "Looked")
        self.assertEqual(self.seat.state, "approved")
        self.assertIn("You approved this", response.text)
        self.assertNotIn("<form", response.text)

    def test_refuse_with_kind_of_reason(self):
        self._login(self.supervisor)
        response = self._post(
            answered=False,
            decision="refuse",
            reason="Below cost",
            reason_id=self.reason.id,
        )
        decision = self._decisions()
        self.assertEqual(decision.kind, "refuse")
        self.assertEqual(decision.words, "Below cost")
        self.assertEqual(decision.reason_id, self.reason)
        self.assertEqual(self.document.approval_state, "refused")
        self.assertIn("You refused this", response.text)

    def test_refusal_without_reason_is_asked_for_again(self):
        self._login(self.supervisor)
        response = self._post(decision="refuse", reason=" ")
        self.assertEqual(response.status_code, 200)
        self.assertIn("Please say why you refuse", response.text)
        self.assertUndecided()

    def test_unanswered_checklist_keeps_what_was_entered(self):
        self._login(self.supervisor)
        first, second = self.seat.check_ids
        response = self._post(
            answered=False,
            decision="approve",
            comment="My <b>words</b>",
            **{f"check_{second.id}": "no", f"remark_{second.id}": "Not at all"},
        )
        self.assertIn(first.name, response.text)
        page = html.fromstring(response.content)
        self.assertTrue(page.xpath("//div[@role='alert']"))
        self.assertEqual(page.xpath("//textarea[1]/text()")[0], "My <b>words</b>")
        checked = page.xpath("//input[@type='radio'][@checked]")
        self.assertEqual(
            [(radio.get("name"), radio.get("value")) for radio in checked],
            [(f"check_{second.id}", "no")],
        )
        self.assertIn("Not at all", response.text)
        self.assertUndecided()

    def test_bad_input_is_refused_in_words(self):
        self._login(self.supervisor)
        first = self.seat.check_ids[0]
        for data in (
            {},
            {"decision": "withdraw"},
            {"decision": "approve", f"check_{first.id}": "maybe"},
            {"decision": "refuse", "reason_id": "9" * 40},
            {"decision": "refuse", "reason_id": "x\x00"},
        ):
            response = self._post(**data)
            self.assertEqual(response.status_code, 200)
            self.assertIn('role="alert"', response.text)
        self.assertUndecided()
        response = self.url_open(
            self.url,
            data={"csrf_token": self._csrf(), "decision": "refuse"},
            files={"reason": ("reason.txt", b"a file"), "comment": ("c.txt", b"c")},
        )
        self.assertEqual(response.status_code, 200)
        self.assertUndecided()

    def test_second_use_shows_what_became_of_it(self):
        self._login(self.supervisor)
        self._post(decision="approve")
        response, page = self._page()
        self.assertIn("You approved this", response.text)
        self.assertFalse(page.xpath("//form | //button"))
        response = self._post(decision="refuse", reason="No, after all")
        self.assertIn("You approved this", response.text)
        self.assertEqual(self._decisions().mapped("kind"), ["approve"])
        self.assertEqual(self.document.approval_state, "pending")

    def test_seat_closed_meanwhile(self):
        self.document.action_withdraw_approval()
        self._login(self.supervisor)
        response, page = self._page()
        self.assertEqual(response.status_code, 200)
        self.assertIn("not open for a decision", response.text)
        self.assertFalse(page.xpath("//form"))
        response = self._post(decision="approve")
        self.assertFalse(self._decisions())

    def test_link_of_an_earlier_round_shows_no_later_one(self):
        self.document.action_withdraw_approval()
        self.document.with_user(self.requester).line_ids[0].name = "Sofa"
        self.document.action_submit_for_approval()
        self._login(self.supervisor)
        response, page = self._page()
        self.assertIn("Desk", response.text)
        self.assertNotIn("Sofa", response.text)
        self.assertFalse(page.xpath("//form"))
        self._post(decision="approve")
        current = self._seat(self.document, self.sales)
        self.assertNotEqual(current, self.seat)
        self.assertFalse(self._decisions(current))

    def test_document_changed_behind_the_engine(self):
        """What no write of the document tells: a material value from elsewhere."""
        rate = self.env["test.approval.rate"].create({})
        self.document = self._submitted(rate_id=rate.id)
        self.seat = self._seat(self.document, self.sales)
        self.url = self._url(self.seat, self.supervisor)
        self._login(self.supervisor)
        rate.rate = 3
        self.env.flush_all()
        response = self._post(decision="approve")
        self.assertEqual(response.status_code, 200)
        self.assertFalse(self._decisions())

    def test_four_eyes_objection_in_words(self):
        self.env.cr.execute(  # by a way nobody has: passing it on ends the round
            "UPDATE test_approval_document SET user_id = %s WHERE id = %s",
            [self.supervisor.id, self.document.id],
        )
        self.env.invalidate_all()
        self._login(self.supervisor)
        response, page = self._page()
        self.assertIn("is your own document", response.text)
        self.assertFalse(page.xpath("//form"))
        response = self._post(decision="approve")
        self.assertIn("is your own document", response.text)
        self.assertFalse(self._decisions())

    def test_a_lost_race_reaches_the_request(self):
        """It is repeated by Odoo: the first attempt fails, the second decides."""
        seats = self.registry["document.approval.seat"]
        approve, attempts = seats.action_approve, []

        def lose_once(seat, *args):
            attempts.append(seat)
            if len(attempts) == 1:
                raise ConcurrencyError
            return approve(seat, *args)

        self._login(self.supervisor)
        with (
            patch.object(seats, "action_approve", lose_once),
            patch("odoo.service.model.time.sleep"),
            mute_logger("odoo.service.model", "odoo.sql_db"),
        ):
            response = self._post(decision="approve")
        self.assertEqual(len(attempts), 2)
        self.assertIn("You approved this", response.text)
        self.assertEqual(len(self._decisions()), 1)

    def test_what_fails_halfway_leaves_nothing(self):
        seats = self.registry["document.approval.seat"]
        approve = seats.action_approve

        def fail_late(seat, *args):
            approve(seat, *args)
            raise UserError(seat.env._("Not today"))

        self._login(self.supervisor)
        with patch.object(seats, "action_approve", fail_late):
            response = self._post(decision="approve")
        self.assertIn("Not today", response.text)
        self.assertUndecided()

    def test_deputy_is_told_for_whom_he_decides(self):
        now = Datetime.now()
        self.env["document.approval.delegation"].with_user(self.supervisor).create(
            {
                "user_id": self.supervisor.id,
                "delegate_id": self.colleague.id,
                "date_from": Datetime.subtract(now, hours=1),
                "date_to": Datetime.add(now, days=1),
            }
        )
        self.url = self._url(self.seat, self.colleague)
        self._login(self.colleague)
        response, _page = self._page()
        self.assertIn("You decide for supervisor", " ".join(response.text.split()))
        response = self._post(decision="approve")
        self.assertIn("You approved this", response.text)
        self.assertEqual(self._decisions().on_behalf_id, self.supervisor)

    def test_page_in_the_language_of_the_user(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.supervisor.lang = "zh_CN"
        self._login(self.supervisor)
        page = self._page()[1]
        self.assertEqual(page.get("lang"), "zh-CN")


@tagged("post_install", "-at_install")
class TestDecisionLinkStrangers(DecisionLinkCommon):
    """Who else may hold the link, and what he can do with it: nothing."""

    def test_scanner_is_sent_to_the_login(self):
        """Mail scanners follow links, with GET and HEAD, and log in nowhere."""
        for method in ("GET", "HEAD"):
            response = self.opener.request(
                method, self.base_url() + self.url, allow_redirects=False
            )
            self.assertEqual(response.status_code, 303)
            self.assertIn("/web/login?redirect=", response.headers["Location"])
            self.assertNoFacts(response)
        self.assertUndecided()

    def test_visitor_comes_back_after_the_login(self):
        page = html.fromstring(self.url_open(self.url).content)
        response = self.url_open(
            "/web/login",
            data={
                "login": self.supervisor.login,
                "password": self.supervisor.login,
                "csrf_token": page.xpath("//input[@name='csrf_token']/@value")[0],
                "redirect": page.xpath("//input[@name='redirect']/@value")[0],
            },
        )
        self.assertIn(self.url, response.url)
        self.assertIn("D-LINK-1", response.text)
        self.assertUndecided()

    def test_post_without_login_or_with_expired_session(self):
        response = self._post(csrf="x", decision="approve", allow_redirects=False)
        self.assertEqual(response.status_code, 303)
        self.assertIn("/web/login", response.headers["Location"])
        self._login(self.supervisor)
        csrf = self._csrf()
        self.logout()
        response = self._post(csrf=csrf, decision="approve", allow_redirects=False)
        self.assertIn("/web/login", response.headers["Location"])
        self.assertUndecided()

    @mute_logger("odoo.http")
    def test_post_from_another_site(self):
        self._login(self.supervisor)
        for csrf in ("", "x", "0" * 40 + "o9999999999"):
            response = self._post(csrf=csrf, decision="approve")
            self.assertEqual(response.status_code, 400)
        self.assertUndecided()

    def test_colleague_who_got_it_forwarded(self):
        """Even one who may decide there himself: he has a link of his own."""
        self.sales.member_ids |= self.colleague
        self.document = self._submitted(name="D-LINK-1")
        self.seat = self._seat(self.document, self.sales)
        self.url = self._url(self.seat, self.supervisor)
        for user in (self.colleague, self.operator, self.requester, self.admin):
            self._login(user)
            for response in (self._page()[0], self._post(decision="approve")):
                self.assertEqual(response.status_code, 403)
                self.assertIn("made for somebody else", response.text)
                self.assertNoFacts(response)
        self.assertUndecided()

    def test_portal_user(self):
        portal = new_test_user(self.env, "portal_visitor", "base.group_portal")
        for url in (self.url, self._url(self.seat, portal)):
            self._login(portal)
            for response in (
                self._page(url)[0],
                self._post(url, decision="approve"),
            ):
                self.assertEqual(response.status_code, 403)
                self.assertNoFacts(response)
                self.assertNotIn("/odoo/", response.text)
        self.assertUndecided()

    def test_addressee_who_became_a_portal_user(self):
        self.supervisor.group_ids = self.env.ref("base.group_portal")
        self._login(self.supervisor)
        response = self._page()[0]
        self.assertEqual(response.status_code, 403)
        self.assertNoFacts(response)

    def test_archived_addressee(self):
        self._login(self.supervisor)
        csrf = self._csrf()
        self.supervisor.active = False
        self.env.flush_all()
        for response in (
            self.url_open(self.url),
            self._post(csrf=csrf, decision="approve"),
        ):
            self.assertNoFacts(response)
        self.assertFalse(self._decisions())

    def test_addressee_of_another_company_by_now(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.supervisor.write(
            {"company_id": other.id, "company_ids": [Command.set(other.ids)]}
        )
        self._login(self.supervisor)
        for response in (self._page()[0], self._post(decision="approve")):
            self.assertEqual(response.status_code, 403)
            self.assertNoFacts(response)
        self.assertFalse(self._decisions())

    def test_made_for_somebody_who_may_not_decide(self):
        """A token alone gives no right: the engine asks who it is."""
        self.url = self._url(self.seat, self.colleague)
        self._login(self.colleague)
        for response in (self._page()[0], self._post(decision="approve")):
            self.assertEqual(response.status_code, 403)
            self.assertNoFacts(response)
        self.assertUndecided()

    def test_expired(self):
        self._login(self.supervisor)
        with freeze_time("2020-01-01"):
            url = self._url(self.seat, self.supervisor)
        response = self.url_open(url)
        self.assertEqual(response.status_code, 404)
        self.assertNoFacts(response)
        self.assertEqual(self._post(url, decision="approve").status_code, 404)
        self.assertUndecided()

    def test_forged(self):
        """Signed for something else, changed in a byte, of a seat that is not."""
        self._login(self.supervisor)
        token = self.seat._get_decision_token(self.supervisor)
        raw = bytearray(base64.urlsafe_b64decode(token + "==="))
        forged = [
            hash_sign(self.env, "other", [self.seat.id, self.supervisor.id]),
            hash_sign(self.env, SCOPE, [2**31 - 1, self.supervisor.id]),
            token[:-4],
            token + "AAAA",
        ]
        for index in range(0, len(raw), 7):
            changed = bytearray(raw)
            changed[index] ^= 1
            forged.append(base64.urlsafe_b64encode(changed).decode().rstrip("="))
        for other in forged:
            response = self.url_open(f"/approval/decide/{other}")
            self.assertEqual(response.status_code, 404, other)
            self.assertNoFacts(response)
            self.assertIn("This link does not work", response.text)

    def test_garbage_is_no_error(self):
        for token in NASTY:
            response = self.url_open(f"/approval/decide/{token}")
            self.assertLess(response.status_code, 500, token)
        self._login(self.supervisor)
        for token in NASTY:
            url = f"/approval/decide/{token}"
            self.assertLess(self.url_open(url).status_code, 500, token)
            self.assertLess(self._post(url).status_code, 500, token)

    def test_random_tokens_are_no_error(self):
        read = self.env["document.approval.seat"]._read_decision_token
        values = [None, 3, b"x", [], "", "\ud800", "\x00", "é" * 100, "A" * 10**6]
        good = self.seat._get_decision_token(self.supervisor)
        for size in range(1, 120):
            raw = bytes((size * 37 + place * 11) % 256 for place in range(size))
            values.append(base64.urlsafe_b64encode(b"\x01" + raw).decode())
            values.append(raw.decode("latin-1"))
            values.append(good[: min(size, len(good) - 1)])
        for value in values:
            self.assertIsNone(read(value), value)
        self.assertEqual(read(good), [self.seat.id, self.supervisor.id])
