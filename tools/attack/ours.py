"""Our add-ons: how orders are approved, customers limited and goods held back."""

from odoo.fields import Command, Datetime

from . import inside
from .stack import Stack

#: department: login of its only member
SEATS = {"sales": "first reviewer", "management": "second reviewer"}
SEAT, ROUND = "document.approval.seat", "document.approval.round"


class Ours(Stack):
    """The add-ons of this repository."""

    name = "these add-ons"
    module = "ours"
    with_addons = True
    areas = ("approval", "credit", "goods")

    def submit(self, world, order: int, login: str = "seller") -> None:
        """Have the order submitted for approval."""
        world.as_(login).call("sale.order", "action_submit_for_approval", [order])

    def decide(self, world, order: int, login: str) -> None:
        """Have somebody agree, with whatever seat of the order is open."""
        for seat in self._find(world, SEAT, order, [("state", "=", "open")]):
            world.try_(login, SEAT, "action_approve", [seat])

    def decide_all(self, world, order: int, login: str) -> None:
        """Have somebody agree for all seats, one after the other."""
        for seat in self._find(world, SEAT, order):
            world.try_(login, SEAT, "action_approve", [seat])

    def forge_state(self, world, order: int) -> None:
        """Write on the order itself that it was approved."""
        for values in (
            {"approval_state": "approved"},
            {"approval_round_id": self._approved_round(world)},
        ):
            world.try_("seller", "sale.order", "write", [order], values)

    def forge_records(self, world, order: int) -> None:
        """Write on what is asked of reviewers that they agreed."""
        values = {"state": "approved"}
        for login in ("seller", "employee", "first reviewer"):
            world.try_(login, SEAT, "write", self._find(world, SEAT, order), values)
            world.try_(login, ROUND, "write", self._find(world, ROUND, order), values)

    def delete_records(self, world, order: int) -> None:
        """Delete what is asked of reviewers."""
        world.try_("seller", SEAT, "unlink", self._find(world, SEAT, order))
        world.try_("seller", ROUND, "unlink", self._find(world, ROUND, order))

    def create_records(self, world, order: int) -> None:
        """Create what says that reviewers agreed."""
        values = {
            "res_model": "sale.order",
            "res_id": order,
            "company_id": world.setting["company"],
            "requester_id": world.as_("seller").uid,
            "number": 9,
            "state": "approved",
        }
        world.try_("seller", ROUND, "create", [values])
        (round_id, *_older) = self._find(world, ROUND, order) or [1]
        for seat in self._find(world, SEAT, order):
            values = {
                "round_id": round_id,
                "seat_id": seat,
                "kind": "approve",
                "user_id": world.setting["users"]["first reviewer"],
            }
            world.try_("seller", "document.approval.decision", "create", [values])

    def join_reviewers(self, world, order: int, login: str) -> None:
        """Have somebody enter himself where reviewers are named."""
        uid = world.as_(login).uid
        seats = self._find(world, SEAT, order)
        world.try_(login, SEAT, "write", seats, {"candidate_ids": [[4, uid]]})
        model = "document.approval.department"
        departments = world.find(model, [("code", "in", list(SEATS))])
        world.try_(login, model, "write", departments, {"member_ids": [[4, uid]]})

    def switch_off(self, world, login: str) -> None:
        """Have somebody switch control off, or put its rules away."""
        company = [world.setting["company"]]
        for name in ("document_approval_mode", "credit_mode"):
            world.try_(login, "res.company", "write", company, {name: "off"})
        model = "document.approval.flow"
        flows = world.find(model, [("model", "=", "sale.order")])
        world.try_(login, model, "write", flows, {"active": False})

    def raise_limit(self, world, customer: int, login: str) -> None:
        """Have somebody give the customer more credit himself."""
        accounts = world.find(
            "customer.credit.account", [("partner_id", "=", customer)]
        )
        for account in accounts:
            values = {"account_id": account, "kind": "standing", "amount": 1e6}
            world.try_(login, "customer.credit.entitlement", "create", values)
        model = "customer.credit.account"
        world.try_(login, model, "write", accounts, {"mode": "unmanaged"})
        values = {"credit_limit": 1e6, "use_partner_credit_limit": True}
        world.try_(login, "res.partner", "write", [customer], values)

    def _find(self, world, model: str, order: int, more=()) -> list[int]:
        path = "round_id.res_id" if model == SEAT else "res_id"
        return world.find(model, [(path, "=", order), *more])

    def _approved_round(self, world) -> int:
        found = world.find(ROUND, [("state", "=", "approved")])
        return found[0] if found else 1


