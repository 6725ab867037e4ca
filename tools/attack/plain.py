"""Odoo without any of the add-ons: its own credit limit."""

from . import inside
from .stack import Stack


class Plain(Stack):
    """Odoo's own applications."""

    name = "Odoo alone"
    module = "plain"
    areas = ("credit",)
    warns = True

    def switch_off(self, world, login: str) -> None:
        """Have somebody switch the limits off."""
        values = {"account_use_credit_limit": False}
        company = [world.setting["company"]]
        world.try_(login, "res.company", "write", company, values)

    def raise_limit(self, world, customer: int, login: str) -> None:
        """Have somebody give the customer more credit himself."""
        world.try_(login, "res.partner", "write", [customer], {"credit_limit": 1e6})


# Inside Odoo ---------------------------------------------------------------------


def set_up(env, setting: dict) -> dict:
    """Nothing more is needed."""
    return {}


def control(env, setting: dict, area: str) -> None:
    """Switch on what the area is about, and nothing else."""
    company = env["res.company"].browse(setting["company"])
    company.account_use_credit_limit = area == "credit"


def customer(env, setting: dict, limit: float) -> int:
    """Return a customer who may owe and have ordered so much."""
    partner_id = inside.customer(env, "Limited")
    set_limit(env, setting, partner_id, limit)
    return partner_id


def set_limit(env, setting: dict, partner_id: int, limit: float) -> None:
    """Give a customer this limit."""
    company = env["res.company"].browse(setting["company"])
    partner = env["res.partner"].browse(partner_id).with_company(company)
    partner.write({"use_partner_credit_limit": True, "credit_limit": limit})
