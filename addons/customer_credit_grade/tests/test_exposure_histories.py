"""Random histories of orders, deliveries, invoices and payments (DESIGN 4).

Whatever people do in whatever order, the exposure is what the documents say and what
the events add up to. ``CREDIT_HISTORIES`` is the number of histories, and
``CREDIT_HISTORIES_SEED`` a number or ``random`` to get other ones than always.
"""

import logging
import os
import random
from collections import Counter

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import run_state_machine_as_test

from odoo import Command, fields
from odoo.tests import tagged

from .exposure_common import ExposureCommon
from .exposure_history import History, action, pick, some
from .exposure_model import Line

_logger = logging.getLogger(__name__)

HISTORIES, STEPS = 7, 18
#: amounts per currency: those that are exact at all rates, and those that are not
TIDY = {"USD": (20, 40, 100), "EUR": (20, 40, 100), "JPY": (2000, 10000, 4000)}
ODD = {"USD": (33.33, 0.99, 7.77), "EUR": (33.33, 1.01, 12.49), "JPY": (333, 1777, 55)}
RATES = {"EUR": (2.0, 2.5, 4.0), "JPY": (100.0, 200.0)}


class Histories(History):
    """What people may do; the number says how often."""

    # Orders -------------------------------------------------------------------------

    @action(
        5,
        when=lambda self: len(self.orders) < 4,
        number=pick,
        lines=st.lists(st.tuples(pick, pick, some), min_size=1, max_size=2),
        is_contact=st.booleans(),
    )
    def confirm(self, number, lines, is_contact):
        """Confirm an order of goods or services, of a customer or his contact."""
        customer = self.customers[number % 3]
        pricelist = self.case.pricelists[number % 3]
        prices = (TIDY if self.is_tidy else ODD)[pricelist.currency_id.name]
        products = self.case.products
        contact = customer.child_ids[:1] if is_contact else customer
        order = self.env["sale.order"].create(
            {
                "partner_id": (contact or customer).id,
                "pricelist_id": pricelist.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": products[product % 3].id,
                            "product_uom_qty": quantity,
                            "price_unit": prices[price % 3],
                            "tax_ids": [Command.set(self.tax.ids)],
                        }
                    )
                    for product, price, quantity in lines
                ],
            }
        )
        order.action_confirm()
        self.env.flush_all()
        self.orders |= order
        books = self._open_order(order)
        for line in order.order_line:
            books.lines[line.id] = Line(
                price=line.price_total / line.product_uom_qty,
                by_delivery=line.product_id.invoice_policy == "delivery",
                is_moving=line.product_id.type == "consu",
                ordered=line.product_uom_qty,
                coming=line.product_uom_qty,
            )
        books.is_confirmed = True

    @action(
        3,
        when=lambda self: self._open_lines(),
        number=pick,
        change=st.sampled_from((-2, -1, 1, 2, 5)),
    )
    def change_quantity(self, number, change):
        """Order more or less; what has left is not ordered less."""
        lines = self._open_lines()
        line = lines[number % len(lines)]
        books = self._line(line)
        if self.steps != "ship_only" and (change < 0 or line.move_ids):
            # what earlier steps have procured is not known to the books
            if "done" in line.move_ids.mapped("state") or "cancel" in (
                line.move_ids.mapped("state")
            ):
                return
        target = max(line.product_uom_qty + change, books.gone, 1)
        # Odoo takes the price of the pricelist again unless it is named
        line.write({"product_uom_qty": target, "price_unit": line.price_unit})
        books.ordered = target
        books.coming = target - books.gone

    def _open_lines(self):
        return self.orders.order_line.filtered(
            lambda line: line.state == "sale"
            and line.id in self.books.orders[line.order_id.id].lines
            and not line.move_ids.filtered("origin_returned_move_id")
        )

    @action(1, when=lambda self: self._confirmed(), number=pick)
    def cancel_order(self, number):
        """Cancel an order; its invoices stay."""
        order = self._confirmed()[number % len(self._confirmed())]
        order._action_cancel()
        self.books.orders[order.id].is_confirmed = False

    @action(
        1,
        when=lambda self: self.orders.filtered(lambda o: o.state == "cancel"),
        number=pick,
    )
    def confirm_again(self, number):
        """Confirm a cancelled order of which nothing has left."""
        orders = self.orders.filtered(lambda o: o.state == "cancel")
        order = orders[number % len(orders)]
        books = self.books.orders[order.id]
        if any(line.gone and line.is_moving for line in books.lines.values()):
            return
        if order.order_line.move_ids.filtered(lambda m: m.state == "done"):
            return
        order.action_draft()
        order.action_confirm()
        self.env.flush_all()
        books.is_confirmed, books.rate = True, order.currency_rate
        for line in books.lines.values():
            line.coming = line.ordered

    def _confirmed(self):
        return self.orders.filtered(lambda order: order.state == "sale")

    # Goods ----------------------------------------------------------------------------

    @action(
        6,
        when=lambda self: self._ready(),
        number=pick,
        how=st.sampled_from(("part", "all", "all", "over", "short")),
    )
    def deliver(self, number, how):
        """Do a step: a part, all, more, or less and no more to come."""
        move = self._ready()[number % len(self._ready())]
        demand = move.product_uom_qty
        quantity = {
            "part": max(demand // 2, 1),
            "all": demand,
            "over": demand + 2,
            "short": max(demand // 2, 1),
        }[how]
        others = move.picking_id.move_ids.filtered(
            lambda m: m != move and m.state not in ("done", "cancel")
        )
        books = self._line(move.sale_line_id)
        is_last = move.location_dest_id.usage == "customer"
        if quantity > demand:
            books.coming += quantity - demand
        elif how == "short":
            books.coming -= demand - quantity
            for other in others:
                self._line(other.sale_line_id).coming -= other.product_uom_qty
        if is_last:
            books.gone += quantity
            books.coming -= quantity
        self.case._do_move(move, quantity, backorder=how != "short")
        self.is_neutral = how in ("part", "all")

    @action(2, when=lambda self: self._ready(), number=pick)
    def cancel_transfer(self, number):
        """Cancel a transfer, such as a backorder."""
        move = self._ready()[number % len(self._ready())]
        for each in move.picking_id.move_ids:
            if each.state not in ("done", "cancel"):
                self._line(each.sale_line_id).coming -= each.product_uom_qty
        move.picking_id.action_cancel()

    def _ready(self):
        return self._confirmed().order_line.move_ids.filtered(
            lambda move: move.state not in ("done", "cancel", "waiting")
            and move.location_id.usage != "customer"
        )

    @action(
        3,
        when=lambda self: self._gone(),
        number=pick,
        quantity=some,
        to_refund=st.sampled_from((True, True, False)),
    )
    def take_back(self, number, quantity, to_refund):
        """Take goods back, for credit or not."""
        move = self._gone()[number % len(self._gone())]
        taken = sum(move.returned_move_ids.mapped("quantity"))
        quantity = min(quantity, move.quantity - taken)
        if quantity <= 0:
            return
        self.case._return(move, quantity, to_refund)
        self._line(move.sale_line_id).back += quantity if to_refund else 0.0
        self.is_neutral = not to_refund

    def _gone(self):
        return self._confirmed().order_line.move_ids.filtered(
            lambda move: move.state == "done"
            and move.location_dest_id.usage == "customer"
        )

    @action(
        2,
        when=lambda self: self._services(),
        number=pick,
        quantity=st.integers(0, 8),
    )
    def log_service(self, number, quantity):
        """Note what was done of a service."""
        line = self._services()[number % len(self._services())]
        line.qty_delivered = quantity
        self._line(line).gone = quantity

    def _services(self):
        return self._confirmed().order_line.filtered(
            lambda line: line.product_id.type == "service" and not line.is_downpayment
        )

    # Invoices -------------------------------------------------------------------------

    @action(
        5,
        when=lambda self: self._confirmed(),
        number=pick,
        is_part=st.booleans(),
        is_final=st.booleans(),
    )
    def invoice(self, number, is_part, is_final):
        """Make a draft of what is to be invoiced, or of half of it."""
        order = self._confirmed()[number % len(self._confirmed())]
        move = order._create_invoices(final=is_final)
        if is_part:
            for row in move.invoice_line_ids:
                if row.quantity > 1 and not row.is_downpayment:
                    row.quantity = row.quantity // 2
        self.moves |= move
        self.is_neutral = True

    @action(
        2,
        when=lambda self: self._confirmed(),
        number=pick,
        percent=st.sampled_from((20, 50)),
    )
    def down_payment(self, number, percent):
        """Make a draft of a down payment."""
        order = self._confirmed()[number % len(self._confirmed())]
        self.moves |= self.case._down_payment(order, percent, post=False)
        self.is_neutral = True

    @action(2, number=pick, other=pick, quantity=some)
    def invoice_alone(self, number, other, quantity):
        """Make a draft without an order."""
        currency = self.case.pricelists[other % 3].currency_id
        prices = (TIDY if self.is_tidy else ODD)[currency.name]
        self.moves |= self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customers[number % 3].id,
                "currency_id": currency.id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Goods",
                            "quantity": quantity,
                            "price_unit": prices[0],
                            "tax_ids": [Command.set(self.tax.ids)],
                        }
                    )
                ],
            }
        )
        self.is_neutral = True

    @action(7, when=lambda self: self._in_state("draft"), number=pick)
    def post(self, number):
        """Post a draft."""
        move = self._in_state("draft")[number % len(self._in_state("draft"))]
        move.invoice_date = fields.Date.context_today(move)
        move.action_post()
        self._post_effect(move)

    @action(3, when=lambda self: self._in_state("posted"), number=pick)
    def reset_to_draft(self, number):
        """Reset an invoice or refund to draft, paid or not."""
        move = self._in_state("posted")[number % len(self._in_state("posted"))]
        move.button_draft()
        self._apply(move, -1)

    @action(1, when=lambda self: self._in_state("draft"), number=pick)
    def cancel_invoice(self, number):
        """Cancel a draft, which frees what had paid it."""
        self._in_state("draft")[number % len(self._in_state("draft"))].button_cancel()
        self.is_neutral = True

    @action(
        3,
        when=lambda self: self._in_state("posted", "out_invoice"),
        number=pick,
        quantity=some,
        is_price=st.sampled_from((False, False, True)),
    )
    def refund(self, number, quantity, is_price):
        """Make a draft of a credit note: a quantity, or a lower price."""
        moves = self._in_state("posted", "out_invoice")
        move = moves[number % len(moves)]
        refund = self.case._refund(move, post=False)
        rows = refund.invoice_line_ids.filtered(
            lambda row: row.display_type == "product" and not row.is_downpayment
        )
        if is_price and rows == refund.invoice_line_ids:
            for row in rows:
                row.price_unit = row.price_unit / 2
            self.allowances.add(refund.id)
        elif rows:
            rows[0].quantity = min(rows[0].quantity, quantity)
        self.moves |= refund
        self.is_neutral = True

    def _in_state(self, state, *types):
        return self.moves.filtered(
            lambda move: move.state == state and (not types or move.move_type in types)
        )

    # Money ----------------------------------------------------------------------------

    @action(4, when=lambda self: self._unpaid(), number=pick, is_part=st.booleans())
    def pay(self, number, is_part):
        """Register a payment of an invoice, or of a part."""
        move = self._unpaid()[number % len(self._unpaid())]
        part = 1000 if move.currency_id.name == "JPY" else 10
        amount = min(part, move.amount_residual) if is_part else move.amount_residual
        payment = self.case._pay(move, amount)
        self._take_payment(payment)

    def _unpaid(self):
        return self._in_state("posted", "out_invoice").filtered("amount_residual")

    @action(2, number=pick, other=pick)
    def pay_ahead(self, number, other):
        """Book a payment that is applied to nothing."""
        currency = self.case.pricelists[other % 3].currency_id
        payment = self.case._pay_ahead(
            TIDY[currency.name][number % 3],
            self.customers[number % 3],
            currency_id=currency.id,
        )
        self._take_payment(payment)

    def _take_payment(self, payment):
        self.payments |= payment
        self._post_effect(payment.move_id)

    @action(
        2,
        when=lambda self: self.payments,
        number=pick,
        how=st.sampled_from(("draft", "draft", "cancel")),
    )
    def touch_payment(self, number, how):
        """Reset a payment to draft, post it again, or cancel it."""
        payment = self.payments[number % len(self.payments)]
        if payment.state == "draft":
            if how == "cancel":
                payment.action_cancel()
                self.is_neutral = True
            else:
                payment.action_post()
                self._post_effect(payment.move_id)
        elif payment.state != "canceled":
            payment.action_draft()
            self._apply(payment.move_id, -1)

    @action(4, when=lambda self: self._pairs(), number=pick)
    def reconcile(self, number):
        """Apply a credit to a debt."""
        debt, credit = self._pairs()[number % len(self._pairs())]
        (debt | credit).reconcile()
        self.is_neutral = True

    def _pairs(self):
        items = self._items().filtered(lambda line: not line.reconciled)
        return [
            (debt, credit)
            for debt in items.filtered(lambda line: line.amount_residual > 0)
            for credit in items.filtered(lambda line: line.amount_residual < 0)
            if debt.partner_id.commercial_partner_id
            == credit.partner_id.commercial_partner_id
        ]

    def _items(self):
        entries = (self.moves | self.payments.move_id).filtered(
            lambda move: move.state == "posted"
        )
        return self.case._items(entries)

    @action(
        2,
        when=lambda self: self._items().filtered("matching_number"),
        number=pick,
    )
    def unreconcile(self, number):
        """Take a credit away from what it was applied to."""
        items = self._items().filtered("matching_number")
        items[number % len(items)].remove_move_reconcile()
        self.is_neutral = True

    @action(1, number=pick, amount=st.sampled_from((30, -20, 5)))
    def misc_entry(self, number, amount):
        """Book an entry by hand."""
        account = self.case.company_data["default_account_receivable"]
        partner = self.customers[number % 3]
        entry = self.case._journal_item(account, amount, partner)
        self.moves |= entry
        self._post_effect(entry)

    @action(2, name=st.sampled_from(("EUR", "JPY")), number=pick)
    def change_rate(self, name, number):
        """Let a currency be worth something else from today."""
        currency = self.case.foreign[name]
        currency.rate_ids.rate = RATES[name][number % len(RATES[name])]
        self.is_neutral = True


