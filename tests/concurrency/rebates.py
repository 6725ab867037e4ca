"""Rebates, and what several people and jobs do to them at once."""

import os
import signal
import sys
from unittest.mock import patch

from odoo.fields import Command

from tests.concurrency.orders import meet

#: percent that is granted of what is invoiced
RATE = 5
#: customers whose credit notes the job makes in one transaction
BATCH = 2


def set_up(env):
    """Let finance and management approve rebates; return what the races need."""
    company = env.ref("base.main_company")
    company.document_approval_mode = "off"
    officer = _user(env, "rebate officer", "channel_rebate.group_officer")
    admin = _user(env, "rebate administrator", "channel_rebate.group_manager")
    departments = company._sale_policy_create_default_departments()
    for code in ("finance", "management"):
        departments[code].member_ids = [Command.set([_user(env, f"rebate {code}").id])]
    company._rebate_create_default_flows()
    accounts = env["account.account"].create(
        [
            {"name": "Granted", "code": "990001", "account_type": "expense"},
            {
                "name": "Provision",
                "code": "990002",
                "account_type": "liability_current",
            },
        ]
    )
    company.write(
        {
            "rebate_expense_account_id": accounts[0].id,
            "rebate_provision_account_id": accounts[1].id,
        }
    )
    return {"officer": officer.id, "admin": admin.id, "provision": accounts[1].id}


def _user(env, login, *groups):
    return env["res.users"].create(
        {
            "name": login,
            "login": login,
            "email": f"{login.replace(' ', '.')}@example.com",
            "group_ids": [
                Command.link(env.ref(group).id)
                for group in groups or ("base.group_user",)
            ],
        }
    )


def prepare(env, setting, customers, amount=1000.0, rule="none"):
    """Put a programme in force; invoice each of its customers.

    :return: ids of the programme, of its customers, and of their invoices
    """
    partners = env["res.partner"].create(
        [{"name": f"Dealer {n}", "is_company": True} for n in range(customers)]
    )
    programme = (
        env["rebate.programme"]
        .with_user(setting["admin"])
        .create(
            {
                "name": "Fair",
                "date_from": "2026-01-01",
                "date_to": "2026-12-31",
                "participant_ids": [
                    Command.create({"partner_id": partner.id}) for partner in partners
                ],
                "version_ids": [
                    Command.create(
                        {
                            "payment_rule": rule,
                            "tier_ids": [Command.create({"rate": RATE})],
                        }
                    )
                ],
            }
        )
    )
    programme.version_ids.action_submit_for_approval()
    _approve_all(programme.version_ids)
    moves = [invoice(env, partner.id, amount) for partner in partners]
    env["rebate.engine"]._drain()
    return {"programme": programme.id, "partners": partners.ids, "moves": moves}


def _approve_all(document):
    while seats := document.sudo().approval_round_id.seat_ids.filtered(
        lambda seat: seat.state == "open"
    ):
        for seat in seats:
            seat.with_user(seat.candidate_ids[0]).action_approve()


def invoice(env, partner_id, amount, *meeting, kind="out_invoice"):
    """Post an invoice; return its id."""
    if meeting:
        meet(env, *meeting)
    move = env["account.move"].create(
        {
            "move_type": kind,
            "partner_id": partner_id,
            "invoice_date": "2026-03-01",
            "invoice_line_ids": [
                Command.create(
                    {
                        "name": "Goods",
                        "price_unit": amount,
                        "tax_ids": [Command.clear()],
                    }
                )
            ],
        }
    )
    move.action_post()
    return move.id


def credit(env, partner_id, amount, *meeting):
    """Post a credit note for goods that came back."""
    return invoice(env, partner_id, amount, *meeting, kind="out_refund")


def pay(env, move_id, *meeting):
    """Pay what is open of an invoice."""
    if meeting:
        meet(env, *meeting)
    move = env["account.move"].browse(move_id)
    env["account.payment.register"].with_context(
        active_model="account.move", active_ids=move.ids
    ).create({"payment_date": "2026-03-05"})._create_payments()


def new_settlement(env, setting, plan):
    """Prepare a settlement without lines; return its id."""
    programme = env["rebate.programme"].browse(plan["programme"])
    values = {"period_ids": programme.period_ids.ids}
    settlement = env["rebate.settlement"].with_user(setting["officer"]).create(values)
    return settlement.id


def fill(env, setting, settlement_id, *meeting):
    """Fill a settlement in; return the number of its lines."""
    if meeting:
        meet(env, *meeting)
    settlement = env["rebate.settlement"].browse(settlement_id)
    settlement.with_user(setting["officer"]).action_fill()
    return len(settlement.line_ids)


def submit(env, setting, settlement_id, *meeting):
    """Submit a settlement."""
    if meeting:
        meet(env, *meeting)
    settlement = env["rebate.settlement"].browse(settlement_id)
    settlement.with_user(setting["officer"]).action_submit_for_approval()


def submitted(env, setting, plan, levels=0):
    """Prepare, fill in and submit a settlement; let the first levels agree."""
    settlement_id = new_settlement(env, setting, plan)
    fill(env, setting, settlement_id)
    submit(env, setting, settlement_id)
    for _level in range(levels):
        approve(env, settlement_id)
    return settlement_id


