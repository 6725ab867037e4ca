"""Breaks, one after the other, what must hold, past Odoo and its gates."""

from odoo.fields import Command, Date
from odoo.tools import SQL

from tools.load import company, invariants

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
}


def prepare(env) -> dict:
    """Have one confirmed order that uses the concession, and a posted invoice."""
    setting = company.set_up(env)
    seller = env["res.users"].search([("login", "=", setting["people"]["sellers"][0])])
    orders = (
        env["sale.order"]
        .with_user(seller)
        .create(
            [
                {
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
                for _number in range(2)
            ]
        )
    )
    orders.action_submit_for_approval()
    for order in orders:
        company.approve(order)
    orders.action_confirm()
    invoice = env["account.move"].create(
        {
            "move_type": "out_invoice",
            "partner_id": setting["customers"][0],
            "invoice_date": Date.today(),
            "invoice_line_ids": [
                Command.create({"name": "Goods", "price_unit": 100.0, "tax_ids": False})
            ],
        }
    )
    invoice.action_post()
    env["rebate.engine"]._drain()
    return setting


def find(env, setting: dict, planted: str | None, promises: list) -> list[str]:
    """Return which checks find something, after one thing was broken."""
    if planted:
        env.execute_query(SQL(f"{PLANTED[planted]} RETURNING 1"))
        env.invalidate_all(flush=False)
    found = invariants.check(env, setting, promises)
    env.cr.rollback()
    return [name for name, told in found.items() if told]
