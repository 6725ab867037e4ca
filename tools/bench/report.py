"""What was measured, as rows of one table."""

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

COLUMNS = (
    *("what", "variant", "median ms", "min ms", "at work", "x Odoo", "queries"),
    *("more than Odoo", "peak MB", "after", "target"),
)
#: columns with words
TEXTS = (0, 1, 9, 10)


@dataclass
class Row:
    """One thing measured in one variant, several times."""

    what: str
    variant: str
    #: milliseconds by the clock, and those spent at work
    times: list[float] = field(default_factory=list)
    work: list[float] = field(default_factory=list)
    #: of each run; the least counts, the first ones fill caches
    queries: list[int] = field(default_factory=list)
    #: the most MB of each run, where they are known
    memory: list[float] = field(default_factory=list)
    #: the same in plain Odoo, run for run
    base: "Row | None" = None
    #: what is left to do once the user has his answer
    after: str = ""
    targets: list["Target"] = field(default_factory=list)
    #: what was found, where that is to be compared; not in the table
    answer: object = None

    def add(self, found: dict) -> None:
        """Add one run: {"ms": number, "work": number, "queries": number}.

        "queries" and "memory" where they are known.
        """
        self.times.append(found["ms"])
        self.work.append(found["work"])
        if found.get("queries") is not None:
            self.queries.append(found["queries"])
        if found.get("memory"):
            self.memory.append(found["memory"])

    def ratio(self) -> float | None:
        """Return the work beside plain Odoo's: the median over runs side by side.

        Both runs of a pair met the same load of the machine.
        """
        if not self.base:
            return None
        pairs = zip(self.work, self.base.work, strict=True)
        return statistics.median(own / other for own, other in pairs)

    def more(self) -> int | None:
        """Return how many queries more than plain Odoo."""
        return min(self.queries) - min(self.base.queries) if self.base else None

    def aim(self, unit: str, actual: float, most: float) -> None:
        """Hold a number against its target."""
        self.targets.append(Target(unit, actual, most))

    def aim_at_least(self, unit: str, actual: float, least: float) -> None:
        """Hold a number that should be large against its target."""
        self.targets.append(Target(unit, actual, least, at_least=True))

    def cells(self) -> list[str]:
        """Return what the table says."""
        if not self.times:
            return [self.what, self.variant, "not available", *[""] * 8]
        ratio, more = self.ratio(), self.more()
        return [
            self.what,
            self.variant,
            f"{statistics.median(self.times):.1f}",
            f"{min(self.times):.1f}",
            f"{statistics.median(self.work):.1f}",
            "" if ratio is None else f"{ratio:.2f}",
            f"{min(self.queries)}" if self.queries else "",
            "" if more is None else f"{more:+d}",
            f"{max(self.memory):.0f}" if self.memory else "",
            self.after,
            "; ".join(str(target) for target in self.targets),
        ]


@dataclass(frozen=True)
class Target:
    """A number that may not be larger than another, or not smaller."""

    unit: str
    actual: float
    most: float
    at_least: bool = False

    @property
    def is_met(self) -> bool:
        """Tell whether it is small enough, or large enough."""
        if self.at_least:
            return self.actual >= self.most
        return self.actual <= self.most

    def __str__(self) -> str:
        verdict = "met" if self.is_met else "MISSED"
        least = "at least " * self.at_least
        return f"{self.actual:g} of {least}{self.most:g} {self.unit}: {verdict}"


def table(rows: Iterable[Row]) -> str:
    """Return the rows under their headings; Markdown, and readable as it is."""
    return "\n".join(aligned(COLUMNS, [row.cells() for row in rows], TEXTS))


def aligned(
    columns: Sequence[str], rows: list[list[str]], texts: Sequence[int]
) -> list[str]:
    """Return the lines of a table.

    :param texts: numbers of the columns with words
    """
    lines = [list(columns), *rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    lines.insert(1, ["-" * width for width in widths])
    return [
        "| "
        + " | ".join(
            cell.ljust(width) if number in texts else cell.rjust(width)
            for number, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        + " |"
        for line in lines
    ]


def missed(rows: Iterable[Row]) -> list[str]:
    """Return the targets that were missed, in words."""
    return [
        f"{row.what} ({row.variant}): {target}"
        for row in rows
        for target in row.targets
        if not target.is_met
    ]
