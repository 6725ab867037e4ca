from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common_rebate import RebateCommon
from .common_settlement import SettlementMixin


@tagged("post_install", "-at_install")
class TestRebateSettlement(SettlementMixin, RebateCommon):
    """What was approved is released once, to the cent (SPEC M4; DESIGN 5)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_accounts()

    def _settle(self, programme, form="oldest", approve=True):
        self._drain()
        settlement = (
            self.env["rebate.settlement"]
            .with_user(self.officer)
            .create({"form": form, "period_ids": programme.period_ids.ids})
        )
        settlement.action_fill()
        if approve and settlement.line_ids:
            settlement.action_submit_for_approval()
            self._approve(settlement)
        return settlement

    def _get_provision(self):
        lines = (
            self.env["account.move.line"]
            .sudo()
            .search(
                [
                    ("account_id", "=", self.provision.id),
                    ("parent_state", "=", "posted"),
                ]
            )
        )
        return round(-sum(lines.mapped("balance")), 2)

    def test_released_once_and_oldest_first(self):
        programme = self._create_programme(version={"payment_rule": "pro_rata"})
        paid = self._invoice(1000, "2026-01-10")
        self._pay(paid, 1000)
        late = self._invoice(30, "2026-03-01")
        early = self._invoice(40, "2026-02-01")
        settlement = self._settle(programme)
        self.assertEqual(settlement.state, "done")
        # 1,070 x 5 % = 53.50, of which 1,000 / 1,070 are paid
        balance = self._assert_balance(
            programme, earned_amount=53.5, releasable_amount=50, released_amount=50
        )
        note = settlement.sudo().move_ids
        self.assertEqual((note.move_type, note.amount_total), ("out_refund", 50))
        self.assertEqual(early.amount_residual, 0)
        self.assertEqual(late.amount_residual, 20)
        self.assertEqual(self._get_provision(), 3.5)
        self.assertEqual(balance.accrued_amount, 53.5)
        # the credit note is no payment, and no return
        self._assert_balance(programme, invoiced_amount=1070, cash_amount=1000)
        self.assertFalse(self._settle(programme).line_ids)
        # a return: what was released too much is claimed back. He has paid 1,000 for
        # goods of 570 by now
        self._return(paid, 500)
        again = self._settle(programme)
        self._assert_balance(
            programme, earned_amount=28.5, releasable_amount=28.5, released_amount=28.5
        )
        claim = again.sudo().move_ids
        self.assertEqual((claim.move_type, claim.amount_total), ("out_invoice", 21.5))

    def test_split_by_tax(self):
        programme = self._create_programme(((0, 1),))
        for tax, amount in ((self.vat13, 33.34), (self.vat9, 66.67)):
            self._invoice(amount, tax_ids=[Command.set(tax.ids)])
        note = self._settle(programme).sudo().move_ids
        # 1.00 is shared out as 33.34 : 66.67
        self.assertRecordValues(
            note.invoice_line_ids,
            [
                {"price_subtotal": 0.33, "tax_ids": self.vat13.ids},
                {"price_subtotal": 0.67, "tax_ids": self.vat9.ids},
            ],
        )
        self.assertEqual(self._get_provision(), 0)

    def test_with_taxes(self):
        programme = self._create_programme(((0, 3),), version={"is_taxed": True})
        for tax, amount in ((self.vat13, 100.01), (self.vat9, 77.77)):
            self._invoice(amount, tax_ids=[Command.set(tax.ids)])
        # 113.01 + 84.77 = 197.78, of which 3 %
        settlement = self._settle(programme)
        self._assert_balance(
            programme, invoiced_amount=197.78, earned_amount=5.93, released_amount=5.93
        )
        self.assertEqual(settlement.sudo().move_ids.amount_total, 5.93)
        self.assertEqual(self._get_provision(), 0)

    def test_nobody_releases_past_the_approval(self):
        programme = self._create_programme()
        self._invoice(1000)
        settlement = self._settle(programme, approve=False)
        self.assertEqual(settlement.line_ids.amount, 50)
        for values in ({"state": "done"}, {"state": "posting"}, {"name": "x"}):
            with self.assertRaises(AccessError), self.cr.savepoint():
                settlement.write(values)
        line = settlement.line_ids
        for records, values in (
            (line, {"amount": 5000.0}),
            (line.balance_id, {"releasable_amount": 5000.0}),
            (line.balance_id.ledger_ids, {"invoiced": 1e6}),
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                records.with_user(self.officer).write(values)
            with self.assertRaises(UserError), self.cr.savepoint():
                records.sudo().write(values)
        settlement.action_submit_for_approval()
        with self.assertRaises(UserError), self.cr.savepoint():
            settlement.approval_round_id.seat_ids.with_user(
                self.officer
            ).action_approve()
        with self.assertRaises(UserError), self.cr.savepoint():
            line.with_user(self.officer).unlink()
        # less is due by the time it is approved: less is released
        refund = self._invoice(600, kind="out_refund")
        self._approve(settlement)
        self.assertEqual(settlement.state, "done")
        self.assertEqual(line.posted_amount, 20)
        self.assertIn("due", line.reason)
        note = settlement.sudo().move_ids
        self.assertEqual(note.amount_total, 20)
        self.assertEqual(refund.state, "posted")
        for undo in (note.button_draft, note.button_cancel, note._reverse_moves):
            with self.assertRaisesRegex(UserError, "settlement"), self.cr.savepoint():
                undo()

    def test_taken_back(self):
        programme = self._create_programme()
        self._invoice(1000)
        settlement = self._settle(programme)
        action = settlement.action_take_back()
        back = (
            self.env["rebate.settlement"]
            .with_user(self.officer)
            .browse(action["res_id"])
        )
        with self.assertRaises(UserError), self.cr.savepoint():
            settlement.action_take_back()
        back.action_submit_for_approval()
        self._approve(back)
        self._assert_balance(programme, releasable_amount=50, released_amount=0)
        self.assertEqual(back.sudo().move_ids.move_type, "out_invoice")

    def test_kept_for_the_next_invoice(self):
        programme = self._create_programme()
        old = self._invoice(1000)
        self._settle(programme, form="next")
        self.assertEqual(old.amount_residual, 1000)
        new = self._invoice(200)
        self.assertEqual(new.amount_residual, 150)

    def test_a_new_version_corrects_what_was_settled(self):
        programme = self._create_programme()
        self._invoice(1000)
        self._settle(programme)
        action = programme.action_new_version()
        version = (
            self.env["rebate.version"]
            .with_user(self.rebate_admin)
            .browse(action["res_id"])
        )
        version.tier_ids.rate = 7
        self._put_in_force(version)
        balance = self._assert_balance(
            programme, earned_amount=70, released_amount=50, open_amount=20
        )
        self.assertEqual(balance.version_id, version)
        with self.assertRaises(UserError), self.cr.savepoint():
            version.tier_ids.rate = 9
        self._settle(programme)
        self._assert_balance(programme, released_amount=70)

    def test_usual_accounts_of_a_chinese_chart(self):
        accounts = self.env["account.account"].sudo()
        revenue, payable = accounts.create(
            [
                {"name": "主营业务收入", "code": "600199", "account_type": "income"},
                {
                    "name": "其他应付款",
                    "code": "224199",
                    "account_type": "liability_current",
                },
            ]
        )
        self.company.write(
            {"rebate_expense_account_id": False, "rebate_provision_account_id": False}
        )
        self._prepare_programme()
        self.assertFalse(self.company.rebate_provision_account_id)
        self.env.cr.execute(
            "UPDATE res_company SET chart_template = 'cn' WHERE id = %s",
            [self.company.id],
        )
        self.company.invalidate_recordset(["chart_template"])
        self._prepare_programme()
        self.assertEqual(self.company.rebate_provision_account_id, payable)
        self.assertEqual(self.company.rebate_expense_account_id, revenue)
