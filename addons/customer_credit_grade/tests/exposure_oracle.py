"""The exposure worked out in plain Python from a customer's documents.

Written from the rules (DESIGN 4) and not from the statement, so that a mistake there is
not repeated here. Slow and simple: record by record.
"""

from odoo.tools import float_round


def derive(partner, company, day):
    """Return ``{component: amount}`` of a commercial partner, as figures name them."""
    env = partner.env
    contacts = (
        env["res.partner"]
        .with_context(active_test=False)
        .search([("commercial_partner_id", "=", partner.id)])
    )
    items = _derive_items(contacts, company)
    debts = sorted((due, line_id, rest) for line_id, due, rest in items if rest > 0)
    credit = -sum(rest for _id, _due, rest in items if rest < 0)
    overdue, left = 0.0, credit
    for due, _line_id, rest in debts:
        covered = min(left, rest)
        left -= covered
        if due < day:
            overdue += rest - covered
    orders = env["sale.order"].search(
        [
            ("partner_invoice_id", "in", contacts.ids),
            ("state", "=", "sale"),
            ("company_id", "=", company.id),
        ]
    )
    ordered = sum(derive_order(order) for order in orders)
    receivable = sum(rest for _id, _due, rest in items)
    return {
        "receivable": company.currency_id.round(receivable),
        "unapplied": company.currency_id.round(credit),
        "overdue": company.currency_id.round(overdue),
        "ordered": company.currency_id.round(ordered),
    }


def _derive_items(contacts, company):
    """Return ``[(line id, due, open amount)]``: what posted entries leave open.

    From the booked amount, less what other posted entries took of it.
    """
    lines = contacts.env["account.move.line"].search(
        [
            ("partner_id", "in", contacts.ids),
            ("company_id", "=", company.id),
            ("account_id.account_type", "=", "asset_receivable"),
            ("move_id.state", "=", "posted"),
        ]
    )
    items = []
    for line in lines:
        rest = line.balance
        for partial in line.matched_credit_ids:
            if partial.credit_move_id.move_id.state == "posted":
                rest -= partial.amount
        for partial in line.matched_debit_ids:
            if partial.debit_move_id.move_id.state == "posted":
                rest += partial.amount
        rest = company.currency_id.round(rest)
        if rest:
            items.append((line.id, line.date_maturity or line.date, rest))
    return items


def derive_order(order):
    """Return what is open of a confirmed order, in the company's currency."""
    lines = order.order_line.filtered(
        lambda line: not line.display_type and not line.is_downpayment
    )
    rests = {line: _derive_rest(line) for line in lines}
    if all(_is_same(rests[line], line.product_uom_qty) for line in lines):
        gross = order.amount_total
    else:
        gross = sum(
            float_round(
                rests[line] * line.price_total / line.product_uom_qty,
                precision_digits=order.currency_id.decimal_places,
            )
            for line in lines
            if line.product_uom_qty
        )
    deposits = sum(
        row.price_total * (-1 if row.move_id.move_type == "out_refund" else 1)
        for line in order.order_line
        if line.is_downpayment and not line.display_type
        for row in line.invoice_lines
        if row.move_id.state == "posted"
    )
    company_currency = order.company_id.currency_id
    return company_currency.round(
        (max(gross, 0.0) - deposits) / (order.currency_rate or 1.0)
    )


def _is_same(one, other):
    return abs(one - other) < 1e-6


def _derive_rest(line):
    """Return the quantity of a line that is still to be invoiced."""
    billed = 0.0
    for row in line.invoice_lines:
        if row.move_id.state != "posted":
            continue
        if row.move_id.move_type == "out_invoice":
            billed += row.quantity
        elif any(
            _is_same(row.price_unit, price)
            for price in (
                line.price_unit,
                *line.invoice_lines.filtered(
                    lambda r: r.move_id.move_type == "out_invoice"
                ).mapped("price_unit"),
            )
        ):
            billed -= row.quantity
    return max(_derive_committed(line) - billed, 0.0)


def _derive_committed(line):
    """Return the quantity that will have been invoiced in the end."""
    moves = line.move_ids
    gone = sum(
        move.quantity
        for move in moves
        if move.state == "done"
        and move.location_dest_id.usage == "customer"
        and (not move.origin_returned_move_id or move.to_refund)
    )
    back = sum(
        move.quantity
        for move in moves
        if move.state == "done"
        and move.location_id.usage == "customer"
        and move.to_refund
    )
    coming = sum(
        move.product_uom_qty
        for move in moves
        if move.state not in ("done", "cancel")
        and "customer" in (move.location_dest_id.usage, move.location_final_id.usage)
        and move.location_id.usage != "customer"
        and not move.move_dest_ids
    )
    if line.product_id.invoice_policy == "delivery":
        if not moves:
            return max(line.product_uom_qty, line.qty_delivered)
        return gone - back + coming
    if not back:
        return line.product_uom_qty
    # what came back is not owed any more, unless others are sent instead
    surplus = max(gone + coming - line.product_uom_qty, 0.0)
    return line.product_uom_qty - max(back - surplus, 0.0)
