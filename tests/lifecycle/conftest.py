"""Databases the installations start from, each made once."""

import contextlib
import io
import os
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

from tests.common import prepared
from tests.common.processes import run
from tests.lifecycle import orders
from tools import databases, templates
from tools.environment.paths import LOGS, ROOT


def odoo(database: str, *arguments: str, addons_path: Path | None = None) -> str:
    """Run Odoo's command line on `database`; fail on an error in its log."""
    log = LOGS / "lifecycle" / f"{database}.log"
    options = ["--addons-path", str(addons_path)] if addons_path else []
    done = databases.odoo(*options, *arguments, log=log)
    text = log.read_text(errors="replace")
    problems = templates.errors(text) + own_warnings(text)
    assert done.returncode == 0, f"Odoo ended with {done.returncode}, see {log}"
    assert not problems, "\n".join(problems)
    return text


def own_warnings(log: str) -> list[str]:
    """Return the warnings that speak of our add-ons."""
    names = templates.addons()
    return [
        line
        for line in log.splitlines()
        if " WARNING " in line
        and any(name in line.partition(" WARNING ")[2] for name in names)
    ]


def module_states(database: str) -> dict[str, str]:
    """Return the state of each of our add-ons in `database`."""
    with databases.connection(database) as cursor:
        cursor.execute(
            "SELECT name, state FROM ir_module_module WHERE name = ANY(%s)",
            [templates.addons()],
        )
        return dict(cursor.fetchall())


def change(database: str, *arguments: str, addons_path: Path | None = None) -> str:
    """Install or upgrade modules in `database`."""
    return odoo(
        database,
        *("--database", database, "--stop-after-init", "--no-http"),
        *("--max-cron-threads", "0"),
        *arguments,
        addons_path=addons_path,
    )


@pytest.fixture(scope="session")
def with_orders():
    """Odoo's apps with orders in every state, without our add-ons."""
    with prepared.with_apps("orders") as database:
        assert run(database, orders.create) == 6
        yield database


@pytest.fixture(scope="session")
def all_installed(with_orders):
    """The same with all our add-ons installed afterwards."""
    with prepared.copy_of(with_orders, "all_installed") as database:
        change(database, "--init", ",".join(templates.addons()))
        yield database


@pytest.fixture
def copy(request):
    """Return a function that copies a database for the test at hand."""
    with contextlib.ExitStack() as stack:

        def make(source: str) -> str:
            name = request.node.name.partition("[")[2].rstrip("]")
            return stack.enter_context(prepared.copy_of(source, name or "copy"))

        yield make


@pytest.fixture(scope="session")
def previous_addons(tmp_path_factory) -> Path:
    """The add-ons of the previous commit, unpacked; skips if there is none."""
    archive = subprocess.run(
        ["git", "archive", "HEAD~1", "addons"], cwd=ROOT, capture_output=True
    )
    if archive.returncode:
        pytest.skip("there is no previous commit with add-ons")
    folder = tmp_path_factory.mktemp("previous")
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as tar:
        tar.extractall(folder)
    # The server's programs may run under another account.
    os.chmod(folder, 0o755)
    yield folder / "addons"
    shutil.rmtree(folder, ignore_errors=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what does not wait for the databases that other parts make."""
    items.sort(key=lambda item: "test_installation" not in item.nodeid)
