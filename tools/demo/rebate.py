"""Channel partners, an order fair with its board, a quarterly rebate to be released."""

from datetime import date

from odoo.fields import Command

#: customer: (kind, target at the fair)
PARTNERS = {
    "dealer": ("distributor", 40000.0),
    "engineering": ("agent", 60000.0),
    "waterworks": ("distributor", 80000.0),
    "shipyard": ("franchisee", 50000.0),
}
FAIR_TIERS = ((10000, 2), (40000, 4), (80000, 6))
QUARTER_TIERS = ((1000, 1), (5000, 2), (20000, 3))


def set_up(stage) -> None:
    """Open the partners' files, run a fair and prepare the release of a rebate."""
    env = stage.env
    files = _open_files(stage)
    env.company.write(_prepare_accounts(env))
    fair = _programme(stage, files, *_get_fair(), FAIR_TIERS, targets=True)
    quarter = _programme(stage, files, *_get_quarters(), QUARTER_TIERS)
    env["rebate.engine"]._drain()
    balance = env["rebate.balance"].search(
        [("programme_id", "=", fair.id), ("ordered_amount", ">", 0)], limit=1
    )
    balance.remark = "样品已交付 Samples delivered"
    _settle(stage, quarter)


def _get_fair() -> tuple[dict, dict]:
    """Return the values of the fair and its terms: released as paid and delivered."""
    today = date.today()
    return {
        "name": "Order fair 订货会",
        "kind": "fair",
        "date_from": today.replace(month=1, day=1),
        "date_to": today.replace(month=12, day=31),
    }, {
        "stage": "order",
        "payment_rule": "pro_rata",
        "execution_rule": "pro_rata",
        "prepayment_rate": 30,
    }


def _get_quarters() -> tuple[dict, dict]:
    """Return the values of a quarterly rebate and its terms: each part at its rate."""
    today = date.today()
    return {
        "name": "Quarterly rebate 季度返利",
        "kind": "quarter",
        "period_type": "quarter",
        "date_from": date(today.year - 1, 1, 1),
        "date_to": today.replace(month=12, day=31),
    }, {"payment_rule": "pro_rata", "tier_mode": "marginal"}


def _open_files(stage):
    files = stage.env["channel.partner"]
    year = date.today().year
    for number, (key, (kind, _target)) in enumerate(PARTNERS.items(), 1):
        files |= files.create(
            {
                "partner_id": stage.shop.customers[key].id,
                "code": f"CP-{number:03}",
                "kind": kind,
                "user_id": stage.users["sales"].id,
                "agreement_ids": [
                    Command.create(
                        {
                            "name": f"CA-{year}-{number:03}",
                            "date_from": date(year, 1, 1),
                            "date_to": date(year, 12, 31),
                            "date_signed": date(year - 1, 12, 20),
                        }
                    )
                ],
            }
        )
    files.action_activate()
    return files


def _prepare_accounts(env) -> dict:
    """Return the company's accounts of rebates, made for the purpose."""
    granted, provision = env["account.account"].create(
        [
            {
                "name": "Rebates granted 销售返利",
                "code": "RB6001",
                "account_type": "income",
            },
            {
                "name": "Provision for rebates 预计返利",
                "code": "RB2241",
                "account_type": "liability_current",
            },
        ]
    )
    return {
        "rebate_expense_account_id": granted.id,
        "rebate_provision_account_id": provision.id,
    }


def _programme(stage, files, values, terms, tiers, targets=False):
    """Create a programme as the sales manager; finance and management approve it."""
    author = stage.users["sales_manager"]
    partners = files.partner_id
    programme = (
        stage.env["rebate.programme"]
        .with_user(author)
        .create(
            {
                **values,
                "user_id": author.id,
                "participant_ids": [
                    Command.create({"partner_id": partner.id}) for partner in partners
                ],
            }
        )
    )
    terms["programme_id"] = programme.id
    terms["tier_ids"] = [
        Command.create({"value_from": low, "rate": rate}) for low, rate in tiers
    ]
    if targets:
        terms["target_ids"] = _prepare_targets(stage, programme)
    version = stage.env["rebate.version"].with_user(author).create(terms)
    version.action_submit_for_approval()
    _agree(stage, version)
    return programme


def _prepare_targets(stage, programme) -> list:
    goals = {
        stage.shop.customers[key]: target for key, (_kind, target) in PARTNERS.items()
    }
    return [
        Command.create({"participant_id": p.id, "target": goals[p.partner_id]})
        for p in programme.participant_ids
    ]


def _agree(stage, document) -> None:
    for login in ("finance", "management"):
        seat = document.sudo().approval_round_id.seat_ids.filtered(
            lambda seat, user=stage.users[login]: (
                seat.state == "open" and user in seat.candidate_ids
            )
        )
        seat[:1].with_user(stage.users[login]).action_approve()


def _settle(stage, programme) -> None:
    """Finance finds a settlement in the inbox."""
    settlement = (
        stage.env["rebate.settlement"]
        .with_user(stage.users["supervisor"])
        .create({"period_ids": [Command.set(programme.period_ids.ids)]})
    )
    settlement.action_fill()
    if settlement.line_ids:
        settlement.action_submit_for_approval()
