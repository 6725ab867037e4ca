from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common_originals import MAIL, PDF, OriginalsCommon


@tagged("post_install", "-at_install")
class TestOriginalsProtection(OriginalsCommon):
    """Once somebody was asked about an order, its originals stay (SPEC A3)."""

    def _everybody(self, record):
        """Return the record as salesperson, sales manager, administrator, system."""
        users = (self.salesman, self.manager, self.env.ref("base.user_admin"))
        return [*(record.with_user(user) for user in users), record.sudo()]

    def _assert_kept(self, original, method):
        """Check that nobody does ``method(record)``, and nothing of it remains."""
        attachment = original.attachment_id
        for record in self._everybody(original):
            with self.subTest(user=record.env.user.name, su=record.env.su):
                with self.assertRaises(UserError):
                    with self.env.cr.savepoint():
                        method(record)
                self.env.invalidate_all()
                self.assertTrue(original.exists() and attachment.exists())
                self.assertEqual(attachment.sudo().raw, PDF)
                self.assertEqual(attachment.sudo().res_id, original.sudo().order_id.id)

    # Until when it can be removed ------------------------------------------------

    def test_original_of_a_draft_is_removed_with_its_file(self):
        original = self._add(self._create_order())
        attachment = original.attachment_id
        original.unlink()
        self.assertFalse(attachment.exists())

    def test_file_of_a_message_stays_with_the_message(self):
        order = self._create_order()
        attachment = self._attach(order)
        message = self._post(order, attachment)
        self._classify(attachment).unlink()
        self.assertEqual(message.attachment_ids, attachment)

    def test_file_of_a_draft_can_be_deleted(self):
        original = self._add(self._create_order())
        original.attachment_id.unlink()
        self.assertFalse(original.exists())

    def test_draft_is_deleted_with_its_originals(self):
        order = self._create_order()
        original = self._add(order)
        attachment = original.attachment_id
        order.with_user(self.manager).unlink()
        self.assertFalse(original.exists() or attachment.exists())

    def test_protected_once_submitted(self):
        order = self._create_order()
        original = self._add(order)
        self.assertFalse(original.is_protected)
        order.action_submit_for_approval()
        self.assertTrue(order.policy_keeps_originals)
        self._assert_kept(original, lambda o: o.unlink())

    def test_protected_after_withdrawal(self):
        original = self._protected()
        original.order_id.action_withdraw_approval()
        self._assert_kept(original, lambda o: o.unlink())

    def test_protected_when_only_observed(self):
        self.company.document_approval_mode = "observe"
        order = self._create_order()
        original = self._add(order)
        order.action_submit_for_approval()
        self._assert_kept(original, lambda o: o.unlink())
        with self.assertRaises(UserError):
            order.sudo().unlink()

    def test_protected_when_confirmed_or_cancelled_without_control(self):
        self.company.document_approval_mode = "off"
        for method in ("action_confirm", "_action_cancel"):
            order = self._create_order()
            original = self._add(order)
            getattr(order, method)()
            self._assert_kept(original, lambda o: o.unlink())
            if order.state == "cancel":
                with self.assertRaises(UserError):
                    order.sudo().unlink()

    # What is refused ---------------------------------------------------------------

    def test_file_is_not_deleted(self):
        original = self._protected()
        self._assert_kept(original, lambda o: o.attachment_id.unlink())
        self._assert_kept(original, lambda o: o.attachment_id._delete_and_notify())

    def test_file_is_not_deleted_with_others(self):
        original = self._protected()
        other = self._attach(original.order_id)
        with self.assertRaises(UserError):
            (original.attachment_id | other).unlink()

    def test_nothing_of_the_file_is_written(self):
        original = self._protected()
        other = self._create_order()
        partner = self.partner
        for values in (
            {"raw": b"forged"},
            {"datas": self._b64(b"forged")},
            {"raw": b""},
            {"datas": False},
            {"db_datas": b"forged"},
            {"store_fname": "ab/abcdef"},
            {"checksum": "0" * 40},
            {"file_size": 1},
            {"mimetype": "text/html"},
            {"name": "other.pdf"},
            {"type": "url"},
            {"url": "/contract"},
            {"res_id": other.id},
            {"res_id": 0},
            {"res_model": "res.partner"},
            {"res_model": "res.partner", "res_id": partner.id},
            {"res_field": "signature"},
            {"res_name": "x"},
            {"public": True},
            {"company_id": False},
        ):
            with self.subTest(**values):
                self._assert_kept(
                    original,
                    lambda o, values=values: o.attachment_id.write(dict(values)),
                )

    def test_nor_by_assignment(self):
        original = self._protected()

        def assign(record):
            record.attachment_id.raw = b"forged"

        self._assert_kept(original, assign)

    def test_nor_of_a_draft(self):
        original = self._add(self._create_order())
        with self.assertRaises(UserError):
            original.attachment_id.write({"raw": b"forged"})

    def test_nor_on_a_way_through_several_files(self):
        original = self._protected()
        other = self._attach(original.order_id, content=MAIL)
        with self.assertRaises(UserError):
            (other | original.attachment_id).write({"name": "both.pdf"})

    def test_no_context_opens_it(self):
        original = self._protected()
        context = {
            "force_unlink": True,
            "module_uninstall": True,
            "_force_unlink": True,
            "install_mode": True,
            "tracking_disable": True,
            "active_test": False,
            "skip_res_field_check": True,
            "bin_size": True,
        }
        self._assert_kept(original, lambda o: o.with_context(**context).unlink())
        self._assert_kept(
            original, lambda o: o.order_id.with_context(**context).unlink()
        )
        self._assert_kept(
            original,
            lambda o: o.attachment_id.with_context(**context).write({"raw": b"x"}),
        )
        self._assert_kept(
            original, lambda o: o.attachment_id.with_context(**context).unlink()
        )

    def test_files_can_move_to_another_storage(self):
        original = self._protected()
        attachment = original.attachment_id.sudo()
        params = self.env["ir.config_parameter"].sudo()
        for storage in ("db", "file"):
            params.set_param("ir_attachment.location", storage)
            attachment._migrate()
            self.env.invalidate_all()
            self.assertEqual(bool(attachment.store_fname), storage == "file")
            self.assertEqual(attachment.raw, PDF)

    def test_order_is_not_deleted(self):
        original = self._protected()
        order = original.order_id
        order._action_cancel()
        self._assert_kept(original, lambda o: o.order_id.unlink())

    def test_message_that_brought_it_is_kept(self):
        order = self._create_order()
        attachment = self._attach(order)
        message = self._post(order, attachment)
        original = self._classify(attachment)
        message.body = "Still a draft"
        order.action_submit_for_approval()
        for change in (
            lambda m: m.unlink(),
            lambda m: m.write({"body": "forged"}),
            lambda m: m.write({"attachment_ids": [Command.clear()]}),
            lambda m: m.write({"attachment_ids": [Command.unlink(attachment.id)]}),
            lambda m: m.write({"res_id": self._create_order().id}),
            lambda m: m.write({"author_id": self.manager.partner_id.id}),
            lambda m: order.sudo()._message_update_content(m, body="forged"),
            lambda m: order.sudo()._message_update_content(
                m, body=None, attachment_ids=[]
            ),
            lambda m: order.sudo().message_change_thread(self.partner),
        ):
            self._assert_kept(original, lambda o, c=change: c(message.with_env(o.env)))
        self.assertEqual(message.attachment_ids, attachment)
        self.assertIn("Still a draft", message.body)

    def test_other_messages_and_files_are_as_ever(self):
        original = self._protected()
        order = original.order_id
        other = self._attach(order, name="photo.png", content=b"other")
        message = self._post(order, other)
        message.write({"body": "Corrected"})
        other.write({"name": "picture.png", "raw": b"new"})
        message.unlink()
        other.unlink()
        self.assertFalse(other.exists())

    def test_one2many_commands_do_not_remove_it(self):
        original = self._protected()
        for command in (
            Command.delete(original.id),
            Command.unlink(original.id),
            Command.clear(),
            Command.set([]),
        ):
            self._assert_kept(
                original,
                lambda o, c=command: o.order_id.write({"policy_original_ids": [c]}),
            )

    # What goes on ------------------------------------------------------------------

    def test_only_a_sales_manager_classifies_anew_and_it_is_noted(self):
        original = self._protected()
        for values in ({"kind_id": self.chat.id}, {"is_internal": True}, {"note": "x"}):
            with self.assertRaises(AccessError):
                original.write(values)
        original.write({"kind_id": self.contract.id, "note": False})
        original.with_user(self.manager).write({"kind_id": self.chat.id})
        self.assertEqual(original.kind_id, self.chat)
        body = original.order_id.message_ids[0].body
        self.assertIn("Contract → Chat record", body)

    def test_addition_to_a_protected_order_is_noted(self):
        order = self._protected().order_id
        order.policy_add_originals([{"name": "late.eml", "data": self._b64(MAIL)}])
        self.assertIn("late.eml", order.message_ids[0].body)
        self.assertEqual(order.approval_state, "pending")


