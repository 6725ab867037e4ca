from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common_rebate_attacks import RebateAttackCommon


@tagged("post_install", "-at_install")
class TestRebateAttacksBooks(RebateAttackCommon):
    """A released rebate stays as it was posted; nothing else becomes one (M4)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bookkeepers = cls.financier | cls.accountant

    def _note_attacks(self):
        """Return attacks on a credit note, by name."""
        note, line = self.note, self.note.invoice_line_ids
        other = self.env["res.partner"].sudo().create({"name": "Friend"})

        def write(context=None, **values):
            return lambda env: (
                env["account.move"]
                .browse(note.id)
                .with_context(**(context or {}))
                .write(values)
            )

        skip = {"skip_readonly_check": True}
        return {
            "draft": lambda env: env["account.move"].browse(note.id).button_draft(),
            "cancel": lambda env: env["account.move"].browse(note.id).button_cancel(),
            "state": write(state="draft"),
            "reverse": lambda env: (
                env["account.move.reversal"]
                .with_context(active_model="account.move", active_ids=note.ids)
                .create({"journal_id": note.journal_id.id, "date": "2026-06-01"})
                .reverse_moves()
            ),
            "duplicate": lambda env: env["account.move"].browse(note.id).copy(),
            "delete": lambda env: env["account.move"].browse(note.id).unlink(),
            "delete by force": lambda env: (
                env["account.move"]
                .browse(note.id)
                .with_context(force_delete=True)
                .unlink()
            ),
            "partner": write(skip, partner_id=other.id),
            "date": write(skip, invoice_date="2026-07-01"),
            "settlement": write(rebate_settlement_id=False),
            "lines": write(
                skip,
                invoice_line_ids=[Command.update(line.id, {"price_unit": 5000.0})],
            ),
            "another line": write(
                skip,
                invoice_line_ids=[Command.create({"name": "x", "price_unit": 5000.0})],
            ),
        }

    def _line_attacks(self):
        """Return attacks on lines of a credit note, by name."""
        note, line = self.note, self.note.invoice_line_ids
        receivable = note.line_ids - line
        other = self.env["res.partner"].sudo().create({"name": "Friend"})
        return {
            "delete by force": lambda env: (
                env["account.move.line"]
                .browse(line.ids)
                .with_context(force_delete=True)
                .unlink()
            ),
            "price": lambda env: (
                env["account.move.line"].browse(line.id).write({"price_unit": 5000.0})
            ),
            "quantity": lambda env: (
                env["account.move.line"].browse(line.id).write({"quantity": 100})
            ),
            "account": lambda env: (
                env["account.move.line"]
                .browse(line.id)
                .write({"account_id": self.company.rebate_expense_account_id.id})
            ),
            "partner of a line": lambda env: (
                env["account.move.line"]
                .browse(receivable.ids)
                .write({"partner_id": other.id})
            ),
            "two more lines": lambda env: env["account.move.line"].create(
                [
                    {
                        "move_id": note.id,
                        "account_id": account.id,
                        "partner_id": note.partner_id.id,
                        "balance": amount,
                    }
                    for account, amount in (
                        (self.provision, 500.0),
                        (receivable.account_id, -500.0),
                    )
                ]
            ),
            "what it released": lambda env: (
                env["account.move.line"].browse(line.id).write({"rebate_released": 1.0})
            ),
        }

    def test_credit_note(self):
        for label, attack in self._note_attacks().items():
            self._attack(label, attack, user=self.bookkeepers)
        for label, attack in self._line_attacks().items():
            self._attack(f"line: {label}", attack, user=self.bookkeepers)

    def test_provision(self):
        """What accrues a rebate is not reversed; set to draft it is booked anew."""
        entry = (
            self.balance.sudo()
            .env["account.move.line"]
            .search([("rebate_accrued", "!=", 0)])
            .move_id[:1]
        )
        for label, attack in {
            "reverse": lambda env: (
                env["account.move"].browse(entry.id)._reverse_moves()
            ),
            "amount": lambda env: (
                env["account.move.line"]
                .browse(entry.line_ids[:1].id)
                .write({"debit": 9000.0})
            ),
            "account": lambda env: (
                env["account.move.line"]
                .browse(entry.line_ids[1:2].id)
                .write({"account_id": self.company.rebate_expense_account_id.id})
            ),
        }.items():
            self._attack(label, attack, user=self.accountant)
        entry.button_draft()
        self.env["rebate.accrual"].sudo()._accrue(self.balance)
        self.assertEqual(self._get_provision(), 50)

    def test_marks(self):
        """Nobody passes another document off as a rebate, or as none."""
        balance = self.balance.id
        refund = {
            "move_type": "out_refund",
            "partner_id": self.partner.id,
            "invoice_date": "2026-03-01",
        }
        line = {"name": "x", "quantity": 1, "price_unit": 300.0}

        def create(context=None, **values):
            return lambda env: (
                env["account.move"]
                .with_context(**(context or {}))
                .create({**refund, **values})
                .action_post()
            )

        def create_line(**marks):
            return create(invoice_line_ids=[Command.create({**line, **marks})])

        draft = self.env["account.move"].sudo().create(refund)
        for label, attack in {
            "settlement": create(
                rebate_settlement_id=self.done.id,
                invoice_line_ids=[Command.create(line)],
            ),
            "settlement of a draft": lambda env: (
                env["account.move"]
                .browse(draft.id)
                .write({"rebate_settlement_id": self.done.id})
            ),
            "released": create_line(rebate_balance_id=balance, rebate_released=-900.0),
            "accrued": create_line(rebate_balance_id=balance, rebate_accrued=900.0),
            "orders": lambda env: (
                env["account.move"]
                .browse(draft.id)
                .write({"rebate_order_ids": [Command.clear()]})
            ),
        }.items():
            self._attack(label, attack, user=self.bookkeepers)

    def test_marks_by_default(self):
        """Defaults of the context, and of the user, do nothing."""
        marks = {
            "rebate_settlement_id": self.done.id,
            "rebate_balance_id": self.balance.id,
            "rebate_released": -900.0,
        }
        defaults = self.env["ir.default"].with_user(self.accountant)
        defaults.set("account.move", "rebate_settlement_id", self.done.id, user_id=True)
        for name in ("rebate_balance_id", "rebate_released"):
            defaults.set("account.move.line", name, marks[name], user_id=True)
        move = (
            self.env["account.move"]
            .with_user(self.accountant)
            .with_context(**{f"default_{name}": value for name, value in marks.items()})
            .create(
                {
                    "move_type": "out_refund",
                    "partner_id": self.partner.id,
                    "invoice_date": "2026-03-01",
                    "invoice_line_ids": [
                        Command.create({"name": "x", "price_unit": 300.0})
                    ],
                }
            )
        )
        move.action_post()
        self.assertFalse(move.rebate_settlement_id)
        self.assertFalse(move.sudo().line_ids.rebate_balance_id)
        # 2,000 less 300, at 5 %
        self._assert_balance(self.programme, earned_amount=85, released_amount=50)

    def test_orders_paid_by_a_rebate(self):
        order = self._create_order({})
        for label, attack in {
            "write": lambda env: (
                env["sale.order"]
                .browse(order.id)
                .write({"rebate_move_id": self.note.id})
            ),
            "create": lambda env: env["sale.order"].create(
                {"partner_id": self.partner.id, "rebate_move_id": self.note.id}
            ),
        }.items():
            self._attack(label, attack, user=self.salesman | self.manager)
        new = (
            self.env["sale.order"]
            .with_user(self.salesman)
            .with_context(default_rebate_move_id=self.note.id)
            .create({"partner_id": self.partner.id})
        )
        self.assertFalse(new.rebate_move_id)

    def test_merged_customers(self):
        """Two participants of one programme stay two; others take figures along."""
        partners = self.env["res.partner"].sudo()
        first, second, stranger = partners.create(
            [{"name": name, "email": "m@example.com"} for name in "ABC"]
        )
        contact = partners.create({"name": "Contact", "parent_id": stranger.id})
        programme = self._create_programme(partners=first | second)
        for partner, amount in ((first, 100), (second, 200), (stranger, 400)):
            self._invoice(amount, partner=partner)
        self._assert_balance(programme, first, earned_amount=5)
        merge = self.env["base.partner.merge.automatic.wizard"].sudo()
        with self.assertRaisesRegex(UserError, "take part"), self.cr.savepoint():
            merge._merge((first | second).ids, second)
        with self.assertRaisesRegex(UserError, "contact"), self.cr.savepoint():
            merge._merge((first | contact).ids, contact)
        merge._merge((first | stranger).ids, stranger)
        self.assertFalse(first.exists())
        # 100 and 400, at 5 %
        self._assert_balance(programme, stranger, earned_amount=25)
        self._assert_balance(programme, second, earned_amount=10)
        self.assertFalse(
            self.engine._derive_balances(programme.sudo().period_ids.balance_ids)
        )
        merge._merge((stranger | contact.create({"name": "D"})).ids, stranger)
        self._assert_balance(programme, stranger, earned_amount=25)
