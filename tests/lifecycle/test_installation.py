"""Each add-on installs into a new database, with nothing but what it depends on."""

import pytest

from tests.common import prepared
from tests.lifecycle.conftest import change, module_states
from tools import dependencies, templates

pytestmark = pytest.mark.lifecycle


@pytest.mark.parametrize("addon", templates.addons())
def test_installs_alone(addon):
    apps = dependencies.of_odoo(addon)
    with prepared.copy_of(templates.ensure_modules(apps), addon) as database:
        change(database, "--init", addon)
        states = module_states(database)
        assert states[addon] == "installed"
        own = dependencies.own(addon)
        others = {n for n, state in states.items() if state == "installed"}
        unasked = others - own - {addon}
        assert not {
            name for name in unasked if not dependencies.is_automatic(name)
        }, "installed without being a dependency"
