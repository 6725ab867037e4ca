"""What became of one route in one stack, and how it is told."""

import re
from dataclasses import dataclass, field

from .route import Route
from .stack import NotAvailable
from .world import Attempt, World

LONGEST, SHORTEST = 150, 15
#: names that differ from run to run
_NUMBERS = re.compile(r"\b(S|WH/[A-Z]+/|AS/|INV/\d+/)\d{4,}\b")
_SENTENCE = re.compile(r"(?<=[.!?])\s|\n")


@dataclass
class Outcome:
    """What the records say, and what was answered."""

    #: through, meant, refused, dialog, warned, kept, nothing, missing or error
    kind: str
    words: str = ""
    #: what should not be, whatever became of the route
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        told = {
            "through": "**went through**",
            "meant": "went through, as meant",
            "warned": "warned only",
            "refused": "refused",
            "dialog": "a dialog asks",
            "kept": "",
            "nothing": "nothing happened",
            "missing": "not available",
            "error": "ERROR",
        }[self.kind]
        return ": ".join(text for text in (told, self.words) if text)


def try_route(world: World, route: Route) -> Outcome:
    """Try one route; judge it by what the records say afterwards."""
    if route.area not in world.stack.areas:
        return Outcome("missing")
    world.attempt = attempt = Attempt()
    world.watched = []
    try:
        through = route.attempt(world)
    except NotAvailable:
        return Outcome("missing")
    except Exception as error:  # the others are to be tried all the same
        words = f"{type(error).__name__}: {error}"
        return Outcome("error", first_sentence(words), [f"{route.name}: {words}"])
    kind, words = _judge(attempt, through)
    if through and route.name in world.stack.meant:
        kind, words = "meant", world.stack.meant[route.name]
    faults = [f"{route.name}: {fault}" for fault in attempt.faults]
    return Outcome(kind, first_sentence(words), faults)


def _judge(attempt: Attempt, through: bool) -> tuple[str, str]:
    if through:
        if attempt.warnings:
            return "warned", attempt.warnings[0]
        return "through", attempt.note
    if attempt.note:
        return "kept", attempt.note
    if attempt.refusals:
        return "refused", attempt.refusals[0]
    if attempt.dialogs:
        return "dialog", attempt.dialogs[0]["words"]
    return "nothing", ""


def first_sentence(words: str) -> str:
    """Return the first sentence of a message, fit for a table."""
    parts = _SENTENCE.split(_NUMBERS.sub(r"\1…", words.strip()))
    text = parts.pop(0)
    while parts and (len(text) < SHORTEST or text.rstrip().endswith(":")):
        text += f" {parts.pop(0)}"
    text = " ".join(text.split()).replace("|", "/")
    if len(text) > LONGEST:
        text = text[:LONGEST].rpartition(" ")[0] + " …"
    return text.rstrip(".:")