def approve(env, settlement_id, *meeting):
    """Agree as who is asked next."""
    if meeting:
        meet(env, *meeting)
    settlement = env["rebate.settlement"].browse(settlement_id)
    seats = settlement.approval_round_id.seat_ids
    seat = seats.filtered(lambda seat: seat.state == "open")[:1] or seats[-1:]
    seat.with_user((seat.candidate_ids or seat.user_id)[:1]).action_approve()


def change_rate(env, setting, version_id, rate, *meeting):
    """Set another rate of a version."""
    if meeting:
        meet(env, *meeting)
    version = env["rebate.version"].browse(version_id)
    version.tier_ids.with_user(setting["admin"]).rate = rate


def new_version(env, setting, plan):
    """Prepare a new version; return its id."""
    programme = env["rebate.programme"].browse(plan["programme"])
    action = programme.with_user(setting["admin"]).action_new_version()
    return action["res_id"]


def submit_version(env, setting, version_id, *meeting):
    """Submit a version."""
    if meeting:
        meet(env, *meeting)
    version = env["rebate.version"].browse(version_id)
    version.with_user(setting["admin"]).action_submit_for_approval()


def drain(env):
    """Do what the scheduled job does with the queue."""
    env["rebate.engine"]._cron_drain()


def _batches_of(size):
    module = sys.modules["odoo.addons.channel_rebate.models.rebate_settlement_release"]
    return patch.object(module, "_BATCH", size)


def release(env):
    """Do what the scheduled job does with approved settlements."""
    with _batches_of(BATCH):
        env["rebate.settlement"]._cron_release()


def accrue(env):
    """Do what the monthly job does."""
    env["rebate.accrual"]._cron_accrue()


def approve_for_the_job(env, settlement_id, *meeting):
    """Agree, and leave the credit notes to the job."""
    with _batches_of(0):
        approve(env, settlement_id, *meeting)


def die_while_releasing(env):
    """Release a first batch, and be killed with the second written, not committed."""
    settlements = type(env["rebate.settlement"])
    some, calls = settlements._release_some, []

    def release_some(self, *arguments):
        some(self, *arguments)
        calls.append(arguments)
        if len(calls) == 2:
            self.env.flush_all()
            os.kill(os.getpid(), signal.SIGKILL)

    with patch.object(settlements, "_release_some", release_some):
        release(env)


ACTIONS = {
    action.__name__: action
    for action in (
        fill,
        submit,
        approve,
        approve_for_the_job,
        invoice,
        credit,
        pay,
        drain,
        release,
        accrue,
        change_rate,
        submit_version,
    )
}


def act(env, name, *arguments):
    """Do one of the above."""
    return ACTIONS[name](env, *arguments)


def settlement_facts(env, settlement_id):
    """Return what became of a settlement, as plain data."""
    settlement = env["rebate.settlement"].browse(settlement_id)
    return {
        "state": settlement.state,
        "lines": sorted(settlement.line_ids.mapped("state")),
        "notes": len(settlement.move_ids),
        "customers": len(settlement.move_ids.partner_id),
        "amount": settlement.posted_amount,
    }


def version_facts(env, version_id):
    """Return what became of a version."""
    version = env["rebate.version"].browse(version_id)
    round_ = version.approval_round_id
    return {
        "state": version.state,
        "approval": version.approval_state,
        "as approved": version._approval_fingerprints()[version.id]
        == round_.fingerprint,
    }


def problems(env, setting, plan):
    """Return in words what is wrong with the figures of a programme.

    What the queue holds is worked off before, and the provision is booked.
    """
    engine = env["rebate.engine"]
    engine._drain()
    programme = env["rebate.programme"].browse(plan["programme"])
    balances = programme.period_ids.balance_ids
    found = [
        f"{balance.partner_id.name}: the ledger had to be corrected"
        for balance in engine._derive_balances(balances)
    ]
    env["rebate.accrual"]._accrue(balances)
    for balance in balances:
        found += _balance_problems(env, setting, balance)
    return found


def _balance_problems(env, setting, balance):
    lines = env["account.move.line"].search(
        [("rebate_balance_id", "=", balance.id), ("parent_state", "=", "posted")]
    )
    settled = env["rebate.settlement.line"].search(
        [("balance_id", "=", balance.id), ("state", "=", "posted")]
    )
    name = balance.partner_id.name
    found = []
    released = round(sum(lines.mapped("rebate_released")), 2)
    if balance.released_amount != released:
        found.append(f"{name}: {balance.released_amount} shown, {released} released")
    if released != round(sum(settled.mapped("posted_amount")), 2):
        found.append(f"{name}: {released} released, not what the settlements say")
    if len(settled) != len(settled.move_id):
        found.append(f"{name}: {len(settled.move_id)} notes of {len(settled)} lines")
    held = -sum(
        lines.filtered(lambda line: line.account_id.id == setting["provision"]).mapped(
            "balance"
        )
    )
    if round(held - balance.earned_amount + released, 2):
        found.append(f"{name}: provision {held}, earned {balance.earned_amount}")
    return found


def figures(env, plan):
    """Return ``[(earned, releasable, released)]`` of each customer."""
    programme = env["rebate.programme"].browse(plan["programme"])
    return [
        [b.earned_amount, b.releasable_amount, b.released_amount]
        for b in programme.period_ids.balance_ids.sorted("id")
    ]
