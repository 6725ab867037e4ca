"""Agents of OCA's `account_commission_oca`, one for each customer: measured there."""

from odoo.fields import Command
from odoo.tools import SQL

from .inside import measured
from .large_data import CUSTOMER

#: the day after everything that was invoiced, in a new period
UP_TO = "2027-01-15"


def make(env, count: int) -> None:
    """Give customers from everywhere an agent who gets a percentage of each line."""
    customers = env["res.partner"].search([("name", "=like", f"{CUSTOMER}%")])
    step = max(len(customers) // count, 1)
    customers = customers.sorted("id")[::step][:count]
    commission = env["commission"].create({"name": "2 %", "fix_qty": 2})
    agents = env["res.partner"].create(
        [
            {
                "name": f"Agent {customer.id}",
                "agent": True,
                "commission_id": commission.id,
                "settlement": "annual",
            }
            for customer in customers
        ]
    )
    for customer, agent in zip(customers, agents, strict=True):
        customer.commission_agent_ids = [Command.set(agent.ids)]
    env.flush_all()
    lines = env.execute_query(
        SQL(
            "SELECT i.id, r.agent_id FROM account_move_line i"
            " JOIN account_move m ON m.id = i.move_id"
            " JOIN partner_agent_rel r ON r.partner_id = i.partner_id"
            " WHERE m.move_type = 'out_invoice' AND i.display_type = 'product'"
        )
    )
    env["account.invoice.line.agent"].create(
        [
            {"object_id": line, "agent_id": agent, "commission_id": commission.id}
            for line, agent in lines
        ]
    )
    env.cr.commit()
    env.cr.execute("ANALYZE")


def settle(env) -> dict:
    """Measure what its wizard does for all agents; a run is rolled back."""
    wizard = env["commission.make.settle"].create(
        {"date_to": UP_TO, "settlement_type": "sale_invoice"}
    )
    env.flush_all()
    env.invalidate_all()
    with measured(env) as found:
        wizard.action_settle()
        env.flush_all()
    found["answers"] = env["commission.settlement"].search_count([])
    env.cr.rollback()
    return found
