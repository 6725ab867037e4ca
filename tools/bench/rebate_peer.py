"""Agreements of OCA's `agreement_rebate` with the same customers: measured there."""

from odoo.fields import Command

from .inside import measured
from .large_data import CUSTOMER, YEAR


def make(env, count: int) -> None:
    """Agree with customers on the year's rebate, from customers everywhere."""
    customers = env["res.partner"].search(
        [("name", "=like", f"{CUSTOMER}%")], order="id"
    )
    step = max(len(customers) // count, 1)
    kind = env["agreement.type"].create(
        {"name": "Rebate", "is_rebate": True, "domain": "sale"}
    )
    env["agreement"].create(
        [
            {
                "name": f"Rebate {customer.id}",
                "code": f"R{customer.id}",
                "domain": "sale",
                "partner_id": customer.id,
                "agreement_type_id": kind.id,
                "start_date": YEAR[0],
                "end_date": YEAR[1],
                "rebate_type": "section_total",
                "rebate_section_ids": [
                    Command.create(
                        {"amount_from": low, "amount_to": high, "rebate_discount": rate}
                    )
                    for low, high, rate in (
                        (0, 14999.99, 1),
                        (15000, 17999.99, 2),
                        (18000, 1e9, 3),
                    )
                ],
            }
            for customer in customers[::step][:count]
        ]
    )
    env.cr.commit()


def settle(env) -> dict:
    """Measure what its wizard does; a run is rolled back."""
    wizard = env["agreement.settlement.create.wiz"].create(
        {"date": YEAR[1], "date_to": YEAR[1], "domain": "sale"}
    )
    env.flush_all()
    env.invalidate_all()
    with measured(env) as found:
        wizard.action_create_settlement()
        env.flush_all()
    found["answers"] = env["agreement.rebate.settlement.line"].search_count([])
    env.cr.rollback()
    return found
