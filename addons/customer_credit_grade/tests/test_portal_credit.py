from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tests.common import JsonRpcException

from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestPortalCredit(CreditCommon, HttpCase):
    """Customers see their own credit, if the company allows it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.credit_portal = True
        cls.contact = cls.env["res.partner"].create(
            {"name": "Contact", "parent_id": cls.partner.id}
        )
        cls.other = cls.env["res.partner"].create({"name": "Other customer"})
        cls._set_limit(cls.other, 777.0)
        cls._set_limit(cls.partner, 4321.0)
        for login, partner in (
            ("credit_owner", cls.partner),
            ("credit_contact", cls.contact),
            ("credit_other", cls.other),
        ):
            cls.env["res.users"].sudo().create(
                {
                    "name": login,
                    "login": login,
                    "password": login,
                    "partner_id": partner.id,
                    "company_id": cls.company.id,
                    "company_ids": [Command.set(cls.company.ids)],
                    "group_ids": [Command.set(cls.env.ref("base.group_portal").ids)],
                }
            )
        cls._order_of(1000.0).sudo().action_confirm()

    def _page(self, login):
        self.authenticate(login, login)
        return self.url_open("/my/credit")

    def _count(self):
        response = self.make_jsonrpc_request(
            "/my/counters", {"counters": ["credit_count"]}
        )
        return response["credit_count"]

    def test_owner_and_contacts_see_it(self):
        for login in ("credit_owner", "credit_contact"):
            page = self._page(login)
            self.assertEqual(page.status_code, 200)
            self.assertIn("4,321.00", page.text)
            self.assertIn("3,321.00", page.text)
            self.assertNotIn("777.00", page.text)
            self.assertIn("no-store", page.headers["Cache-Control"])
            self.assertEqual(self._count(), 1)

    def test_nothing_internal_is_shown(self):
        grade = self.env["customer.credit.grade"].search([], limit=1)
        grade.name = "Internal grade name"
        self.credit_account._credit_apply({"grade_id": grade.id})
        self.assertNotIn("Internal grade name", self._page("credit_owner").text)

    def test_other_customer_sees_his_own(self):
        page = self._page("credit_other")
        self.assertIn("777.00", page.text)
        self.assertNotIn("4,321.00", page.text)
        for query in ("account_id", "partner_id", "id"):
            page = self.url_open(f"/my/credit?{query}={self.credit_account.id}")
            self.assertNotIn("4,321.00", page.text)
        page = self.url_open(f"/my/credit/{self.credit_account.id}")
        self.assertEqual(page.status_code, 404)

    def test_customers_read_no_records(self):
        self.authenticate("credit_owner", "credit_owner")
        for model in ("customer.credit.account", "customer.credit.item"):
            with (
                self.assertLogs("odoo.http", "WARNING"),
                self.assertRaises(JsonRpcException),
            ):
                self.make_jsonrpc_request(
                    f"/web/dataset/call_kw/{model}/search_read",
                    {
                        "model": model,
                        "method": "search_read",
                        "args": [[]],
                        "kwargs": {},
                    },
                )

    def test_public_has_to_log_in(self):
        self.authenticate(None, None)
        page = self.url_open("/my/credit", allow_redirects=False)
        self.assertEqual(page.status_code, 303)
        self.assertIn("/web/login", page.headers["Location"])

    def test_switched_off(self):
        self.company.credit_portal = False
        page = self._page("credit_owner")
        self.assertEqual(page.status_code, 404)
        self.assertEqual(self._count(), 0)
