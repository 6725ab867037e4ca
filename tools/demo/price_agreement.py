"""A concession that is half used, one in review, and a revision for next month."""

from datetime import date, timedelta

from odoo.fields import Command


def set_up(stage) -> None:
    """Grant a customer a price, and ask for new prices of a product."""
    env = stage.env
    seller = stage.users["sales"]
    customer = next(iter(stage.shop.customers.values())).commercial_partner_id
    product = env["product.product"].search(
        [("sale_ok", "=", True), ("list_price", ">", 10)], limit=1
    )
    granted = _ask(env, seller, customer, product, 0.9, 100.0)
    _let_approve(granted)
    _ask(env, seller, customer, product, 0.7, 500.0).action_submit_for_approval()
    env["sale.order"].with_user(seller).create(
        {
            "partner_id": customer.id,
            "order_line": [
                Command.create({"product_id": product.id, "product_uom_qty": 60})
            ],
        }
    )
    revision = (
        env["sale.price.revision"]
        .with_user(seller)
        .create(
            {
                "date_effective": date.today() + timedelta(days=30),
                "reason": "Copper is dearer 铜价上涨",
                "line_ids": [
                    Command.create(
                        {
                            "product_tmpl_id": product.product_tmpl_id.id,
                            "new_price": round(product.list_price * 1.06, 2),
                        }
                    )
                ],
            }
        )
    )
    revision.action_submit_for_approval()


def _ask(env, seller, customer, product, share, cap):
    return (
        env["sale.price.concession"]
        .with_user(seller)
        .create(
            {
                "partner_ids": customer.ids,
                "product_ids": product.ids,
                "price": round(product.list_price * share, 2),
                "max_quantity": cap,
                "date_to": date.today() + timedelta(days=60),
                "reason": "Large project 大项目",
            }
        )
    )


def _let_approve(document) -> None:
    document.action_submit_for_approval()
    while seats := document.sudo().approval_round_id.seat_ids.filtered(
        lambda seat: seat.state == "open"
    ):
        for seat in seats:
            seat.with_user(seat.candidate_ids[0]).action_approve()
