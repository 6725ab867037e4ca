import json

from odoo import http
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.order_handover.tests.common_acceptance import (
    SIGNATURE,
    AcceptanceCommon,
)


@tagged("post_install", "-at_install")
class TestAcceptancePortal(AcceptanceCommon, HttpCase):
    """The customer signs on a page of his own; all else is refused clearly."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contact = (
            cls.env["res.partner"]
            .sudo()
            .create({"name": "Branch", "parent_id": cls.partner.id, "email": "b@x.cn"})
        )
        portal = {"groups": "base.group_portal", "context": {}}
        cls.visitor = new_test_user(
            cls.env(su=True), "visitor", partner_id=cls.contact.id, **portal
        )
        cls.stranger = new_test_user(cls.env(su=True), "stranger", **portal)
        cls.salesman.sudo().password = "policy salesman"
        cls.order = cls._confirm()
        cls.slip = cls._ship_all(cls.order)
        cls.other = cls._ship_all(cls._confirm())
        cls.line = cls.slip.line_ids
        cls.url = f"/my/acceptances/{cls.slip.id}"
        cls.token = cls.slip._portal_ensure_token()

    def _sign(self, url=None, token=None, **params):
        params.setdefault("name", "Wang")
        params.setdefault("signature", SIGNATURE)
        response = self.url_open(
            f"{url or self.url}/sign?access_token={token or ''}",
            json={"params": params},
        )
        return response.json()["result"]

    def test_refused(self):
        for url in (
            self.url,
            f"{self.url}?access_token={self.other._portal_ensure_token()}",
            f"{self.url}?access_token=x",
            "/my/acceptances/999999",
        ):
            page = self.url_open(url)
            self.assertEqual(page.status_code, 403, url)
            self.assertIn("not yours", page.text)
            self.assertNotIn("Shirt", page.text)
        self.assertIn("not yours", self._sign()["error"])
        error = self._sign(access_token={"a": 1})["error"]
        self.assertIn("not yours", error)
        self.authenticate("stranger", "stranger")
        self.assertEqual(self.url_open(self.url).status_code, 403)
        self.assertNotIn(self.slip.name, self.url_open("/my/acceptances").text)
        self.assertIn("not yours", self._sign()["error"])
        # nor does the staff sign for the customer
        self.authenticate("policy salesman", "policy salesman")
        self.assertIn("Only the customer", self.url_open(self.url).text)
        self.assertIn("Only the customer", self._sign(token=self.token)["error"])
        self.assertEqual(self.slip.state, "waiting")

    def test_signed_by_token(self):
        page = self.url_open(f"{self.url}?access_token={self.token}")
        self.assertIn("Shirt", page.text)
        other_line = self.other.line_ids
        for answers, text in (
            ({other_line.id: {"rejected": 1, "remark": "x"}}, "not on"),
            ({self.line.id: {"rejected": "nan", "remark": "x"}}, "from 0 to 10"),
            ({self.line.id: {"rejected": -3, "remark": "x"}}, "from 0 to 10"),
        ):
            error = self._sign(token=self.token, answers=json.dumps(answers))["error"]
            self.assertIn(text, error)
        for params, text in (
            ({"answers": "[1"}, "Open the page again"),
            ({"answers": "[1]"}, "Open the page again"),
            ({"signature": "A" * 1_500_000}, "too large"),
            ({"signature": "PHN2Zz4="}, "no picture"),
            ({"signature": {"a": 1}}, "Sign first"),
            ({"name": " "}, "your name"),
            ({"name": ["Wang"]}, "your name"),
        ):
            self.assertIn(text, self._sign(token=self.token, **params)["error"])
        self.env.invalidate_all()
        self.assertEqual(self.slip.state, "waiting")
        # what the database cannot hold is left out
        remark = "To\x00rn\ud800"
        answers = json.dumps({self.line.id: {"rejected": 4, "remark": remark}})
        done = self._sign(token=self.token, answers=answers, name="Wa\x00ng\ud800")
        self.assertIn("sign_ok", done["redirect_url"])
        self.env.invalidate_all()
        self.assertEqual((self.slip.result, self.slip.way), ("partly", "portal"))
        self.assertEqual((self.slip.signed_by, self.line.remark), ("Wang", "Torn"))
        self.assertEqual(self.order.order_line.qty_delivered, 6)
        # once more, and by somebody else
        again = self._sign(token=self.token, name="Li")
        self.assertIn("signed already by Wang", again["error"])
        self.assertIn("Torn", self.url_open(done["redirect_url"]).text)
        self.assertEqual(self.other.state, "waiting")

    @mute_logger("odoo.http")
    def test_signed_by_a_contact_of_the_customer(self):
        self.authenticate("visitor", "visitor")
        self.assertIn(self.slip.name, self.url_open("/my/acceptances").text)
        self.assertEqual(self.url_open("/my/acceptances?filterby=x").status_code, 200)
        self.assertIn("Shirt", self.url_open(self.url).text)
        self.assertEqual(
            self.url_open(f"{self.url}/check", data={"a": "b"}).status_code, 400
        )
        form = {
            "csrf_token": http.Request.csrf_token(self),
            f"rejected_{self.line.id}": "11",
            f"remark_{self.line.id}": "Too few",
        }
        page = self.url_open(f"{self.url}/check", data=form)
        self.assertIn("enter a quantity from 0 to 10", page.text)
        self.assertIn("Too few", page.text)
        form[f"rejected_{self.line.id}"] = "8.9"
        page = self.url_open(f"{self.url}/check", data=form)
        self.assertRegex(page.text, r">1\.10?<")
        self.assertNotRegex(page.text, r"1\.(09|10)\d")
        form[f"rejected_{self.line.id}"] = "1"
        page = self.url_open(f"{self.url}/check", data=form)
        self.assertIn("portal.signature_form", page.text)
        self.assertIn(f"/sign?access_token={self.token}", page.text)
        self._sign()
        self.env.invalidate_all()
        self.assertEqual(self.slip.result, "accepted")
        self.assertEqual(self.slip.message_ids.author_id, self.contact)
        self.assertFalse(self.slip.message_partner_ids)

    def test_paper(self):
        html, _kind = (
            self.env["ir.actions.report"]
            .sudo()
            ._render_qweb_html("order_handover.report_order_acceptance", self.slip.ids)
        )
        self.assertIn(self.slip.name, html.decode())
        self.assertIn("Shirt", html.decode())
