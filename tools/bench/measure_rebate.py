"""Rebates where there are a million invoice lines and 20,000 participants.

benchmarks/README.md says what is measured and the targets.
"""

import statistics

from tools.environment.steps import say, step

from . import rebate_databases
from .report import Row

REPEAT = 3
#: sizes; 1 is a million invoice lines
SCALE = 1.0
#: for what takes as long in a small one, where a few milliseconds can be seen
SMALL = 0.02
OURS = "our add-ons"
FLOOR = "plain SQL"
AIMED_AT = "agreement_rebate"
#: agreements that are settled in a run, each by itself
AGREEMENTS = 200
#: what an agreement took where it was measured, used when it cannot be had
PEER_MS = 9.5
POSTED = 100
LINES = 10
#: invoices of five lines that have changed
CHANGED = (2, 200)

MOST_TIMES_FLOOR = 3.0
LEAST_TIMES_FASTER = 50.0
MOST_MS_MORE = 5.0


def take(repeat: int, scale: float = SCALE) -> list[Row]:
    """Measure everything, the derivation `repeat` times."""
    with rebate_databases.opened(scale) as ours:
        size = ours.call("rebate_data:count")
        say("   " + ", ".join(f"{number:,} {what}" for what, number in size.items()))
        with step("Measuring: the first derivation"):
            first = Row("first derivation", OURS)
            found = ours.call("rebate:derive", "first")
            first.answer = found.pop("answers")
            first.add(found)
        with step("Measuring: the nightly derivation"):
            rows = [first, *_derive(ours, first.answer, repeat)]
        with step("Measuring: a settlement"):
            rows += _settle(ours, scale, size["participants"], repeat)
        with step("Measuring: changed invoices"):
            rows += _drain(ours, repeat)
    if scale == SCALE:
        with rebate_databases.opened(SMALL) as ours:
            ours.call("rebate:derive", "first")
            with step("Measuring: posting an invoice"):
                rows += _post(ours, SMALL, POSTED)
    return rows


def _derive(ours, wanted, repeat: int) -> list[Row]:
    """Derive all figures in turn with the statement that finds the same."""
    rows = {name: Row("all figures anew", name) for name in (FLOOR, OURS)}
    ways = {FLOOR: "floor", OURS: "night"}
    for number in range(-1, repeat):
        for name, way in ways.items():
            found = ours.call("rebate:derive", way)
            answer = found.pop("answers")
            if answer != wanted:
                raise RuntimeError(f"not the same: {name} {answer}, at first {wanted}")
            if number >= 0:
                rows[name].add(found)
    pairs = zip(rows[OURS].work, rows[FLOOR].work, strict=True)
    times = statistics.median(own / its for own, its in pairs)
    rows[OURS].aim("x plain SQL", round(times, 2), MOST_TIMES_FLOOR)
    return list(rows.values())


def _settle(ours, scale: float, participants: int, repeat: int) -> list[Row]:
    mine = Row(f"settle {participants:,} participants", OURS)
    for number in range(-1, repeat):
        found = ours.call("rebate:settle")
        mine.answer = found.pop("answers")
        if number >= 0:
            mine.add(found)
    each = statistics.median(mine.work) / participants
    mine.after = f"{each:.3f} ms each, {mine.answer[0]:,} have something to release"
    peers = {
        name: _settle_peer(name, module, min(scale, most), repeat)
        for name, (module, most) in rebate_databases.PEERS.items()
    }
    for name, row in peers.items():
        its = statistics.median(row.work) / AGREEMENTS if row.times else PEER_MS
        faster = round(its / each, 1)
        if name == AIMED_AT:
            mine.aim_at_least("x faster than OCA", faster, LEAST_TIMES_FASTER)
        if row.times or name == AIMED_AT:
            elsewhere = "" if row.times else ", measured elsewhere"
            row.after = f"{its:.1f} ms each{elsewhere}: {faster:g} x ours"
    return [mine, *peers.values()]


def _settle_peer(name: str, module: str, scale: float, repeat: int) -> Row:
    """Settle as many agreements, or agents, one for each of so many customers."""
    row = Row(f"settle {AGREEMENTS} customers", f"OCA {name}")
    with rebate_databases.opened_peer(scale, name) as variant:
        if variant:
            variant.call(f"{module}:make", AGREEMENTS)
            for number in range(-1, repeat):
                found = variant.call(f"{module}:settle")
                if found.pop("answers") < AGREEMENTS:
                    raise RuntimeError(f"{name} did not settle all")
                if number >= 0:
                    row.add(found)
    return row


def _drain(ours, repeat: int) -> list[Row]:
    """Count changed invoices anew: as many queries, however many there are."""
    rows = []
    for invoices in CHANGED:
        row = Row(f"{invoices * 5:,} changed invoice lines", OURS)
        for number in range(-1, repeat):
            found = ours.call("rebate:drain", invoices)
            row.answer = found.pop("answers")
            if number >= 0:
                row.add(found)
        rows.append(row)
    few, many = rows
    many.aim("queries", max(many.queries), min(few.queries))
    return rows


def _fastest(row: Row) -> float:
    """Return the mean of the fastest third, where a few ms are not lost in noise."""
    return statistics.mean(sorted(row.work)[: max(len(row.work) // 3, 1)])


def _post(ours, scale: float, repeat: int) -> list[Row]:
    """Post in turn with our add-on and where it was uninstalled."""
    what = f"post an invoice of {LINES} lines"
    rows = {name: Row(what, name) for name in ("without channel_rebate", OURS)}
    plain, mine = rows.values()
    with rebate_databases.opened_without(scale) as without:
        for number in range(-3, repeat):
            for row, variant in ((plain, without), (mine, ours)):
                found = variant.call("rebate:post", 1 + number % 7, LINES)
                row.answer = found.pop("answers")
                if number >= 0:
                    row.add(found)
    more = _fastest(mine) - _fastest(plain)
    mine.aim("ms more", round(more, 1), MOST_MS_MORE)
    mine.after = f"{min(mine.queries) - min(plain.queries):+d} queries"
    return [plain, mine]
