from odoo.tests import HttpCase, new_test_user, tagged

from .letter_common import ConfirmedOrderCommon


@tagged("post_install", "-at_install")
class TestLetterPortal(ConfirmedOrderCommon, HttpCase):
    """Customers download their letter, and nobody else's (SPEC B7)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = new_test_user(
            cls.env, "letter_customer", "base.group_portal", email="c@example.com"
        )
        cls.stranger = new_test_user(
            cls.env, "letter_stranger", "base.group_portal", email="s@example.com"
        )

    def setUp(self):
        super().setUp()
        self.order = self._confirmed(partner_id=self.customer.partner_id.id).sudo()
        self._run_job()
        self.url = f"/my/orders/{self.order.id}/confirmation-letter"
        self.content = self._letters(self.order).attachment_id.raw

    def _run_job(self):
        self.cron.method_direct_trigger()  # in test mode already
        self.env.invalidate_all()

    def _get(self, url, login=None):
        self.authenticate(login, login)
        return self.url_open(url, allow_redirects=False)

    def test_customer(self):
        response = self._get(self.url, self.customer.login)
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.content, self.content)

    def test_token(self):
        response = self._get(
            f"{self.url}?access_token={self.order._portal_ensure_token()}"
        )
        self.assertEqual(response.content, self.content)

    def test_no_token(self):
        for url in (self.url, f"{self.url}?access_token=wrong"):
            self.assertEqual(self._get(url).status_code, 303)

    def test_stranger(self):
        response = self._get(self.url, self.stranger.login)
        self.assertEqual(response.status_code, 303)
        letter = self._letters(self.order)
        response = self._get(
            f"/web/content/{letter.attachment_id.id}", self.stranger.login
        )
        self.assertEqual(response.status_code, 404)
        response = self._get(
            f"/report/pdf/sale_order_policy.report_order_confirmation_letter/{letter.id}",
            self.stranger.login,
        )
        self.assertNotEqual(response.status_code, 200)

    def test_cancelled_order_has_no_valid_letter(self):
        self.order._action_cancel()
        response = self._get(self.url, self.customer.login)
        self.assertEqual(response.status_code, 303)

    def test_page_shows_the_way(self):
        page = self._get(f"/my/orders/{self.order.id}", self.customer.login)
        self.assertIn("confirmation-letter", page.text)
        self.order._action_cancel()
        page = self._get(f"/my/orders/{self.order.id}", self.customer.login)
        self.assertNotIn("confirmation-letter", page.text)
