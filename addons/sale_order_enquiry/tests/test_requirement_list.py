import base64
import json
from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PICTURE, EnquiryCommon


@tagged("post_install", "-at_install")
class TestRequirementList(EnquiryCommon):
    """A list is frozen when it is sent, answered in versions, and makes one order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.document = cls._list(
            {"quantity": 10.0, "specification": "DN50", "date_wanted": "2026-05-04"}
        )

    def _send(self, document=None):
        document = document or self.document
        document.action_send()
        with patch.object(
            type(self.env["sale.requirement.version"]),
            "_render_pdf",
            lambda _s: b"%PDF",
        ):
            self._run(self.cron_mail)
        return document

    def _answer(self, kind="confirm", version=None, **values):
        visitor = self.env.ref("base.public_user")
        return (
            self.document.with_user(visitor)
            .sudo()
            ._answer(
                kind,
                "Ms Wang",
                "link",
                version or self.document.version,
                **values,
            )
        )

    def _record(self, files=("reply.eml",), user=None, **values):
        user = user or self.salesman
        attachments = (
            self.env["ir.attachment"]
            .with_user(user)
            .create([{"name": name, "raw": b"we agree"} for name in files])
        )
        wizard = (
            self.env["sale.requirement.record"]
            .with_user(user)
            .create(
                {
                    "list_id": self.document.id,
                    "version": self.document.version_id.version,
                    "name": "Ms Wang",
                    "said_on": "2026-04-01",
                    "attachment_ids": [Command.set(attachments.ids)],
                    **values,
                }
            )
        )
        wizard.action_record()
        return self.document.answer_ids[:1]

    # Sending ----------------------------------------------------------------------

    def test_sent_once_to_the_contact_with_a_file_that_is_kept(self):
        self._send()
        version = self.document.version_id
        self.assertEqual((self.document.state, version.state), ("sent", "sent"))
        self.assertIn("wang@example.com", version.recipients)
        self.assertEqual(len(self._mails_to(self.document, self.contact)), 1)
        self._run(self.cron_mail)
        self.assertEqual(len(self._mails_to(self.document, self.contact)), 1)
        self.assertNotIn(self.contact, self.document.message_partner_ids)
        for vals in ({"raw": b"other"}, {"name": "x"}, {"res_id": 1}):
            with self.assertRaises(UserError):
                version.attachment_id.sudo().write(vals)
        with self.assertRaises(UserError):
            version.attachment_id.sudo().unlink()

    def test_frozen_once_sent(self):
        self._send()
        line = self.document.line_ids
        for change in (
            lambda: line.write({"quantity": 99}),
            lambda: line.sudo().write({"quantity": 99}),
            lambda: line.unlink(),
            lambda: line.copy(),
            lambda: self.document.write({"note": "x"}),
            lambda: self.document.write({"partner_id": self.stranger.id}),
            lambda: self.document.write({"line_ids": [Command.clear()]}),
            lambda: self.document.write(
                {"line_ids": [Command.update(line.id, {"quantity": 1})]}
            ),
            lambda: self.document.unlink(),
            lambda: self.document.with_context(_force_unlink=True).unlink(),
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                change()
        content = json.loads(self.document.version_id.content)
        self.assertEqual(content["lines"][0]["quantity"], 10.0)
        self.assertEqual(content["lines"][0]["specification"], "DN50")

    def test_nobody_writes_what_the_system_keeps(self):
        self._send()
        values = {
            "state": "confirmed",
            "version": 7,
            "name": "x",
            "answered_by": "x",
            "version_ids": [Command.clear()],
            "answer_ids": [Command.clear()],
            "version_id": False,
        }
        for name, value in values.items():
            for user in (self.salesman, self.manager):
                with self.assertRaises(AccessError):
                    self.document.with_user(user).write({name: value})
        for vals in ({"state": "confirmed"}, {"answered_by": "x"}, {"version": 3}):
            with self.assertRaises(AccessError):
                self._list(**vals)
        version = self.document.version_id
        answer = self._answer()
        for record in (version, answer):
            for user in (self.salesman, self.manager):
                with self.assertRaises(UserError):
                    record.with_user(user).write({"company_id": 1})
                with self.assertRaises(AccessError):
                    record.with_user(user).unlink()
                with self.assertRaises(AccessError):
                    record.with_user(user).copy()
        with self.assertRaises(AccessError):
            version.sudo().write({"content": "{}"})
        with self.assertRaises(UserError):
            answer.sudo().write({"words": "x"})
        with self.assertRaises(UserError):
            answer.sudo().with_context(_force_unlink=True).unlink()

    def test_defaults_open_nothing(self):
        defaults = self.env["ir.default"].sudo()
        defaults.set("sale.requirement.list", "state", "confirmed")
        defaults.set("sale.requirement.list", "access_token", "known")
        context = {"default_state": "confirmed", "default_version": 5}
        document = self._list().with_context(**context)
        self.assertEqual((document.state, document.version), ("draft", 1))
        self.assertNotEqual(document.sudo().access_token, "known")
        other = (
            self.env["sale.requirement.list"]
            .with_user(self.salesman)
            .with_context(**context)
            .create({"partner_id": self.partner.id})
        )
        self.assertEqual((other.state, other.version), ("draft", 1))

    def test_nothing_to_send_and_nobody_to_write_to(self):
        empty = self._list(line_ids=[])
        with self.assertRaisesRegex(UserError, "no requirement yet"):
            empty.action_send()
        (self.contact | self.partner).sudo().email = False
        with self.assertRaisesRegex(UserError, "no e-mail address"):
            self.document.action_send()

    def test_a_failed_mail_is_tried_again(self):
        self.document.action_send()
        with (
            patch.object(
                type(self.env["sale.requirement.version"]),
                "_render_pdf",
                side_effect=ValueError("no printer"),
            ),
            mute_logger("odoo.addons.sale_order_policy.models.sale_order_policy_queue"),
        ):
            self._run(self.cron_mail)
        version = self.document.version_id
        self.assertEqual((version.state, version.error), ("failed", "no printer"))
        self.assertFalse(self._mails_to(self.document, self.contact))
        version.with_user(self.salesman).action_retry()
        self._run_with_printer()
        self.assertEqual(version.state, "sent")
        self.assertEqual(len(self._mails_to(self.document, self.contact)), 1)

    def _run_with_printer(self):
        with patch.object(
            type(self.env["sale.requirement.version"]),
            "_render_pdf",
            lambda _s: b"%PDF",
        ):
            self._run(self.cron_mail)

    def test_the_customer_reads_his_own_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.contact.lang = "fr_FR"
        self.goods.with_context(lang="fr_FR").name = "Pompe"
        document = self._list({"quantity": 1.0})
        document.action_send()
        content = json.loads(document.version_id.content)
        self.assertEqual(content["lines"][0]["name"], "Pompe")
        self.assertEqual(document.version_id.lang, "fr_FR")

    # Versions ---------------------------------------------------------------------

    def test_a_change_makes_a_new_version_and_asks_anew(self):
        self._send()
        first = self.document.version_id
        self._answer()
        self.document.action_revise()
        self.assertEqual((self.document.state, self.document.version), ("draft", 2))
        self.assertEqual(self.document.version_id, first)
        self.assertFalse(self.document.answered_by)
        with self.assertRaisesRegex(UserError, "being changed"):
            self._answer(version=1)
        self.document.line_ids.quantity = 12.0
        self._send()
        second = self.document.version_id
        self.assertNotEqual(first.content_hash, second.content_hash)
        self.assertEqual(json.loads(first.content)["lines"][0]["quantity"], 10.0)
        with self.assertRaisesRegex(UserError, "newer version"):
            self._answer(version=1)
        self._answer(version=2)
        self.assertEqual(self.document.state, "confirmed")
        self.assertEqual(self.document.answer_ids.mapped("version_id.version"), [2, 1])

    def test_a_version_replaced_before_the_mail_is_not_mailed(self):
        self.document.action_send()
        first = self.document.version_id
        self.document.action_revise()
        self._send()
        self.assertEqual(first.state, "superseded")
        self.assertEqual(len(self._mails_to(self.document, self.contact)), 1)

    # Answers ----------------------------------------------------------------------

    def test_signature_and_objections_are_kept(self):
        self._send()
        with self.assertRaisesRegex(UserError, "not right"):
            self._answer("object")
        with self.assertRaisesRegex(UserError, "no picture"):
            self._answer(signature=base64.b64encode(b"<svg/>").decode())
        self._answer("object", line_words={1: "DN65 please", 9: "not on the list"})
        self.assertEqual(self.document.state, "objected")
        objection = self.document.answer_ids.line_ids
        self.assertRecordValues(objection, [{"number": 1, "words": "DN65 please"}])
        self.assertIn(
            "Requirement list: the customer objects",
            self.document.sudo().activity_ids.mapped("summary"),
        )
        signed = self._answer(signature=PICTURE, address="192.0.2.1")
        self.assertEqual(self.document.state, "confirmed")
        self.assertEqual(signed.signature.decode(), PICTURE)
        self.assertEqual(signed.content_hash, self.document.version_id.content_hash)
        self.assertEqual(len(self.document.answer_ids), 2)

    def test_two_answers_are_both_kept_and_the_last_one_counts(self):
        self._send()
        self._answer()
        self._answer("object", words="wait")
        self.assertEqual(self.document.state, "objected")
        self.assertEqual(self.document.answer_ids.mapped("kind"), ["object", "confirm"])

    def test_a_reply_in_writing_is_recorded_with_its_original(self):
        self._send()
        with self.assertRaisesRegex(UserError, "Attach the original"):
            self._record(files=())
        with self.assertRaisesRegex(UserError, "newer version"):
            self._record(version=7)
        answer = self._record(words="agreed")
        self.assertEqual(self.document.state, "confirmed")
        self.assertEqual((answer.way, answer.said_on), ("email", date(2026, 4, 1)))
        self.assertEqual(answer.user_id, self.salesman)
        file = answer.attachment_ids
        self.assertEqual(file.with_user(self.salesman).raw, b"we agree")
        for vals in ({"raw": b"we do not"}, {"name": "y"}, {"res_model": False}):
            with self.assertRaises(UserError):
                file.sudo().write(vals)
        with self.assertRaises(UserError):
            file.sudo().unlink()

    def test_only_own_lists(self):
        self._send()
        stranger = self._create_user("third", "sales_team.group_sale_salesman")
        foreign = self.document.with_user(stranger)
        self.assertNotIn(self.document, foreign.search([]))
        self.assertFalse(
            self.env["sale.requirement.line"].with_user(stranger).search([])
        )
        for call in (
            foreign.action_revise,
            foreign.action_cancel,
            foreign.action_create_order,
            foreign.action_record_answer,
            foreign.action_preview,
        ):
            with self.assertRaises(AccessError):
                call()
        with self.assertRaises(AccessError):
            self._record(user=stranger)
        mine = self._list(user=stranger)
        theirs = self._list()
        with self.assertRaises(AccessError):
            mine.line_ids.write({"list_id": theirs.id})

    # Orders -----------------------------------------------------------------------

    def test_a_confirmed_list_makes_one_order(self):
        self._send()
        with self.assertRaisesRegex(UserError, "not confirmed"):
            self.document.action_create_order()
        self._record()
        self.document.action_create_order()
        order = self.document.order_id
        self.document.action_create_order()
        self.assertEqual(self.document.order_id, order)
        self.assertRecordValues(
            order.order_line,
            [
                {
                    "product_id": self.goods.id,
                    "product_uom_qty": 10.0,
                    "policy_requirement": "DN50",
                }
            ],
        )
        self.assertEqual(order.commitment_date.date(), date(2026, 5, 4))
        self.assertEqual(order.policy_contact_id, self.contact)
        self.assertEqual(
            set(order.policy_original_ids.mapped("name")),
            {"reply.eml", self.document.version_id.attachment_id.name},
        )

    def test_what_is_no_product_yet_becomes_a_note(self):
        self.document.write(
            {
                "line_ids": [
                    Command.create({"name": "Special flange", "quantity": 2.0}),
                ]
            }
        )
        self._send()
        self._answer()
        self.document.action_create_order()
        note = self.document.order_id.order_line.filtered("display_type")
        self.assertEqual(note.display_type, "line_note")
        self.assertIn("Special flange 2", note.name)

    def test_linking_an_order(self):
        order = self._create_order({"product_id": self.goods.id})
        foreign = self._create_order(partner_id=self.stranger.id)
        with self.assertRaisesRegex(UserError, "another customer"):
            self.document.order_id = foreign
        with self.assertRaisesRegex(UserError, "another customer"):
            self._list(order_id=foreign.id)
        other = self._create_order(user=self.other_salesman)
        with self.assertRaises(AccessError):
            self.document.order_id = other
        self.document.order_id = order
        with self.assertRaises(AccessError):
            order.requirement_list_ids = [
                Command.create({"partner_id": self.partner.id, "state": "confirmed"})
            ]
        order.action_confirm()
        theirs = self._list(partner_id=self.stranger.id, contact_id=False)
        for change in (
            lambda: self.document.write({"order_id": False}),
            lambda: order.write({"requirement_list_ids": [Command.clear()]}),
            lambda: order.write({"requirement_list_ids": [Command.set([])]}),
            lambda: order.write(
                {"requirement_list_ids": [Command.unlink(self.document.id)]}
            ),
            lambda: order.write({"requirement_list_ids": [Command.link(theirs.id)]}),
            lambda: self.document.with_user(self.manager).action_cancel(),
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                change()
        self.assertEqual(self.document.order_id, order)

    def test_an_order_type_can_require_a_confirmed_list(self):
        self.company.document_approval_mode = "enforce"
        order = self._create_order({"product_id": self.goods.id, "product_uom_qty": 8})
        messages = self._get_messages(order, "incomplete")
        self.assertFalse([m for m in messages if "requirement list" in m])
        order.policy_type_id.sudo().require_requirement_list = True
        self.assertTrue(
            [m for m in self._get_messages(order, "incomplete") if "is missing" in m]
        )
        with self.assertRaises(UserError):
            order.action_submit_for_approval()
        self.document.order_id = order
        self.assertTrue(
            [
                m
                for m in self._get_messages(order, "incomplete")
                if self.document.name in m
            ]
        )
        self._send()
        self._answer()
        self.assertFalse(
            [m for m in self._get_messages(order, "incomplete") if "requirement" in m]
        )
        (message,) = self._get_messages(order, "requirement_differs")
        self.assertIn("8.00", message)
        self.assertIn("10.00", message)
        order.order_line.product_uom_qty = 10
        self.assertFalse(self._get_messages(order, "requirement_differs"))
        order.action_submit_for_approval()
        self.document.action_revise()
        self.assertIn(
            "Requirement list is being changed",
            order.sudo().activity_ids.mapped("summary")
            + [
                order.sudo().message_ids[:1].body
                and "Requirement list is being changed"
            ],
        )
