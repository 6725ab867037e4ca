"""What runs in the process of a variant, inside Odoo: calls by name, and the clock."""

import gc
import importlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from odoo import sql_db


def call(env, name: str, *arguments: object) -> object:
    """Call a function of this package by "module:function", in a transaction."""
    module, _colon, function = name.partition(":")
    target = getattr(importlib.import_module(f"tools.bench.{module}"), function)
    return target(env, *arguments)


@contextmanager
def measured(env, *, part: bool = False) -> Iterator[dict]:
    """Fill in what the block took, flushed or not.

    "ms" by the clock; "work", the milliseconds that this process and its backend in
    PostgreSQL were at work, without waiting for other programs (by the clock, too,
    where the backend cannot be watched); "queries", those of other cursors included;
    "memory", the most MB this process had meanwhile, None if that cannot be known.

    :param part: this is a part of something that is measured as a whole
    """
    found = {}
    known = not part and _forget_peak()
    backend = env.cr.connection.get_backend_pid()
    gc.collect()
    gc.freeze()  # what Odoo holds anyway is not searched for garbage meanwhile
    backend_start, process_start = _backend_ms(backend), time.process_time()
    queries, start = sql_db.sql_counter, time.perf_counter()
    yield found
    found["ms"] = found["work"] = 1000 * (time.perf_counter() - start)
    found["queries"] = sql_db.sql_counter - queries
    if backend_start is not None:
        process_ms = 1000 * (time.process_time() - process_start)
        found["work"] = process_ms + _backend_ms(backend) - backend_start
    found["memory"] = _peak_mb() if known else None


def _forget_peak() -> bool:
    """Have the kernel measure anew how much memory this process has at most."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return False
    return True


def _peak_mb() -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("the kernel does not tell the peak of memory")


def _backend_ms(pid: int) -> float | None:
    """Return how long PostgreSQL's process has worked; None if it is not here."""
    process = Path("/proc", str(pid))
    try:
        if (process / "comm").read_text().strip() != "postgres":
            return None  # it runs on another machine, and this is something else
        return int((process / "schedstat").read_text().split()[0]) / 1e6
    except OSError:
        return None


def as_user(env, user_id: int):
    """Return an environment as a request of that user has it."""
    user = env["res.users"].browse(user_id)
    context = {
        "lang": "en_US",
        "tz": "UTC",
        "uid": user_id,
        "allowed_company_ids": user.company_id.ids,
    }
    return env(user=user_id, su=False, context=context)
