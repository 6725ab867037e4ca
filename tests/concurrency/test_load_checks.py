"""The checks after a load find what is broken, each of them, and nothing else."""

import pytest

from tests.common import prepared
from tests.common.processes import run
from tests.concurrency import load_checks
from tools.load import invariants, roles


@pytest.fixture(scope="module")
def company():
    """Yield a database with orders, and what was set up there."""
    with prepared.with_addons("load_checks") as database:
        yield database, run(database, load_checks.prepare)


def test_nothing_is_found_where_nothing_is_wrong(company):
    """Everything holds before anything was broken."""
    database, setting = company
    assert run(database, load_checks.find, setting, None, []) == []


@pytest.mark.parametrize("planted", load_checks.PLANTED)
def test_what_is_broken_is_found(company, planted):
    """A check finds what was broken past Odoo; others may find its consequences."""
    database, setting = company
    assert planted in run(database, load_checks.find, setting, planted, [])


@pytest.mark.parametrize("what", [*invariants.PROMISES, "decided", "paid"])
def test_broken_promises_are_found(company, what):
    """What the server said was done, and is not there, is found."""
    database, setting = company
    found = run(database, load_checks.find, setting, None, [[what, 999999, 1]])
    assert found == ["a promise was broken"]


def test_every_check_has_something_planted(company):
    """No check is there that was not seen to find something."""
    database, setting = company
    others = {"a promise was broken", "a payment is there twice"}
    assert {*run(database, load_checks.names, setting)} - others == {
        *load_checks.PLANTED
    }


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        (["paid", "paid"], []),
        (["paid", "perhaps paid"], []),
        (["paid"], ["a payment is there twice"]),
        (["paid", "paid", "paid"], ["a promise was broken"]),
    ],
)
def test_payments_are_counted(company, said, wrong):
    """Two were made; each that was promised is there, and none that nobody made."""
    database, setting = company
    promises = [[what, setting["invoice"], 1] for what in said]
    assert run(database, load_checks.find, setting, None, promises) == wrong


def test_limits_that_have_ended(company):
    """Over a limit that has ended is who was let in afterwards, not who was before."""
    database, setting = company
    wrong = "a customer is over the limit without a release"
    ask = load_checks.find_ended
    assert wrong in run(database, ask, setting, "confirmed afterwards")
    assert wrong not in run(database, ask, setting, "confirmed before")


def test_every_role_has_people(company):
    """Nobody of the mix is missing."""
    _database, setting = company
    assert {*roles.ROLES} == {*setting["people"]}
    assert all(setting["people"].values())
