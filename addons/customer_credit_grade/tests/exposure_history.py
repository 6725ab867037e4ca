"""How a random history of a customer's documents is played and checked."""

from copy import deepcopy

from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from odoo import fields
from odoo.exceptions import UserError
from odoo.tools import mute_logger

from .exposure_model import Books, Order
from .exposure_oracle import derive

pick = st.integers(0, 11)
some = st.integers(1, 6)


def action(weight, when=None, **arguments):
    """Declare something that may happen in a history.

    :param int weight: how often, compared with the others
    :param when: function of the history that tells whether it is possible now
    :param arguments: strategies
    """

    def mark(method):
        method.action = (weight, when, st.fixed_dictionaries(arguments))
        return method

    return mark


class History(RuleBasedStateMachine):
    """One history; after each event three computations have to agree to the cent.

    The statement for all customers and for each; the derivation from the documents;
    the books, which know the events only.
    """

    case = None
    seen = None

    def __init__(self):
        super().__init__()
        self.env = self.case.env
        self.savepoint = self.env.cr.savepoint()
        self.customers = self.case.customers
        self.books = Books()
        self.orders = self.env["sale.order"]
        self.moves = self.env["account.move"]
        self.payments = self.env["account.payment"]
        #: {entry: (ledger by debtor, [(order, line or None, amount)], total)} while posted
        self.effects = {}
        self.allowances = set()
        self.exposures = {}
        self.exchanged = {}
        self.is_neutral, self.by_rate = False, 0.0

    def teardown(self):
        """Leave nothing of the history in the database."""
        self.savepoint.close(rollback=True)
        self.env.transaction.reset()
        self.env.registry.reset_changes()

    @initialize(
        is_tidy=st.sampled_from((True, True, False)),
        steps=st.sampled_from(("ship_only", "pick_ship")),
        method=st.sampled_from(("round_per_line", "round_globally")),
    )
    def begin(self, is_tidy, steps, method):
        """Choose prices without cents lost anywhere or those that round."""
        self.is_tidy, self.steps = is_tidy, steps
        self.case.warehouse.delivery_steps = steps
        self.case.company.tax_calculation_rounding_method = method
        self.tax = self.case.tax if is_tidy else self.case.odd_tax
        note(f"{is_tidy=} {steps=} {method=}")
        self._check("begin")

    @rule(data=st.data())
    def act(self, data):
        """Let one of the possible events happen."""
        possible = [
            name
            for name, method in vars(type(self).__mro__[1]).items()
            if hasattr(method, "action")
            for when in (method.action[1],)
            if not when or when(self)
            for _time in range(method.action[0])
        ]
        name = data.draw(st.sampled_from(possible))
        arguments = data.draw(getattr(self, name).action[2])
        self._do(name, arguments)

    def _do(self, name, arguments):
        """Do something as a user would, and check everything afterwards."""
        before = deepcopy((self.books, self.effects, self.allowances))
        documents = self.orders, self.moves, self.payments
        self.is_neutral, self.by_rate = False, 0.0
        try:
            with (
                self.env.cr.savepoint(),
                mute_logger("odoo.addons.sale_stock", "odoo.sql_db"),
            ):
                getattr(self, name)(**arguments)
                self.env.flush_all()
        except UserError as error:
            self.books, self.effects, self.allowances = before
            self.orders, self.moves, self.payments = documents
            self.is_neutral, self.by_rate = True, 0.0
            self.env.registry.reset_changes()
            note(f"{name} {arguments}: {error}")
            self.seen["refused"] += 1
        else:
            note(f"{name} {arguments}")
            self.seen[name] += 1
        self.env.invalidate_all()
        self._check(f"{name} {arguments}")

    # Checks -------------------------------------------------------------------------

    def _check(self, event):
        exposures = self.env["customer.credit.exposure"]
        company = self.case.company
        together = exposures._get_exposures(company)
        day = fields.Date.context_today(exposures)
        self._book_exchange()
        previous, self.exposures = self.exposures, {}
        for partner in self.customers:
            alone = exposures._get_exposures(company, partner)[partner.id]
            if partner.id in together:
                self.case.assertEqual(alone, together[partner.id], event)
            else:
                self.case.assertEqual(alone.exposure, 0.0, event)
            derived = derive(partner, company, day)
            found = {name: round(float(getattr(alone, name)), 6) for name in derived}
            derived = {name: round(amount, 6) for name, amount in derived.items()}
            self.case.assertEqual(found, derived, event)
            exposure = float(alone.exposure)
            self.exposures[partner.id] = exposure
            self.case.assertAlmostEqual(
                exposure,
                self.books.get_exposure(partner.id),
                delta=self._get_tolerance(),
                msg=f"books of {partner.name} after {event}: {alone} {self.books}",
            )
        if self.is_neutral and previous:
            self.case.assertAlmostEqual(
                sum(self.exposures.values()) - sum(previous.values()),
                self.by_rate,
                delta=self._get_tolerance(),
                msg=f"changed by {event}",
            )

    def _get_tolerance(self):
        """Return half a cent, or what documents lose that are each rounded."""
        if self.is_tidy:
            return 0.005
        return 0.02 * (2 + len(self.orders.order_line) + len(self.moves.line_ids))

    def _book_exchange(self):
        """Enter new exchange differences; a neutral event may make them."""
        journal = self.case.company.currency_exchange_journal_id
        found = dict.fromkeys(self.customers.ids, 0.0)
        for line in self.env["account.move.line"].search(
            [
                ("journal_id", "=", journal.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
            ]
        ):
            found[line.partner_id.commercial_partner_id.id] += line.balance
        for partner_id, amount in found.items():
            change = amount - self.exchanged.get(partner_id, 0.0)
            self.books.book(partner_id, change)
            self.by_rate += change
        self.exchanged = found

    # Books --------------------------------------------------------------------------

    def _open_order(self, order):
        """Begin the books of an order; its lines are added by who knows them."""
        self.books.orders[order.id] = Order(
            debtor=order.partner_invoice_id.commercial_partner_id.id,
            rate=order.currency_rate,
        )
        return self.books.orders[order.id]

    def _line(self, line):
        return self.books.orders[line.order_id.id].lines[line.id]

    def _post_effect(self, move):
        """Enter what a posted entry says, and remember it for its reset."""
        ledger, rows = {}, []
        for item in move.line_ids:
            if item.account_id.account_type == "asset_receivable":
                debtor = item.partner_id.commercial_partner_id.id
                ledger[debtor] = ledger.get(debtor, 0.0) + item.balance
        sign = -1 if move.move_type == "out_refund" else 1
        for row in move.invoice_line_ids:
            for line in row.sale_line_ids:
                if line.is_downpayment:
                    rows.append((line.order_id.id, None, sign * row.price_total))
                elif move.id not in self.allowances:
                    rows.append((line.order_id.id, line.id, sign * row.quantity))
        self.effects[move.id] = (ledger, rows, sign * move.amount_total)
        self._apply(move, 1)

    def _apply(self, move, sign):
        """Enter the effect of a posted entry, or take it back."""
        ledger, rows, total = self.effects[move.id]
        touched = [self.books.orders[order_id] for order_id in {row[0] for row in rows}]
        fits = len(touched) == 1 and self._is_plain(touched[0])
        for order_id, line_id, amount in rows:
            order = self.books.orders[order_id]
            if line_id is None:
                order.deposits += sign * amount
            else:
                order.lines[line_id].billed += sign * amount
        for debtor, amount in ledger.items():
            self.books.book(debtor, sign * amount)
        if sign < 0:
            del self.effects[move.id]
        if fits and self._is_plain(touched[0]) and move.id not in self.allowances:
            # what was open is owed now: only the rates may differ
            self.is_neutral = True
            self.by_rate = sign * (sum(ledger.values()) - total / touched[0].rate)

    @staticmethod
    def _is_plain(order):
        return order.is_confirmed and not order.is_overbilled
