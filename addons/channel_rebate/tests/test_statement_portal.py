import json

from odoo import http
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common_statement import PICTURE, StatementCommon


@tagged("post_install", "-at_install")
class TestStatementPortal(StatementCommon, HttpCase):
    """The customer answers on a page of his own; all else is refused clearly."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls._bill(100.0, "2026-01-10")
        cls.statement = cls._january()
        cls.foreign = cls._january(partner=cls.stranger)
        cls.draft = cls._february(issue=False)
        cls.url = f"/my/statements/{cls.statement.id}"
        cls.token = cls.statement._portal_ensure_token()
        cls.line = cls.statement.line_ids
        cls.officer.password = "stmt_officer"

    def _rpc(self, model, method, args, kwargs=None):
        response = self.url_open(
            f"/web/dataset/call_kw/{model}/{method}",
            data=json.dumps(
                {
                    "params": {
                        "model": model,
                        "method": method,
                        "args": args,
                        "kwargs": kwargs or {},
                    }
                }
            ),
            headers={"Content-Type": "application/json"},
        )
        return response.json()

    def _post(self, path, token=None, **form):
        form["csrf_token"] = http.Request.csrf_token(self)
        if token:
            form["access_token"] = token
        return self.url_open(f"{self.url}/{path}", data=form)

    def _assert_refused(self, page):
        self.assertEqual(page.status_code, 403)
        self.assertIn("not yours", page.text)
        self.assertNotIn(self.invoice.name, page.text)

    def test_refused_without_right(self):
        other_token = self.foreign._portal_ensure_token()
        draft_token = self.draft._portal_ensure_token()
        for url in (
            self.url,
            f"{self.url}?access_token={other_token}",
            f"{self.url}?access_token=x",
            f"{self.url}?report_type=pdf",
            "/my/statements/999999",
            f"/my/statements/{self.draft.id}?access_token={draft_token}",
        ):
            self._assert_refused(self.url_open(url))
        self.authenticate("stmt_foreigner", "stmt_foreigner")
        self._assert_refused(self.url_open(self.url))
        self._assert_refused(self._post("confirm", name="Wang"))
        self._assert_refused(self._post("dispute", reason_missing="x"))
        signed = self.url_open(
            f"{self.url}/sign",
            json={"params": {"name": "Wang", "signature": PICTURE}},
        ).json()
        self.assertIn("not yours", signed["result"]["error"])
        self.assertNotIn(self.statement.name, self.url_open("/my/statements").text)
        self.env.invalidate_all()
        self.assertEqual(self.statement.state, "issued")
        self.assertFalse(self.statement.answer_ids)

    @mute_logger("odoo.http")
    def test_refused_over_rpc(self):
        for login in ("stmt_foreigner", "stmt_visitor"):
            self.authenticate(login, login)
            for model, method, args in (
                ("channel.statement", "write", [self.statement.ids, {"name": "x"}]),
                ("channel.statement", "action_issue", [self.draft.ids]),
                ("channel.statement", "action_close", [self.statement.ids]),
                ("channel.statement", "unlink", [self.statement.ids]),
                ("channel.statement.line", "write", [self.line.ids, {"debit": 1}]),
                (
                    "channel.statement.answer",
                    "create",
                    [{"statement_id": self.statement.id, "kind": "confirm"}],
                ),
                ("channel.statement.paper", "search_read", [[]]),
                ("channel.statement.difference", "search_read", [[]]),
                ("channel.statement.make", "create", [{}]),
                ("channel.statement", "_confirm", [self.statement.ids, "x"]),
            ):
                answer = self._rpc(model, method, args)
                self.assertIn("error", answer, (login, model, method))
            found = self._rpc("channel.statement", "search_read", [[], ["name"]])
            own = self.statement if login == "stmt_visitor" else self.foreign
            self.assertEqual([row["id"] for row in found["result"]], own.ids)
            lines = self._rpc("channel.statement.line", "search_read", [[], ["debit"]])
            self.assertEqual(
                [row["id"] for row in lines["result"]], own.line_ids.ids, login
            )
        self.env.invalidate_all()
        self.assertEqual(self.statement.state, "issued")

    def test_staff_does_not_answer_for_the_customer(self):
        self.authenticate("stmt_officer", "stmt_officer")
        self.assertIn("Only the customer", self.url_open(self.url).text)
        self.assertIn("Only the customer", self._post("confirm", name="Wang").text)
        self.env.invalidate_all()
        self.assertEqual(self.statement.state, "issued")

    def test_confirmed_by_token(self):
        self.authenticate(None, None)
        page = self.url_open(f"{self.url}?access_token={self.token}")
        self.assertEqual(page.status_code, 200)
        self.assertIn(self.invoice.name, page.text)
        self.assertIn("no-store", page.headers["Cache-Control"])
        page = self._post("confirm", token=self.token, name=" ")
        self.assertIn("Enter your name", page.text)
        page = self._post("confirm", token=self.token, name="Wang")
        self.assertIn("The statement is confirmed", page.text)
        self.env.invalidate_all()
        self.assertEqual(self.statement.state, "confirmed")
        self.assertEqual(self.statement.answer_ids.author_id, self.customer)
        self.assertTrue(self.statement.answer_ids.address)
        page = self._post("confirm", token=self.token, name="Li")
        self.assertIn("confirmed already", page.text)

    def test_signed(self):
        for params, text in (
            ({"name": "Wang"}, "Sign first"),
            ({"name": "Wang", "signature": "PHN2Zz4="}, "no picture"),
            ({"name": ["x"], "signature": PICTURE}, "Enter your name"),
        ):
            answer = self.url_open(
                f"{self.url}/sign?access_token={self.token}", json={"params": params}
            ).json()["result"]
            self.assertIn(text, answer["error"])
        answer = self.url_open(
            f"{self.url}/sign?access_token={self.token}",
            json={"params": {"name": "Wang", "signature": PICTURE}},
        ).json()["result"]
        self.assertIn("message=confirmed", answer["redirect_url"])
        self.env.invalidate_all()
        self.assertEqual(self.statement.confirmed_by, "Wang")

    def test_disputed_and_answered(self):
        self.authenticate("stmt_visitor", "stmt_visitor")
        page = self.url_open("/my/statements?filterby=x&sortby=y")
        self.assertIn(self.statement.name, page.text)
        counters = self.url_open(
            "/my/counters", json={"params": {"counters": ["statement_count"]}}
        )
        self.assertEqual(counters.json()["result"]["statement_count"], 1)
        for form, text in (
            ({}, "Say what is wrong"),
            ({f"reason_{self.foreign.id + 10**6}": "x"}, "not on"),
            ({"reason_x": "x"}, "not on"),
            ({f"amount_{self.line.id}": "5", f"reason_{self.line.id}": ""}, "wrong"),
        ):
            self.assertIn(text, self._post("dispute", **form).text)
        form = {
            "csrf_token": http.Request.csrf_token(self),
            f"reason_{self.line.id}": "Only <b>half</b> came",
            f"amount_{self.line.id}": "50",
            "reason_missing": "Payment of 3 January",
        }
        page = self.url_open(
            f"{self.url}/dispute",
            data=form,
            files=[("files", ("slip.pdf", b"%PDF-1.4 test", "application/pdf"))],
        )
        self.assertIn("We look into it", page.text)
        self.assertIn("slip.pdf", page.text)
        self.assertNotIn("<b>half</b>", page.text)
        self.env.invalidate_all()
        self.assertEqual(self.statement.state, "disputed")
        disputes = self.statement.answer_ids
        self.assertEqual(disputes.mapped("amount"), [50.0, 0.0])
        self.assertEqual(disputes.author_id, self.shop)
        self.assertEqual(disputes[0].attachment_ids.raw, b"%PDF-1.4 test")
        for dispute in disputes:
            self.statement._reply(dispute, False, "The slip says ten pieces")
        page = self.url_open(self.url)
        self.assertIn("The slip says ten pieces", page.text)
        page = self._post("confirm", name="Ms Shop")
        self.assertIn("The statement is confirmed", page.text)

    def test_file(self):
        paper = self.system["channel.statement.paper"]._create_for(self.statement)
        file = self.system["ir.attachment"].create(
            {
                "name": "Statement.pdf",
                "raw": b"%PDF-1.4 kept",
                "res_model": "channel.statement",
                "res_id": self.statement.id,
            }
        )
        paper.attachment_id = file
        page = self.url_open(f"{self.url}?access_token={self.token}&report_type=pdf")
        self.assertEqual(page.content, b"%PDF-1.4 kept")

    def test_printed(self):
        """What is printed shows each line, in the language of the customer."""
        html = (
            self.env["ir.actions.report"]
            .with_user(self.seller)
            ._render_qweb_html(
                "channel_rebate.report_channel_statement", self.statement.ids
            )[0]
        )
        for text in (b"Yunhe Trading", self.invoice.name.encode(), b"100.00"):
            self.assertIn(text, html)
