"""Prepared databases: Odoo's apps, and on top of them our add-ons.

Each carries in its name a key of what it was made from, so that a change of Odoo or
of the add-ons makes a new one and the old one goes.
"""

import ast
import hashlib
import json
import os
import re
from collections.abc import Callable, Sequence

from tools import databases
from tools.environment.paths import ADDONS, CACHE, LOGS, ROOT, write_atomically
from tools.environment.steps import StepError, exclusive, step

# What an order meets in a company that uses Odoo widely.
APPS = (
    "account",
    "crm",
    "delivery",
    "event_sale",
    "mrp",
    "pos_sale",
    "purchase_stock",
    "sale_loyalty",
    "sale_management",
    "sale_stock",
    "sale_timesheet",
    "website_sale",
)
SOURCES = ("*.py", "*.xml", "*.csv", "*.po", "*.pot", "*.js", "*.scss", "*.svg")
FAILURES = re.compile(r"^\S+ \S+ \d+ (?:ERROR|CRITICAL) .*", re.M)
# Which modules the databases of `ensure_modules` have.
NOTES = CACHE / "stamps" / "templates.json"


def addons() -> list[str]:
    """Return the names of the add-ons that can be installed."""
    return [name for name in _installable() if not name.startswith("test_")]


def addons_for_tests() -> list[str]:
    """Return the names of those that only serve tests."""
    return [name for name in _installable() if name.startswith("test_")]


def _installable() -> list[str]:
    found = []
    for manifest in sorted(ADDONS.glob("*/__manifest__.py")):
        if ast.literal_eval(manifest.read_text()).get("installable", True):
            found.append(manifest.parent.name)
    return found


def ensure(*, with_addons: bool, demo: bool = False) -> str:
    """Return the name of a current template with APPS, made if need be."""
    kind = f"apps{'_addons' if with_addons else ''}{'_demo' if demo else ''}"
    key = _key(_odoo_version(), *APPS)
    if with_addons:
        key = _key(key, *_fingerprints())
    name = _name(kind, key)
    with exclusive(f"database-{kind}"):
        if databases.exists(name):
            return name
        _drop_older(kind)
        title = "our add-ons" if with_addons else "Odoo's apps (some minutes, once)"
        with step(f"Database with {title}{', demonstration data' if demo else ''}"):
            if with_addons:
                base = ensure(with_addons=False, demo=demo)
                _make(name, base, addons() + addons_for_tests(), demo)
            else:
                _make(name, None, APPS, demo)
    return name


def addons_state() -> str:
    """Return what tells one state of the add-ons and Odoo from another."""
    return _key(_odoo_version(), *_fingerprints())


def ensure_modules(modules: Sequence[str]) -> str:
    """Return the name of a current template with just these modules of Odoo.

    It grows from the largest one whose modules are among them.
    """
    name = _name("just", _key(_odoo_version(), *modules))
    with exclusive("database-just"):
        if databases.exists(name):
            return name
        known = _noted()
        smaller = [other for other, has in known.items() if {*has} < {*modules}]
        base = max(smaller, key=lambda other: len(known[other]), default=None)
        with step(f"Database with {', '.join(modules)}"):
            _make(name, base, modules, demo=False)
        noted = {"odoo": _odoo_version(), "modules": {**known, name: list(modules)}}
        write_atomically(NOTES, json.dumps(noted, indent=1))
    return name


def ensure_filled(kind: str, key: str, fill: Callable[[str], None]) -> str:
    """Return the name of a template of a measurement, made if need be.

    :param key: what it is made from; with another one it is made anew
    :param fill: makes the database of the name it is given
    """
    name = _name(kind, _key(_odoo_version(), key))
    with exclusive(f"database-{kind}"):
        if not databases.exists(name):
            _drop_older(kind)
            unfinished = f"{name}_new"
            fill(unfinished)
            databases.rename(unfinished, name)
    return name


def install(
    database: str,
    modules: Sequence[str],
    *,
    demo: bool,
    update: bool = False,
    options: Sequence[str] = (),
) -> None:
    """Install `modules` into `database`; raises StepError with what Odoo said."""
    log = LOGS / f"install-{database}.log"
    done = databases.odoo(
        *("--database", database),
        *("--update" if update else "--init", ",".join(modules)),
        *(["--with-demo"] if demo else []),
        *("--stop-after-init", "--no-http", "--max-cron-threads=0"),
        *options,
        log=log,
    )
    problems = errors(log.read_text(errors="replace"))
    if done.returncode or problems:
        raise StepError(
            f"Odoo could not install {', '.join(modules)} (whole log: {log}):\n"
            + "\n".join(problems[:10]),
            "mend the add-on and run this again",
        )


def errors(log: str) -> list[str]:
    """Return the lines of a log that tell of an error."""
    return FAILURES.findall(log)


def scratch(name: str) -> str:
    """Return a name for a database that is dropped when this process has ended."""
    return f"{_scratch_prefix()}{os.getpid()}_{name}"


def drop_abandoned() -> None:
    """Drop the scratch databases of processes that are no more."""
    prefix = _scratch_prefix()
    for name in databases.names():
        process = name.removeprefix(prefix).partition("_")[0]
        if name.startswith(prefix) and not os.path.exists(f"/proc/{process}"):
            databases.drop(name)


def _scratch_prefix() -> str:
    return f"tests_{_key(str(ROOT))[:4]}_"


def _make(name: str, base: str | None, modules: Sequence[str], demo: bool) -> None:
    """Make the template under another name, and name it when it is complete."""
    unfinished = f"{name}_new"
    databases.drop(unfinished)
    if base:
        databases.clone(base, unfinished)
    else:
        databases.create(unfinished)
    if modules:
        install(unfinished, modules, demo=demo)
    databases.rename(unfinished, name)


def _noted() -> dict[str, list[str]]:
    """Return the modules of each database of `ensure_modules`; stale ones go."""
    noted = json.loads(NOTES.read_text()) if NOTES.exists() else {}
    if noted.get("odoo") != _odoo_version():
        _drop_older("just")
        return {}
    return {
        name: modules
        for name, modules in noted["modules"].items()
        if databases.exists(name)
    }


def _drop_older(kind: str) -> None:
    for name in databases.names():
        if name.rpartition("_")[0] == _name(kind, "").rstrip("_"):
            databases.drop(name)


def _name(kind: str, key: str) -> str:
    """Checkouts that share a server do not share databases."""
    return f"template_{_key(str(ROOT))[:4]}_{kind}_{key}"


def _odoo_version() -> str:
    return os.environ["ORDER_CONTROL_ODOO_VERSION"]


def _key(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


def _fingerprints() -> list[str]:
    """Return one line for each source file of the add-ons that Odoo loads."""
    files = {
        path
        for name in _installable()
        for pattern in SOURCES
        for path in (ADDONS / name).rglob(pattern)
        if "tests" not in path.relative_to(ADDONS).parts
    }
    return [
        f"{path.relative_to(ADDONS)} {hashlib.sha256(path.read_bytes()).hexdigest()}"
        for path in sorted(files)
    ]
