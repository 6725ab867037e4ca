import hashlib
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .letter_common import ConfirmedOrderCommon

_PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNg"
    "AAAAAgABSK+kcQAAAABJRU5ErkJggg=="
)
_SENDING = "odoo.addons.sale_order_policy.models.sale_order_policy_queue"


@tagged("post_install", "-at_install")
class TestLetter(ConfirmedOrderCommon):
    """A confirmed order gives one letter, mailed once, kept as it was (SPEC B7)."""

    # Routes ------------------------------------------------------------------------

    def _assert_one_letter(self, order):
        self._run_job()
        self.assertRecordValues(self._letters(order), [{"version": 1, "state": "sent"}])
        message = self._confirmation_mails(order)
        self.assertEqual(len(message), 1, "and no mail of Odoo's own")
        self.assertEqual(message.attachment_ids, self._letters(order).attachment_id)

    def test_button(self):
        self._assert_one_letter(self._confirmed())

    def test_approved_order(self):
        self.flow.level_ids[0].participation = "always"
        order = self._create_order()
        self._submit_and_approve(order)
        order.action_confirm()
        self._assert_one_letter(order)
        letter = self._letters(order)
        round_sudo = order.sudo().approval_round_id
        self.assertEqual(letter.fingerprint, round_sudo.fingerprint)
        self.assertEqual(letter.round_number, round_sudo.number)

    def test_signature(self):
        order = self._create_order().sudo()
        order.write({"signed_by": "Customer"})
        order._validate_order()
        self._assert_one_letter(order)

    def test_parked_order_that_is_resumed(self):
        self.flow.level_ids[0].participation = "always"
        order = self._create_order()
        order.sudo().write({"signed_by": "Customer", "signature": _PIXEL})
        order.sudo()._validate_order()
        self.assertFalse(self._letters(order), "it waits")
        self._approve(order)
        self.assertEqual(order.state, "sale")
        self._assert_one_letter(order)

    def test_write_of_the_state(self):
        order = self._create_order()
        order.sudo().write({"state": "sale", "date_order": "2026-01-01"})
        self._assert_one_letter(order)

    def test_created_as_confirmed(self):
        order = (
            self.env["sale.order"]
            .sudo()
            .create(
                {
                    "partner_id": self.partner.id,
                    "user_id": self.salesman.id,
                    "state": "sale",
                    "order_line": [Command.create({"product_id": self.product.id})],
                }
            )
        )
        self._assert_one_letter(order)

    def test_several_at_once(self):
        orders = self._create_order() | self._create_order()
        orders.action_confirm()
        self._run_job()
        self.assertEqual(self._letters(orders).mapped("state"), ["sent", "sent"])

    def test_async_mails_of_odoo(self):
        self.env["ir.config_parameter"].sudo().set_param("sale.async_emails", "True")
        order = self._create_order().sudo()
        order.with_context(send_email=True).action_confirm()
        self.assertFalse(order.pending_email_template_id)
        self._assert_one_letter(order)

    def test_quotation_template_with_a_mail_of_its_own(self):
        if "sale_order_template_id" not in self.env["sale.order"]._fields:
            self.skipTest("no quotation templates")
        mail = self.env.ref("sale.mail_template_sale_confirmation").sudo().copy()
        template = (
            self.env["sale.order.template"]
            .sudo()
            .create({"name": "With mail", "mail_template_id": mail.id})
        )
        order = self._create_order()
        order.sudo().sale_order_template_id = template
        order.action_confirm()
        self._assert_one_letter(order)

    def test_nothing_when_switched_off(self):
        self.company.sale_policy_letter = False
        order = self._create_order()
        order.with_context(send_email=True).action_confirm()
        self._run_job()
        self.assertFalse(self._letters(order))
        self.assertEqual(len(self._confirmation_mails(order)), 1, "as in plain Odoo")

    def test_nothing_without_control(self):
        self.company.document_approval_mode = "off"
        order = self._create_order()
        order.with_context(send_email=True).action_confirm()
        self.assertFalse(self._letters(order))
        self.assertFalse(order.sudo().policy_task_ids)
        self.assertEqual(len(self._confirmation_mails(order)), 1, "as in plain Odoo")

    def test_observed_order(self):
        self.company.document_approval_mode = "observe"
        self.flow.level_ids[0].participation = "always"
        order = self._confirmed()
        self._assert_one_letter(order)
        report = self.env["report.sale_order_policy.report_order_confirmation_letter"]
        letter = report._get_letter(self._letters(order))
        self.assertEqual(letter["round"], 0, "nobody approved it")

    def test_refused_confirmation_queues_nothing(self):
        self.flow.level_ids[0].participation = "always"
        order = self._create_order()
        with self.assertRaises(UserError):
            order.sudo().write({"state": "sale"})
        self.assertFalse(self._letters(order))

    # Who gets it -------------------------------------------------------------------

    def test_customer_and_salesperson_get_a_mail(self):
        contact = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": self.partner.id, "email": "b@example.com"}
        )
        order = self._confirmed(policy_contact_id=contact.id)
        self._run_job()
        message = self._confirmation_mails(order)
        people = contact | self.salesman.partner_id
        by_mail = message.notification_ids.filtered(
            lambda n: n.notification_type == "email"
        )
        self.assertEqual(by_mail.res_partner_id & people, people)
        self.assertEqual(
            self._letters(order).recipients.count("\n"), 1, "two addresses"
        )

    def test_salesperson_who_reads_in_odoo_gets_a_mail_too(self):
        self.salesman.notification_type = "inbox"
        before = self.env["mail.mail"].sudo().search([])
        self._confirmed()
        self._run_job()
        mails = self.env["mail.mail"].sudo().search([]) - before
        self.assertIn(
            self.salesman.partner_id, mails.recipient_ids, "in addition to the inbox"
        )

    def test_no_address(self):
        self.partner.email = False
        order = self._confirmed()
        self._run_job()
        letter = self._letters(order)
        self.assertEqual(letter.state, "no_address")
        self.assertTrue(letter.attachment_id, "to be printed")
        self.assertFalse(self._confirmation_mails(order))
        activity = order.sudo().activity_ids.filtered(
            lambda a: a.user_id == self.salesman
        )
        self.assertIn("e-mail", activity.note)
        self.partner.email = "new@example.com"
        letter.with_user(self.salesman).action_retry()
        self._assert_one_letter(order)

    def test_contact_of_another_company(self):
        """Whoever is named as the contact, the letter is the customer's."""
        stranger = self.env["res.partner"].create(
            {"name": "Stranger", "email": "stranger@example.com"}
        )
        order = self._confirmed(policy_contact_id=stranger.id)
        self._run_job()
        letter = self._letters(order)
        self.assertEqual(letter.state, "sent")
        self.assertIn("customer@example.com", letter.recipients)
        self.assertNotIn("stranger", letter.recipients)

    def test_letter_is_no_original(self):
        order = self._confirmed()
        self._run_job()
        file = self._letters(order).attachment_id
        self.assertNotIn(file, order._policy_get_unclassified_files())
        with self.assertRaisesRegex(UserError, "not an original"):
            self.env["sale.order.original"].with_user(self.salesman).create(
                {"order_id": order.id, "attachment_id": file.id}
            )

    def test_swallowed_change_of_the_file_leaves_nothing(self):
        order = self._confirmed()
        self._run_job()
        file = self._letters(order).attachment_id
        for values in ({"datas": b"YWJj"}, {"raw": b"abc"}, {"raw": "abc"}):
            with self.assertRaises(UserError):
                file.write(values)
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(file.mimetype, "application/pdf")

    def test_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.partner.lang = "fr_FR"
        order = self._confirmed(commitment_date="2026-12-31 08:00:00")
        letter = self._letters(order)
        self.assertEqual(letter.lang, "fr_FR")
        self.assertIn("31/12/2026", letter._render_pdf().decode())

    def test_language_that_is_not_active(self):
        order = self._confirmed()
        self.env.cr.execute(
            "UPDATE sale_order_letter SET lang = 'xx_XX' WHERE order_id = %s",
            [order.id],
        )
        self._letters(order).invalidate_recordset()
        self.assertEqual(self._letters(order)._get_lang(), "en_US")

    # Versions ----------------------------------------------------------------------

    def test_second_version_replaces_the_first(self):
        order = self._confirmed()
        self._run_job()
        first = self._letters(order)
        order.sudo()._action_cancel()
        self.assertEqual(first.state, "superseded")
        self.assertFalse(order.sudo().policy_letter_id)
        order.action_draft()
        order.order_line.price_unit = 90.0
        order.action_confirm()
        self._run_job()
        second = order.sudo().policy_letter_id
        self.assertEqual((second.version, second.replaces_id), (2, first))
        self.assertEqual(second.state, "sent")
        self.assertNotEqual(second.fingerprint, first.fingerprint)
        self.assertNotEqual(second.attachment_id, first.attachment_id)
        self.assertIn("replaces version 1", second.attachment_id.raw.decode())

    def test_cancelled_before_it_was_sent(self):
        order = self._confirmed()
        order.sudo()._action_cancel()
        self._run_job()
        self.assertEqual(self._letters(order).state, "superseded")
        self.assertFalse(self._confirmation_mails(order))

    # Kept --------------------------------------------------------------------------

    def test_file_is_kept_from_everybody(self):
        order = self._confirmed()
        self._run_job()
        letter = self._letters(order)
        content = letter.attachment_id.raw
        self.assertEqual(letter.sha256, hashlib.sha256(content).hexdigest())
        admin = self.env.ref("base.user_admin")
        for env in (self.env(su=True), self.env(user=admin)):
            file = letter.attachment_id.with_env(env)
            for vals in (
                {"raw": b"other"},
                {"datas": b"b3RoZXI="},
                {"db_datas": b"other"},
                {"name": "other.pdf"},
                {"mimetype": "text/plain"},
                {"res_id": order.id + 1},
                {"res_model": "res.partner", "res_id": self.partner.id},
                {"public": True},
                {"type": "url", "url": "https://example.com"},
            ):
                with self.subTest(vals=vals, su=env.su), self.assertRaises(UserError):
                    file.write(vals)
            with self.subTest("delete"), self.assertRaises(UserError):
                file.unlink()
            with self.subTest("flag"), self.assertRaises(UserError):
                file.with_context(_force_unlink=True).unlink()
        self.env.invalidate_all()
        self.assertEqual(letter.attachment_id.raw, content)

    def test_file_may_move_to_another_storage(self):
        order = self._confirmed()
        self._run_job()
        file = self._letters(order).attachment_id
        content = file.raw
        self.env["ir.config_parameter"].sudo().set_param("ir_attachment.location", "db")
        file._migrate()
        self.assertEqual(file.raw, content)

    def test_letter_states_what_it_stated(self):
        order = self._confirmed()
        self._run_job()
        letter = self._letters(order).sudo()
        for vals in ({"fingerprint": "x"}, {"version": 7}, {"sha256": "x"}):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                letter.write(vals)
        with self.assertRaises(UserError):
            letter.unlink()

    def test_nobody_writes_letters(self):
        order = self._confirmed()
        letter = self._letters(order).with_user(self.manager)
        with self.assertRaises(AccessError):
            letter.write({"state": "sent"})
        with self.assertRaises(AccessError):
            letter.unlink()
        with self.assertRaises(AccessError):
            letter.create({"order_id": order.id})

    def test_printed_once(self):
        order = self._confirmed()
        self._run_job()
        report = self.env["report.sale_order_policy.report_order_confirmation_letter"]
        with self.assertRaises(UserError):
            report._get_report_values(self._letters(order).ids)

    def test_read_by_who_may_read_the_order(self):
        order = self._confirmed()
        letter = self._letters(order)
        for user in (self.salesman, self.other_salesman, self.manager):
            self.assertTrue(letter.with_user(user).has_access("read"))
        stranger = self._create_user("stranger", "sales_team.group_sale_salesman")
        self.assertFalse(letter.with_user(stranger).has_access("read"))
        self.assertFalse(letter.with_user(self.storekeeper).has_access("read"))
        with self.assertRaises(AccessError):
            letter.with_user(stranger).action_retry()

    def test_other_company_keeps_to_itself(self):
        other = self.env["res.company"].sudo().create({"name": "Other"})
        order = self._confirmed()
        user = self._create_user("far", "sales_team.group_sale_manager")
        user.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        self.assertFalse(self._letters(order).with_user(user).has_access("read"))

    # What goes wrong ---------------------------------------------------------------

    @mute_logger(_SENDING)
    def test_failure_is_told_and_can_be_repeated(self):
        order = self._confirmed()
        with self._broken_printer():
            self._run_job()
        letter = self._letters(order)
        self.assertRecordValues(letter, [{"state": "failed", "error": "no printer"}])
        self.assertEqual(order.state, "sale", "the confirmation does not need it")
        activity = order.sudo().activity_ids.filtered(
            lambda a: a.user_id == self.salesman
        )
        self.assertIn("no printer", activity.note)
        letter.with_user(self.salesman).action_retry()
        self._assert_one_letter(order)

    @mute_logger(_SENDING)
    def test_one_failure_does_not_stop_the_others(self):
        orders = self._create_order() | self._create_order()
        orders.action_confirm()
        letters = self._letters(orders)
        render = type(letters)._render_pdf

        def render_one(letter):
            if letter == letters[0]:
                raise ValueError("broken")
            return render(letter)

        with self._patch_render(render_one):
            self._run_job()
        self.assertEqual(letters.mapped("state"), ["failed", "sent"])

    def _patch_render(self, function):
        return patch.object(
            type(self.env["sale.order.letter"]), "_render_pdf", function
        )

    def test_a_second_run_mails_nothing(self):
        order = self._confirmed()
        self._run_job()
        self._run_job()
        self._assert_one_letter(order)

    def test_what_crashes_again_and_again_is_given_up(self):
        order = self._confirmed()
        self._letters(order).attempts = 5
        self._run_job()
        self.assertEqual(self._letters(order).state, "failed")

    # By hand -----------------------------------------------------------------------

    def test_send_by_mail_proposes_the_letter(self):
        order = self._confirmed()
        self._run_job()
        action = order.action_quotation_send()
        template = self.env.ref("sale_order_policy.mail_template_letter")
        self.assertEqual(action["context"]["default_template_id"], template.id)
        composer = (
            self.env["mail.compose.message"]
            .with_user(self.salesman)
            .with_context(**action["context"])
            .create({})
        )
        self.assertEqual(composer.attachment_ids, self._letters(order).attachment_id)
        composer.action_send_mail()
        self.assertEqual(len(self._confirmation_mails(order)), 2)

    # Cost --------------------------------------------------------------------------

    def _count_queries(self, orders):
        self.env.flush_all()
        self.env.invalidate_all()
        start = self.env.cr.sql_log_count
        orders.action_confirm()
        self.env.flush_all()
        return self.env.cr.sql_log_count - start

    def test_confirmation_costs_few_queries(self):
        def orders(count):
            return self.env["sale.order"].concat(
                *(self._create_order() for _number in range(count))
            )

        sets = {number: [orders(number), orders(number)] for number in (1, 20)}
        orders(1).action_confirm()  # whatever is loaded once
        for number, (with_letter, without) in sets.items():
            self.company.write({"sale_policy_letter": True, "sale_policy_tasks": True})
            more = self._count_queries(with_letter)
            self.company.write(
                {"sale_policy_letter": False, "sale_policy_tasks": False}
            )
            with self.subTest(number=number):
                self.assertLessEqual(more - self._count_queries(without), 4)
