"""What a rebate comes to, worked out from the documents one by one in fractions.

Written independently of the engine's statements, to be compared with them.
"""

from fractions import Fraction
from math import floor


def fraction(value):
    """Return a stored number as the fraction it was meant to be."""
    return Fraction(repr(value)) if isinstance(value, float) else Fraction(value)


def cents(value):
    """Round to cents, half away from zero."""
    sign = -1 if value < 0 else 1
    return sign * Fraction(floor(abs(value) * 100 + Fraction(1, 2)), 100)


def derive(balance):
    """Return the figures of a balance as they have to be."""
    version = balance.period_id.version_id
    counted = {
        **_count_orders(balance, version),
        **_count_invoices(balance, version),
    }
    target = version.target_ids.filtered(
        lambda t: t.participant_id == balance.participant_id
    )
    goal = fraction(target.target)
    ordered = _reward(version, counted["ordered"], counted["ordered_qty"], goal)
    invoiced = _reward(version, counted["invoiced"], counted["invoiced_qty"], goal)
    share = min(
        _share(version.payment_rule, counted["paid"], counted["invoiced"], 0),
        _share(version.execution_rule, counted["delivered"], counted["ordered"], 1),
    )
    return {
        "ordered_amount": cents(counted["ordered"]),
        "delivered_amount": cents(counted["delivered"]),
        "invoiced_amount": cents(counted["invoiced"]),
        "paid_amount": cents(counted["paid"]),
        "provisional_amount": cents(ordered),
        "earned_amount": cents(invoiced),
        "releasable_amount": cents(invoiced * share),
    }


def _share(rule, part, whole, otherwise):
    if rule == "none":
        return Fraction(1)
    if whole <= 0:
        return Fraction(otherwise)
    if rule == "all" and part < whole:
        return Fraction(0)
    return min(Fraction(1), max(Fraction(0), part / whole))


def _reward(version, amount, quantity, goal):
    reached = quantity if version.measure == "quantity" else amount
    gate = fraction(version.gate_target)
    if gate and (not goal or reached * 100 < gate * goal):
        return Fraction(0)
    tiers = sorted(
        (fraction(tier.value_from), fraction(tier.rate)) for tier in version.tier_ids
    )
    if version.tier_by == "target":
        tiers = [(low / 100 * goal, rate) for low, rate in tiers if goal]
    value = Fraction(0)
    for number, (low, rate) in enumerate(tiers):
        if reached < low:
            break
        if version.tier_mode == "marginal":
            high = tiers[number + 1][0] if number + 1 < len(tiers) else reached
            value += (min(reached, max(high, low)) - low) * rate
        else:
            value = (quantity if version.reward == "unit" else amount) * rate
    value = max(value, Fraction(0)) / (1 if version.reward == "unit" else 100)
    cap = fraction(version.cap_amount)
    return min(value, cap) if cap else value


def _count_orders(balance, version):
    totals = dict.fromkeys(("ordered", "ordered_qty", "delivered"), Fraction(0))
    orders = balance.env["sale.order"].search(
        [
            ("state", "=", "sale"),
            ("partner_invoice_id", "child_of", balance.partner_id.id),
        ]
    )
    for order in orders:
        if not balance.date_from <= order.date_order.date() <= balance.date_to:
            continue
        for line in order.order_line:
            amount = fraction(
                line.price_total if version.is_taxed else line.price_subtotal
            )
            quantity = fraction(line.product_uom_qty)
            totals["ordered"] += amount
            totals["ordered_qty"] += quantity
            if quantity:
                done = max(min(fraction(line.qty_delivered) / quantity, 1), 0)
                totals["delivered"] += amount * done
    return totals


def _count_invoices(balance, version):
    totals = dict.fromkeys(("invoiced", "invoiced_qty", "paid"), Fraction(0))
    moves = balance.env["account.move"].search(
        [
            ("state", "=", "posted"),
            ("move_type", "in", ("out_invoice", "out_refund")),
            ("partner_id", "child_of", balance.partner_id.id),
            ("rebate_settlement_id", "=", False),
        ]
    )
    for move in moves:
        sign = -1 if move.move_type == "out_refund" else 1
        share = _paid_share(move)
        for line in move.invoice_line_ids:
            day = _day(move, line, version)
            if not day or not balance.date_from <= day <= balance.date_to:
                continue
            amount = sign * fraction(
                line.price_total if version.is_taxed else line.price_subtotal
            )
            totals["invoiced"] += amount
            totals["invoiced_qty"] += sign * fraction(line.quantity)
            totals["paid"] += amount * share
    return totals


def _day(move, line, version):
    if version.stage == "order":
        order = line.sale_line_ids.order_id[:1]
        return order.date_order.date() if order else None
    if version.returns_to == "origin" and move.reversed_entry_id:
        return move.reversed_entry_id.invoice_date
    return move.invoice_date


def _paid_share(move):
    """Return which part of an invoice came in as money."""
    receivable = move.line_ids.filtered(
        lambda line: line.account_id.account_type == "asset_receivable"
    )
    total = sum(abs(fraction(line.balance)) for line in receivable)
    if not total:
        return Fraction(1)
    money = Fraction(0)
    for line in receivable:
        for partial in line.matched_credit_ids | line.matched_debit_ids:
            other = (partial.debit_move_id | partial.credit_move_id) - line
            if other.parent_state == "posted" and other.move_id.move_type == "entry":
                money += fraction(partial.amount)
    return money / total
