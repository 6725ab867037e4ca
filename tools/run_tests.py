"""Run the tests: of the repository, of the add-ons, and with real processes.

They run in three parts because they need different surroundings: nothing at all, an
Odoo inside pytest, or databases and processes of their own. Arguments go to pytest;
paths among them choose the parts.
"""

import os
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field
from pathlib import Path

from tools import databases, templates
from tools.environment.paths import CACHE, CONFIG, ROOT
from tools.environment.steps import say, step
from tools.environment.system_packages import missing

REPORTS = CACHE / "reports"
NO_TESTS = 5
# pytest's options whose value is an argument of its own.
OPTIONS_WITH_VALUE = ("-k", "-m", "-p", "-c", "-n", "-o", "-r", "-W", "--tb")


@dataclass
class Part:
    """One run of pytest."""

    name: str
    title: str
    paths: tuple[str, ...]
    options: tuple[str, ...] = ("-p", "no:odoo")
    counts: dict[str, int] = field(default_factory=dict)

    def existing_paths(self) -> list[str]:
        """Return the default paths that hold tests."""
        return [path for path in self.paths if any((ROOT / path).rglob("test_*.py"))]


def other_folders(*taken: str) -> tuple[str, ...]:
    """Return the folders of tests/ that are not `taken`."""
    folders = (path for path in sorted((ROOT / "tests").iterdir()) if path.is_dir())
    names = [path.relative_to(ROOT).as_posix() for path in folders]
    return tuple(name for name in names if name not in taken)


REPOSITORY = Part(
    "repository", "Repository checks, without a database", ("tests/repo",)
)
PROCESSES = Part(
    "processes",
    "Real processes: installation, concurrency, browser",
    ("tests/concurrency", "tests/browser", "tests/lifecycle"),
)
ADDONS = Part(
    "addons",
    "Add-ons, inside Odoo",
    ("addons", *other_folders(*REPOSITORY.paths, *PROCESSES.paths)),
    options=(),
)
PARTS = (REPOSITORY, ADDONS, PROCESSES)


def part_of(path: str) -> Part:
    """Return the part that runs `path`."""
    relative = Path(path.partition("::")[0]).resolve().relative_to(ROOT).as_posix()
    for part in (REPOSITORY, PROCESSES):
        if any((relative + "/").startswith(own + "/") for own in part.paths):
            return part
    return ADDONS


def split(arguments: list[str]) -> tuple[list[str], dict[str, list[str]]]:
    """Split pytest's arguments into options and the paths of each part."""
    options: list[str] = []
    chosen: dict[str, list[str]] = {}
    takes_value = False
    for argument in arguments:
        is_path = Path(argument.partition("::")[0]).exists()
        if takes_value or argument.startswith("-") or not is_path:
            options.append(argument)
        elif Path(argument).resolve() in (ROOT, ROOT / "tests"):
            for part in PARTS:
                chosen.setdefault(part.name, []).extend(part.existing_paths())
        else:
            chosen.setdefault(part_of(argument).name, []).append(argument)
        takes_value = argument in OPTIONS_WITH_VALUE
    if not chosen:
        chosen = {part.name: part.existing_paths() for part in PARTS}
    return options, chosen


def run_part(part: Part, arguments: list[str]) -> int:
    """Run one part and return pytest's exit code; fills in its counts."""
    say(f"\n===== {part.title} =====")
    report = REPORTS / f"{part.name}.xml"
    report.unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", *part.options, *arguments]
    code = subprocess.run([*command, f"--junitxml={report}"], cwd=ROOT).returncode
    part.counts = read_counts(report)
    return code


def read_counts(report: Path) -> dict[str, int]:
    """Return how many tests passed, failed and were skipped."""
    try:
        suite = ElementTree.parse(report).getroot().find("testsuite").attrib
    except (OSError, ElementTree.ParseError, AttributeError):
        return {"passed": 0, "failed": 0, "skipped": 0}
    failed = int(suite["failures"]) + int(suite["errors"])
    skipped = int(suite["skipped"])
    passed = int(suite["tests"]) - failed - skipped
    return {"passed": passed, "failed": failed, "skipped": skipped}


def prepare(database: str) -> bool:
    """Copy the prepared database; tell whether there is one."""
    try:
        template = templates.ensure(with_addons=True)
        with step("Copying the prepared database"):
            databases.clone(template, database)
    except SystemExit:
        return False  # the failing step has said why
    return True


def run_addons(arguments: list[str]) -> int:
    """Run the add-ons' tests in a copy of the prepared database.

    ORDER_CONTROL_TEST_DATABASE names a database to use as it is instead.
    """
    own = os.environ.get("ORDER_CONTROL_TEST_DATABASE")
    database = own or templates.scratch("addons")
    if not own and not prepare(database):
        return 1
    options = [
        f"--odoo-database={database}",
        f"--odoo-config={CONFIG}",
        "--odoo-http",
        f"--odoo-extra=db-filter=^{database}$",
    ]
    try:
        return run_part(ADDONS, [*options, *arguments])
    finally:
        if not own:
            databases.drop(database)


def summary(codes: dict[str, int]) -> int:
    """Say how it went in one line; return the exit code of the whole."""
    say("")
    total = {"passed": 0, "failed": 0, "skipped": 0}
    for part in PARTS:
        for kind, count in part.counts.items():
            total[kind] += count
    bad = {name: code for name, code in codes.items() if code not in (0, NO_TESTS)}
    for name, code in bad.items():
        print(f"Failed: {name} (pytest ended with {code})")
    print(", ".join(f"{count} {kind}" for kind, count in total.items()), flush=True)
    if bad:
        return max(bad.values())
    if not total["passed"] and not total["skipped"]:
        say("No test matches what was asked for.")
        return NO_TESTS
    return 0


def main() -> int:
    """Run the parts that were asked for."""
    os.chdir(ROOT)
    REPORTS.mkdir(parents=True, exist_ok=True)
    templates.drop_abandoned()
    options, chosen = split(sys.argv[1:])
    for package, consequence in missing().items():
        say(f"Without {package}: {consequence}.")
    codes = {}
    for part in PARTS:
        if paths := chosen.get(part.name):
            runner = run_addons if part is ADDONS else None
            arguments = [*options, *paths]
            codes[part.name] = (
                runner(arguments) if runner else run_part(part, arguments)
            )
            if part is ADDONS and not part.counts:
                break  # nothing could be prepared: the rest would only repeat that
    return summary(codes)


if __name__ == "__main__":
    sys.exit(main())
