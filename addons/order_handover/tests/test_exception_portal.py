import io

from odoo.fields import Command
from odoo.http import Request
from odoo.tests import HttpCase, tagged

from .common import HandoverCommon

_PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00"
    b"\x00\x00:~\x9bU\x00\x00\x00\nIDATx\x9cc`\x00\x00\x00\x02\x00\x01H\xaf\xa4q\x00"
    b"\x00\x00\x00IEND\xaeB`\x82"
)


@tagged("post_install", "-at_install")
class TestExceptionPortal(HandoverCommon, HttpCase):
    """Customers report problems of their own orders, and see no plans (SPEC I3)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._confirm_order().sudo()
        cls.picking = cls._ship(cls.order.picking_ids)
        cls.other = cls._confirm_order().sudo()
        cls._ship(cls.other.picking_ids)
        cls.token = cls.order._portal_ensure_token()
        cls.kind = cls.env.ref("order_handover.order_exception_kind_short")
        cls.customer = cls._create_portal_user(cls.partner)
        cls.stranger = cls._create_portal_user(
            cls.env["res.partner"].create({"name": "Stranger"})
        )

    @classmethod
    def _create_portal_user(cls, partner):
        login = f"portal {partner.name}"
        return (
            cls.env["res.users"]
            .sudo()
            .create(
                {
                    "name": partner.name,
                    "login": login,
                    "password": login,
                    "partner_id": partner.id,
                    "group_ids": [Command.set(cls.env.ref("base.group_portal").ids)],
                }
            )
        )

    def _report(self, token=None, files=(), order=None, **values):
        return self.url_open(
            f"/my/orders/{(order or self.order).id}/exception",
            data={
                "csrf_token": Request.csrf_token(self),
                "access_token": token or "",
                "kind_id": self.kind.id,
                "description": "Two are missing.",
                **values,
            },
            files=[("files", file) for file in files] or None,
            allow_redirects=False,
        )

    def _login(self, user=None):
        if user:
            self.authenticate(user.login, user.login)
        else:
            self.authenticate(None, None)

    def test_reported_with_the_token(self):
        self._login()
        answer = self._report(
            self.token,
            [("box.png", io.BytesIO(_PNG), "image/png")],
            picking_id=self.picking.id,
            **{f"quantity_{self.order.order_line.id}": "2"},
        )
        self.assertEqual(answer.status_code, 303)
        exception = self.order.handover_exception_ids
        self.assertRecordValues(
            exception,
            [{"source": "portal", "picking_id": self.picking.id, "state": "new"}],
        )
        self.assertEqual(exception.line_ids.quantity, 2.0)
        file = self.env["ir.attachment"].search(
            [("res_model", "=", "order.exception"), ("res_id", "=", exception.id)]
        )
        self.assertEqual(file.raw, _PNG)

    def test_what_the_customer_reads(self):
        exception = self.order._handover_report_exception(
            "Two are missing.", {"kind_id": str(self.kind.id)}, []
        )
        exception.write({"plan": "Blame nobody", "customer_text": "On their way."})
        self._login(self.customer)
        page = self.url_open(f"/my/orders/{self.order.id}").text
        self.assertIn(exception.name, page)
        self.assertIn("Being settled", page)
        self.assertIn("On their way.", page)
        self.assertNotIn("Blame nobody", page)
        self.assertFalse(exception.with_user(self.customer).has_access("read"))

    def test_refused(self):
        self._login(self.stranger)
        self.assertEqual(self._report().status_code, 404)
        self._login()
        self.assertEqual(self._report().status_code, 404, "no token")
        self.assertEqual(self._report("wrong").status_code, 404)
        self.assertEqual(self._report(self.token, order=self.other).status_code, 404)
        too_large = io.BytesIO(_PNG + b"x" * (5 * 1024 * 1024))
        line = self.order.order_line.id
        attempts = {
            "a delivery of another order": {"picking_id": self.other.picking_ids.id},
            "not in the portal": {
                "kind_id": self.env.ref(
                    "order_handover.order_exception_kind_purchase"
                ).id
            },
            "no words": {"description": "  "},
            "more than ordered": {f"quantity_{line}": "11"},
            "no number": {f"quantity_{line}": "nan"},
            "too large": {"files": [("a.png", too_large, "image/png")]},
            "no picture": {
                "files": [("a.png", io.BytesIO(b"<script></script>"), "image/png")]
            },
            "too many": {
                "files": [(f"{n}.png", io.BytesIO(_PNG), "image/png") for n in range(6)]
            },
        }
        for name, values in attempts.items():
            with self.subTest(name):
                answer = self._report(self.token, **values)
                self.assertEqual(answer.status_code, 422)
                self.assertIn("Back to the order", answer.text)
        answer = self._report(self.token, csrf_token="x")
        self.assertEqual(answer.status_code, 400)
        self.assertFalse(self.order.handover_exception_ids)

    def test_odd_words_and_quantities(self):
        line = self.order.order_line.id
        exception = self.order._handover_report_exception(
            "Two\0 are missing.",
            {"kind_id": str(self.kind.id), f"quantity_{line}": "0.000000001"},
            [("box\0.png", _PNG)],
        )
        self.assertEqual(exception.description, "Two are missing.")
        self.assertFalse(exception.line_ids)

    def test_not_without_end(self):
        for _number in range(10):
            self.order._handover_report_exception(
                "Again.", {"kind_id": str(self.kind.id)}, []
            )
        self._login()
        answer = self._report(self.token)
        self.assertEqual(answer.status_code, 422)
        self.assertEqual(len(self.order.handover_exception_ids), 10)

    def test_shipping_notice_of_the_order_only(self):
        self.company.handover_shipping_notice = True
        notices = self.env["order.shipping.notice"]._create_for(
            self.picking | self.other.picking_ids
        )
        for notice in notices:
            notice._make_file()
        mine = notices.filtered(lambda notice: notice.order_id == self.order)
        self._login()
        url = f"/my/orders/{self.order.id}/shipping-notice"
        token = f"?access_token={self.token}"
        self.assertEqual(self.url_open(f"{url}/{mine.id}{token}").status_code, 200)
        self.assertEqual(self.url_open(f"{url}/{mine.id}").status_code, 404)
        foreign = (notices - mine).id
        self.assertEqual(self.url_open(f"{url}/{foreign}{token}").status_code, 404)
        page = self.url_open(f"/my/orders/{self.order.id}{token}").text
        self.assertIn(f"/shipping-notice/{mine.id}", page)
