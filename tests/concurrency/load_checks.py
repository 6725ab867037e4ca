"""Breaks, one after the other, what must hold, past Odoo and its gates."""

from unittest.mock import patch

from odoo.fields import Command, Date
from odoo.tools import SQL

from tools.load import company, invariants, roles

#: check of :mod:`tools.load.invariants`: statement that breaks what it is about
PLANTED = {
    "a seat has more than one decision": """
        INSERT INTO document_approval_decision (round_id, seat_id, kind, user_id, date)
        SELECT round_id, seat_id, kind, user_id, date FROM document_approval_decision
         WHERE kind = 'approve' LIMIT 1
    """,
    "an approved round has an open seat": """
        UPDATE document_approval_seat SET state = 'open' WHERE id = (
            SELECT MAX(seat_id) FROM document_approval_decision WHERE kind = 'approve')
    """,
    "an order is confirmed without an approved round": """
        UPDATE document_approval_round SET state = 'refused' WHERE id = (
            SELECT MAX(approval_round_id) FROM sale_order WHERE state = 'sale')
    """,
    "two documents have the same number": "UPDATE sale_order SET name = 'S1'",
    "more is reserved than there is": """
        UPDATE stock_quant SET reserved_quantity = quantity + 1
    """,
    "what is reserved is not what the transfers hold": """
        UPDATE stock_quant SET reserved_quantity = reserved_quantity + 1
    """,
    "more was shipped than was there": "UPDATE stock_quant SET quantity = - 1",
    "more of a rebate was released than was earned": """
        UPDATE rebate_balance SET released_amount = earned_amount + 1
    """,
    "what the books say was released is not what the balance says": """
        UPDATE account_move_line SET rebate_released = 7, rebate_balance_id = (
            SELECT MAX(id) FROM rebate_balance) WHERE parent_state = 'posted'
    """,
    "orders took more of a concession than it allows": """
        UPDATE sale_order_line SET product_uom_qty = 100000
         WHERE price_concession_id IS NOT NULL
    """,
    "an entry does not balance": """
        UPDATE account_move_line SET balance = balance + 1 WHERE id = (
            SELECT MAX(id) FROM account_move_line WHERE parent_state = 'posted')
    """,
    "an order is not what was approved": "UPDATE sale_order_line SET price_unit = 1",
    "a customer is over the limit without a release": """
        UPDATE customer_credit_entitlement SET amount = 1
    """,
    "the rebates' ledger had to be corrected": """
        UPDATE rebate_ledger SET invoiced = invoiced + 1
    """,
    "a document has two rounds under review": """
        UPDATE document_approval_round SET state = 'pending', res_id = 1, number = id
         WHERE res_model = 'sale.order'
    """,
    "a rebate was released in two lines of one settlement": """
        INSERT INTO rebate_settlement_line (settlement_id, balance_id, state)
        SELECT settlement_id, balance_id, 'posted' FROM rebate_settlement_line,
               GENERATE_SERIES(1, 2)
    """,
    # signatures, files, payments, mails
    "an accepted slip has no signature": """
        DELETE FROM ir_attachment
         WHERE res_model = 'order.acceptance' AND res_field = 'signature'
    """,
    "a slip is signed by half": "UPDATE order_acceptance SET signed_on = NULL",
    "goods of an accepted slip did not arrive": """
        UPDATE stock_picking SET state = 'assigned'
         WHERE id IN (SELECT transfer_id FROM order_acceptance)
    """,
    "a transfer is done by half": """
        UPDATE stock_move SET state = 'assigned'
         WHERE picking_id IN (SELECT id FROM stock_picking WHERE state = 'done')
    """,
    "an order has no lines": """
        UPDATE sale_order_line SET order_id = (SELECT MIN(id) FROM sale_order)
    """,
    "a payment was not booked": "UPDATE account_payment SET move_id = NULL",
    "a paper was sent without its file": """
        UPDATE order_shipping_notice SET sha256 = NULL
    """,
    "a letter confirms something else than was approved": """
        UPDATE sale_order_letter SET fingerprint = 'another'
    """,
    "a confirmed order has no letter": """
        DELETE FROM sale_order_letter WHERE id = (
            SELECT MAX(id) FROM sale_order_letter)
    """,
    "a paper that was sent has no mail": "DELETE FROM mail_notification",
    "a mail was lost": "DELETE FROM mail_mail WHERE state = 'outgoing'",
    "a mail failed without a reason": """
        UPDATE mail_mail SET state = 'exception', failure_reason = NULL
    """,
    "a mail that was sent did not arrive": """
        UPDATE mail_notification SET notification_status = 'sent'
    """,
    "a file is not what was kept": """
        UPDATE ir_attachment SET store_fname = '00/nothing'
         WHERE res_model = 'order.acceptance' AND res_field = 'signature'
    """,
    # midnight and the end of a month
    "an entry's number is not of its month": """
        UPDATE account_move SET date = date + 40 WHERE move_type = 'out_invoice'
    """,
    "numbers of entries have a gap": """
        UPDATE account_move SET sequence_number = sequence_number + 5 WHERE id = (
            SELECT MAX(id) FROM account_move WHERE move_type = 'out_invoice')
    """,
    "a rebate stands in a period its date is not in": """
        UPDATE rebate_ledger SET date = date + 40
    """,
    "an invoice counts in another month than its own": """
        UPDATE account_move SET invoice_date = invoice_date + 40
         WHERE move_type = 'out_invoice'
    """,
    "an order counts in another month than its own": """
        UPDATE sale_order SET date_order = date_order + INTERVAL '40 days'
    """,
    "a shipping notice is not due at the end of the next day": """
        UPDATE order_shipping_notice SET deadline = deadline + INTERVAL '1 hour'
    """,
}
#: a limit that ended yesterday, when these orders were confirmed or were not yet
_LIMITS = """
    UPDATE customer_credit_entitlement
       SET amount = CASE WHEN date_to IS NULL THEN 1 ELSE 100000 END,
           account_id = (SELECT MIN(account_id) FROM customer_credit_entitlement),
           date_to = date_to - 1
"""
ENDED = {
    "confirmed afterwards": "UPDATE sale_order SET date_order = NOW()",
    "confirmed before": """
        UPDATE sale_order SET date_order = date_order - INTERVAL '3 days'
    """,
}


