"""Run the tests: of the repository, of the add-ons, and with real processes.

They run in parts because they need different surroundings: nothing at all, an Odoo
inside pytest, or databases and processes of their own. Two parts run at a time, each
on databases of its own; what a part has to say is printed whole when it has ended.
Arguments go to pytest; paths among them choose the parts.
"""

import os
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path

from tools import databases, templates
from tools.browser import free_port
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
    #: in a copy of the prepared database, with Odoo inside pytest
    inside_odoo: bool = False
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
LIFECYCLE = Part("lifecycle", "Installation and upgrade", ("tests/lifecycle",))
CONCURRENCY = Part("concurrency", "Several processes at once", ("tests/concurrency",))
BROWSER = Part("browser", "Walks in a browser", ("tests/browser",))
ADDONS = Part("addons", "Add-ons, inside Odoo", ("addons",), inside_odoo=True)
APART = (REPOSITORY, LIFECYCLE, CONCURRENCY, BROWSER)
SUITE = Part(
    "suite",
    "All add-ons together, inside Odoo",
    other_folders(*(path for part in APART for path in part.paths)),
    inside_odoo=True,
)
#: the long ones first, so that the last ones end at about the same time
PARTS = (REPOSITORY, ADDONS, LIFECYCLE, SUITE, CONCURRENCY, BROWSER)
AT_A_TIME = 2
REPORT_EVERY = 60
#: who uses these watches one part at a time
WATCHING = {"-s", "--pdb", "--trace", "--capture=no"}


def part_of(path: str) -> Part:
    """Return the part that runs `path`."""
    relative = Path(path.partition("::")[0]).resolve().relative_to(ROOT).as_posix()
    for part in PARTS:
        if any((relative + "/").startswith(own + "/") for own in part.paths):
            return part
    return SUITE


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


def run_part(part: Part, arguments: list[str], log: Path | None) -> int:
    """Run one part and return pytest's exit code; fills in its counts.

    :param log: a file for what it says; None: to the screen
    """
    if part.inside_odoo:
        return run_inside_odoo(part, arguments, log)
    return run_pytest(part, ["-p", "no:odoo", *arguments], log)


def run_pytest(part: Part, arguments: list[str], log: Path | None) -> int:
    """Run pytest to its end; fills in the counts."""
    report = REPORTS / f"{part.name}.xml"
    report.unlink(missing_ok=True)
    options = ["-p", "tools.pytest_memory", f"--junitxml={report}"]
    command = [sys.executable, "-m", "pytest", *options, *arguments]
    if log:
        with log.open("w") as output:
            code = subprocess.run(
                command,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            ).returncode
    else:
        code = subprocess.run(command, cwd=ROOT).returncode
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
            databases.keep_from_vacuum(database)
    except SystemExit:
        return False  # the failing step has said why
    return True


def run_inside_odoo(part: Part, arguments: list[str], log: Path | None) -> int:
    """Run a part in a copy of the prepared database, on a port of its own.

    ORDER_CONTROL_TEST_DATABASE names a database to use as it is instead.
    """
    own = os.environ.get("ORDER_CONTROL_TEST_DATABASE")
    database = own or templates.scratch(part.name)
    if not own and not prepare(database):
        return 1
    options = [
        f"--odoo-database={database}",
        f"--odoo-config={CONFIG}",
        "--odoo-http",
        f"--odoo-extra=db-filter=^{database}$",
        f"--odoo-extra=http-port={free_port()}",
    ]
    try:
        return run_pytest(part, [*options, *arguments], log)
    finally:
        if not own:
            databases.drop(database)


def run_one_by_one(chosen: list[tuple[Part, list[str]]]) -> dict[str, int]:
    """Run the parts while somebody looks on; return their exit codes."""
    codes = {}
    for part, arguments in chosen:
        say(f"\n===== {part.title} =====")
        codes[part.name] = run_part(part, arguments, log=None)
        if not part.counts:
            break  # nothing could be prepared: the rest would only repeat that
    return codes


def run_side_by_side(chosen: list[tuple[Part, list[str]]]) -> dict[str, int]:
    """Run the parts, two at a time; print each when it has ended."""
    codes: dict[str, int] = {}
    start = time.monotonic()
    waiting = list(chosen)
    running: dict[Future, Part] = {}
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        while waiting or running:
            while waiting and len(running) < AT_A_TIME:
                part, arguments = waiting.pop(0)
                log = REPORTS / f"{part.name}.log"
                running[pool.submit(run_part, part, arguments, log)] = part
            done, _rest = wait(running, REPORT_EVERY, FIRST_COMPLETED)
            for future in done:
                part = running.pop(future)
                codes[part.name] = future.result()
                show(part)
                if not part.counts:
                    waiting = []  # the rest would only fail in the same way
            names = ", ".join(part.title for part in running.values())
            if names:
                say(f"-- {time.monotonic() - start:.0f} s, running: {names}")
    return codes


def show(part: Part) -> None:
    """Print all that a part said, under its title."""
    say(f"\n===== {part.title} =====")
    log = REPORTS / f"{part.name}.log"
    if part.counts and log.exists():
        print(log.read_text(errors="replace"), flush=True)


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
    parts = [
        (part, [*options, *paths]) for part in PARTS if (paths := chosen.get(part.name))
    ]
    # a database of one's own is one for all
    alone = len(parts) == 1 or os.environ.get("ORDER_CONTROL_TEST_DATABASE")
    watched = alone or WATCHING.intersection(options)
    codes = run_one_by_one(parts) if watched else run_side_by_side(parts)
    return summary(codes)


if __name__ == "__main__":
    sys.exit(main())
