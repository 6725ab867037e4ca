"""Databases to measure in, each with an Odoo process of its own."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from tests.common import prepared
from tests.common.processes import Worker
from tools import templates
from tools.environment.steps import step

from . import inside, peers

PEER = "sale_tier_validation"
#: variant: how its orders are approved; see shop.set_up
KINDS = {
    "Odoo": "nothing",
    "our add-ons, control off": "off",
    "our add-ons, enforced": "enforced",
    f"OCA {PEER}": "tiers",
}
#: warnings of libraries are not what is looked for
QUIET = "--log-handler=:ERROR"


@dataclass
class Variant:
    """One database with its process; calls go one after the other."""

    name: str
    worker: Worker
    #: what shop.set_up made there
    setting: dict = field(default_factory=dict)

    def call(self, name: str, *arguments: object):
        """Call a function of this package there and return its result."""
        self.worker.send([[name, *arguments]])
        (answer,) = self.worker.receive()
        if answer.get("error"):
            raise RuntimeError(f"{self.name}: {answer['error']}: {answer['message']}")
        return answer["result"]


def small(*, ours: bool) -> str:
    """Return the template of a company without a past, with our add-ons or not."""
    return templates.ensure(with_addons=ours)


@contextlib.contextmanager
def opened(
    names: Sequence[str], template: Callable[..., str] = small
) -> Iterator[list[Variant]]:
    """Yield those of the variants that can be had, each ready to be called.

    :param template: `small`, or what gives another one for `ours` true and false
    """
    with contextlib.ExitStack() as stack:
        variants = []
        for name in names:
            options = [QUIET]
            if KINDS[name] == "tiers":
                addons = peers.ensure(PEER)
                if not addons:
                    continue
                options.append(f"--addons-path={addons}")
            kind = KINDS[name]
            database = stack.enter_context(
                prepared.copy_of(
                    template(ours=kind in ("off", "enforced")), f"bench_{kind}"
                )
            )
            if kind == "tiers":
                with step(f"Installing {PEER}"):
                    templates.install(database, [PEER], demo=False, options=options)
            worker = Worker(
                database, inside.call, user=None, retry=False, options=options
            )
            stack.callback(worker.end)
            variants.append(Variant(name, worker))
        for variant in variants:
            variant.worker.receive()  # it is ready
        yield variants
