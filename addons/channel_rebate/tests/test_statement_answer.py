from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Datetime
from odoo.tests import tagged

from .common_statement import PICTURE, StatementCommon


@tagged("post_install", "-at_install")
class TestStatementAnswer(StatementCommon):
    """Confirmed, disputed, answered, closed, replaced: each once, and kept."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first = cls._bill(100.0, "2026-01-10")
        cls.second = cls._bill(60.0, "2026-01-20")
        cls.statement = cls._january()
        cls.lines = cls.statement.line_ids

    def _dispute(self, line=None, reason="Never got it", **values):
        item = {"line_id": line.id if line else False, "reason": reason, **values}
        self.statement.sudo()._dispute([item], name="Ms Li", author_id=self.shop.id)
        return self.statement.answer_ids.sorted("id")[-1]

    def _reply(self, dispute, result="reject", reason="See the slip", user=None):
        wizard = self.env["channel.statement.reply"].with_user(user or self.seller)
        return wizard.create(
            {"dispute_id": dispute.id, "result": result, "reason": reason}
        ).action_reply()

    def test_refused_answers(self):
        for items, text in (
            ([], "Say what is wrong"),
            ([{"line_id": self.lines[0].id, "reason": " "}], "say what is wrong"),
            ([{"line_id": self.first.line_ids[0].id + 10**6, "reason": "x"}], "not on"),
            ([{"line_id": False, "reason": "x", "amount": "nan"}], "as a number"),
            ([{"line_id": False, "reason": "x", "amount": "1e99"}], "as a number"),
            ([{"line_id": False, "reason": "x", "amount": "ten"}], "as a number"),
        ):
            with self.assertRaisesRegex(UserError, text), self.env.cr.savepoint():
                self.statement._dispute(items)
        with self.assertRaisesRegex(UserError, "only PDF"), self.env.cr.savepoint():
            self.statement._dispute(
                [{"line_id": False, "reason": "x"}], files=[("a.exe", b"MZ\x90\x00")]
            )
        with self.assertRaisesRegex(UserError, "Enter your name"):
            self.statement._confirm(" \x00")
        with self.assertRaisesRegex(UserError, "no picture"):
            self.statement._confirm("Li", signature="PHN2Zz4=")
        self.assertEqual(self.statement.state, "issued")
        self.assertFalse(self.statement.answer_ids)

    def test_confirmed(self):
        self.statement._confirm("Ms Li", signature=PICTURE, author_id=self.shop.id)
        self.assertEqual(self.statement.state, "confirmed")
        self.assertEqual(self.statement.confirmed_way, "portal")
        answer = self.statement.answer_ids
        self.assertEqual((answer.kind, answer.name), ("confirm", "Ms Li"))
        self.assertTrue(answer.signature)
        for act in (
            lambda: self.statement._confirm("Mr Wu"),
            lambda: self._dispute(self.lines[0]),
        ):
            with self.assertRaisesRegex(UserError, "confirmed already"):
                act()
        with self.assertRaisesRegex(UserError, "not replaced any more"):
            self.statement._reissue("x")
        with self.assertRaises(UserError), self.env.cr.savepoint():
            answer.sudo().write({"name": "Mr Wu"})
        with self.assertRaises(UserError), self.env.cr.savepoint():
            answer.sudo().unlink()
        self.assertEqual(self.statement.integrity, "intact")

    def test_disputed_answered_closed(self):
        moves = self.statements._get_disputed_moves
        self.assertEqual(moves(self.company, self.customer), {})
        self.assertFalse(self.statements._has_open_dispute(self.company, self.shop))
        dispute = self._dispute(self.lines[0], amount="80.005")
        missing = self._dispute(reason="My payment of 5 January")
        self.assertEqual(self.statement.state, "disputed")
        self.assertEqual(dispute.amount, 80.01)
        self.assertFalse(missing.has_amount)
        self.assertEqual(self.lines[0].dispute_state, "open")
        self.assertEqual(
            moves(self.company, self.shop + self.stranger),
            {self.customer.id: {self.first.id}},
        )
        self.assertTrue(self.statements._has_open_dispute(self.company, self.shop))
        with self.assertRaisesRegex(UserError, "disputed already"):
            self._dispute(self.lines[0])
        officer = self.statement.with_user(self.officer)
        for act in (
            officer.action_close,
            lambda: self.statement._confirm("Li"),
            lambda: self.statement._reissue("x"),
        ):
            with self.assertRaisesRegex(UserError, "2 objections wait"):
                act()
        activity = self.statement.activity_ids
        self.assertEqual(activity.user_id, self.seller)
        self.assertNotIn(self.seller.partner_id, self.statement.message_partner_ids)
        for user in (self.other_seller, self.employee):
            with self.assertRaises(AccessError):
                self._reply(dispute, user=user)
        with self.assertRaisesRegex(UserError, "Tell the customer why"):
            self._reply(dispute, reason="")
        self._reply(dispute)
        with self.assertRaisesRegex(UserError, "answered already"):
            self._reply(dispute, "accept")
        self.assertEqual(dispute.reply_state, "rejected")
        self.assertEqual(dispute.reply_ids.author_id, self.seller.partner_id)
        self.assertEqual(moves(self.company, self.customer), {self.customer.id: set()})
        self._reply(missing, "accept", reason="", user=self.accountant)
        self.assertFalse(self.statements._has_open_dispute(self.company, self.shop))
        with self.assertRaises(AccessError):
            self.statement.with_user(self.seller).action_close()
        officer.action_close()
        self.assertEqual(self.statement.state, "closed")
        with self.assertRaisesRegex(UserError, "is closed"):
            self.statement._confirm("Li")

    def test_new_version(self):
        dispute = self._dispute(self.lines[1], reason="Returned")
        self._reply(dispute, "accept")
        self._bill(60.0, "2026-01-30", kind="out_refund")
        wizard = self.env["channel.statement.reissue"]
        values = {"statement_id": self.statement.id, "reason": "Refund booked"}
        with self.assertRaises(AccessError):
            wizard.with_user(self.seller).create(values).action_reissue()
        action = wizard.with_user(self.officer).create(values).action_reissue()
        new = self.statements.browse(action["res_id"])
        self.assertEqual((new.state, new.version), ("draft", 2))
        self.assertEqual(self.statement.state, "disputed")
        with self.assertRaisesRegex(UserError, "there already"):
            wizard.with_user(self.officer).create(values).action_reissue()
        new.with_user(self.officer).action_issue()
        self.assertEqual(self.statement.state, "superseded")
        self.assertEqual(new.name, self.statement.name)
        self.assertEqual(
            (new.closing_balance, self.statement.closing_balance), (100.0, 160.0)
        )
        self.assertEqual(self.statement.integrity, "intact")
        self.assertAddsUp(new)
        with self.assertRaisesRegex(UserError, "replaced by a new version"):
            self.statement._confirm("Li")
        february = self._february()
        self.assertEqual(february.opening_balance, 100.0)
        self.assertAddsUp(february)
        # a chain is not changed in its middle
        with self.assertRaisesRegex(UserError, "Go on with that one"):
            new._reissue("x")

    def test_answered_while_the_new_version_waits(self):
        """A new version replaces nothing the customer has confirmed or disputes."""
        new = self.statement._reissue("Refund")
        dispute = self._dispute(self.lines[0])
        with self.assertRaisesRegex(UserError, "1 objections wait"):
            new.with_user(self.officer).action_issue()
        self._reply(dispute)
        self.statement._confirm("Ms Li")
        with self.assertRaisesRegex(UserError, "Discard the new version"):
            new.with_user(self.officer).action_issue()
        new.with_user(self.officer).action_discard()
        self.assertEqual(self.statement.state, "confirmed")
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            self.statement.sudo().write({"state": "draft"})

    def test_merged_customers(self):
        wizard = self.system["base.partner.merge.automatic.wizard"].create({})
        pair = self.customer + self.stranger
        with self.assertRaisesRegex(UserError, "issued statements"):
            wizard._update_foreign_keys(self.customer, self.stranger)
        wizard._update_foreign_keys(self.stranger, self.customer)
        self.assertEqual(self.statement.partner_id, pair[0])
        self.assertEqual(self.statement.integrity, "intact")

    def test_rebate_rows(self):
        """They are frozen and fingerprinted, and do not count in the balance."""
        rows = [
            {"label": "Autumn fair, earned", "amount": 12.345},
            {"label": "Paid out", "amount": 5.0, "move_id": self.second.id},
        ]

        def tell(statements):
            return {statement: rows for statement in statements}

        cls = type(self.statements)
        with patch.object(cls, "_statement_get_rebate_rows", tell):
            february = self._february()
        lines = february.line_ids
        self.assertEqual(lines.mapped("rebate_amount"), [12.35, 5.0])
        self.assertEqual(february.rebate_total, 17.35)
        self.assertEqual(february.closing_balance, 160.0)
        self.assertEqual(february.integrity, "intact")
        february._dispute([{"line_id": lines[1].id, "reason": "Not received"}])
        self.assertEqual(
            self.statements._get_disputed_moves(self.company, self.customer),
            {self.customer.id: {self.second.id}},
        )
        self.env.cr.execute(
            "UPDATE channel_statement_line SET rebate_amount = 13 WHERE id = %s",
            [lines[0].id],
        )
        self.env.invalidate_all()
        self.assertEqual(february.integrity, "broken")

    def test_on_paper(self):
        wizard = self.env["channel.statement.signed"]
        values = {
            "statement_id": self.statement.id,
            "name": "Mr Wu",
            "file": PICTURE,
            "filename": "signed.png",
        }
        with self.assertRaises(AccessError):
            wizard.with_user(self.other_seller).create(values).action_confirm()
        wizard.with_user(self.seller).create(values).action_confirm()
        self.assertEqual(self.statement.confirmed_way, "paper")
        answer = self.statement.answer_ids
        self.assertEqual(answer.attachment_ids.name, "signed.png")
        self.assertEqual(answer.author_id, self.seller.partner_id)

    # Mails and jobs ---------------------------------------------------------------

    def _mail(self, statement):
        paper = self.system["channel.statement.paper"]._create_for(statement)
        with patch.object(type(paper), "_render_pdf", lambda self: b"%PDF-1.4"):
            paper._work()
        return paper

    def test_mailed(self):
        mailed = self._mail(self.statement)
        self.assertEqual(mailed.state, "sent")
        self.assertIn("yunhe@x.cn", mailed.recipients)
        self.assertEqual(mailed.attachment_id.res_model, "channel.statement")
        message = self.statement.message_ids[0]
        self.assertIn(self.statement.access_token, str(message.body))
        self.assertEqual(message.attachment_ids, mailed.attachment_id)
        self.assertFalse(self.statement.message_partner_ids)
        for values in ({"raw": b"other"}, {"name": "x"}):
            with self.assertRaisesRegex(UserError, "kept as it was made"):
                mailed.attachment_id.sudo().write(values)
        with self.assertRaisesRegex(UserError, "kept as it was made"):
            mailed.attachment_id.sudo().unlink()

    def test_without_address(self):
        self.customer.email = False
        mailed = self._mail(self.statement)
        self.assertEqual(mailed.state, "no_address")
        self.assertEqual(self.statement.activity_ids.user_id, self.seller)
        with self.assertRaises(AccessError):
            mailed.with_user(self.seller).action_retry()
        mailed.with_user(self.officer).action_retry()
        self.assertEqual(mailed.state, "queued")

    def _follow_up(self, days):
        paper = self.statement.paper_ids
        paper.sudo().date_sent = Datetime.now() - timedelta(days=days)
        for statement in self.statements._get_due():
            statement._follow_up()

    def test_reminder_and_silence(self):
        self._mail(self.statement)
        self._follow_up(40)
        self.assertFalse(self.statement.date_reminded)
        self.company.channel_statement_reminder_days = 7
        self._follow_up(6)
        self.assertFalse(self.statement.date_reminded)
        self._follow_up(8)
        self.assertTrue(self.statement.date_reminded)
        self.assertEqual(self.statement.activity_ids.user_id, self.seller)
        self.assertIn(
            "your answer", self.statement.message_ids.filtered("subject")[0].subject
        )
        count = len(self.statement.message_ids)
        self._follow_up(90)  # silence means nothing unless the company says so
        self.assertEqual(len(self.statement.message_ids), count)
        self.assertEqual(self.statement.state, "issued")
        self.company.write(
            {
                "channel_statement_silence": "confirm",
                "channel_statement_silence_days": 30,
            }
        )
        self._follow_up(29)
        self.assertEqual(self.statement.state, "issued")
        self._follow_up(31)
        self.assertEqual(self.statement.state, "confirmed")
        self.assertEqual(self.statement.confirmed_way, "silence")
        self.assertEqual(self.statement.answer_ids.kind, "silence")

    def test_silence_does_not_end_a_dispute(self):
        self._mail(self.statement)
        self.company.write(
            {
                "channel_statement_silence": "confirm",
                "channel_statement_silence_days": 30,
            }
        )
        self._dispute(self.lines[0])
        self._follow_up(60)
        self.assertEqual(self.statement.state, "disputed")

    def test_job_makes_statements(self):
        today = self.statements._statement_get_today(self.company)
        start, end = self.statements._get_last_period("quarter", today)
        self.assertEqual((end - start).days > 88, True)
        month_start, month_end = self.statements._get_last_period("month", today)
        quiet = self.env["res.partner"].create({"name": "Quiet"})
        files = self.system["channel.partner"].create(
            [
                {
                    "company_id": self.company.id,
                    "partner_id": partner.id,
                    "state": "active",
                    "statement_frequency": "month",
                }
                for partner in self.customer + self.stranger + quiet
            ]
        )
        files[1].statement_frequency = "none"
        self._bill(9.0, month_end, partner=self.stranger)
        with self.enter_registry_test_mode():
            cron = self.env.ref("channel_rebate.ir_cron_statement_make")
            cron.method_direct_trigger()
            cron.method_direct_trigger()
        found = self.statements.search(
            [("date_from", "=", month_start), ("date_to", "=", month_end)]
        )
        self.assertEqual(found.partner_id, self.customer)  # 160 open; the quiet: none
        self.assertEqual(found.state, "draft")
        files[1].statement_frequency = "month"
        self.company.channel_statement_auto = True
        with self.enter_registry_test_mode():
            self.env.ref(
                "channel_rebate.ir_cron_statement_make"
            ).method_direct_trigger()
        issued = self.statements.search([("partner_id", "=", self.stranger.id)])
        self.assertEqual((issued.state, issued.closing_balance), ("issued", 9.0))
        self.assertEqual(issued.paper_ids.state, "queued")

    def test_many_at_once(self):
        """The lines of a hundred customers are made in one statement."""
        partners = self.env["res.partner"].create(
            [{"name": f"Customer {number:03}"} for number in range(100)]
        )
        self._entries(10.0, "2026-01-15", partners)
        self.env.flush_all()
        made = self._january(partner=partners, issue=False)
        self.assertEqual(len(made), 100)
        self.assertEqual(set(made.mapped("closing_balance")), {10.0})
        self.env.invalidate_all()
        with self.assertQueryCount(12):
            made._fill()
            self.env.flush_all()
        made._issue(mail=False)
        self.assertEqual(set(made.mapped("integrity")), {"intact"})