# Inside Odoo ---------------------------------------------------------------------


def set_up(env, setting: dict) -> dict:
    """Seat the reviewers, name what goods wait for; return more of the setting."""
    company = env["res.company"].browse(setting["company"])
    company._sale_policy_create_default_flow()
    departments = company._sale_policy_create_default_departments()
    _fill(departments, setting)
    _ask_two_levels(env, departments)
    types = env["sale.order.type"]
    # there is enough of everything, and nobody is to look whether there is
    types.search([]).check_feasibility = False
    signed, released = types.create(
        [
            {"name": name, "sequence": 999, "company_id": company.id, **values}
            for name, values in {
                "Signed for": {"handover_requires_acceptance": True},
                "Released": {
                    "handover_confirm_shipping": True,
                    "handover_check_delivery": True,
                },
            }.items()
        ]
    )
    return {"signed": signed.id, "released": released.id}


def _fill(departments: dict, setting: dict) -> None:
    users = setting["users"]
    for code, login in {**SEATS, "logistics": "other reviewer"}.items():
        if code in departments:
            departments[code].member_ids = [Command.set([users[login]])]
    playing = users["playing reviewer"]
    departments["sales"].member_ids = [Command.link(playing)]
    departments["finance"].member_ids = [Command.set([users["other reviewer"]])]


def _ask_two_levels(env, departments: dict) -> None:
    """Replace the usual flow by two levels, which take part in every order."""
    flows = env["document.approval.flow"]
    flows.search([("model", "=", "sale.order")]).action_archive()
    flows.create(
        {
            "name": "Every order",
            "model_id": env["ir.model"]._get_id("sale.order"),
            "level_ids": [
                Command.create(
                    {
                        "name": code,
                        "sequence": number,
                        "seat_ids": [
                            Command.create({"department_id": departments[code].id})
                        ],
                    }
                )
                for number, code in enumerate(SEATS, 1)
            ],
        }
    )


def control(env, setting: dict, area: str) -> None:
    """Switch on what the area is about, and nothing else."""
    company = env["res.company"].browse(setting["company"])
    company.document_approval_mode = "enforce" if area == "approval" else "off"
    company.write(
        {
            "credit_mode": "enforce" if area == "credit" else "off",
            "credit_default_mode": "prepay",
        }
    )
    kinds = env["sale.order.type"]
    on = area == "goods"
    kinds.browse(setting["signed"]).handover_requires_acceptance = on
    kinds.browse(setting["released"]).write(
        {"handover_confirm_shipping": on, "handover_check_delivery": on}
    )


def customer(env, setting: dict, limit: float) -> int:
    """Return a customer who may owe and have ordered so much."""
    partner_id = inside.customer(env, "Limited")
    set_limit(env, setting, partner_id, limit)
    return partner_id


def set_limit(env, setting: dict, partner_id: int, limit: float) -> None:
    """Give a customer this limit, instead of the one there was."""
    company = env["res.company"].browse(setting["company"])
    account = env["customer.credit.account"]._bump(
        company, env["res.partner"].browse(partner_id)
    )
    account._credit_apply({"mode": "limited"})
    entitlements = env["customer.credit.entitlement"]
    old = entitlements.search([("account_id", "=", account.id)])
    old.write({"date_ended": Datetime.now()})
    entitlements.create({"account_id": account.id, "kind": "standing", "amount": limit})
