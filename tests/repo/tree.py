"""What the repository holds: files under version control or about to be."""

import ast
import functools
import subprocess
from pathlib import Path

from tools.environment.paths import ADDONS, ROOT

TEXT_SUFFIXES = {
    *(".py", ".xml", ".csv", ".po", ".pot", ".md", ".rst", ".txt", ".toml"),
    *(".js", ".scss", ".svg", ".sh", ".yml", ".yaml", ".json", ".cfg", ".html", ""),
}


@functools.cache
def files() -> tuple[Path, ...]:
    """Return all files that belong to the repository."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if listing.returncode:  # an unpacked archive
        found = (path for path in ROOT.rglob("*") if path.is_file())
        parts = {".cache", ".git", "__pycache__", ".ruff_cache", ".pytest_cache"}
        return tuple(sorted(p for p in found if not parts & set(p.parts)))
    names = [name for name in listing.stdout.split("\0") if name]
    return tuple(sorted(ROOT / name for name in names if (ROOT / name).is_file()))


def texts(*suffixes: str) -> list[tuple[str, str]]:
    """Return name and content of the text files, of all kinds or of some."""
    wanted = set(suffixes) or TEXT_SUFFIXES
    return [
        (path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))
        for path in files()
        if path.suffix in wanted
    ]


def addons() -> list[Path]:
    """Return the folders of the add-ons."""
    return sorted(path.parent for path in ADDONS.glob("*/__manifest__.py"))


def manifest(addon: Path) -> dict:
    """Return the add-on's manifest."""
    return ast.literal_eval((addon / "__manifest__.py").read_text(encoding="utf-8"))


def addon_files(addon: Path, pattern: str) -> list[Path]:
    """Return the repository's files of one add-on that match `pattern`."""
    return [p for p in files() if p.is_relative_to(addon) and p.match(pattern)]
