"""A random history of a customer's documents, and what has to hold after each event."""

from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from odoo import Command

from .rebate_oracle import derive, fraction

pick = st.integers(0, 11)
DAYS = ("2026-01-15", "2026-03-31", "2026-04-01", "2026-08-08")
PRICES = (0.05, 33.33, 99.99, 250.0)


class RebateHistory(RuleBasedStateMachine):
    """After each event ledger, figures and documents agree to the cent (DESIGN 5)."""

    case = None

    def __init__(self):
        super().__init__()
        self.env = self.case.env
        self.savepoint = self.env.cr.savepoint()
        self.orders = self.env["sale.order"]
        self.moves = self.env["account.move"]
        self.released = {}

    def teardown(self):
        self.savepoint.close(rollback=True)
        self.env.invalidate_all(flush=False)

    @initialize()
    def begin(self):
        self.programmes = self.case.programmes

    # Events --------------------------------------------------------------------------

    @rule(day=pick, price=pick, quantity=st.integers(1, 9), taxed=st.booleans())
    def order(self, day, price, quantity, taxed):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.case.partner.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.case.product.id,
                            "product_uom_qty": quantity,
                            "price_unit": PRICES[price % 4],
                            "tax_ids": [Command.set(self.case.vat.ids * taxed)],
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        # no user moves a confirmed order into another period
        self.env.cr.execute(
            "UPDATE sale_order SET date_order = %s WHERE id = %s",
            [DAYS[day % 4], order.id],
        )
        order.invalidate_recordset(["date_order"])
        self.env["rebate.queue"]._push_orders(order)
        self.orders |= order
        self.check("order")

    @rule(number=pick, quantity=st.integers(1, 9))
    def deliver(self, number, quantity):
        open_moves = self.orders.picking_ids.move_ids.filtered(
            lambda move: move.state not in ("done", "cancel")
        )
        if open_moves:
            move = open_moves[number % len(open_moves)]
            move.quantity = min(quantity, move.product_uom_qty)
            move.picked = True
            move.picking_id._action_done()
            self.check("deliver")

    @rule(number=pick, day=pick)
    def invoice_order(self, number, day):
        orders = self.orders.filtered(lambda o: o.invoice_status == "to invoice")
        if orders:
            move = orders[number % len(orders)]._create_invoices()
            self.post(move, DAYS[day % 4])

    @rule(price=pick, quantity=st.integers(1, 9), taxed=st.booleans(), day=pick)
    def invoice(self, price, quantity, taxed, day):
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.case.contact.id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": self.case.product.id,
                            "quantity": quantity,
                            "price_unit": PRICES[price % 4],
                            "tax_ids": [Command.set(self.case.vat.ids * taxed)],
                        }
                    )
                ],
            }
        )
        self.post(move, DAYS[day % 4])

    def post(self, move, day):
        move.invoice_date = day
        move.action_post()
        self.moves |= move
        self.check(f"post {move.amount_total} on {day}")

    def pick_move(self, number, *conditions):
        moves = self.moves.filtered(lambda m: m.state == "posted")
        for condition in conditions:
            moves = moves.filtered(condition)
        return moves[number % len(moves)] if moves else None

    @rule(number=pick, day=pick, matched=st.booleans())
    def refund(self, number, day, matched):
        move = self.pick_move(number, lambda m: m.move_type == "out_invoice")
        if not move or move.amount_total == 0:
            return
        refund = move._reverse_moves([{"invoice_date": DAYS[day % 4]}])
        refund.invoice_line_ids[:1].quantity = 1
        self.post(refund, DAYS[day % 4])
        if matched:
            self.match(move | refund)
            self.check("match refund")

    def match(self, moves):
        lines = moves.line_ids.filtered(
            lambda line: (
                line.account_id.account_type == "asset_receivable"
                and not line.reconciled
            )
        )
        if len(lines) > 1:
            lines.reconcile()

    @rule(number=pick, part=st.sampled_from((1, 2, 3)))
    def pay(self, number, part):
        move = self.pick_move(number, lambda m: m.amount_residual > 0)
        if move:
            amount = move.currency_id.round(move.amount_residual / part)
            if amount:
                self.case._pay(move, amount)
                self.check(f"pay {amount}")

    @rule(number=pick)
    def unpay(self, number):
        move = self.pick_move(
            number,
            lambda m: m.line_ids.matched_credit_ids | m.line_ids.matched_debit_ids,
        )
        if move:
            move.line_ids.remove_move_reconcile()
            self.check("unreconcile")

    @rule(number=pick, again=st.booleans(), quantity=st.integers(1, 5))
    def redraft(self, number, again, quantity):
        move = self.pick_move(number)
        if not move:
            return
        move.button_draft()
        self.check("draft")
        if again:
            move.invoice_line_ids[:1].quantity = quantity
            move.action_post()
        else:
            move.button_cancel()
        self.check("posted again" if again else "cancelled")

    @rule(number=pick)
    def cancel_order(self, number):
        orders = self.orders.filtered(lambda o: o.state == "sale" and not o.invoice_ids)
        if orders:
            orders[number % len(orders)]._action_cancel()
            self.check("cancel order")

    @rule(number=pick, rate=st.integers(0, 9))
    def change_version(self, number, rate):
        programme = self.programmes[number % len(self.programmes)]
        programme = programme.with_user(self.case.rebate_admin)
        action = programme.action_new_version()
        version = self.env["rebate.version"].browse(action["res_id"])
        version.with_user(self.case.rebate_admin).tier_ids[:1].rate = rate
        self.case._put_in_force(version)
        self.check("new version")

    @rule(number=pick)
    def settle(self, number):
        programme = self.programmes[number % len(self.programmes)]
        self.case._drain()
        settlement = (
            self.env["rebate.settlement"]
            .with_user(self.case.officer)
            .create({"period_ids": programme.period_ids.ids})
        )
        settlement.action_fill()
        if settlement.line_ids:
            settlement.action_submit_for_approval()
            self.case._approve(settlement)
            self.case.assertEqual(settlement.state, "done")
        self.check("settle", settled=programme)

    # Checks --------------------------------------------------------------------------

    def check(self, event, settled=None):
        note(event)
        self.case._drain()
        balances = self.programmes.sudo().period_ids.balance_ids
        for balance in balances:
            expected = derive(balance)
            actual = {name: fraction(balance[name]) for name in expected}
            self.case.assertEqual(actual, expected, f"{event}: {balance.display_name}")
            posted = sum(
                fraction(line.rebate_released or 0)
                for line in self.env["account.move.line"].search(
                    [
                        ("rebate_balance_id", "=", balance.id),
                        ("parent_state", "=", "posted"),
                    ]
                )
            )
            self.case.assertEqual(fraction(balance.released_amount), posted, event)
            if settled and balance.programme_id == settled:
                self.case.assertEqual(posted, actual["releasable_amount"], event)
            if posted > self.released.get(balance.id, 0):
                self.case.assertLessEqual(posted, actual["earned_amount"], event)
            self.released[balance.id] = posted
        corrected = self.case.engine._derive_balances(balances)
        self.case.assertFalse(corrected, f"{event}: the ledger had drifted")
        corrected = self.case.engine._check_balances(balances.programme_id)
        self.case.assertFalse(corrected, f"{event}: in the night")
