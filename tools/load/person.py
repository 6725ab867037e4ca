"""One person at work over HTTP: what was done, refused, or went wrong."""

import http.client
import random
import time
import urllib.error
from dataclasses import dataclass, field

from tools.rpc import RpcError, Session

#: answers in words: the system works as it should
REFUSALS = ("UserError", "AccessError", "ValidationError", "MissingError")
#: what a person meets while the server is being restarted
DOWN = (ConnectionError, TimeoutError, http.client.HTTPException)
WAIT = 0.5


@dataclass
class Record:
    """What one person did."""

    #: (what, seconds) of what was done or refused in words
    times: list[tuple[str, float]] = field(default_factory=list)
    done: dict[str, int] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)
    #: what the server answered that it should not have, and when
    errors: list[tuple[float, str]] = field(default_factory=list)
    #: while it could not be reached
    missed: int = 0
    #: gates that let something through
    violations: list[str] = field(default_factory=list)
    #: [what, id] of everything the server said was done
    promises: list[list] = field(default_factory=list)


class Person:
    """Somebody with a login, who works step by step until told to go home."""

    def __init__(self, base: str, database: str, login: str, setting: dict) -> None:
        self.base, self.database, self.login = base, database, login
        self.setting = setting
        self.random = random.Random(login)
        self.record = Record()
        self.session: Session | None = None

    def work(self, end: float) -> None:
        """Work until `end`, a moment of `time.monotonic`."""
        while time.monotonic() < end:
            what = "log in"
            try:
                if self.session is None:
                    self.session = Session(
                        self.base, self.database, self.login, self.login
                    )
                what = "work"
                self.step()
            except DOWN:
                self._miss()
            except urllib.error.HTTPError as error:
                self._note_status(what, error)
            except RpcError as error:  # of what only reads
                self._note_error(what, error)
            except urllib.error.URLError:
                self._miss()
            time.sleep(self.random.uniform(0.1, 2 * WAIT))

    def step(self) -> None:
        """Do one thing."""
        raise NotImplementedError

    # What the steps use ------------------------------------------------------------

    def ask(self, model: str, domain: list, fields: list[str], limit: int = 40):
        """Return what the person finds, newest first."""
        return self.session.call(
            model, "search_read", domain, fields, limit=limit, order="id desc"
        )

    def pick(self, model: str, domain: list, fields: list[str] | None = None):
        """Return one of the records the person finds, or None."""
        found = self.ask(model, domain, fields or ["id"])
        return self.random.choice(found) if found else None

    def do(self, what: str, model: str, method: str, *args, **kwargs):
        """Call something that changes data; return its result, None when refused."""
        start = time.monotonic()
        try:
            result = self.session.call(model, method, *args, **kwargs)
        except RpcError as error:
            self._note_error(what, error)
            return None
        finally:
            self.record.times.append((what, time.monotonic() - start))
        self.record.done[what] = self.record.done.get(what, 0) + 1
        return True if result is None else result

    def look(self, what: str, path: str) -> str:
        """Return a page."""
        start = time.monotonic()
        page = self.session.get(path).decode()
        self.record.times.append((what, time.monotonic() - start))
        self.record.done[what] = self.record.done.get(what, 0) + 1
        return page

    def promise(self, what: str, number: int) -> None:
        """Remember that the server said this was done."""
        self.record.promises.append([what, number, self.session.uid])

    # What goes wrong ---------------------------------------------------------------

    def _note_error(self, what: str, error: RpcError) -> None:
        name = error.name.rpartition(".")[2]
        if name in REFUSALS:
            self.record.refused[what] = self.record.refused.get(what, 0) + 1
        elif name == "SessionExpiredException":
            self.session = None
        else:
            self._note_wrong(f"{what}: {name} {error}"[:500])

    def _note_status(self, what: str, error: urllib.error.HTTPError) -> None:
        if error.code in (502, 503, 504):
            self._miss()
        elif error.code < 500:
            what = f"HTTP {error.code}"
            self.record.refused[what] = self.record.refused.get(what, 0) + 1
        else:
            self._note_wrong(f"{what}: HTTP {error.code} {error.url}")

    def _note_wrong(self, text: str) -> None:
        self.record.errors.append((time.monotonic(), " ".join(text.split())))

    def _miss(self) -> None:
        self.record.missed += 1
        time.sleep(WAIT)
