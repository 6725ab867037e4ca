"""Every term is translated, none is doubtful, placeholders agree."""

import re
from pathlib import Path

import polib

from tools.environment.paths import ADDONS, ROOT

from . import LANGUAGES

PLACEHOLDER = re.compile(r"%\(\w+\)[-+ #0]*[\d.]*[sdifrxeg]|%[sdifr](?!\w)|\{\w*\}")
TAG = re.compile(r"</?([a-zA-Z][\w.-]*)")
PLACEHOLDERS_IN_TAGS = re.compile(r"""\bt-(?:out|esc|field)=(["'])(.*?)\1""")


def problems() -> list[str]:
    """Return what is wrong in the translation files of all add-ons."""
    found = []
    for manifest in sorted(ADDONS.glob("*/__manifest__.py")):
        if not manifest.parent.name.startswith("test_"):
            found += check_addon(manifest.parent)
    return found


def check_addon(addon: Path) -> list[str]:
    """Return what is wrong in one add-on's translation files."""
    template = addon / "i18n" / f"{addon.name}.pot"
    if not template.exists():
        return [f"{template.relative_to(ROOT)}: missing"]
    terms = {entry.msgid for entry in polib.pofile(str(template))}
    found = []
    for language in LANGUAGES:
        path = addon / "i18n" / f"{language}.po"
        name = path.relative_to(ROOT)
        if not path.exists():
            found.append(f"{name}: missing")
            continue
        found += [f"{name}: {problem}" for problem in check(path, terms)]
    return found


def check(path: Path, terms: set[str]) -> list[str]:
    """Return what is wrong in one language's file."""
    entries = polib.pofile(str(path))
    found = [
        f"'{entry.msgid[:60]}' is doubtful (fuzzy)" for entry in entries.fuzzy_entries()
    ]
    done = {entry.msgid: entry.msgstr for entry in entries if not entry.obsolete}
    found += [f"'{term[:60]}' is not there" for term in sorted(terms - done.keys())]
    for source, translation in done.items():
        if not translation.strip():
            found.append(f"'{source[:60]}' is not translated")
        elif difference := differs(source, translation):
            found.append(f"'{source[:60]}': {difference}")
    return found


def differs(source: str, translation: str) -> str:
    """Say what of the source's machinery the translation lacks or has too much."""
    for pattern, what in (
        (PLACEHOLDER, "placeholders"),
        (TAG, "tags"),
        (PLACEHOLDERS_IN_TAGS, "expressions"),
    ):
        wanted = sorted(map(str, pattern.findall(source)))
        given = sorted(map(str, pattern.findall(translation)))
        if wanted != given:
            return f"{what} differ: {wanted} and {given}"
    return ""
