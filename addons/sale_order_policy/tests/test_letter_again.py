from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.mail.tests.common import MockEmail

from .letter_common import ConfirmedOrderCommon


@tagged("post_install", "-at_install")
class TestLetterAgain(ConfirmedOrderCommon, MockEmail):
    """A letter that found no mail server is mailed when there is one (SPEC B7)."""

    def setUp(self):
        super().setUp()
        self.salesman.notification_type = "inbox"  # mailed beside the message
        self.order = self._confirmed()
        before = self.env["mail.mail"].sudo().search([])
        self._run_job()
        self.mails = self.env["mail.mail"].sudo().search([]) - before
        self.assertEqual(len(self.mails), 2, "customer and salesperson")

    def test_mailed_when_the_server_is_back(self):
        self._send_without_server()
        self.assertEqual(self.mails.mapped("state"), ["exception"] * 2)
        self._wait(hours=1)
        self.assertEqual(self._again(), self.mails)
        with self.mock_mail_gateway():
            self.mails.send()
        self.assertEqual(len(self._mails), 2, "one each")
        self.assertFalse(self._again())
        message = self._confirmation_mails(self.order)
        by_mail = message.notification_ids.filtered(
            lambda notification: notification.notification_type == "email"
        )
        self.assertEqual(by_mail.mapped("notification_status"), ["sent"])

    def test_the_job_runs(self):
        self._send_without_server()
        self._wait(hours=1)
        job = self.env.ref("sale_order_policy.ir_cron_papers_again")
        with self.enter_registry_test_mode():
            job.method_direct_trigger()
        self.mails.invalidate_recordset()
        self.assertEqual(self.mails.mapped("state"), ["outgoing"] * 2)

    def test_not_at_once(self):
        self._send_without_server()
        self.assertFalse(self._again(), "whoever sends them may be at it")

    def test_not_for_ever(self):
        self._send_without_server()
        self._wait(days=8)
        self.assertFalse(self._again())

    def test_refused_by_the_server(self):
        self.mails.write({"state": "exception", "failure_type": "mail_email_invalid"})
        self._wait(hours=1)
        self.assertFalse(self._again(), "its author has to look")

    def test_perhaps_sent(self):
        self.mails.write({"state": "exception", "failure_type": "unknown"})
        self._wait(hours=1)
        self.assertFalse(self._again(), "never twice")

    def test_sent(self):
        self.mails.write({"state": "sent"})
        self._wait(hours=1)
        self.assertFalse(self._again())

    def test_other_mails_are_left_alone(self):
        self.mails.attachment_ids = self.env["ir.attachment"].create(
            {"name": "Other", "raw": b"other"}
        )
        self._send_without_server()
        self._wait(hours=1)
        self.assertFalse(self._again())

    def test_as_many_queries_for_many(self):
        self._send_without_server()
        self._wait(hours=1)
        papers = self.env["policy.mailed.paper"].sudo()
        papers._get_unsent_mails()
        self.env.invalidate_all()
        with self.assertQueryCount(len(self._paper_models()) + 6):
            papers._get_unsent_mails()

    def _paper_models(self):
        names = self.env.registry.descendants(["policy.mailed.paper"], "_inherit")
        return [name for name in names if not self.env[name]._abstract]

    def _send_without_server(self):
        servers = type(self.env["ir.mail_server"])
        with patch.object(servers, "_connect__", side_effect=ConnectionRefusedError):
            self.mails.send()

    def _wait(self, **passed):
        """Let time go by since the mails were made and last written."""
        self.env.flush_all()
        moment = fields.Datetime.subtract(fields.Datetime.now(), **passed)
        self.env.cr.execute(
            SQL(
                "UPDATE mail_mail SET create_date = %(then)s, write_date = %(then)s"
                " WHERE id = ANY(%(ids)s)",
                then=moment,
                ids=self.mails.ids,
            )
        )
        self.env.invalidate_all()

    def _again(self):
        return self.env["policy.mailed.paper"].sudo()._cron_mail_again()
