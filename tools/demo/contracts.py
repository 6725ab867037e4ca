"""A framework and contracts of orders: in review, being signed, signed and archived."""

from datetime import date, timedelta

#: tasks of the departments when a contract is signed
TASKS = {
    "production": "排产并回复交期 Plan production, confirm the date",
    "warehouse": "预留库存 Reserve the stock",
}


def set_up(stage) -> None:
    """Brief departments, then draft, review and sign contracts of open orders."""
    env = stage.env
    _brief(env)
    orders = env["sale.order"].search(
        [("state", "in", ("draft", "sent")), ("contract_id", "=", False)], limit=3
    )
    for step, order in enumerate(orders):
        contract = _draft(stage, order)
        if step > 0:
            _review(contract)
        if step > 1:
            contract.action_send()
            contract.with_user(contract.signer_id).action_sign()


def _brief(env):
    departments = env["document.approval.department"].search(
        [("company_id", "=", env.company.id), ("code", "in", list(TASKS))]
    )
    env["sale.contract.briefing.template"].create(
        [
            {
                "company_id": env.company.id,
                "department_id": department.id,
                "tasks": TASKS[department.code],
            }
            for department in departments
        ]
    )


def _draft(stage, order):
    """Draft the contract of one order, delivered in thirty days."""
    contract = stage.env["sale.contract"].create(
        {
            "partner_id": order.partner_id.id,
            "currency_id": order.currency_id.id,
            "user_id": order.user_id.id or stage.users["sales"].id,
            "signer_id": stage.users["management"].id,
            "date_delivery": date.today() + timedelta(days=30),
            "payment_text": "30 % in advance 预付三成",
        }
    )
    # in the language of the customer
    contract._take_template(stage.env.ref("sale_contract_ledger.template_order"))
    order.contract_id = contract
    return contract


def _review(contract):
    """Let everybody who is asked agree, level after level."""
    contract.action_submit_for_approval()
    round_sudo = contract.sudo().approval_round_id
    while seats := round_sudo.seat_ids.filtered(lambda seat: seat.state == "open"):
        for seat in seats:
            seat.with_user(seat.candidate_ids[0]).action_approve(
                answers=dict.fromkeys(seat.check_ids.ids, "yes")
            )
