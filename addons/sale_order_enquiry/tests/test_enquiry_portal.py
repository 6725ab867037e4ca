import json
from unittest.mock import patch

from freezegun import freeze_time

from odoo import http
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import PICTURE, EnquiryCommon


@tagged("post_install", "-at_install")
class TestEnquiryPortal(EnquiryCommon, HttpCase):
    """Customers see and answer what is theirs, by login or link; nobody else does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner = cls._portal_user("enq_owner", cls.contact)
        cls.foreigner = cls._portal_user("enq_foreigner", cls.stranger)
        cls.document = cls._list({"quantity": 10.0, "specification": "DN50"})
        cls.document.action_send()
        cls.draft = cls._list()
        cls.order = cls._open_order()
        cls.company.sale_enquiry_days = 5
        company = cls.company
        cls.enquiry = (
            cls.env["sale.order.enquiry"]
            .sudo()
            ._make(company, cls.partner.id, cls.order.ids)
        )
        cls.line = cls.enquiry.line_ids
        cls.list_url = f"/my/requirement-lists/{cls.document.id}"
        cls.url = f"/my/order-enquiries/{cls.enquiry.id}"
        cls.list_token = cls.document.sudo()._portal_ensure_token()
        cls.token = cls.enquiry._portal_ensure_token()
        cls.env.flush_all()

    def _post(self, url, token=None, **form):
        form["csrf_token"] = http.Request.csrf_token(self)
        if token:
            form["access_token"] = token
        return self.url_open(url, data=form)

    def _sign(self, token="", version=1, **params):
        answer = self.url_open(
            f"{self.list_url}/sign?access_token={token}&version={version}",
            json={"params": {"name": "Ms Wang", "signature": PICTURE, **params}},
        ).json()
        self.env.invalidate_all()
        return answer["result"]

    def _rpc(self, model, method, args, kwargs=None):
        return self.url_open(
            f"/web/dataset/call_kw/{model}/{method}",
            json={
                "params": {
                    "model": model,
                    "method": method,
                    "args": args,
                    "kwargs": kwargs or {},
                }
            },
        ).json()

    def test_refused_without_right(self):
        other = self._list(partner_id=self.stranger.id, contact_id=self.stranger.id)
        other.action_send()
        other_token = other.sudo()._portal_ensure_token()
        draft_token = self.draft.sudo()._portal_ensure_token()
        self.env.flush_all()
        urls = (
            self.list_url,
            f"{self.list_url}?access_token={other_token}",
            f"{self.list_url}?access_token={self.token}",
            f"{self.list_url}?report_type=pdf",
            f"/my/requirement-lists/{self.draft.id}?access_token={draft_token}",
            "/my/requirement-lists/99999999",
            self.url,
            f"{self.url}?access_token=x",
            f"{self.url}?access_token={self.list_token}",
            "/my/order-enquiries/99999999",
        )
        for login in (None, "enq_foreigner"):
            self.authenticate(login, login)
            for url in urls:
                page = self.url_open(url)
                self.assertEqual(page.status_code, 403, url)
                self.assertNotIn("DN50", page.text)
                self.assertNotIn(self.order.name, page.text)
            self.assertEqual(
                self._post(f"{self.list_url}/object", words="x").status_code, 403
            )
            self.assertEqual(
                self._post(f"{self.url}/answer", name="x", kind_1="valid").status_code,
                403,
            )
            self.assertIn("not yours", self._sign()["error"])
        for path in ("/my/requirement-lists", "/my/order-enquiries"):
            page = self.url_open(path).text
            self.assertNotIn(self.document.name, page)
            self.assertNotIn(self.enquiry.name, page)
        self.assertEqual(self.document.state, "sent")
        self.assertFalse(self.line.answer_ids)

    @mute_logger("odoo.http")
    def test_refused_over_rpc(self):
        own = (
            ("sale.requirement.list", "write", [self.document.ids, {"note": "x"}]),
            ("sale.requirement.list", "write", [self.document.ids, {"state": "draft"}]),
            ("sale.requirement.list", "action_revise", [self.document.ids]),
            ("sale.requirement.list", "action_send", [self.draft.ids]),
            ("sale.requirement.list", "action_cancel", [self.document.ids]),
            ("sale.requirement.list", "action_create_order", [self.document.ids]),
            ("sale.requirement.list", "unlink", [self.document.ids]),
            ("sale.requirement.list", "read", [self.document.ids, ["line_ids"]]),
            ("sale.requirement.list", "read", [self.document.ids, ["order_id"]]),
            ("sale.requirement.list", "read", [self.draft.ids, ["name"]]),
            ("sale.requirement.list", "_answer", [self.document.ids, "confirm"]),
            ("sale.requirement.line", "search_read", [[]]),
            ("sale.requirement.version", "search_read", [[]]),
            ("sale.requirement.answer", "search_read", [[]]),
            ("sale.order.enquiry.line", "search_read", [[]]),
            ("sale.order.enquiry.answer", "search_read", [[]]),
            ("sale.order.enquiry", "action_retry", [self.enquiry.ids]),
            ("sale.order.enquiry", "write", [self.enquiry.ids, {"lang": "x"}]),
            ("sale.order.enquiry", "read", [self.enquiry.ids, ["recipients"]]),
            ("sale.order.enquiry", "_answer", [self.enquiry.ids, {}, "x", "link"]),
            ("sale.order.enquiry.record", "create", [{"order_id": self.order.id}]),
            ("sale.requirement.record", "create", [{"list_id": self.document.id}]),
            ("sale.order", "action_record_enquiry_answer", [self.order.ids]),
        )
        for login in ("enq_owner", "enq_foreigner"):
            self.authenticate(login, login)
            for model, method, args in own:
                answer = self._rpc(model, method, args)
                self.assertIn("error", answer, json.dumps([model, method, answer]))
        for model in ("sale.requirement.list", "sale.order.enquiry"):
            rows = self._rpc(model, "search_read", [[], ["name"]])["result"]
            self.assertFalse(rows)
        self.authenticate("enq_owner", "enq_owner")
        rows = self._rpc("sale.requirement.list", "search_read", [[], ["name"]])
        self.assertEqual([row["id"] for row in rows["result"]], self.document.ids)

    def test_owner_signs_by_login(self):
        self.authenticate("enq_owner", "enq_owner")
        page = self.url_open(self.list_url).text
        self.assertIn("DN50", page)
        self.assertIn(self.document.version_id.content_hash, page)
        self.assertIn(self.document.name, self.url_open("/my/requirement-lists").text)
        self.assertIn("newer version", self._sign(version=7)["error"])
        self.assertIn("Sign first", self._sign(signature=None)["error"])
        self.assertIn("no picture", self._sign(signature="PHN2Zy8+")["error"])
        self.assertEqual(self.document.state, "sent")
        self.assertIn("redirect_url", self._sign(name="Somebody else"))
        answer = self.document.answer_ids
        self.assertRecordValues(
            answer,
            [
                {
                    "kind": "confirm",
                    "way": "portal",
                    "name": self.owner.name,
                    "user_id": self.owner.id,
                    "address": "127.0.0.1",
                }
            ],
        )
        self.assertEqual(self.document.state, "confirmed")
        self.assertNotIn("Sign and confirm", self.url_open(self.list_url).text)

    def test_the_link_signs_and_objects(self):
        self.authenticate(None, None)
        page = self._post(
            f"{self.list_url}/object", self.list_token, version=1, name="Ms Wang"
        )
        self.assertIn("say what is not right", page.text)
        page = self._post(
            f"{self.list_url}/object",
            self.list_token,
            version=1,
            name="Ms Wang",
            line_1="DN65",
            line_x="no line",
        )
        self.env.invalidate_all()
        self.assertEqual(page.status_code, 200)
        self.assertEqual(self.document.state, "objected")
        self.assertEqual(self.document.answer_ids.line_ids.words, "DN65")
        self.assertIn("redirect_url", self._sign(self.list_token))
        self.assertEqual(self.document.answer_ids[:1].way, "link")
        self.assertEqual(self.document.state, "confirmed")

    def test_staff_do_not_answer_for_the_customer(self):
        self.salesman.sudo().password = "policy salesman"
        self.authenticate("policy salesman", "policy salesman")
        self.assertIn("Only the customer", self._sign(self.list_token)["error"])
        page = self._post(f"{self.url}/answer", **{f"kind_{self.line.id}": "valid"})
        self.assertIn("Only the customer", page.text)
        self.env.invalidate_all()
        self.assertFalse(self.document.answer_ids | self.document.answer_ids)
        self.assertFalse(self.line.answer_ids)

    def test_customer_answers_enquiries(self):
        self.authenticate("enq_owner", "enq_owner")
        page = self.url_open(self.url).text
        self.assertIn(self.order.name, page)
        self.assertIn("10.00 of 10.00", page)
        self.assertIn(self.enquiry.name, self.url_open("/my/order-enquiries").text)
        key = self.line.id
        for form in (
            {},
            {f"kind_{key}": "cancel"},
            {f"kind_{key}": "wish"},
            {f"kind_{key}": "wish", f"date_{key}": "31.12."},
            {f"kind_{key + 99}": "valid"},
        ):
            self.assertIn("alert-danger", self._post(f"{self.url}/answer", **form).text)
        page = self._post(
            f"{self.url}/answer",
            **{
                f"kind_{key}": "wish",
                f"date_{key}": "2026-06-01",
                f"words_{key}": "<b>later\0</b>",
            },
        )
        self.assertIn("Thank you", page.text)
        self.assertNotIn("<b>later", page.text)
        self.env.invalidate_all()
        self.assertEqual(self.order.enquiry_state, "wish")
        self.assertEqual(self.line.words, "<b>later</b>")
        self.authenticate(None, None)
        page = self._post(f"{self.url}/answer", self.token, **{f"kind_{key}": "valid"})
        self.assertIn("enter your name", page.text)
        self._post(
            f"{self.url}/answer", self.token, name="Ms Li", **{f"kind_{key}": "valid"}
        )
        self.env.invalidate_all()
        self.assertEqual(self.line.state, "valid")
        self.assertEqual(self.line.answer_ids.mapped("way"), ["link", "portal"])

    def test_the_file_for_the_customer(self):
        with patch.object(
            type(self.env["sale.requirement.version"]),
            "_render_pdf",
            lambda _s: b"%PDF",
        ):
            self._run(self.cron_mail)
        self.authenticate("enq_owner", "enq_owner")
        got = self.url_open(f"{self.list_url}?report_type=pdf")
        self.assertEqual(got.content, b"%PDF")
        file = self.document.version_id.attachment_id
        self.authenticate("enq_foreigner", "enq_foreigner")
        self.assertNotEqual(self.url_open(f"/web/content/{file.id}").content, b"%PDF")

    def test_a_closed_enquiry_is_shown_but_not_answered(self):
        with freeze_time("2026-12-01"):
            self.enquiry._close()
        self.env.flush_all()
        self.authenticate("enq_owner", "enq_owner")
        self.assertIn("newer enquiry", self.url_open(self.url).text)
        page = self._post(f"{self.url}/answer", **{f"kind_{self.line.id}": "valid"})
        self.assertIn("newer enquiry", page.text)
        self.env.invalidate_all()
        self.assertFalse(self.line.answer_ids)
