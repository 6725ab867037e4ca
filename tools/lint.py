"""Check the sources without running them: Python, Odoo's habits, XML, translations.

scripts/lint          check
scripts/lint --fix    let ruff mend what it can first
"""

import os
import subprocess
import sys
from collections.abc import Callable

from tools import xml_style
from tools.environment.paths import ADDONS, ROOT
from tools.translations import completeness

HABITS_NOT_SHARED = (
    "consider-merging-classes-inherited",  # a file holds one subject of a model
    "missing-readme",  # the fragments in readme/ are the source
)


def command(*arguments: str) -> Callable[[], list[str]]:
    """Return a check that runs a Python module and reports what it prints."""

    def check() -> list[str]:
        done = subprocess.run(
            [sys.executable, "-m", *arguments],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return done.stdout.strip().splitlines() if done.returncode else []

    return check


def odoo_habits() -> list[str]:
    """Run pylint with the rules for Odoo over the add-ons."""
    folders = [str(path.parent) for path in sorted(ADDONS.glob("*/__manifest__.py"))]
    skipped = f"--disable={','.join(HABITS_NOT_SHARED)}"
    return command("pylint", skipped, *folders)() if folders else []


CHECKS = {
    "Python style (ruff check)": command("ruff", "check", "--quiet", "."),
    "Python format (ruff format)": command("ruff", "format", "--check", "."),
    "Odoo habits (pylint-odoo)": odoo_habits,
    "XML": xml_style.problems,
    "translations": completeness.problems,
}


def main() -> int:
    """Run every check; say only what is wrong."""
    os.chdir(ROOT)
    if sys.argv[1:] == ["--fix"]:
        subprocess.run([sys.executable, "-m", "ruff", "check", "--quiet", "--fix"])
        subprocess.run([sys.executable, "-m", "ruff", "format", "--quiet"])
    elif sys.argv[1:]:
        sys.exit(__doc__)
    failed = 0
    for title, check in CHECKS.items():
        found = check()
        print(f"{'FAILED' if found else 'ok':7} {title}", flush=True)
        for line in found:
            print(f"        {line}")
        failed += bool(found)
    tests = [sys.executable, "-m", "pytest", "-q", "-p", "no:odoo", "tests/repo"]
    failed += bool(subprocess.run(tests, stdin=subprocess.DEVNULL).returncode)
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())
