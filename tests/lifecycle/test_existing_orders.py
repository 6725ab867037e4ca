"""Orders taken before are left as they are: installing, upgrading, uninstalling."""

import pytest

from tests.lifecycle.conftest import change, module_states, odoo
from tests.lifecycle.orders import figures
from tools import dependencies, templates

pytestmark = pytest.mark.lifecycle


def layers() -> list[list[str]]:
    """Return the add-ons in layers: one's are needed by those of earlier ones only."""
    left = set(templates.addons())
    found = []
    while left:
        needed = set().union(*(dependencies.own(addon) for addon in left))
        found.append(sorted(left - needed))
        left &= needed
    return found


def test_installing_leaves_orders_as_they_are(with_orders, all_installed):
    before = figures(with_orders)
    assert len(before["orders"]) == 6
    assert figures(all_installed) == before
    assert set(module_states(all_installed).values()) == {"installed"}


def test_uninstalling_leaves_orders_as_they_are(all_installed, copy):
    """Layer after layer goes; what stays is still installed and orders are the same."""
    database = copy(all_installed)
    before = figures(all_installed)
    staying = set(templates.addons())
    for layer in layers():
        odoo(database, "module", "uninstall", "--database", database, *layer)
        staying -= set(layer)
        states = module_states(database)
        assert {name for name in states if states[name] == "installed"} == staying
        assert {states[name] for name in layer} == {"uninstalled"}
        assert figures(database) == before


def test_uninstalling_takes_along_what_needs_it(all_installed, copy):
    database = copy(all_installed)
    odoo(database, "module", "uninstall", "--database", database, "document_approval")
    gone = {a for a in templates.addons() if "document_approval" in dependencies.own(a)}
    states = module_states(database)
    assert {states[name] for name in gone | {"document_approval"}} == {"uninstalled"}
    assert figures(database) == figures(all_installed)


def test_upgrading_from_the_previous_commit(with_orders, previous_addons, copy):
    previous = {path.parent.name for path in previous_addons.glob("*/__manifest__.py")}
    common = [name for name in templates.addons() if name in previous]
    if not common:
        pytest.skip("the previous commit has none of the add-ons")
    database = copy(with_orders)
    change(database, "--init", ",".join(common), addons_path=previous_addons)
    assert figures(database) == figures(with_orders)
    change(database, "--update", ",".join(common))
    assert {module_states(database)[name] for name in common} == {"installed"}
    assert figures(database) == figures(with_orders)