@tagged("post_install", "-at_install")
class TestExposureHistories(ExposureCommon):
    """The statement, the documents and the events agree (DESIGN 4)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.yen = cls.setup_other_currency("JPY", rates=[("1900-01-01", 100.0)])
        cls.foreign = {"EUR": cls.euro, "JPY": cls.yen}
        cls.odd_tax = cls._make_tax(21)
        cls.third = cls.env["res.partner"].create(
            {"name": "Third", "is_company": True}
        )
        cls.customers = cls.customer | cls.payer | cls.third
        dollars = cls.env["product.pricelist"].create(
            {"name": "Dollars", "currency_id": cls.company.currency_id.id}
        )
        cls.pricelists = dollars | cls.euro_pricelist
        cls.pricelists |= cls.env["product.pricelist"].create(
            {"name": "Yen", "currency_id": cls.yen.id}
        )
        cls.products = cls.by_order | cls.by_delivery | cls.service
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )

    def test_whatever_happens_all_agree(self):
        chosen = os.environ.get("CREDIT_HISTORIES_SEED")
        if chosen == "random":
            chosen = random.SystemRandom().randrange(10**9)
        count = int(os.environ.get("CREDIT_HISTORIES") or HISTORIES)
        how = settings(
            max_examples=count,
            stateful_step_count=int(os.environ.get("CREDIT_HISTORIES_STEPS") or STEPS),
            deadline=None,
            database=None,
            derandomize=not chosen,
            print_blob=False,
            # finding the shortest history takes minutes: only where one looks for it
            phases=(Phase.generate, Phase.shrink)
            if os.environ.get("CREDIT_HISTORIES_SHRINK")
            else (Phase.generate,),
            suppress_health_check=list(HealthCheck),
        )
        seen = Counter()
        machine = type("Histories", (Histories,), {"case": self, "seen": seen})
        if chosen:
            _logger.info("seed of these histories: %s", chosen)
            machine = seed(int(chosen))(machine)
        run_state_machine_as_test(machine, settings=how)
        _logger.info("%s histories: %s", count, dict(seen))
        self.assertGreaterEqual(len(seen), 12)
