"""One set of add-ons that is to control orders; opened as a server in a database."""

import ast
import contextlib
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from tests.common import prepared
from tests.common.processes import Worker
from tests.common.server import serve
from tools import templates
from tools.bench import peers
from tools.environment.steps import step

from . import inside
from .world import World

QUIET = "--log-handler=:ERROR"


class NotAvailable(Exception):
    """Nobody can do this there."""


def _missing(self, world, *arguments: object) -> None:
    """Not there in this stack."""
    raise NotAvailable


class Stack:
    """What differs between the ones attacked. ``world`` is a :class:`.world.World`.

    What is not defined here nobody can do there: the route is not available.
    """

    #: over its column
    name = ""
    #: with the functions that run inside Odoo: set_up, control, customer, set_limit
    module = ""
    #: modules of others it needs
    peers: Sequence[str] = ()
    with_addons = False
    #: what it controls
    areas: Sequence[str] = ()
    #: whether it warns on the form, and does no more
    warns = False
    #: routes that are no way around control, in whatever stack, and why
    meant: Mapping[str, str] = MappingProxyType(
        {
            "down_payment": "payment in advance; the order stays unapproved",
            "invoice_alone": "an invoice of goods that no order is about",
        }
    )
    submit = decide = decide_all = forge_state = forge_records = _missing
    delete_records = create_records = join_reviewers = raise_limit = _missing
    pass_dialog = switch_off = _missing

    @classmethod
    def versions(cls) -> dict[str, str]:
        """Return the versions of what it has of others."""
        return {
            manifest.parent.name: ast.literal_eval(manifest.read_text())["version"]
            for folder in map(peers.ensure, cls.peers)
            if folder
            for manifest in sorted(folder.glob("*/__manifest__.py"))
        }

    @contextlib.contextmanager
    def opened(self) -> Iterator[World | None]:
        """Yield a company under this stack; None when it cannot be had."""
        options = [QUIET]
        if self.peers:
            folders = [peers.ensure(module) for module in self.peers]
            if not all(folders):
                yield None
                return
            options.append("--addons-path=" + ",".join(map(str, folders)))
        prepare = prepared.with_addons if self.with_addons else prepared.with_apps
        with prepare(f"attack_{self.module}") as database:
            if self.peers:
                with step(f"Installing {', '.join(self.peers)}"):
                    templates.install(database, self.peers, demo=False, options=options)
            worker = Worker(
                database, inside.call, user=None, retry=True, options=options
            )
            try:
                with serve(database, options=options[1:]) as server:
                    worker.receive()  # it is ready
                    yield World(self, server, worker)
            finally:
                worker.end()
