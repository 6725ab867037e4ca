"""The README's feature table names every requirement with its state."""

import re

import pytest

from tools.environment.paths import ROOT

# How many requirements each chapter has.
CHAPTERS = {
    "A": 8,
    "B": 8,
    "C": 3,
    "D": 9,
    "E": 5,
    "F": 5,
    "G": 5,
    "H": 6,
    "I": 3,
    "J": 3,
    "K": 4,
    "L": 5,
    "M": 5,
    "N": 5,
    "O": 4,
}
STATES = ("done", "partly", "planned", "Odoo")
README = ROOT / "README.md"


def rows() -> dict[str, str]:
    """Return the table's rows by the number they begin with."""
    text = README.read_text(encoding="utf-8")
    return {
        match[1]: match[0] for match in re.finditer(r"^\|\s*([A-O]\d)\b.*$", text, re.M)
    }


@pytest.mark.skipif(not README.exists(), reason="there is no README yet")
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_requirement_has_a_state(chapter):
    table = rows()
    for number in range(1, CHAPTERS[chapter] + 1):
        row = table.get(f"{chapter}{number}", "")
        assert row, f"{chapter}{number} is not in the table"
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        assert any(cell in STATES for cell in cells), f"no state in: {row}"
