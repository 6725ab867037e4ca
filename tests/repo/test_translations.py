"""The check of translations sees what it should."""

import pytest

from tools.translations.completeness import differs


@pytest.mark.parametrize(
    ("source", "translation", "what"),
    [
        ("%(n)s lines", "%(n)s 行", ""),
        ("%(n)s lines", "%(m)s 行", "placeholders"),
        ("%s of %s", "%s", "placeholders"),
        ("100 % of it", "全部的 100 %", ""),
        ("a <b>word</b>", "一个<b>词</b>", ""),
        ("a <b>word</b>", "一个词", "tags"),
        ('<t t-out="a"/>', '<t t-out="b"/>', "expressions"),
    ],
)
def test_machinery_must_agree(source, translation, what):
    assert differs(source, translation).startswith(what)
    assert bool(differs(source, translation)) == bool(what)
