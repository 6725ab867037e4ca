from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Date
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_statement import StatementCommon


@tagged("post_install", "-at_install")
class TestStatement(StatementCommon):
    """What a statement states agrees with the books to the cent, and stays."""

    def _rows(self, statement, section="movement"):
        return [
            (line.kind, line.debit, line.credit, line.balance)
            for line in statement.line_ids
            if line.section == section
        ]

    def test_empty_customer(self):
        statement = self._january()
        self.assertEqual(statement.state, "issued")
        self.assertFalse(statement.line_ids)
        self.assertEqual(statement.closing_balance, 0.0)
        self.assertEqual(statement.integrity, "intact")

    def test_movements_of_all_contacts(self):
        """Opening 100.10; invoices of two contacts, refund, payment."""
        self._bill(100.10, "2025-12-31")
        self._bill(999.0, "2026-01-15", partner=self.stranger)
        invoice = self._bill(300.30, "2026-01-05", partner=self.shop, ref="PO 7")
        self._bill(50.05, "2026-01-20", kind="out_refund", partner=self.office)
        self._pay(200.0, "2026-01-31", memo="Transfer")
        self._bill(77.0, "2026-02-01")
        statement = self._january()
        self.assertEqual(
            self._rows(statement),
            [
                ("invoice", 300.30, 0.0, 400.40),
                ("credit_note", 0.0, 50.05, 350.35),
                ("payment", 0.0, 200.0, 150.35),
            ],
        )
        self.assertEqual(statement.opening_balance, 100.10)
        self.assertEqual(statement.debit_total, 300.30)
        self.assertEqual(statement.credit_total, 250.05)
        self.assertEqual(statement.closing_balance, 150.35)
        line = statement.line_ids[0]
        self.assertEqual((line.document, line.reference), (invoice.name, "PO 7"))
        self.assertEqual(line.move_id, invoice)
        self.assertAddsUp(statement)
        self.assertAddsUp(self._february())

    def test_currencies_and_exchange(self):
        """100 EUR are 50 dollars in January and paid with 200 in February."""
        invoice = self._bill(100.0, "2026-01-10", currency_id=self.euro.id)
        january = self._january()
        line = january.line_ids
        self.assertEqual((line.debit, line.amount_currency), (50.0, 100.0))
        self.assertEqual(line.foreign_currency_id, self.euro)
        payment = self._pay(100.0, "2026-02-10", currency_id=self.euro.id)
        items = (invoice + payment.move_id).line_ids.filtered(
            lambda item: item.account_type == "asset_receivable"
        )
        items.reconcile()
        february = self._february()
        self.assertEqual(
            sorted(self._rows(february)),
            sorted(
                [
                    (
                        "exchange",
                        150.0,
                        0.0,
                        february.line_ids.filtered(
                            lambda x: x.kind == "exchange"
                        ).balance,
                    ),
                    (
                        "payment",
                        0.0,
                        200.0,
                        february.line_ids.filtered(
                            lambda x: x.kind == "payment"
                        ).balance,
                    ),
                ]
            ),
        )
        self.assertEqual(february.closing_balance, 0.0)
        paid = february.line_ids.filtered(lambda x: x.kind == "payment")
        self.assertEqual(paid.amount_currency, -100.0)
        self.assertAddsUp(february)

    def test_instalments_and_orders(self):
        """One row for each due date; the orders of the invoice are named."""
        term = self.env["account.payment.term"].create(
            {
                "name": "Half now",
                "line_ids": [
                    Command.create({"value_amount": 50, "nb_days": 0}),
                    Command.create({"value_amount": 50, "nb_days": 30}),
                ],
            }
        )
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.product_a.id,
                            "price_unit": 33.33,
                            "tax_ids": False,
                        }
                    )
                ],
            }
        )
        order.payment_term_id = term
        order.action_confirm()
        order.order_line.qty_delivered = 1
        invoice = order._create_invoices()
        invoice.invoice_date = "2026-01-03"
        invoice.action_post()
        statement = self._january()
        self.assertEqual(sum(statement.line_ids.mapped("debit")), 33.33)
        self.assertEqual(len(statement.line_ids), 2)
        self.assertEqual(set(statement.line_ids.mapped("orders")), {order.name})
        self.assertEqual(
            set(statement.line_ids.mapped("date_due")),
            {Date.to_date("2026-01-03"), Date.to_date("2026-02-02")},
        )

    def test_late_posting_stands_in_the_next(self):
        self._bill(100.0, "2026-01-10")
        january = self._january()
        self.assertEqual(january.difference_count, 0)
        late = self._bill(40.0, "2026-01-25")
        early = self._bill(7.0, "2025-11-30")
        self.env.invalidate_all()
        self.assertEqual(january.difference_count, 2)
        self.assertEqual(january.books_difference, 47.0)
        self.assertEqual(january.closing_balance, 100.0)
        self.assertEqual(january.integrity, "intact")
        differing = self.statements.search([("difference_count", "!=", 0)])
        self.assertIn(january, differing)
        rows = self.env["channel.statement.difference"].search(
            [("statement_id", "=", january.id)]
        )
        self.assertEqual(
            sorted((row.kind, row.amount) for row in rows),
            [("earlier", 7.0), ("invoice", 40.0)],
        )
        self.assertEqual(rows.move_id, late)
        self._bill(5.0, "2026-02-03")
        february = self._february()
        self.assertEqual(february.opening_balance, 100.0)
        self.assertEqual(
            self._rows(february, "late"),
            [("earlier", 7.0, 0.0, 107.0), ("invoice", 40.0, 0.0, 147.0)],
        )
        self.assertEqual(self._rows(february), [("invoice", 5.0, 0.0, 152.0)])
        self.assertAddsUp(february)
        self.assertEqual(february.difference_count, 0)
        # what was told once is not told again
        march = self._make("2026-03-01", "2026-03-31")
        self.assertFalse(march.line_ids)
        self.assertEqual(march.opening_balance, 152.0)
        self.assertEqual(early.state, "posted")
        self.assertAddsUp(march)

    def test_taken_back_changed_and_moved_after_issue(self):
        gone = self._bill(100.0, "2026-01-10")
        moved = self._bill(30.0, "2026-01-11")
        smaller = self._bill(50.0, "2026-01-12")
        january = self._january()
        name = gone.name
        (gone + moved + smaller).button_draft()
        gone.with_context(force_delete=True).unlink()
        moved.write({"invoice_date": "2026-02-11", "date": "2026-02-11", "name": False})
        smaller.invoice_line_ids.price_unit = 45.0
        (moved + smaller).action_post()
        self.env.invalidate_all()
        self.assertEqual(january.books_difference, -135.0)
        self.assertEqual(january.closing_balance, 180.0)
        self.assertEqual(january.integrity, "intact")
        line = january.line_ids.filtered(lambda x: x.debit == 100.0)
        self.assertEqual((line.document, line.move_id.id), (name, False))
        february = self._february()
        self.assertEqual(
            [(x.document, x.debit) for x in february.line_ids if x.section == "late"][
                0
            ],
            (name, -100.0),
        )
        self.assertEqual(february.closing_balance, 75.0)
        self.assertAddsUp(february)
        self.assertEqual(february.difference_count, 0)
        march = self._make("2026-03-01", "2026-03-31")
        self.assertFalse(march.line_ids)
        self.assertAddsUp(march)

    def test_gap_between_statements(self):
        self._bill(10.0, "2026-01-10")
        self._january()
        self._bill(20.0, "2026-02-10")
        march = self._make("2026-03-01", "2026-03-31")
        self.assertEqual(self._rows(march, "late"), [("invoice", 20.0, 0.0, 30.0)])
        self.assertAddsUp(march)

    def test_frozen(self):
        self._bill(100.0, "2026-01-10")
        statement = self._january()
        for record, values in (
            (statement, {"closing_balance": 1.0}),
            (statement, {"partner_id": self.stranger.id}),
            (statement, {"fingerprint": "x"}),
            (statement, {"line_ids": [Command.clear()]}),
            (statement.line_ids, {"debit": 1.0}),
        ):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                record.sudo().write(values)
        line = statement.line_ids
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            line.sudo().create(
                {
                    "statement_id": statement.id,
                    "company_id": self.company.id,
                    "currency_id": self.company.currency_id.id,
                    "section": "movement",
                    "kind": "other",
                }
            )
        for record in (statement, line):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                record.sudo().with_context(_force_unlink=True).unlink()
        self.assertEqual(statement.integrity, "intact")

    def test_fingerprint_broken_by_sql(self):
        self._bill(100.0, "2026-01-10")
        statement = self._january()
        self.assertEqual(len(statement.fingerprint), 64)
        self.assertEqual(
            statement._get_fingerprints(), {statement.id: statement.fingerprint}
        )
        for query in (
            "UPDATE channel_statement_line SET document = 'X' WHERE statement_id = %s",
            "UPDATE channel_statement_line SET debit = 100.01, balance = 100.01"
            " WHERE statement_id = %s",
            "UPDATE channel_statement SET closing_balance = 0 WHERE id = %s",
            "DELETE FROM channel_statement_line WHERE statement_id = %s",
        ):
            savepoint = self.env.cr.savepoint()
            self.env.cr.execute(query, [statement.id])
            self.env.invalidate_all()
            self.assertEqual(statement.integrity, "broken", query)
            savepoint.rollback()
            self.env.invalidate_all()
            self.assertEqual(statement.integrity, "intact")

    def test_made_once(self):
        """Of two who make them, the second gets what is there."""
        with freeze_time("2026-03-15"):
            wizard = self.env["channel.statement.make"].with_user(self.officer)
            values = {
                "target": "chosen",
                "partner_ids": [Command.set((self.shop + self.office).ids)],
            }
            action = wizard.create(values).action_make()
            again = wizard.create(values).action_make()
        statement = self.statements.search([("partner_id", "=", self.customer.id)])
        self.assertEqual(len(statement), 1)
        self.assertEqual(statement.date_from, Date.to_date("2026-02-01"))
        self.assertEqual(statement.date_to, Date.to_date("2026-02-28"))
        self.assertEqual(action["domain"], [("id", "in", statement.ids)])
        self.assertIn("There already", again["params"]["message"])
        series = self.system["channel.statement.series"]
        before = series._bump(self.company, self.shop)
        revision = before.revision
        self.assertEqual(series._bump(self.company, self.customer), before)
        self.assertEqual(before.revision, revision + 1)
        # an older period is not put in front
        with self.assertRaisesRegex(UserError, "there already for Yunhe"):
            wizard.create(
                {
                    **values,
                    "period": "other",
                    "date_from": "2026-01-01",
                    "date_to": "2026-01-31",
                }
            ).action_make()

    def test_refused_to_issue(self):
        january = self._january(issue=False)
        february = self._february(issue=False)
        officer = february.with_user(self.officer)
        with self.assertRaisesRegex(UserError, "Issue or discard"):
            officer.action_issue()
        with freeze_time("2026-02-27"), self.assertRaisesRegex(UserError, "ends on"):
            (january + february).with_user(self.officer).action_issue()
        self._bill(12.0, "2026-01-10")
        (january + february).with_user(self.officer).action_issue()
        self.assertEqual(january.closing_balance, 12.0)  # the books as they are now
        self.assertEqual(february.opening_balance, 12.0)
        self.assertTrue(january.name and february.name)
        with self.assertRaisesRegex(UserError, "only drafts"):
            january.with_user(self.officer).action_issue()
        with self.assertRaisesRegex(UserError, "does not change"):
            january.with_user(self.officer).action_refresh()

    def test_rights(self):
        statement = self._january(issue=False)
        for user in (self.seller, self.employee):
            with self.assertRaises(AccessError):
                statement.with_user(user).action_issue()
            with self.assertRaises(AccessError):
                statement.with_user(user).action_discard()
        for user in (self.employee, self.other_seller, self.visitor, self.foreigner):
            with self.assertRaises(AccessError), mute_logger("odoo.addons.base"):
                statement.with_user(user).read(["closing_balance"])
        for user in (self.officer, self.accountant, self.seller):
            statement.with_user(user).read(["closing_balance", "line_ids"])
            for vals in ({"state": "confirmed"}, {"confirmed_by": "x"}):
                with self.assertRaises(AccessError):
                    statement.with_user(user).write(vals)
            with self.assertRaises(AccessError):
                statement.with_user(user).unlink()
        statement.with_user(self.accountant).action_issue()
        statement.with_user(self.visitor).read(["closing_balance"])
        with self.assertRaises(AccessError):
            statement.with_user(self.visitor).write({"state": "confirmed"})
        with self.assertRaises(AccessError):
            statement.with_user(self.foreigner).read(["closing_balance"])

    def test_other_company(self):
        other = self.setup_other_company()["company"]
        outsider = self._user("outsider", "channel_rebate.group_officer")
        outsider.write(
            {"company_ids": [Command.set(other.ids)], "company_id": other.id}
        )
        statement = self._january()
        with self.assertRaises(AccessError):
            statement.with_user(outsider).read(["closing_balance"])
        wizard = self.env["channel.statement.make"].with_user(outsider)
        with self.assertRaises(UserError):
            wizard.create(
                {
                    "company_id": self.company.id,
                    "target": "chosen",
                    "partner_ids": [Command.set(self.customer.ids)],
                    "period": "other",
                    "date_from": "2026-02-01",
                    "date_to": "2026-02-28",
                }
            ).action_make()

    def test_branch_counts(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self.env.user.company_ids += branch
        self._entries(25.0, "2026-01-10", self.shop, branch)
        statement = self._january()
        self.assertEqual(statement.closing_balance, 25.0)
        self.assertEqual(statement.line_ids.move_id.company_id, branch)

    def test_discard(self):
        statement = self._january(issue=False)
        statement.with_user(self.officer).action_discard()
        self.assertFalse(statement.exists())
        issued = self._january()
        with self.assertRaisesRegex(UserError, "are kept"):
            issued.with_user(self.officer).action_discard()
