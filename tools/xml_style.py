"""XML files parse, are indented by four spaces, and end with one line break."""

import re
from pathlib import Path

from lxml import etree

from tools.environment.paths import ADDONS, ROOT

# In these, spaces and line breaks are content.
VERBATIM = {"pre", "script", "style", "textarea"}


def problems() -> list[str]:
    """Return what is wrong in the XML files of the add-ons."""
    found = []
    for path in sorted(ADDONS.rglob("*.xml")):
        name = path.relative_to(ROOT)
        found += [f"{name}{problem}" for problem in check(path)]
    return found


def check(path: Path) -> list[str]:
    """Return what is wrong in one file, each with its place."""
    text = path.read_text(encoding="utf-8")
    try:
        tree = etree.fromstring(text.encode())
    except etree.XMLSyntaxError as error:
        return [f": does not parse: {error}"]
    return [*_check_text(text), *_check_indentation(tree, text.splitlines())]


def _check_text(text: str) -> list[str]:
    found = []
    if not text.endswith("\n") or text.endswith("\n\n"):
        found.append(": does not end with one line break")
    for number, line in enumerate(text.splitlines(), 1):
        if "\t" in line:
            found.append(f":{number}: tab")
        if line != line.rstrip():
            found.append(f":{number}: spaces at the end of the line")
    return found


def _check_indentation(tree: etree._Element, lines: list[str]) -> list[str]:
    """An element that begins a line stands four spaces deeper than its parent."""
    found = []
    for element in tree.iter(etree.Element):
        if any(parent.tag in VERBATIM for parent in element.iterancestors()):
            continue
        depth = sum(1 for _ in element.iterancestors())
        number = _first_line(element, lines)
        line = lines[number - 1]
        indentation = len(line) - len(line.lstrip())
        begins = re.match(rf"\s*<{re.escape(_raw_name(element))}\b", line)
        if begins and indentation != 4 * depth:
            found.append(
                f":{number}: <{_raw_name(element)}> is indented by {indentation}"
                f" spaces, not {4 * depth}"
            )
    return found


def _first_line(element: etree._Element, lines: list[str]) -> int:
    """Return where the element's tag opens.

    The parser counts the line on which the tag ends.
    """
    opening = re.compile(rf"<{re.escape(_raw_name(element))}(?![\w.-])")
    number = element.sourceline
    while number > 1 and not opening.search(lines[number - 1]):
        number -= 1
    return number


def _raw_name(element: etree._Element) -> str:
    name = etree.QName(element).localname
    return f"{element.prefix}:{name}" if element.prefix else name
