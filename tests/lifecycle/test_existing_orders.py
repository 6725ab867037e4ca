"""Orders taken before are left as they are: installing, upgrading, uninstalling."""

import pytest

from tests.lifecycle.conftest import change, module_states, odoo
from tests.lifecycle.orders import figures
from tools import templates

pytestmark = pytest.mark.lifecycle

addon = pytest.mark.parametrize("addon", templates.addons())


def test_installing_leaves_orders_as_they_are(with_orders, all_installed):
    before = figures(with_orders)
    assert len(before["orders"]) == 6
    assert figures(all_installed) == before
    assert set(module_states(all_installed).values()) == {"installed"}


@addon
def test_uninstalling_leaves_orders_as_they_are(addon, all_installed, copy):
    database = copy(all_installed)
    odoo(database, "module", "uninstall", "--database", database, addon)
    assert module_states(database)[addon] == "uninstalled"
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
