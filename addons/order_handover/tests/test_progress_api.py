from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common_progress_http import ProgressHttpCommon

_PATH = "/order_handover/v1/orders"


@tagged("post_install", "-at_install")
class TestProgressApi(ProgressHttpCommon):
    """The same as data, with one's own key, and nobody else's (SPEC F5)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].sudo().set_param("portal.allow_api_keys", "1")
        cls.key = cls._create_key(cls.buyer)

    @classmethod
    def _create_key(cls, user, days=1):
        expires = fields.Datetime.now() + timedelta(days=days)
        return (
            cls.env["res.users.apikeys"]
            .with_user(user)
            .sudo()
            ._generate(None, "progress", expires)
        )

    def _get(self, path="", key=None, method="GET", **params):
        self.env.flush_all()
        key = self.key if key is None else key
        return self.url_open(
            f"{_PATH}{path}",
            params=params,
            headers={"Authorization": f"Bearer {key}"} if key else {},
            method=method,
        )

    def _assert_error(self, response, status, code):
        self.assertEqual(response.status_code, status)
        self.assertEqual(
            response.headers["Content-Type"], "application/json; charset=utf-8"
        )
        self.assertEqual(response.json()["error"]["code"], code)
        self.assertEqual(response.json()["version"], "1")

    def _names(self, **params):
        response = self._get(**params)
        self.assertEqual(response.status_code, 200)
        return [order["reference"] for order in response.json()["orders"]]

    def test_list(self):
        response = self._get()
        self.assertEqual(response.status_code, 200)
        content = response.json()
        self.assertEqual(
            (content["version"], content["total"], content["next"]), ("1", 1, None)
        )
        (order,) = content["orders"]
        self.assertEqual(
            {key: order[key] for key in order if key not in ("ordered", "changed")},
            {
                "id": self.order.id,
                "reference": self.order.name,
                "customer_reference": "PO-77",
                "phase": "shipment",
                "promised": self._in_days(5).isoformat() + "Z",
                "expected": self.order.picking_ids.move_ids.date.isoformat() + "Z",
                "late": False,
                "delivered_share": 0.0,
            },
        )
        self.assertRegex(order["changed"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")

    def test_one_by_reference_and_id(self):
        for path in (f"/{self.order.name}", f"/{self.order.id}"):
            response = self._get(path)
            self.assertEqual(response.status_code, 200)
            order = response.json()["order"]
            self.assertEqual(order["reference"], self.order.name)
            self.assertEqual(
                [(step["code"], step["state"]) for step in order["steps"]],
                [
                    ("intake", "done"),
                    ("confirmed", "done"),
                    ("shipment", "current"),
                    ("delivered", "waiting"),
                    ("complete", "waiting"),
                ],
            )
            (line,) = order["lines"]
            self.assertEqual(
                (line["product"], line["ordered"], line["delivered"], line["unit"]),
                ("Shirt", 10.0, 0.0, "Units"),
            )
            for secret in (
                self.salesman.name,
                self.order.picking_ids.name,
                "internal",
                "price",
            ):
                self.assertNotIn(secret, response.text)

    def test_reference_with_a_slash_and_of_digits(self):
        self.order.name = "SO/2026/001"
        self.assertEqual(self._get("/SO/2026/001").status_code, 200)
        other = self._confirm_order(partner_id=self.buyer.partner_id.id).sudo()
        other.name = str(self.order.id)
        order = self._get(f"/{self.order.id}").json()["order"]
        self.assertEqual(order["id"], other.id)
        self.order.name = other.name
        self._assert_error(self._get(f"/{other.name}"), 409, "ambiguous")

    def test_colleague_and_stranger(self):
        clerk = self._create_key(self.clerk)
        self.assertEqual(self._get(f"/{self.order.id}", clerk).status_code, 200)
        stranger = self._create_key(self.stranger)
        self.assertEqual(self._names(key=stranger), [])
        for search in (self.order.name, "PO-77", "%"):
            self.assertEqual(self._names(key=stranger, reference=search), [])
        for path in (f"/{self.order.id}", f"/{self.order.name}", "/%25", "/999999"):
            self._assert_error(self._get(path, stranger), 404, "not_found")

    def test_channel_partner(self):
        self._patch_partner_hook(self.stranger.partner_id, self.order)
        stranger = self._create_key(self.stranger)
        self._confirm_order(partner_id=self.partner.id)
        self.assertEqual(self._names(key=stranger), [self.order.name])
        self.assertEqual(self._get(f"/{self.order.id}", stranger).status_code, 200)

    def test_keys_that_do_not_count(self):
        expired = self._create_key(self.buyer)
        self.env.cr.execute(
            "UPDATE res_users_apikeys SET expiration_date = '2020-01-01'"
            " WHERE user_id = %s AND index = %s",
            (self.buyer.id, expired[:8]),
        )
        revoked = self._create_key(self.buyer)
        self.env.cr.execute(
            "DELETE FROM res_users_apikeys WHERE index = %s", (revoked[:8],)
        )
        for path in ("", f"/{self.order.id}"):
            for key in ("", "wrong", f"{self.key}x", expired, revoked):
                response = self._get(path, key)
                self._assert_error(response, 401, "unauthorized")
                self.assertEqual(response.headers["WWW-Authenticate"], "Bearer")
        self.buyer.sudo().active = False
        self._assert_error(self._get(), 401, "unauthorized")

    def test_session_alone_does_not_count(self):
        self.authenticate(self.buyer.login, self.buyer.login)
        self._assert_error(self._get(key=""), 401, "unauthorized")
        self.authenticate(self.stranger.login, self.stranger.login)
        self._assert_error(self._get(), 401, "unauthorized")  # the buyer's key

    def test_keys_of_portal_users_switched_off(self):
        self.env["ir.config_parameter"].sudo().set_param("portal.allow_api_keys", False)
        self._assert_error(self._get(), 403, "forbidden")
        internal = self._create_key(self.salesman)
        self.assertIn(self.order.name, self._names(key=internal))

    def test_internal_users(self):
        colleague = self._create_user("colleague", "sales_team.group_sale_salesman")
        self.assertNotIn(self.order.name, self._names(key=self._create_key(colleague)))
        plain = self._create_user("plain")
        self.assertEqual(self._names(key=self._create_key(plain)), [])
        self._assert_error(
            self._get(f"/{self.order.id}", self._create_key(colleague)),
            404,
            "not_found",
        )

    def test_company_separation(self):
        other = (
            self.env["res.company"]
            .sudo()
            .create({"name": "Other", "handover_progress_api": True})
        )
        self.buyer.sudo().write(
            {"company_ids": [(6, 0, other.ids)], "company_id": other.id}
        )
        self.assertEqual(self._names(), [])
        self._assert_error(self._get(f"/{self.order.id}"), 404, "not_found")

    def test_company_that_does_not_offer_it(self):
        self.company.handover_progress_api = False
        self._assert_error(self._get(), 403, "not_offered")
        self._assert_error(self._get(f"/{self.order.id}"), 403, "not_offered")

    def test_filters_and_pages(self):
        second = self._confirm_order(partner_id=self.clerk.partner_id.id).sudo()
        second.date_order = "2026-01-02 03:00:00"
        self.assertEqual(self._names(), [self.order.name, second.name])
        self.assertEqual(self._names(reference="PO-77"), [self.order.name])
        self.assertEqual(self._names(reference=second.name), [second.name])
        self.assertEqual(
            self._names(date_from="2026-01-02", date_to="2026-01-03"), [second.name]
        )
        self.assertEqual(
            self._names(date_from="2026-01-02T11:00:00+08:00", date_to="2026-01-03"),
            [second.name],
        )
        self.assertEqual(
            self._names(date_from="2026-01-02T11:01:00+08:00", date_to="2026-01-03"),
            [],
        )
        first = self._get(limit=1).json()
        self.assertEqual((len(first["orders"]), first["total"]), (1, 2))
        self.assertIn("page=2", first["next"])
        self.assertEqual(self._names(limit=1, page=2), [second.name])

    def test_changed_since(self):
        self.env.cr.execute(
            "UPDATE sale_order SET write_date = '2026-01-01' WHERE id = %(order)s;"
            "UPDATE order_progress_date SET write_date = '2026-01-01'"
            " WHERE order_id = %(order)s;"
            "UPDATE stock_move SET write_date = '2026-01-01' WHERE sale_line_id IN"
            " (SELECT id FROM sale_order_line WHERE order_id = %(order)s)",
            {"order": self.order.id},
        )
        self.assertEqual(self._names(changed_since="2026-02-01"), [])
        self.env.cr.execute(
            "UPDATE stock_move SET write_date = '2026-03-01' WHERE id = %s",
            self.order.picking_ids.move_ids.ids,
        )
        self.assertEqual(self._names(changed_since="2026-02-01"), [self.order.name])

    def test_parameters_that_cannot_be_read(self):
        for name, value in (
            ("page", "0"),
            ("page", "x"),
            ("limit", "101"),
            ("limit", "-1"),
            ("limit", "0000000019999999"),
            ("page", "00000000010"),
            ("reference", "a\x00b"),
            ("date_from", "2026-01-01\x00"),
            ("date_from", "yesterday"),
            ("changed_since", "2026-13-01"),
        ):
            response = self._get(**{name: value})
            self._assert_error(response, 400, "bad_parameter")
            self.assertIn(name, response.json()["error"]["message"])

    def test_no_such_text(self):
        self._assert_error(self._get("/a%00b"), 404, "not_found")

    def test_header_without_a_key(self):
        self.authenticate(self.buyer.login, self.buyer.login)
        browser = {
            "Sec-Fetch-Dest": "document",
            "Sec-Fetch-Mode": "navigate",
            "Sec-Fetch-Site": "none",
            "Sec-Fetch-User": "?1",
        }
        for header in ("Bearer", "bearer ", "Bearer \t ", "Basic x"):
            with self.subTest(header=header):
                response = self.url_open(
                    _PATH, headers={**browser, "Authorization": header}
                )
                self._assert_error(response, 401, "unauthorized")

    def test_language_of_the_owner(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        path = f"/{self.order.id}"
        english = self._get(path).json()["order"]["steps"][0]["name"]
        self.assertEqual(english, "Order received")
        self.buyer.sudo().lang = "zh_CN"
        chinese = self._get(path).json()["order"]["steps"][0]["name"]
        self.assertEqual(chinese, "已接单")

    def test_read_only(self):
        for method in ("POST", "PUT", "DELETE"):
            response = self._get(method=method)
            self._assert_error(response, 405, "method_not_allowed")
            self.assertEqual(response.headers["Allow"], "GET, HEAD")

    def test_drafts_are_not_told(self):
        draft = self._create_order(partner_id=self.buyer.partner_id.id)
        self._assert_error(self._get(f"/{draft.id}"), 404, "not_found")
        self.order._action_cancel()
        self.assertEqual(
            self._get(f"/{self.order.id}").json()["order"]["phase"], "cancelled"
        )

    def test_queries(self):
        self._get()
        counts = []
        for more in (0, 12):
            orders = self._confirm_orders(more)
            orders.partner_id = self.buyer.partner_id
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.cr.sql_log_count
            self.assertEqual(len(self._names(limit=100)), more + 1)
            counts.append(self.cr.sql_log_count - start)
        self.assertEqual(counts[0], counts[1])
