"""One process of `tests.common.processes`: reads what to do, reports in JSON."""

import contextlib
import gc
import importlib
import json
import os
import random
import select
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from unittest.mock import patch

import odoo.sql_db
import odoo.tools
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.service.model import retrying

from tests.common.odoo_cli import hash_passwords_quickly, sleep_with_shifted_clock


def call(registry: Registry, function: Callable, settings: dict, values: list) -> dict:
    """Call `function` in a transaction of its own and return what happened."""
    start = time.monotonic()
    answer = {"tries": 0}
    # Odoo waits at random, for a second on average, before it tries again
    hurry, draw = settings.get("hurry"), random.uniform
    share = 0.0 if hurry is True else 1.0 - float(hurry or 0)
    no_wait = patch.object(random, "uniform", lambda low, high: share * draw(low, high))

    def attempt(env: api.Environment) -> object:
        answer["tries"] += 1
        return function(env, *values)

    try:
        with registry.cursor() as cursor:
            user = settings["user"] or SUPERUSER_ID
            env = api.Environment(cursor, user, {"no_reset_password": True})
            if settings["retry"]:
                with no_wait if hurry else nullcontext():
                    answer["result"] = retrying(partial(attempt, env), env)
            else:
                answer["result"] = attempt(env)
                env.cr.flush()
    except Exception as error:
        answer |= {"error": type(error).__name__, "message": str(error), "result": None}
    answer["seconds"] = time.monotonic() - start
    return answer


def answer_calls(database: str, settings: dict, lines, messages) -> None:
    """Make the calls that are asked for and report on them, until nobody asks."""
    module, _colon, name = settings["function"].partition(":")
    function = getattr(importlib.import_module(module), name)
    registry = Registry(database).check_signaling()
    ready = {"ready": True, "pid": os.getpid()}
    print(json.dumps(ready), file=messages, flush=True)
    for line in lines:
        answers = [
            call(registry, function, settings, values) for values in json.loads(line)
        ]
        print(json.dumps(answers), file=messages, flush=True)


def answer_connection(database: str, connection: socket.socket) -> None:
    """Answer who has connected, until he hangs up."""
    with connection.makefile("r") as lines, connection.makefile("w") as said:
        settings = json.loads(lines.readline())
        with contextlib.suppress(BrokenPipeError):
            answer_calls(database, settings, lines, said)


def serve_forks(database: str, path: str, messages) -> None:
    """Have a process of its own for everybody who connects to the socket.

    As Odoo's own server with several workers does it: the registry is loaded once,
    each process opens connections of its own. Ends when nobody holds our input open.
    """
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(path)
        door.listen(128)
        print(json.dumps({"ready": True}), file=messages, flush=True)
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them
        while True:
            ready, _w, _x = select.select([door, sys.stdin], [], [])
            if door not in ready:
                return
            connection, _address = door.accept()
            if os.fork():
                connection.close()
                continue
            try:
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                door.close()
                answer_connection(database, connection)
            except Exception:
                traceback.print_exc()
            finally:
                os._exit(0)  # nothing of the process it was forked from is to run


def main() -> None:
    """Load the registry; then answer, alone or with as many processes as are asked."""
    # What Odoo or a test prints must not come between the messages.
    messages = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    settings = json.loads(sys.stdin.readline())
    database = settings["database"]
    options = ["--no-http", "--max-cron-threads=0", "--log-level=error"]
    options += ["--database", database, *settings.get("options", [])]
    odoo.tools.config.parse_config(options, setup_logging=True)
    sleep_with_shifted_clock()
    Registry(database)
    hash_passwords_quickly()
    if path := settings.get("socket"):
        odoo.sql_db.close_all()
        gc.collect()
        gc.freeze()  # forks look through what is theirs only
        serve_forks(database, path, messages)
    else:
        answer_calls(database, settings, sys.stdin, messages)


if __name__ == "__main__":
    main()
