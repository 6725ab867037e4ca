"""A requirement list waiting for its customer, and an enquiry half answered."""

from datetime import date, timedelta

from odoo.fields import Command


def set_up(stage) -> None:
    """Send a list, confirm another one, and ask a customer about open orders."""
    waiting = _list(stage, "waterworks")
    waiting.action_send()
    confirmed = _list(stage, "engineering")
    confirmed.action_send()
    # sudo: no group writes answers
    confirmed.sudo()._answer("confirm", confirmed.contact_id.name, "link", 1)
    _ask(stage)


def _list(stage, customer):
    partner = stage.shop.customers[customer]
    partner.email = partner.email or f"{customer}@customers.example"
    wanted = date.today() + timedelta(days=30)
    products = [stage.shop.products[name] for name in ("ball_valve", "gate_valve")]
    return (
        stage.env["sale.requirement.list"]
        .with_user(stage.users["sales"])
        .create(
            {
                "partner_id": partner.id,
                "line_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "quantity": 10.0 * number,
                            "specification": "DN50 PN16",
                            "date_wanted": wanted,
                        }
                    )
                    for number, product in enumerate(products, 1)
                ],
            }
        )
    )


def _ask(stage) -> None:
    """Ask the first customer with open orders, and answer for the first order."""
    env = stage.env
    env.company.sale_enquiry_days = 10
    # sudo: enquiries are made by a job
    enquiries = env["sale.order.enquiry"].sudo()
    later = enquiries.env.cr.now() + timedelta(days=60)
    for partner_id, order_ids in enquiries._get_due(env.company, later)[:1]:
        enquiry = enquiries._make(env.company, partner_id, order_ids)
        enquiry._answer(
            {enquiry.line_ids[0]: {"kind": "valid"}}, enquiry.partner_id.name, "link"
        )
