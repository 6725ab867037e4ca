"""Which modules an add-on needs, read from the manifests."""

import ast
import functools
from pathlib import Path

from tools.environment.paths import ADDONS


@functools.cache
def _manifest(addon: str) -> dict:
    path = ADDONS / addon / "__manifest__.py"
    return ast.literal_eval(path.read_text(encoding="utf-8")) if path.exists() else {}


def is_own(name: str) -> bool:
    """Tell whether the module is one of our add-ons."""
    return Path(ADDONS, name, "__manifest__.py").exists()


def is_automatic(addon: str) -> bool:
    """Tell whether the add-on installs by itself when its dependencies are there."""
    return bool(_manifest(addon).get("auto_install"))


def own(addon: str) -> set[str]:
    """Return those of our add-ons that `addon` needs, directly or not."""
    found: set[str] = set()
    for name in _manifest(addon).get("depends", []):
        if is_own(name):
            found |= {name} | own(name)
    return found


def of_odoo(addon: str) -> tuple[str, ...]:
    """Return Odoo's modules that `addon` names itself or through our add-ons."""
    names = {
        name
        for part in {addon} | own(addon)
        for name in _manifest(part).get("depends", [])
        if not is_own(name)
    }
    return tuple(sorted(names))
