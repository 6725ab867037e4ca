from lxml import html

from odoo import http
from odoo.tests import HttpCase, tagged

from .common import PIXEL, OrderChangeCommon


@tagged("post_install", "-at_install")
class TestChangePortal(OrderChangeCommon, HttpCase):
    """The customer asks for changes of his own order, and signs proposals."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.url = f"/my/orders/{cls.order.id}"
        cls.token = cls.order._portal_ensure_token()
        cls.stranger_partner = cls.env["res.partner"].create({"name": "Stranger"})
        cls.other_order = cls._confirmed({"product_uom_qty": 1.0, "price_unit": 100.0})
        for login, partner in (
            ("change_customer", cls.partner),
            ("change_stranger", cls.stranger_partner),
        ):
            partner.sudo().email = f"{login}@example.com"
            cls.env["res.users"].sudo().create(
                {
                    "login": login,
                    "password": login,
                    "partner_id": partner.id,
                    "group_ids": [(6, 0, cls.env.ref("base.group_portal").ids)],
                }
            )

    def _post(self, path, token=None, **form):
        form["csrf_token"] = http.Request.csrf_token(self)
        if token:
            form["access_token"] = token
        return self.url_open(f"{self.url}{path}", data=form)

    def _changes(self):
        self.env.invalidate_all()
        return self.env["sale.order.change"].search([("order_id", "=", self.order.id)])

    def test_asks_for_other_quantities(self):
        self.authenticate("change_customer", "change_customer")
        page = self.url_open(self.url)
        self.assertIn("Ask for a change", page.text)
        page = self._post(
            "/changes",
            kind="change",
            reason="More guests",
            **{f"quantity_{self.desks.id}": "12,5"},
        )
        self.assertEqual(page.status_code, 200)
        self.assertIn("More guests", page.text)
        change = self._changes()
        self.assertEqual((change.origin, change.kind), ("portal", "change"))
        self.assertEqual(change.requester_id.login, "change_customer")
        line = self._line(change, self.desks)
        self.assertEqual((line.old_quantity, line.quantity), (10.0, 12.5))
        self.assertEqual(line.price_unit, 100.0)
        self._assert_as_before(self.order)
        self.assertTrue(
            change.activity_ids.filtered(lambda a: a.user_id == self.salesman)
        )
        change = change.with_user(self.salesman)
        self._approve_change(change)
        self.assertEqual(change.state, "applied", change.error)
        page = self.url_open(self.url)
        self.assertIn(change.name, page.text)
        self.assertIn("Done", page.text)

    def test_by_the_link(self):
        self.authenticate(None, None)
        page = self._post("/changes", token=self.token, kind="cancel", reason="Closed")
        self.assertEqual(page.status_code, 200)
        self.assertEqual(self._changes().kind, "cancel")
        self.assertEqual(self.order.state, "sale")

    def test_what_makes_no_sense(self):
        self.authenticate("change_customer", "change_customer")
        quantity = f"quantity_{self.desks.id}"
        other = f"quantity_{self.other_order.order_line.id}"
        for form in (
            {"reason": "", quantity: "3"},
            {"reason": "x"},
            {"reason": "x", quantity: "-3"},
            {"reason": "x", quantity: "nan"},
            {"reason": "x", quantity: "many"},
            {"reason": "x", "date": "2001-01-01"},
            {"reason": "x", "date": "soon"},
            {"reason": "x", other: "3"},
        ):
            with self.subTest(form=form):
                page = self._post("/changes", kind="change", **form)
                self.assertEqual(page.status_code, 422)
        self.assertFalse(self._changes())

    def test_what_was_typed_stays(self):
        self.authenticate("change_customer", "change_customer")
        quantity = f"quantity_{self.desks.id}"
        page = self._post(
            "/changes",
            kind="change",
            reason="Fewer <b>people</b>",
            date="2001-01-01",
            **{quantity: "2,5 x"},
        )
        self.assertEqual(page.status_code, 422)
        form = html.fromstring(page.text).xpath("//details[@name='ask_change'][@open]")
        self.assertEqual(len(form), 1)
        fields = dict(form[0].xpath(".//form")[0].form_values())
        self.assertEqual(fields[quantity], "2,5 x")
        self.assertEqual(fields["date"], "2001-01-01")
        self.assertEqual(fields["reason"].strip(), "Fewer <b>people</b>")
        self.assertFalse(self._changes())

    def test_not_others(self):
        change = self._request("cancel", user=self.salesman)
        change._keep({"origin": "portal"})
        other_token = self.other_order._portal_ensure_token()
        for login in (None, "change_stranger"):
            self.authenticate(login, login)
            for token in (None, "x", other_token):
                suffix = f"?access_token={token}" if token else ""
                page = self.url_open(f"{self.url}/changes/{change.id}{suffix}")
                self.assertEqual(page.status_code, 404)
                page = self._post("/changes", token=token, kind="cancel", reason="x")
                self.assertEqual(page.status_code, 404)
        # by the way of another order that one may see
        page = self.url_open(
            f"/my/orders/{self.other_order.id}/changes/{change.id}"
            f"?access_token={other_token}"
        )
        self.assertEqual(page.status_code, 404)
        self.assertEqual(self._changes(), change)

    def test_staff_drafts_are_not_shown(self):
        change = self._request()
        self.authenticate("change_customer", "change_customer")
        self.assertNotIn(change.name, self.url_open(self.url).text)
        page = self.url_open(f"{self.url}/changes/{change.id}")
        self.assertEqual(page.status_code, 404)

    def test_switched_off(self):
        self.company.sale_change_portal = False
        self.authenticate("change_customer", "change_customer")
        self.assertNotIn("Ask for a change", self.url_open(self.url).text)
        page = self._post("/changes", kind="cancel", reason="x")
        self.assertEqual(page.status_code, 422)
        self.assertFalse(self._changes())

    def test_not_without_end(self):
        self.authenticate("change_customer", "change_customer")
        pages = [
            self._post("/changes", kind="cancel", reason="x").status_code
            for _number in range(4)
        ]
        self.assertEqual(pages, [200, 200, 200, 422])
        self.assertEqual(len(self._changes()), 3)

    def _sign(self, change, fingerprint, token=None, **params):
        suffix = f"&access_token={token}" if token else ""
        return self.url_open(
            f"{self.url}/changes/{change.id}/sign?fingerprint={fingerprint}{suffix}",
            json={"params": {"name": "Wang", "signature": PIXEL, **params}},
        ).json()["result"]

    def test_compensation_is_signed(self):
        self._deliver(self.order, {self.desks: 2.0})
        change = self._request(
            "cancel",
            compensation="Two desks stay.",
            compensation_payer="customer",
            compensation_amount=200.0,
        )
        fingerprint = change._get_terms_fingerprint()
        self.authenticate(None, None)
        self.assertIn("does not exist", self._sign(change, "", self.token)["error"])
        change.action_ask_customer()
        self.authenticate("change_customer", "change_customer")
        page = self.url_open(f"{self.url}/changes/{change.id}")
        self.assertIn("Two desks stay.", page.text)
        self.assertIn("You pay us", page.text)
        self.assertIn("Sign and agree", page.text)
        self.assertIn("error", self._sign(change, "other"))
        self.assertIn("error", self._sign(change, fingerprint, signature=False))
        self.assertIn("error", self._sign(change, fingerprint, name=" "))
        self.assertIn("redirect_url", self._sign(change, fingerprint))
        self.assertIn("error", self._sign(change, fingerprint, name="Another"))
        self.env.invalidate_all()
        self.assertEqual(
            (change.agreement_state, change.agreement_name), ("agreed", "Wang")
        )
        self._approve_change(change)
        self.assertEqual(self.order.state, "cancel")

    def test_plan_changed_after_it_was_shown(self):
        self._deliver(self.order, {self.desks: 2.0})
        change = self._request(
            "cancel", compensation="Two desks stay.", compensation_payer="none"
        )
        change.action_ask_customer()
        shown = change._get_terms_fingerprint()
        change.compensation = "You pay everything."
        change.action_ask_customer()
        self.authenticate("change_customer", "change_customer")
        self.assertIn("changed", self._sign(change, shown)["error"])
        self.env.invalidate_all()
        self.assertEqual(change.agreement_state, "asked")

    def test_customer_objects(self):
        self._deliver(self.order, {self.desks: 2.0})
        change = self._request(
            "cancel", compensation="Two desks stay.", compensation_payer="none"
        )
        change.action_ask_customer()
        self.authenticate("change_customer", "change_customer")
        self._post(f"/changes/{change.id}/object", words="Too dear")
        self.env.invalidate_all()
        self.assertEqual(
            (change.agreement_state, change.agreement_words), ("objected", "Too dear")
        )

    def test_decline_does_not_cancel(self):
        self.authenticate(None, None)
        page = self._post("/decline", token=self.token, decline_message="No")
        self.assertEqual(page.status_code, 200)
        self.assertEqual(self.order.state, "sale")
