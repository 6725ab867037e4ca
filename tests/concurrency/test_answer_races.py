"""A customer and staff answer at once: all is kept, the later one counts (A6, A7).

Never is an answer lost, and never do the figures show something else than what was
said last.
"""

import itertools
import os

import pytest

from tests.common import prepared
from tests.common.processes import run, run_together
from tests.concurrency import answers

pytestmark = pytest.mark.processes
REPEATS = int(os.environ.get("ORDER_CONTROL_RACES", "3"))
#: enough for any serialization failure among a handful of rivals
HURRY = 0.9


@pytest.fixture(scope="module")
def database():
    with prepared.with_addons("answers") as name:
        yield name


@pytest.fixture(scope="module")
def setting(database):
    return run(database, answers.set_up)


@pytest.fixture
def together(database, setting, tmp_path):
    """Let rivals do something at the same moment; return what each reported."""
    numbers = itertools.count()

    def act(*calls):
        number = next(numbers)
        meeting = [
            (name, setting, *arguments, str(tmp_path), number, role, len(calls))
            for role, (name, *arguments) in enumerate(calls)
        ]
        return run_together(database, answers.act, meeting, hurry=HURRY)

    return act


# Requirement lists -----------------------------------------------------------------


def test_customer_confirms_while_staff_records_an_objection(
    database, setting, together
):
    for _number in range(REPEATS):
        document = run(database, answers.sent_list, setting)
        outcomes = together(
            ("customer answers list", document, "confirm"),
            ("staff records list", document, "object"),
        )
        assert all(outcome.succeeded for outcome in outcomes), outcomes
        assert max(outcome.tries for outcome in outcomes) > 1, "they never met"
        facts = run(database, answers.list_facts, document)
        assert sorted(facts["kept"]) == ["confirm", "object"], facts
        assert (
            facts["state"]
            == {"confirm": "confirmed", "object": "objected"}[facts["kept"][-1]]
        )
        assert facts["answered by"] == facts["by"][-1], facts


def test_two_clicks_of_the_customer(database, setting, together):
    """Both are kept as what they are; the list is confirmed, nothing is doubled."""
    document = run(database, answers.sent_list, setting)
    call = ("customer answers list", document, "confirm")
    outcomes = together(call, call)
    assert all(outcome.succeeded for outcome in outcomes), outcomes
    facts = run(database, answers.list_facts, document)
    assert (facts["state"], facts["kept"]) == ("confirmed", ["confirm"] * 2)
    assert len(facts["told"]) == 1, facts


def test_customer_confirms_while_the_list_is_revised(database, setting, together):
    """Whoever is first: a version that was taken back is not confirmed."""
    for _number in range(REPEATS):
        document = run(database, answers.sent_list, setting)
        answering, revising = together(
            ("customer answers list", document, "confirm"),
            ("staff revises list", document),
        )
        assert revising.succeeded, revising
        facts = run(database, answers.list_facts, document)
        assert facts["state"] == "draft"
        assert facts["kept"] == (["confirm"] if answering.succeeded else []), facts


def test_customer_is_told_that_the_list_is_being_revised(database, setting, together):
    """His page still showed the version that staff has taken back meanwhile."""
    document = run(database, answers.sent_list, setting)
    answering, revising = together(
        ("customer answers late", document, "confirm"),
        ("staff revises list", document),
    )
    assert revising.succeeded, revising
    assert (answering.error, answering.tries > 1) == ("UserError", True), answering
    assert "is being changed" in answering.message
    facts = run(database, answers.list_facts, document)
    assert (facts["state"], facts["kept"]) == ("draft", [])


# Validity enquiries ----------------------------------------------------------------


def test_customer_says_valid_while_staff_records_a_withdrawal(
    database, setting, together
):
    for _number in range(REPEATS):
        asked = run(database, answers.asked, setting)
        order = asked["orders"][0]
        outcomes = together(
            ("customer answers", asked["enquiry"], order, "valid"),
            ("staff records", order, "withdraw"),
        )
        assert all(outcome.succeeded for outcome in outcomes), outcomes
        assert max(outcome.tries for outcome in outcomes) > 1, "they never met"
        facts = run(database, answers.facts, asked["enquiry"])
        first, second = facts["lines"]
        assert sorted(first["kept"]) == ["valid", "withdraw"], facts
        assert first["state"] == first["kept"][-1]
        assert first["words"] == first["last"]
        assert second == {"state": "waiting", "kept": [], "words": False, "last": False}
        assert facts["answered"] == 1
        assert facts["withdrawn"] == (first["state"] == "withdraw")


def test_the_last_two_orders_at_once(database, setting, together):
    """Each for another order: both count, and the enquiry is answered."""
    for _number in range(REPEATS):
        asked = run(database, answers.asked, setting)
        first, second = asked["orders"]
        outcomes = together(
            ("customer answers", asked["enquiry"], first, "valid"),
            ("staff records", second, "valid"),
        )
        assert all(outcome.succeeded for outcome in outcomes), outcomes
        facts = run(database, answers.facts, asked["enquiry"])
        assert (facts["state"], facts["answered"]) == ("answered", 2), facts


# Confirmation letters --------------------------------------------------------------


@pytest.fixture(scope="module")
def letters(database, setting):
    """Switch letters on; the last tests of the module, since orders are gated then."""
    run(database, answers.ask_by_letters, setting)


def test_customer_confirms_the_letter_while_staff_enters_an_objection(
    database, setting, together, letters
):
    """One answer is kept; who comes later is told that there is one."""
    for _number in range(REPEATS):
        order = run(database, answers.letter_asked, setting)
        customer, staff = together(
            ("customer answers letter", order, True),
            ("staff enters letter", order, False),
        )
        assert sorted((customer.error, staff.error)) == ["", "UserError"]
        loser = staff if customer.succeeded else customer
        assert "answered already" in loser.message
        assert loser.tries > 1, "they never met"
        facts = run(database, answers.letter_facts, order)
        kept = ("confirmed", "portal") if customer.succeeded else ("objected", "staff")
        assert (facts["state"], facts["source"]) == kept, facts
        assert (facts["is current"], facts["told"]) == (True, 1), facts


def test_letter_is_confirmed_while_its_order_is_cancelled(
    database, setting, together, letters
):
    """Whoever is first: a cancelled order waits for no answer any more."""
    for _number in range(REPEATS):
        order = run(database, answers.letter_asked, setting)
        customer, staff = together(
            ("customer answers letter", order, True),
            ("order is cancelled", order),
        )
        assert staff.succeeded, staff
        facts = run(database, answers.letter_facts, order)
        assert (facts["order"], facts["is current"]) == ("cancel", False), facts
        assert facts["state"] == ("confirmed" if customer.succeeded else "superseded")
