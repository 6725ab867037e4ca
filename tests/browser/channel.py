"""A channel partner with an order fair, rebates to release and a statement."""

from datetime import timedelta

from odoo import fields
from odoo.fields import Command

from tests.browser import company

REVIEWERS = {"finance": "finance", "director": "management"}


def set_up(env):
    """Let the customer reach a tier, pay, and get a statement.

    The sales director administers rebates; finance and management approve them.

    :return: ids of the programme's balance and of the statement
    """
    records = company.create(env)
    env.company.document_approval_mode = "off"
    director = company._user(
        env,
        "sales_director",
        "sales_team.group_sale_salesman_all_leads,channel_rebate.group_manager",
    )
    company._user(env, "director", "base.group_user")
    _fill_departments(env)
    customer = env["res.partner"].browse(records["customer"])
    customer.lang = "en_US"
    file = env["channel.partner"].create({"partner_id": customer.id})
    file.action_activate()
    programme = _run_fair(env, director, customer)
    _buy(env, customer, records["valve"])
    env["rebate.engine"]._drain()
    statement = _state(env, customer)
    return programme.period_ids.balance_ids.id, statement.id


def _fill_departments(env):
    departments = env["document.approval.department"].search(
        [("company_id", "=", env.company.id)]
    )
    for login, code in REVIEWERS.items():
        user = env["res.users"].search([("login", "=", login)])
        departments.filtered(lambda d, code=code: d.code == code).member_ids = user
    granted, provision = env["account.account"].create(
        [
            {"name": "Rebates", "code": "RB1", "account_type": "expense"},
            {
                "name": "Provision",
                "code": "RB2",
                "account_type": "liability_current",
            },
        ]
    )
    env.company.write(
        {
            "rebate_expense_account_id": granted.id,
            "rebate_provision_account_id": provision.id,
        }
    )


def _run_fair(env, director, customer):
    """Put a programme in force: 5 % from 1,000 on, 8 % from 2,000 on."""
    today = fields.Date.today()
    programme = (
        env["rebate.programme"]
        .with_user(director)
        .create(
            {
                "name": "Spring Fair",
                "date_from": today - timedelta(days=60),
                "date_to": today + timedelta(days=60),
                "participant_ids": [Command.create({"partner_id": customer.id})],
            }
        )
    )
    version = (
        env["rebate.version"]
        .with_user(director)
        .create(
            {
                "programme_id": programme.id,
                "payment_rule": "pro_rata",
                "tier_ids": [
                    Command.create({"value_from": 1000, "rate": 5}),
                    Command.create({"value_from": 2000, "rate": 8}),
                ],
                "target_ids": [
                    Command.create(
                        {
                            "participant_id": programme.participant_ids.id,
                            "target": 3000,
                        }
                    )
                ],
            }
        )
    )
    version.action_submit_for_approval()
    for login in REVIEWERS:
        user = env["res.users"].search([("login", "=", login)])
        seats = version.sudo().approval_round_id.seat_ids
        seats.filtered(
            lambda seat, user=user: seat.state == "open" and user in seat.candidate_ids
        ).with_user(user).action_approve()
    return programme


def _buy(env, customer, product_id):
    """Invoice 1,500 without taxes a month ago; all of it is paid."""
    invoice = env["account.move"].create(
        {
            "move_type": "out_invoice",
            "partner_id": customer.id,
            "invoice_date": fields.Date.today() - timedelta(days=40),
            "invoice_line_ids": [
                Command.create(
                    {
                        "product_id": product_id,
                        "quantity": 6,
                        "price_unit": 250,
                        "tax_ids": [Command.clear()],
                    }
                )
            ],
        }
    )
    invoice.action_post()
    env["account.payment.register"].with_context(
        active_model="account.move", active_ids=invoice.ids
    ).create({"payment_date": invoice.invoice_date})._create_payments()


def _state(env, customer):
    """Issue the statement of the last sixty days."""
    today = fields.Date.today()
    wizard = env["channel.statement.make"].create(
        {
            "period": "other",
            "date_from": today - timedelta(days=60),
            "date_to": today - timedelta(days=1),
            "target": "chosen",
            "partner_ids": [Command.set(customer.ids)],
            "issue": True,
        }
    )
    wizard.action_make()
    return env["channel.statement"].search([("partner_id", "=", customer.id)])


def look_at(env, balance_id, statement_id):
    """Return what became of the rebate and of the statement."""
    balance = env["rebate.balance"].browse(balance_id)
    statement = env["channel.statement"].browse(statement_id)
    notes = env["account.move"].search([("rebate_settlement_id", "!=", False)])
    return {
        "earned": balance.earned_amount,
        "released": balance.released_amount,
        "credit notes": notes.mapped("amount_total"),
        "statement": statement.state,
        "remark": balance.remark,
    }
