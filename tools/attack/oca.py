"""OCA's add-ons for the same work, set as strictly as they can be."""

from odoo.fields import Command

from . import inside
from .stack import Stack

REVIEW = "tier.review"
#: whatever may count as a risk
RISKS = (
    "risk_sale_order",
    "risk_invoice_draft",
    "risk_invoice_open",
    "risk_invoice_unpaid",
    "risk_account_amount",
    "risk_account_amount_unpaid",
)


class Oca(Stack):
    """OCA's `sale_tier_validation` and `sale_financial_risk`."""

    name = "OCA"
    module = "oca"
    peers = ("sale_tier_validation", "sale_financial_risk")
    areas = ("approval", "credit")

    def submit(self, world, order: int, login: str = "seller") -> None:
        """Have the order's review requested."""
        world.as_(login).call("sale.order", "request_validation", [order])

    def decide(self, world, order: int, login: str) -> None:
        """Have somebody agree, wherever it is his turn."""
        world.try_(login, "sale.order", "validate_tier", [order])

    decide_all = decide

    def forge_state(self, world, order: int) -> None:
        """Write on the order itself that it was approved."""
        values = {"validation_status": "validated"}
        world.try_("seller", "sale.order", "write", [order], values)

    def forge_records(self, world, order: int) -> None:
        """Write on what is asked of reviewers that they agreed."""
        values = {"status": "approved"}
        world.try_("seller", REVIEW, "write", self._reviews(world, order), values)

    def delete_records(self, world, order: int) -> None:
        """Delete what is asked of reviewers."""
        world.try_("seller", REVIEW, "unlink", self._reviews(world, order))

    def create_records(self, world, order: int) -> None:
        """Create what says that reviewers agreed, in place of what is there."""
        self.delete_records(world, order)
        values = {"model": "sale.order", "res_id": order, "status": "approved"}
        world.try_("seller", REVIEW, "create", [values])

    def join_reviewers(self, world, order: int, login: str) -> None:
        """Have somebody enter himself where reviewers are named."""
        values = {"reviewer_ids": [[4, world.as_(login).uid]]}
        world.try_(login, REVIEW, "write", self._reviews(world, order), values)

    def switch_off(self, world, login: str) -> None:
        """Have somebody switch control off, or put its rules away."""
        company, values = [world.setting["company"]], {}
        values["allow_overrisk_sale_confirmation"] = True
        world.try_(login, "res.company", "write", company, values)
        definitions = world.find("tier.definition", [("model", "=", "sale.order")])
        values = {"active": False}
        world.try_(login, "tier.definition", "write", definitions, values)

    def raise_limit(self, world, customer: int, login: str) -> None:
        """Have somebody give the customer more credit himself."""
        for values in (
            {"credit_limit": 1e6},
            {f"{risk}_include": False for risk in RISKS},
        ):
            world.try_(login, "res.partner", "write", [customer], values)

    def pass_dialog(self, world, dialog: dict, login: str) -> None:
        """Press the button of the dialog that asks whether to go on."""
        model, number = dialog["res_model"], dialog["res_id"]
        world.try_(login, model, "button_continue", [number])

    def _reviews(self, world, order: int) -> list[int]:
        domain = [("model", "=", "sale.order"), ("res_id", "=", order)]
        return world.find(REVIEW, domain)


# Inside Odoo ---------------------------------------------------------------------


def set_up(env, setting: dict) -> dict:
    """Two reviews of every order, one after the other, each by four eyes."""
    for risk in RISKS:  # who is new may owe nothing
        env["ir.default"].set("res.partner", f"{risk}_include", True)
    users = setting["users"]
    groups = {
        2: ("first reviewer", "playing reviewer"),
        1: ("second reviewer",),
    }
    for sequence, logins in groups.items():
        group = env["res.groups"].create(
            {
                "name": f"Reviewers {sequence}",
                "user_ids": [Command.set([users[login] for login in logins])],
            }
        )
        env["tier.definition"].create(
            {
                "name": f"Review {sequence}",
                "model_id": env["ir.model"]._get_id("sale.order"),
                "review_type": "group",
                "reviewer_group_id": group.id,
                "definition_domain": "[]",
                "sequence": sequence,
                "approve_sequence": True,
                "exclude_requester": True,
            }
        )
    return {}


def control(env, setting: dict, area: str) -> None:
    """Switch on what the area is about, and nothing else."""
    definitions = env["tier.definition"].with_context(active_test=False)
    definitions.search([]).active = area == "approval"
    company = env["res.company"].browse(setting["company"])
    # Odoo's own switch, which shows the limits
    company.account_use_credit_limit = area == "credit"
    company.allow_overrisk_sale_confirmation = area != "credit"
    company.allow_overrisk_invoice_validation = area != "credit"


def customer(env, setting: dict, limit: float) -> int:
    """Return a customer who may owe and have ordered so much."""
    partner_id = inside.customer(env, "Limited")
    set_limit(env, setting, partner_id, limit)
    return partner_id


def set_limit(env, setting: dict, partner_id: int, limit: float) -> None:
    """Give a customer this limit, in which everything counts."""
    company = env["res.company"].browse(setting["company"])
    partner = env["res.partner"].browse(partner_id).with_company(company)
    partner.write({f"{risk}_include": True for risk in RISKS})
    # nothing may be overdue at all
    partner.write({"credit_limit": limit, "risk_invoice_unpaid_limit": 0.01})
