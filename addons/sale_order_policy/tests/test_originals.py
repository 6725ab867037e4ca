import hashlib
import io

from PIL import Image
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .common_originals import MAIL, PDF, OriginalsCommon


@tagged("post_install", "-at_install")
class TestOriginals(OriginalsCommon):
    """Files become originals, classified and hashed by the system (SPEC A3)."""

    def test_system_finds_out_what_the_file_is(self):
        order = self._create_order()
        original = self._classify(self._attach(order))
        self.assertRecordValues(
            original,
            [
                {
                    "name": "scan.pdf",
                    "sha256": hashlib.sha256(PDF).hexdigest(),
                    "size": len(PDF),
                    "user_id": self.salesman.id,
                    "company_id": self.company.id,
                    "damage": False,
                }
            ],
        )
        self.assertTrue(original.date)
        self.assertEqual(order.policy_original_count, 1)

    def test_upload_through_the_page(self):
        order = self._create_order()
        ids = order.policy_add_originals(
            [
                {"name": "a.pdf", "data": self._b64(PDF)},
                {"name": "b.eml", "data": self._b64(MAIL)},
            ],
            kind_id=self.email.id,
        )
        originals = order.policy_original_ids
        self.assertEqual(sorted(ids), sorted(originals.ids))
        self.assertEqual(originals.kind_id, self.email)
        self.assertEqual(originals.attachment_id.mapped("res_id"), [order.id] * 2)

    def test_without_kind_the_first_one_counts(self):
        order = self._create_order()
        order.policy_add_originals([{"name": "a.pdf", "data": self._b64(PDF)}])
        first = self.env["sale.original.kind"].search([], limit=1)
        self.assertEqual(order.policy_original_ids.kind_id, first)

    def test_upload_that_is_no_file_is_refused(self):
        order = self._create_order()
        for data in ("", "no base64!", False):
            with self.assertRaises(UserError):
                order.policy_add_originals([{"name": "a.pdf", "data": data}])

    def test_empty_file_is_refused_in_words(self):
        order = self._create_order()
        empty = self._attach(order, content=b"")
        with self.assertRaisesRegex(UserError, "scan.pdf is empty"):
            self._classify(empty)

    def test_link_is_refused_in_words(self):
        order = self._create_order()
        link = self._attach(
            order, content=b"", type="url", url="https://example.com/contract.pdf"
        )
        with self.assertRaisesRegex(UserError, "is a link, not a file"):
            self._classify(link)

    def test_file_is_classified_once(self):
        attachment = self._attach(self._create_order())
        self._classify(attachment)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self._classify(attachment)

    def test_file_of_another_document_is_refused(self):
        order, other = self._create_order(), self._create_order()
        strangers = self.env["ir.attachment"].create(
            [
                {"name": "loose.pdf", "raw": PDF},
                {
                    "name": "partner.pdf",
                    "raw": PDF,
                    "res_model": "res.partner",
                    "res_id": self.partner.id,
                },
            ]
        )
        for attachment in (*strangers, self._attach(other)):
            for user in (self.salesman, self.manager, self.env.user):
                with self.assertRaises(AccessError):
                    self._classify(attachment, user=user, order_id=order.id)

    def test_values_of_the_system_are_refused_to_everybody(self):
        order = self._create_order()
        attachment = self._attach(order)
        original = self._add(order)
        originals = self.env["sale.order.original"]
        for user in (self.salesman, self.manager, self.env.user):
            for values in (
                {"sha256": "0" * 64},
                {"name": "other.pdf"},
                {"size": 1},
                {"mimetype": "text/plain"},
                {"user_id": self.manager.id},
                {"date": "2020-01-01 00:00:00"},
                {"replaces_id": original.id},
                {"replaced_by_id": original.id},
                {"replace_reason": "why not"},
                {"damage": "missing"},
                {"company_id": self.company.id},
                {"create_uid": self.manager.id},
            ):
                with self.subTest(user=user.name, **values):
                    with self.assertRaises(AccessError):
                        self._classify(attachment, user=user, **values)
                    with self.assertRaises(AccessError):
                        original.with_user(user).write(values)
        for values in ({"order_id": order.id}, {"attachment_id": attachment.id}):
            with self.assertRaises(AccessError):
                originals.browse(original.id).write(values)

    def test_defaults_do_not_reach_what_the_system_writes(self):
        attachment = self._attach(self._create_order())
        self.env["ir.default"].set("sale.order.original", "sha256", "0" * 64)
        self.env["ir.default"].set("sale.order.original", "replace_reason", "none")
        original = (
            self.env["sale.order.original"]
            .with_user(self.salesman)
            .with_context(default_sha256="1" * 64, default_damage="missing")
            .create({"order_id": attachment.res_id, "attachment_id": attachment.id})
        )
        self.assertEqual(original.sha256, hashlib.sha256(PDF).hexdigest())
        self.assertFalse(original.damage)
        self.assertFalse(original.replace_reason)

    def test_original_does_not_move_to_another_order(self):
        original = self._add(self._create_order())
        other = self._create_order()
        for command in (Command.link(original.id), Command.set(original.ids)):
            with self.assertRaises(AccessError):
                other.write({"policy_original_ids": [command]})

    def test_original_is_not_duplicated(self):
        order = self._create_order()
        original = self._add(order)
        with self.assertRaises(UserError):
            original.copy()
        self.assertFalse(order.copy().policy_original_ids)

    def test_kind_says_whether_new_originals_are_internal(self):
        order = self._create_order()
        self.assertTrue(self._add(order, kind_id=self.chat.id).is_internal)
        contract = self._add(order)
        self.assertFalse(contract.is_internal)
        self.assertTrue(self._add(order, is_internal=True).is_internal)
        contract.kind_id = self.chat
        self.assertFalse(contract.is_internal, "said by itself, not by the kind")

    def test_draft_can_be_classified_anew(self):
        original = self._add(self._create_order())
        original.write({"kind_id": self.chat.id, "note": "by phone", "is_internal": 1})
        self.assertEqual(original.kind_id, self.chat)
        self.assertTrue(original.is_internal)

    def test_only_who_may_use_the_order(self):
        original = self._add(self._create_order())
        self.other_salesman.group_ids = [
            Command.set(self.env.ref("sales_team.group_sale_salesman").ids)
        ]
        stranger = original.with_user(self.other_salesman)
        self.assertFalse(stranger.has_access("read"))
        self.assertFalse(stranger.search([("id", "=", original.id)]))
        for method in (
            lambda: stranger.read(["name"]),
            lambda: stranger.write({"note": "mine"}),
            lambda: stranger.unlink(),
            lambda: stranger._replace("b.pdf", MAIL, "mine"),
            lambda: self._classify(
                self._attach(original.order_id), user=self.other_salesman
            ),
            lambda: stranger._create_from_files(
                [{"order_id": original.order_id.id, "name": "a", "content": PDF}]
            ),
        ):
            with self.assertRaises(AccessError):
                method()

    def test_reviewer_reads_and_nothing_more(self):
        original = self._protected()
        order = original.order_id
        reviewer = (
            order.sudo()
            .approval_round_id.seat_ids.filtered(lambda seat: seat.state == "open")[:1]
            .candidate_ids[:1]
        )
        seen = original.with_user(reviewer)
        self.assertEqual(seen.read(["name"])[0]["name"], "scan.pdf")
        self.assertEqual(seen.attachment_id.raw, PDF)
        with self.assertRaises(AccessError):
            seen.write({"note": "mine"})

    def test_many_files_cost_no_more_queries(self):
        order = self._create_order()

        def add(count, start):
            self.env["sale.order.original"].with_user(self.salesman)._create_from_files(
                [
                    {
                        "order_id": order.id,
                        "name": f"{start + n}.pdf",
                        "content": b"%d" % (start + n),
                    }
                    for n in range(count)
                ]
            )
            self.env.flush_all()

        counts = []
        for count, start in ((2, 0), (2, 100), (40, 200)):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            add(count, start)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[2], counts[1] + 2)

    def test_kind_with_originals_is_kept(self):
        self._add(self._create_order())
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.contract.unlink()

    def test_replacement_keeps_the_old_file(self):
        old = self._protected(is_internal=True, note="first")
        new = old._replace("signed.pdf", b"%PDF signed", "The customer signed")
        self.assertRecordValues(
            old,
            [{"replaced_by_id": new.id, "replace_reason": "The customer signed"}],
        )
        self.assertRecordValues(
            new,
            [
                {
                    "replaces_id": old.id,
                    "kind_id": self.contract.id,
                    "is_internal": True,
                    "note": "first",
                }
            ],
        )
        self.assertEqual(old.attachment_id.raw, PDF)
        self.assertEqual(old.order_id.policy_original_count, 1)
        self.assertIn("The customer signed", old.order_id.message_ids[0].body)

    def test_replacement_wants_a_reason_and_something_new(self):
        old = self._add(self._create_order())
        for name, content, reason in (
            ("b.pdf", MAIL, " "),
            ("b.pdf", MAIL, False),
            ("b.pdf", PDF, "the same"),
            ("b.pdf", b"", "empty"),
        ):
            with self.assertRaises(UserError):
                old._replace(name, content, reason)
        old._replace("b.pdf", MAIL, "newer")
        with self.assertRaisesRegex(UserError, "was replaced by b.pdf already"):
            old._replace("c.pdf", b"third", "newest")

    def test_wizards_of_the_user(self):
        order = self._create_order()
        attachment = self._attach(order)
        classify = (
            self.env["sale.order.original.classify"]
            .with_user(self.salesman)
            .with_context(default_order_id=order.id)
            .create({})
        )
        self.assertEqual(classify.line_ids.attachment_id, attachment)
        with self.assertRaises(UserError):
            classify.action_classify()
        classify.line_ids.kind_id = self.email
        classify.action_classify()
        original = order.policy_original_ids
        self.assertEqual(original.kind_id, self.email)
        self.env["sale.order.original.replace"].with_user(self.salesman).create(
            {
                "original_id": original.id,
                "file": self._b64(MAIL),
                "file_name": "mail.eml",
                "reason": "complete",
            }
        ).action_replace()
        self.assertEqual(original.replaced_by_id.name, "mail.eml")

    def test_wizard_tells_no_name_of_a_strange_file(self):
        secret = self.env["ir.attachment"].create({"name": "secret.pdf", "raw": PDF})
        wizard = (
            self.env["sale.order.original.classify"]
            .with_user(self.salesman)
            .create(
                {
                    "order_id": self._create_order().id,
                    "line_ids": [Command.create({"attachment_id": secret.id})],
                }
            )
        )
        with self.assertRaises(AccessError):
            wizard.line_ids.read(["name"])

    def test_large_pictures_are_kept_as_they_are(self):
        self.env["ir.config_parameter"].sudo().set_param(
            "base.image_autoresize_max_px", "1x1"
        )
        target = io.BytesIO()
        Image.new("RGB", (400, 300), "navy").save(target, "PNG")
        content = target.getvalue()
        original = self._add(self._create_order(), name="a.png", content=content)
        self.assertEqual(original.attachment_id.raw, content)

    def test_damage_is_found_at_submission(self):
        order = self._create_order()
        original = self._add(order)
        other = self.env["ir.attachment"].create({"name": "x", "raw": b"forged"})
        self.env.cr.execute(
            SQL(
                "UPDATE ir_attachment SET store_fname = %s, db_datas = %s"
                " WHERE id = %s",
                other.store_fname or None,
                other.db_datas or None,
                original.attachment_id.id,
            )
        )
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "is not what was attached"):
            order.action_submit_for_approval()

    def test_missing_file_is_found_at_submission(self):
        order = self._create_order()
        original = self._add(order)
        self.env.cr.execute(
            SQL(
                "UPDATE ir_attachment SET store_fname = 'no/where', db_datas = NULL"
                " WHERE id = %s",
                original.attachment_id.id,
            )
        )
        self.env.invalidate_all()
        with (
            mute_logger("odoo.addons.base.models.ir_attachment"),
            self.assertRaisesRegex(UserError, "its file is missing"),
        ):
            order.action_submit_for_approval()
