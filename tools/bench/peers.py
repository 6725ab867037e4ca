"""Add-ons of others, fetched to be measured beside ours; never part of the product."""

import sys
from pathlib import Path

from tools.environment.paths import CACHE
from tools.environment.steps import run, say, step

FOLDER = CACHE / "peers"
# Without what Odoo brings: pip would look for Odoo itself.
PACKAGES = {
    "sale_tier_validation": (
        "odoo-addon-sale-tier-validation==19.0.*",
        "odoo-addon-base-tier-validation==19.0.*",
    ),
    "sale_financial_risk": (
        "odoo-addon-sale-financial-risk==19.0.*",
        "odoo-addon-account-financial-risk==19.0.*",
    ),
    "account_commission_oca": (
        "odoo-addon-account-commission-oca==19.0.*",
        "odoo-addon-commission-oca==19.0.*",
    ),
    "agreement_rebate": (
        "odoo-addon-agreement-rebate==19.0.*",
        "odoo-addon-agreement==19.0.*",
        "odoo-addon-account-invoice-refund-link==19.0.*",
    ),
    "stock_interwarehouse_transfer": (
        "odoo-addon-stock-interwarehouse-transfer==19.0.*",
    ),
}


def ensure(module: str) -> Path | None:
    """Return the add-ons path that holds `module`; None when it cannot be fetched."""
    folder = FOLDER / module
    addons = folder / "odoo" / "addons"
    if (addons / module).is_dir():
        return addons
    command = [sys.executable, "-m", "pip", "install", "--no-deps", "--upgrade"]
    command += ["--target", str(folder), *PACKAGES[module]]
    try:
        with step(f"Fetching {module}, to measure it too"):
            run(command, log=f"peer-{module}")
    except SystemExit:
        say(f"{module} cannot be fetched and is left out of the measurement.")
        return None
    return addons
