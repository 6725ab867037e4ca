from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from .common_rebate import RebateCommon


@tagged("post_install", "-at_install")
class TestRebatePortal(RebateCommon, HttpCase):
    """A customer sees its own rebates, by whatever route (SPEC M3)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.partner"].sudo().create({"name": "Somebody Else"})
        cls.portal = cls._create_portal("dealer", cls.partner)
        cls.stranger = cls._create_portal("stranger", cls.other)
        cls.programme = cls._create_programme(
            ((0, 1), (1000, 5)), cls.partner | cls.other, name="Autumn Fair"
        )
        cls._invoice(900, "2026-03-01")
        cls.invoice = cls._invoice(60, "2026-03-02")
        cls._invoice(7777, "2026-03-03", partner=cls.other)
        cls._drain()
        balances = cls.programme.sudo().period_ids.balance_ids
        cls.balance = balances.filtered(lambda b: b.partner_id == cls.partner)
        cls.foreign = balances - cls.balance

    @classmethod
    def _create_portal(cls, login, partner):
        user = cls._create_user(login, "base.group_portal")
        user.sudo().partner_id.parent_id = partner
        user.sudo().password = login
        return user

    def test_customer_reads_its_own_rebates(self):
        self.authenticate(self.portal.login, "dealer")
        response = self.url_open("/my/rebates")
        self.assertEqual(response.status_code, 200)
        self.assertIn("Autumn Fair", response.text)
        # 1 % of 960; 40 more are worth 5 % of 1,000 less 9.60
        self.assertIn("9.60", response.text)
        self.assertIn("40.40", response.text)
        self.assertNotIn("7,777", response.text)
        page = self.url_open(f"/my/rebates/{self.balance.id}")
        self.assertEqual(page.status_code, 200)
        self.assertIn(self.invoice.name, page.text)
        self.assertIn(f"/my/invoices/{self.invoice.id}", page.text)
        self.assertIn("no-store", page.headers["Cache-Control"])

    def test_nobody_reads_those_of_others(self):
        self.balance.with_user(self.officer).remark = "Do not tell"
        self.authenticate(self.portal.login, "dealer")
        page = self.url_open(f"/my/rebates/{self.foreign.id}")
        self.assertEqual(page.status_code, 404)
        self.assertEqual(self.url_open("/my/rebates/999999999").status_code, 404)
        self.assertNotIn(
            "Do not tell", self.url_open(f"/my/rebates/{self.balance.id}").text
        )
        self.authenticate(self.stranger.login, "stranger")
        page = self.url_open(f"/my/rebates/{self.balance.id}")
        self.assertEqual(page.status_code, 404)
        self.authenticate(None, None)
        for path in ("/my/rebates", f"/my/rebates/{self.balance.id}"):
            page = self.url_open(path, allow_redirects=False)
            self.assertIn(page.status_code, (302, 303))
            self.assertIn("/web/login", page.headers["Location"])

    def test_portal_users_read_no_model_of_rebates(self):
        for model in self.env["ir.model"].sudo().search([]).mapped("model"):
            if not model.startswith("rebate.") or self.env[model]._abstract:
                continue
            with self.assertRaises(AccessError, msg=model):
                self.env[model].with_user(self.portal).search_read([], ["id"], limit=1)
        with self.assertRaises(AccessError):
            self.balance.with_user(self.portal).action_mail_suggestions()
        with self.assertRaises(AccessError):
            self.balance.with_user(self.portal).message_post(body="x")
