"""Odoo's command line, hashing passwords as quickly as Odoo's own tests do.

Only the number of rounds differs: with it each login costs a second of a processor.
"""

import os
import select
import time

from odoo.cli.command import main

from odoo.addons.base.models import res_users


def hash_passwords_quickly() -> None:
    """Let one round do for passwords."""
    res_users.MIN_ROUNDS = 1


def sleep_with_shifted_clock() -> None:
    """Let `time.sleep` work where libfaketime shifts the clock.

    Python sleeps until a moment of the clock that only goes forward, which is not
    shifted, and libfaketime takes it for one that is.
    """
    if "FAKETIME" in os.environ:
        time.sleep = lambda seconds: select.select([], [], [], seconds) and None


if __name__ == "__main__":
    sleep_with_shifted_clock()
    hash_passwords_quickly()
    main()
