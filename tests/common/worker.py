"""One process of `tests.common.processes`: reads what to do, reports in JSON."""

import importlib
import json
import os
import random
import sys
import time
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from unittest.mock import patch

import odoo.tools
from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.service.model import retrying


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
            env = api.Environment(cursor, settings["user"] or SUPERUSER_ID, {})
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


def main() -> None:
    """Load the registry; then make calls and report on them until nobody asks."""
    # What Odoo or a test prints must not come between the messages.
    messages = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    settings = json.loads(sys.stdin.readline())
    options = ["--no-http", "--max-cron-threads=0", "--log-level=error"]
    options += ["--database", settings["database"], *settings.get("options", [])]
    odoo.tools.config.parse_config(options, setup_logging=True)
    module, _colon, name = settings["function"].partition(":")
    function = getattr(importlib.import_module(module), name)
    registry = Registry(settings["database"])
    print(json.dumps({"ready": True}), file=messages, flush=True)
    for line in sys.stdin:
        answers = [
            call(registry, function, settings, values) for values in json.loads(line)
        ]
        print(json.dumps(answers), file=messages, flush=True)


if __name__ == "__main__":
    main()
