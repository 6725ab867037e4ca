"""The table of measurements says what was measured."""

from tools.bench import page
from tools.bench.__main__ import names
from tools.bench.report import Row, missed, table


def row(variant, *runs):
    """Return a row with runs of (milliseconds, queries)."""
    result = Row("confirm", variant)
    for ms, queries in runs:
        result.add({"ms": 2 * ms, "work": ms, "queries": queries})
    return result


def test_runs_are_compared_side_by_side():
    """A machine that was busy for one round says nothing about the variants."""
    plain = row("Odoo", (10, 130), (100, 131), (10, 130))
    ours = row("ours", (11, 140), (110, 140), (11, 145))
    ours.base = plain
    assert round(ours.ratio(), 6) == 1.1
    assert ours.more() == 10, "the least counts: other runs filled caches"


def test_missed_targets_are_named():
    ours = row("ours", (10, 140))
    ours.aim("queries", 140, 140)
    ours.aim("x Odoo", 1.3, 1.25)
    assert missed([ours]) == ["confirm (ours): 1.3 of 1.25 x Odoo: MISSED"]


def test_some_numbers_should_be_large():
    ours = row("ours", (10, 140))
    ours.aim_at_least("x faster", 5.5, 5)
    ours.aim_at_least("x faster than nobody", 4, 5)
    assert missed([ours]) == [
        "confirm (ours): 4 of at least 5 x faster than nobody: MISSED"
    ]


def test_what_could_not_be_had_is_not_measured_as_nothing():
    ours = row("ours", (10, 140))
    text = table([ours, Row("confirm", "peer")])
    assert "not available" in text.splitlines()[-1]
    assert len({len(line) for line in text.splitlines()}) == 1, "columns are aligned"


def test_every_measurement_is_found():
    assert {"confirm", "credit", "lifecycle", "orders", "rebate", "stock"} <= {*names()}


def test_a_section_of_the_page_is_replaced_and_the_rest_stays():
    text = f"# Benchmarks\n\nHow.\n\n{page.BEGIN}\n{page.END}\n\nWhy.\n"
    for name, lines in (("stock", ["old"]), ("credit", ["c"]), ("stock", ["new"])):
        text = page.with_section(text, name, lines)
    assert text.index("How.") < text.index("## credit") < text.index("## stock")
    assert text.index("## stock") < text.index("Why.")
    assert "new" in text and "old" not in text and text.count("## stock") == 1


def test_a_tenth_stands_beside_the_whole():
    full, tenth = row("ours", (50, 10)), row("ours", (20, 9))
    heading, _line, cells = page.table([full], [tenth])
    found = dict(
        zip(
            *([cell.strip() for cell in line.split("|")] for line in (heading, cells)),
            strict=True,
        )
    )
    assert (found["ms, a tenth"], found["ms"]) == ("40.0", "100.0")
    assert (found["queries, a tenth"], found["queries"]) == ("9", "10")