def prepare(env) -> dict:
    """Have everything there is to break: orders, a slip, letters, bills, payments."""
    setting = company.set_up(env)
    env.ref("base.main_company").write(
        {"sale_policy_letter": True, "handover_shipping_notice": True}
    )
    orders = _make_orders(env, setting)
    orders.action_submit_for_approval()
    for order in orders:
        company.approve(order)
    orders.action_confirm()
    _deliver(env, orders)
    _send_papers(env)
    invoice = _bill(env, setting)
    for _half in range(2):
        _pay(env, invoice, 50.0)
    _settle(env, setting)
    return {**setting, "invoice": invoice.id}


def _make_orders(env, setting: dict):
    """Return two orders that use the concession, one of goods to be signed for."""
    seller = env["res.users"].search([("login", "=", setting["people"]["sellers"][0])])
    values = {
        "partner_id": setting["customers"][0],
        "order_line": [
            Command.create(
                {
                    "product_id": setting["goods"][0],
                    "product_uom_qty": 2,
                    "price_concession_id": setting["concession"],
                }
            )
        ],
    }
    orders = env["sale.order"].with_user(seller)
    return orders.create([{**values, "policy_type_id": setting["type"]}, values])


def _deliver(env, orders) -> None:
    """Ship everything, and have the slip signed."""
    pickings = orders.sudo().picking_ids
    pickings.filtered(lambda one: one.state == "assigned").with_context(
        skip_backorder=True
    ).button_validate()
    for slip in env["order.acceptance"].search([("state", "=", "waiting")]):
        slip._sign_in_portal("Buyer", roles.PIXEL)


def _send_papers(env) -> None:
    """Put letters and notices in the mail queue, with a file that needs no printer."""
    papers = env["sale.order.letter"], env["order.shipping.notice"]
    for model in papers:
        content = f"%PDF-1.4 {model._name}".encode()
        with patch.object(type(model), "_render_pdf", lambda _self, c=content: c):
            for paper in model.search([("state", "=", "queued")]):
                paper._work()


def _bill(env, setting: dict):
    invoice = env["account.move"].create(
        {
            "move_type": "out_invoice",
            "partner_id": setting["customers"][0],
            "invoice_date": Date.context_today(env.user.with_context(tz=company.ZONE)),
            "invoice_line_ids": [
                Command.create({"name": "Goods", "price_unit": 200.0, "tax_ids": False})
            ],
        }
    )
    invoice.action_post()
    return invoice


def _pay(env, invoice, amount: float) -> None:
    register = env["account.payment.register"].with_context(
        active_model="account.move", active_ids=invoice.ids
    )
    register.create({"amount": amount}).action_create_payments()


def _settle(env, setting: dict) -> None:
    """Begin to settle what has been earned."""
    env["rebate.engine"]._drain()
    periods = env["rebate.period"].search([("programme_id", "=", setting["programme"])])
    settlement = env["rebate.settlement"].create(
        {"period_ids": [Command.set(periods.ids)]}
    )
    settlement.action_fill()


def find(env, setting: dict, planted: str | None, promises: list) -> list[str]:
    """Return which checks find something, after one thing was broken."""
    if planted:
        _break(env, PLANTED[planted])
    return _check(env, setting, promises)


def find_ended(env, setting: dict, when: str) -> list[str]:
    """Return what is found of a temporary limit that ended yesterday."""
    _break(env, _LIMITS)
    _break(env, ENDED[when])
    return _check(env, setting, [])


def _break(env, statement: str) -> None:
    # the database itself would not let this one happen
    env.cr.execute("DROP INDEX IF EXISTS document_approval_round_pending_uniq")
    env.execute_query(SQL(f"{statement} RETURNING 1"))
    env.invalidate_all(flush=False)


def _check(env, setting: dict, promises: list) -> list[str]:
    # nothing has left the queue, so nothing may be said to have been sent
    found = invariants.check(env, setting, promises, [])
    env.cr.rollback()
    return [name for name, told in found.items() if told]


def names(env, setting: dict) -> list[str]:
    """Return the names of all checks."""
    found = invariants.check(env, setting, [], [])
    env.cr.rollback()
    return [*found]
