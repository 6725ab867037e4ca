from odoo.tests import tagged

from odoo.addons.order_handover.tests.common_progress_http import ProgressHttpCommon


@tagged("post_install", "-at_install")
class TestChannelProgress(ProgressHttpCommon):
    """Channel partners follow orders they brought, and no others (SPEC F5)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dealer = cls.env["res.partner"].create(
            {"name": "Dealer North", "is_company": True}
        )
        cls.seller = cls._create_portal_user("progress_dealer", cls.dealer)
        cls.channel = cls.env["channel.partner"].create(
            {
                "partner_id": cls.dealer.id,
                "company_id": cls.company.id,
                "state": "active",
            }
        )
        cls.url = f"/my/orders/{cls.order.id}/progress"

    def _get(self, url, user):
        self.authenticate(user.login, user.login)
        return self.url_open(url, allow_redirects=False)

    def test_partner_follows_the_order_of_his_end_customer(self):
        self.assertEqual(self._get(self.url, self.seller).status_code, 303)
        self.order.with_user(self.salesman).channel_partner_id = self.channel
        page = self._get(self.url, self.seller)
        self.assertEqual(page.status_code, 200)
        self.assertIn('data-code="shipment"', page.text)
        # the order itself, with its prices, stays the customer's
        self.assertEqual(
            self._get(f"/my/orders/{self.order.id}", self.seller).status_code, 303
        )
        self.assertEqual(self._get(self.url, self.stranger).status_code, 303)

    def test_list_of_orders_brought(self):
        other = self._confirm_order(partner_id=self.partner.id).sudo()
        self.order.channel_partner_id = self.channel
        page = self._get("/my/channel/orders", self.seller)
        self.assertIn(self.order.name, page.text)
        self.assertIn("Buyers Ltd", page.text)
        self.assertIn(self.url, page.text)
        self.assertNotIn(other.name, page.text)
        answer = self._get("/my/channel/orders", self.stranger)
        self.assertEqual(answer.status_code, 404)

    def test_who_left_follows_nothing(self):
        self.order.channel_partner_id = self.channel
        self.channel._write_assessed({"state": "terminated"})
        self.assertEqual(self._get(self.url, self.seller).status_code, 303)
        page = self._get("/my/channel/orders", self.seller)
        self.assertNotIn(self.order.name, page.text)
        self.channel._write_assessed({"state": "active", "active": False})
        self.assertEqual(self._get(self.url, self.seller).status_code, 303)

    def test_hooks_find_the_same_orders(self):
        orders = self.env["sale.order"].with_user(self.salesman)
        self.order.channel_partner_id = self.channel
        domain = orders._handover_progress_domain(self.seller.partner_id)
        self.assertEqual(orders.sudo().search(domain), self.order)
        self.assertEqual(self.order._handover_progress_partners(), self.dealer)
        domain = orders._handover_progress_domain(self.stranger.partner_id)
        self.assertFalse(orders.sudo().search(domain))
