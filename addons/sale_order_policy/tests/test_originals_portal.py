from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.http import Request
from odoo.tests import HttpCase, tagged

from odoo.addons.mail.tools.discuss import Store

from .common_originals import MAIL, PDF, OriginalsCommon


@tagged("post_install", "-at_install")
class TestOriginalsPortal(OriginalsCommon, HttpCase):
    """Internal originals are invisible to customers, by every route (SPEC A3)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_order()
        cls.file = cls._attach(cls.order, name="internal.pdf", content=MAIL)
        # the customer got it before somebody found out that it is internal
        cls.message = cls._post(cls.order, cls.file)
        cls.internal = cls._classify(cls.file, is_internal=True)
        cls.contract_file = cls._add(cls.order, name="contract.pdf")
        cls.order.sudo()._portal_ensure_token()
        cls.order.sudo().state = "sent"
        cls.stranger = cls.env["res.users"].create(
            {
                "name": "Other Customer",
                "login": "originals stranger",
                "password": "originals stranger",
                "group_ids": [Command.set(cls.env.ref("base.group_portal").ids)],
            }
        )

    def _login(self, user):
        if user:
            self.authenticate(user.login, user.login)
        else:
            self.authenticate(None, None)

    def _open_to_portal(self):
        """Let portal users read attachments, as some add-ons do."""
        self.env["ir.model.access"].create(
            {
                "name": "portal attachments",
                "model_id": self.env["ir.model"]._get_id("ir.attachment"),
                "group_id": self.env.ref("base.group_portal").id,
                "perm_read": True,
            }
        )

    def _urls(self, attachment):
        """Return the ways to a file, with every token there is."""
        attachment = attachment.sudo()
        attachment.generate_access_token()
        tokens = (
            "",
            f"access_token={attachment.access_token}",
            f"access_token={attachment._get_raw_access_token()}",
            f"access_token={attachment._get_ownership_token()}",
            f"access_token={self.order.access_token}",
        )
        for token in tokens:
            for route in (
                f"/web/content/{attachment.id}",
                f"/web/content/ir.attachment/{attachment.id}/datas",
                f"/web/image/{attachment.id}",
                f"/web/image/ir.attachment/{attachment.id}/raw",
                f"/mail/attachment/pdf_first_page/{attachment.id}",
            ):
                yield f"{route}?{token}"

    def _post_zip(self, attachment):
        return self.url_open(
            "/mail/attachment/zip",
            data={
                "file_ids": str(attachment.id),
                "zip_name": "all.zip",
                "csrf_token": Request.csrf_token(self),
            },
        )

    def test_no_route_gives_an_internal_original_to_outsiders(self):
        self._open_to_portal()
        for user in (self.portal, self.stranger, None):
            self._login(user)
            for url in self._urls(self.file):
                with self.subTest(user=user and user.name, url=url):
                    self.assertNotIn(MAIL, self.url_open(url).content)
            self.assertNotIn(MAIL, self._post_zip(self.file).content)

    def test_nor_when_it_is_public(self):
        self.env.cr.execute(
            "UPDATE ir_attachment SET public = true WHERE id = %s", [self.file.id]
        )
        self.env.invalidate_all()
        self._open_to_portal()
        for user in (self.portal, None):
            self._login(user)
            for url in self._urls(self.file):
                self.assertNotIn(MAIL, self.url_open(url).content)

    def test_staff_of_the_order_still_gets_it(self):
        self.salesman.password = self.salesman.login
        self._login(self.salesman)
        url = f"/web/content/{self.file.id}"
        self.assertEqual(self.url_open(url).content, MAIL)

    def test_portal_user_neither_reads_nor_finds_it(self):
        self._open_to_portal()
        files = self.env["ir.attachment"].with_user(self.portal)
        with self.assertRaises(AccessError):
            files.browse(self.file.id).read(["name"])
        for domain in (
            [("id", "=", self.file.id)],
            [("res_model", "=", "sale.order"), ("res_id", "=", self.order.id)],
            [("name", "=", "internal.pdf")],
        ):
            self.assertNotIn(self.file, files.search(domain).sudo())
            self.assertNotIn(self.file, files.search(domain, limit=10).sudo())
        with self.assertRaises(AccessError):
            self.internal.with_user(self.portal).read(["name"])
        with self.assertRaises(AccessError):
            self.env["sale.order.original"].with_user(self.portal).search([])
        with self.assertRaises(AccessError):
            self.order.with_user(self.portal).read(["policy_original_ids"])

    def test_chatter_of_the_portal_does_not_name_it(self):
        for user, token in (
            (self.portal, None),
            (self.portal, self.order.access_token),
            (None, self.order.access_token),
        ):
            self._login(user)
            response = self.url_open(
                "/mail/chatter_fetch",
                json={
                    "params": {
                        "thread_model": "sale.order",
                        "thread_id": self.order.id,
                        **({"token": token} if token else {}),
                    }
                },
            )
            self.assertIn("Here it is", response.text)
            self.assertNotIn("internal.pdf", response.text)

    def test_lists_of_files_do_not_name_it(self):
        for user in (self.portal, self.env.ref("base.public_user")):
            # sudo: as the controllers do once the token was checked
            order = self.order.with_user(user).sudo()
            self.assertNotIn(self.file, order._get_mail_thread_data_attachments())
            store = Store().add(self.message.with_user(user).sudo()).get_result()
            self.assertIn("Here it is", str(store))
            self.assertNotIn("internal.pdf", str(store))
        staff = self.message.with_user(self.salesman)
        self.assertIn("internal.pdf", str(Store().add(staff).get_result()))

    def test_customer_sees_and_downloads_the_others(self):
        for user, token in (
            (self.portal, ""),
            (None, f"?access_token={self.order.access_token}"),
        ):
            self._login(user)
            page = self.url_open(f"/my/orders/{self.order.id}{token}").text
            self.assertIn("contract.pdf", page)
            self.assertNotIn("internal.pdf", page)
            url = f"/my/orders/{self.order.id}/original/{self.contract_file.id}"
            response = self.url_open(url + token)
            self.assertEqual(response.content, PDF)
            self.assertIn("no-store", response.headers["Cache-Control"])

    def test_download_needs_the_order_and_gives_only_what_is_listed(self):
        own = f"/my/orders/{self.order.id}/original"
        token = f"?access_token={self.order.access_token}"
        other = self._create_order()
        elsewhere = self._add(other, name="elsewhere.pdf")
        new = self._add(self.order, name="old.pdf")
        replaced = new.id
        new._replace("new.pdf", b"newer", "newer")
        for user, url in (
            (self.stranger, f"{own}/{self.contract_file.id}"),
            (None, f"{own}/{self.contract_file.id}"),
            (None, f"{own}/{self.contract_file.id}?access_token=wrong"),
            (self.portal, f"{own}/{self.internal.id}"),
            (None, f"{own}/{self.internal.id}{token}"),
            (self.stranger, f"{own}/{elsewhere.id}{token}"),
            (self.portal, f"{own}/{replaced}"),
            (self.portal, f"{own}/999999999"),
            (self.portal, f"/my/orders/999999999/original/{elsewhere.id}"),
        ):
            with self.subTest(user=user and user.name, url=url):
                self._login(user)
                response = self.url_open(url)
                self.assertEqual(response.status_code, 404)

    def test_pdf_of_the_order_does_not_contain_it(self):
        html, _type = self.env["ir.actions.report"]._render_qweb_html(
            "sale.report_saleorder", self.order.ids
        )
        self.assertNotIn("internal.pdf", html.decode())

    def test_ownership_of_a_message_does_not_open_it(self):
        own = self._attach(self.order, name="theirs.pdf", content=b"theirs")
        self.order.sudo().message_post(
            body="From the customer",
            author_id=self.partner.id,
            attachment_ids=own.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        token = own.sudo()._get_ownership_token()
        files = self.env["ir.attachment"].with_user(self.portal)
        self.assertTrue(files.browse(own.id)._has_attachments_ownership([token]))
        self._classify(own, is_internal=True)
        self.assertFalse(files.browse(own.id)._has_attachments_ownership([token]))
