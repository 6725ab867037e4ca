"""Odoo's command line, hashing passwords as quickly as Odoo's own tests do.

Only the number of rounds differs: with it each login costs a second of a processor.
"""

from odoo.cli.command import main

from odoo.addons.base.models import res_users


def hash_passwords_quickly() -> None:
    """Let one round do for passwords."""
    res_users.MIN_ROUNDS = 1


if __name__ == "__main__":
    hash_passwords_quickly()
    main()
