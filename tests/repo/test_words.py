"""What may not stand in the repository."""

import ast
import re

import pytest

from . import tree

MAX_BYTES = 1_000_000
MAX_LINES = {".py": 400, ".xml": 600, ".js": 400}
MAX_METHOD_LINES = 40
# Tests are read one by one, so their files and their data may be longer.
FOR_TESTS = 1.5
OLD_HABITS = {
    "_sql_constraints": (".py",),
    "odoo.osv": (".py",),
    "<tree": (".xml",),
    "</tree>": (".xml",),
    'view_mode">tree': (".xml",),
    "attrs=": (".xml",),
    "cr.commit(": (".py",),
    "@odoo-module": (".js",),
}
REASON = re.compile(r"#|\w+_sudo\b|\b(?:rights|may|whoever|everybody)\b")
HERE = "tests/repo/test_words.py"
# A home, a checkout or a mirror of one machine says nothing to another one.
ANYWHERE = {
    "an absolute path of one machine": re.compile(
        r"(?<![\w.<>/*-])/(?:work|home|root|Users|opt)/[\w.-]+"
    ),
    "a package registry's address": re.compile(
        r"\b(?:[a-z0-9-]+\.)*(?:debian\.org|pypi\.org|pythonhosted\.org|npmjs\.org"
        r"|npmjs\.com)\b"
    ),
}


def test_files_are_small():
    large = [str(p) for p in tree.files() if p.stat().st_size > MAX_BYTES]
    assert not large


@pytest.mark.parametrize("suffix", MAX_LINES)
def test_sources_can_be_held_in_the_head(suffix):
    long = {
        name: text.count("\n")
        for name, text in tree.texts(suffix)
        if text.count("\n") > _limit(name, MAX_LINES[suffix])
    }
    assert not long


def _limit(name: str, limit: int) -> float:
    return limit * FOR_TESTS if "tests" in name.split("/") else limit


@pytest.mark.parametrize("what", ANYWHERE)
def test_nothing_of_one_machine(what):
    found = [
        f"{name}: {match[0]}"
        for name, text in tree.texts()
        for match in ANYWHERE[what].finditer(text)
        if name != HERE
    ]
    assert not found, what


@pytest.mark.parametrize("word", OLD_HABITS)
def test_no_habits_of_older_odoo(word):
    found = [
        name
        for name, text in tree.texts(*OLD_HABITS[word])
        if word in text and name.startswith("addons/")
    ]
    assert not found


def test_sudo_has_a_reason():
    """A name with `_sudo`, or a comment or docstring just above, says why."""
    unexplained = []
    for name, text in tree.texts(".py"):
        if not name.startswith("addons/") or "/tests/" in name:
            continue
        lines = text.splitlines()
        for number, line in enumerate(lines):
            nearby = " ".join(lines[max(0, number - 6) : number + 1])
            if ".sudo()" in line and not REASON.search(nearby):
                unexplained.append(f"{name}:{number + 1}")
    assert not unexplained


def test_methods_are_short():
    long = []
    for name, text in tree.texts(".py"):
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = _body_length(node)
                if length > _limit(name, MAX_METHOD_LINES):
                    long.append(f"{name}:{node.lineno} {node.name}: {length} lines")
    assert not long


def _body_length(function) -> int:
    """Count a function's lines without its docstring."""
    body = function.body
    if ast.get_docstring(function) is not None:
        body = body[1:]
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0
