"""Databases to measure in, each with an Odoo process of its own."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tests.common import prepared
from tests.common.processes import Worker
from tools import databases
from tools.environment.paths import LOGS
from tools.environment.steps import StepError, step

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


@contextlib.contextmanager
def opened(names: Sequence[str]) -> Iterator[list[Variant]]:
    """Yield those of the variants that can be had, each ready to be called."""
    with contextlib.ExitStack() as stack:
        variants = []
        for name in names:
            options = [QUIET]
            if KINDS[name] == "tiers":
                addons = peers.ensure(PEER)
                if not addons:
                    continue
                options.append(f"--addons-path={addons}")
            database = stack.enter_context(_database(KINDS[name], options))
            worker = Worker(
                database, inside.call, user=None, retry=False, options=options
            )
            stack.callback(worker.end)
            variants.append(Variant(name, worker))
        for variant in variants:
            variant.worker.receive()  # it is ready
        yield variants


@contextlib.contextmanager
def _database(kind: str, options: list[str]) -> Iterator[str]:
    """Yield a database of the kind; `options` say where Odoo finds a peer."""
    ours = kind in ("off", "enforced")
    prepare = prepared.with_addons if ours else prepared.with_apps
    with prepare(f"bench_{kind}") as database:
        if kind == "tiers":
            with step(f"Installing {PEER}"):
                _install(database, options)
        yield database


def _install(database: str, options: list[str]) -> None:
    log = LOGS / f"install-{PEER}.log"
    arguments = ["--database", database, "--init", PEER, *options]
    arguments += ["--stop-after-init", "--no-http", "--max-cron-threads=0"]
    if databases.odoo(*arguments, log=log).returncode:
        raise StepError(f"Odoo could not install it (see {log})")