@tagged("post_install", "-at_install")
class TestOriginalsRoutes(OriginalsCommon, HttpCase):
    """The routes of the chatter do not get past the protection either."""

    def setUp(self):
        super().setUp()
        self.salesman.password = "policy salesman"
        self.authenticate(self.salesman.login, "policy salesman")

    def _carried(self):
        order = self._create_order()
        attachment = self._attach(order)
        message = self._post(order, attachment)
        original = self._classify(attachment)
        order.action_submit_for_approval()
        return original, message

    def test_delete_route(self):
        original, _message = self._carried()
        result = self.url_open(
            "/mail/attachment/delete",
            json={"params": {"attachment_id": original.attachment_id.id}},
        ).json()
        self.assertIn("is kept", result["error"]["data"]["message"])
        self.assertTrue(original.attachment_id.exists())

    def test_update_content_route(self):
        original, message = self._carried()
        for data in (
            {"body": "", "attachment_ids": []},
            {"body": "forged", "attachment_ids": original.attachment_id.ids},
        ):
            result = self.url_open(
                "/mail/message/update_content",
                json={"params": {"message_id": message.id, "update_data": data}},
            ).json()
            self.assertIn("is kept", result["error"]["data"]["message"])
        message.invalidate_recordset()
        self.assertIn("Here it is", message.body)
        self.assertEqual(message.attachment_ids, original.attachment_id)
