from odoo.tests import HttpCase, new_test_user, tagged

from .common import PIXEL, ContractCommon


@tagged("post_install", "-at_install")
class TestContractPortal(ContractCommon, HttpCase):
    """The customer reads, downloads and signs his own contracts (SPEC E1)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._sent(cls._create_order())
        cls.draft = cls._draft(cls._create_order())
        cls.token = cls.contract.sudo()._portal_ensure_token()
        cls.url = f"/my/contracts/{cls.contract.id}"
        cls.stranger = new_test_user(
            cls.env, login="contract other", groups="base.group_portal"
        )
        for user in (cls.portal_user, cls.stranger):
            user.sudo().password = user.login
        cls.env.flush_all()

    def _sign(self, url=None, **params):
        params = {"name": "Wang", "signature": PIXEL.decode(), **params}
        return self.make_jsonrpc_request(f"{url or self.url}/sign", params)

    def test_the_owner_lists_reads_and_downloads(self):
        self.authenticate(self.portal_user.login, self.portal_user.login)
        listed = self.url_open("/my/contracts")
        self.assertIn(self.contract.name, listed.text)
        self.assertNotIn(self.draft.name, listed.text)
        page = self.url_open(self.url)
        self.assertEqual(page.status_code, 200)
        self.assertIn("100.00", page.text)
        file = self.url_open(f"{self.url}?report_type=pdf")
        self.assertEqual(file.status_code, 200)
        paper = self.contract.sudo().paper_ids
        self.assertEqual(file.content, paper.attachment_id.raw)

    def test_nobody_else_sees_anything(self):
        attachment = self.contract.sudo().paper_ids.attachment_id
        for login in (self.stranger.login, None):
            self.authenticate(login, login)
            for url in (self.url, f"{self.url}?report_type=pdf"):
                answer = self.url_open(url)
                self.assertEqual(answer.status_code, 403, url)
                self.assertNotIn(self.contract.name, answer.text)
            self.assertEqual(
                self.url_open(f"{self.url}?access_token=wrong").status_code, 403
            )
            file = self.url_open(f"/web/content/{attachment.id}")
            self.assertNotEqual(file.content, attachment.raw)
            self.assertIn("error", self._sign())
        self.assertFalse(self.contract.sudo().signature_ids)

    def test_not_even_the_owner_sees_a_draft(self):
        self.authenticate(self.portal_user.login, self.portal_user.login)
        answer = self.url_open(f"/my/contracts/{self.draft.id}")
        self.assertEqual(answer.status_code, 403)
        token = self.draft.sudo()._portal_ensure_token()
        answer = self.url_open(f"/my/contracts/{self.draft.id}?access_token={token}")
        self.assertEqual(answer.status_code, 403)

    def test_signing_by_token_and_for_good(self):
        self.authenticate(None, None)
        self.assertIn("error", self._sign(access_token=self.token, name=" "))
        self.assertIn("error", self._sign(access_token=self.token, signature="AAAA"))
        answer = self._sign(access_token=self.token)
        self.assertIn("redirect_url", answer)
        signature = self.contract.sudo().signature_ids
        self.assertEqual(signature.name, "Wang")
        self.assertEqual(signature.side, "customer")
        self.assertTrue(signature.address)
        self.assertEqual(self.contract.state, "sent")
        self.assertIn("error", self._sign(access_token=self.token))
        self.contract.with_user(self.director).action_sign()
        self.assertEqual(self.contract.state, "signed")

    def test_staff_do_not_sign_for_the_customer(self):
        self.salesman.sudo().password = "salesman-pass"
        self.authenticate(self.salesman.login, "salesman-pass")
        self.assertIn("error", self._sign())
        self.assertIn("error", self._sign(access_token=self.token))
        self.assertFalse(self.contract.sudo().signature_ids)

    def test_signing_the_order_as_the_customer(self):
        self.authenticate(self.portal_user.login, self.portal_user.login)
        self.assertIn("redirect_url", self._sign())
        signature = self.contract.sudo().signature_ids
        self.assertEqual(signature.partner_id, self.partner)
        self.assertEqual(len(signature.sha256), 64)
