from datetime import timedelta

from odoo.tests import tagged
from odoo.tools import format_date

from .common_progress_http import ProgressHttpCommon


@tagged("post_install", "-at_install")
class TestProgressPortal(ProgressHttpCommon):
    """Who sees the progress of an order in the portal, and what (SPEC F5)."""

    def _get(self, login=None, token=None, order=None):
        self.authenticate(login, login)
        token = f"?access_token={token}" if token else ""
        return self.url_open(
            f"/my/orders/{(order or self.order).id}/progress{token}",
            allow_redirects=False,
        )

    def _is_refused(self, response):
        return response.status_code == 303 and response.headers["Location"].endswith(
            "/my"
        )

    def test_customer_and_his_colleague(self):
        for user in (self.buyer, self.clerk):
            page = self._get(user.login)
            self.assertEqual(page.status_code, 200)
            self.assertIn(self.order.name, page.text)
            self.assertIn('data-code="shipment"', page.text)
            self.assertEqual(page.headers["Cache-Control"], "no-store")

    def test_days_are_the_readers(self):
        """Noon in Shanghai is the evening before in Los Angeles."""
        promised = self.order.commitment_date
        evening = format_date(self.env, promised.date() - timedelta(days=1))
        self.assertNotIn(evening, self._get(self.buyer.login).text)
        self.buyer.sudo().tz = "America/Los_Angeles"
        self.assertIn(evening, self._get(self.buyer.login).text)

    def test_token(self):
        token = self.order._portal_ensure_token()
        self.assertIn(self.order.name, self._get(token=token).text)
        self.assertIn(self.order.name, self._get(self.stranger.login, token).text)

    def test_others(self):
        other = self._confirm_order(partner_id=self.partner.id).sudo()
        token = other._portal_ensure_token()
        self.assertTrue(self._is_refused(self._get(self.stranger.login)))
        self.assertTrue(self._is_refused(self._get(self.stranger.login, "wrong")))
        self.assertTrue(self._is_refused(self._get()))
        self.assertTrue(self._is_refused(self._get(token="wrong")))
        self.assertTrue(self._is_refused(self._get(token=token)))  # of another order
        self.assertTrue(self._is_refused(self._get(self.buyer.login, order=other)))
        self.authenticate(self.buyer.login, self.buyer.login)
        missing = self.url_open("/my/orders/999999/progress", allow_redirects=False)
        self.assertTrue(self._is_refused(missing))

    def test_internal_user_of_other_orders(self):
        colleague = self._create_user("colleague", "sales_team.group_sale_salesman")
        colleague.sudo().password = colleague.login
        self.assertTrue(self._is_refused(self._get(colleague.login)))

    def test_other_company(self):
        other = self.env["res.company"].sudo().create({"name": "Other"})
        self.buyer.sudo().write(
            {"company_ids": [(6, 0, other.ids)], "company_id": other.id}
        )
        self.assertTrue(self._is_refused(self._get(self.buyer.login)))

    def test_channel_partner(self):
        self._patch_partner_hook(self.stranger.partner_id, self.order)
        page = self._get(self.stranger.login)
        self.assertEqual(page.status_code, 200)
        self.assertIn('data-code="shipment"', page.text)
        self.assertNotIn(f'href="/my/orders/{self.order.id}"', page.text)
        self.assertNotIn(self.order.access_token or "no token", page.text)
        other = self._confirm_order(partner_id=self.partner.id)
        self.assertTrue(self._is_refused(self._get(self.stranger.login, order=other)))
        self.assertTrue(self._is_refused(self._get()))

    def test_nothing_for_staff(self):
        self.company.document_approval_mode = "enforce"
        order = self._create_order(
            {"product_id": self.goods.id, "price_unit": 98765.43},
            partner_id=self.buyer.partner_id.id,
        )
        self._submit_and_approve(order)
        order.sudo().action_confirm()
        self.assertEqual(order.state, "sale")
        page = self._get(self.buyer.login, order=order)
        self.assertIn(order.name, page.text)
        for secret in (
            "98,765",
            "98765",
            self.departments["sales"].name,
            self.supervisor.name,
            self.salesman.name,
            order.sudo().picking_ids.name,
            'data-code="approved"',
        ):
            self.assertNotIn(secret, page.text)

    def test_company_that_shows_no_progress(self):
        self.company.handover_progress_portal = False
        response = self._get(self.buyer.login)
        self.assertEqual(response.status_code, 303)
        self.assertTrue(
            response.headers["Location"].endswith(f"/my/orders/{self.order.id}")
        )
        page = self.url_open(f"/my/orders/{self.order.id}")
        self.assertNotIn("order_progress_bar", page.text)

    def test_draft_shows_no_progress(self):
        draft = self._create_order(partner_id=self.buyer.partner_id.id)
        response = self._get(self.buyer.login, order=draft)
        self.assertEqual(response.status_code, 303)
        draft._action_cancel()
        self.assertEqual(self._get(self.buyer.login, order=draft).status_code, 303)

    def test_cancelled_order_is_shown_as_such(self):
        self.order._action_cancel()
        page = self._get(self.buyer.login)
        self.assertIn('data-code="cancelled"', page.text)
        self.assertIn('data-state="skipped"', page.text)

    def test_page_of_the_order_shows_the_way(self):
        self.authenticate(self.buyer.login, self.buyer.login)
        page = self.url_open(f"/my/orders/{self.order.id}")
        self.assertIn("o_order_progress_bar_step", page.text)
        self.assertIn(f"/my/orders/{self.order.id}/progress", page.text)

    def test_queries(self):
        """The page of one order costs the same beside many others."""
        self._get(self.buyer.login)  # templates, translations
        counts = []
        for more in (0, 12):
            self._confirm_orders(more)
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.cr.sql_log_count
            self.url_open(f"/my/orders/{self.order.id}/progress")
            counts.append(self.cr.sql_log_count - start)
        self.assertLessEqual(max(counts), 30)
        self.assertEqual(counts[0], counts[1])
