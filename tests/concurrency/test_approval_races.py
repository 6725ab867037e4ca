"""Two people at the same moment: one result, as if one had come after the other.

Every rival takes its snapshot of the database before any of them acts, so the second
one to write has to be rerun; the number of tries shows that the race took place.
"""

import pytest

from odoo.fields import Datetime

from tests.common import prepared
from tests.common.processes import run, run_together
from tests.concurrency import orders

pytestmark = pytest.mark.processes
ROUNDS = 6


def seat_of(env, order_id, code):
    """Return the seat of a department in the order's current round."""
    return (
        env["sale.order"]
        .browse(order_id)
        .approval_round_id.seat_ids.filtered(
            lambda seat: seat.department_id.code == code
        )
    )


def approve(env, order_id, setting, code, login):
    """Approve the seat of a department as that user."""
    seat = seat_of(env, order_id, code)
    seat.with_user(setting["users"][login]).action_approve()


def refuse(env, order_id, setting, code, login):
    """Refuse the seat of a department as that user."""
    seat = seat_of(env, order_id, code)
    seat.with_user(setting["users"][login]).action_refuse("No")


def confirm(env, order_id, setting, login):
    """Confirm as the salesperson."""
    order = env["sale.order"].browse(order_id)
    order.with_user(setting["users"][login]).action_confirm()


def submit(env, order_id, setting, login):
    """Submit as the salesperson."""
    order = env["sale.order"].browse(order_id)
    order.with_user(setting["users"][login]).action_submit_for_approval()


def swap_product(env, order_id, setting, login):
    """Put another product of the same price on the line: no amount changes."""
    order = env["sale.order"].browse(order_id).with_user(setting["users"][login])
    order.order_line.write({"product_id": setting["products"][1]})


def release(env, order_id, setting, login):
    """Release in an emergency."""
    order = env["sale.order"].browse(order_id)
    order.with_user(setting["users"][login]).action_emergency_release("Fire")


def add_seat(env, order_id, setting, code, login):
    """Call operations in, from the seat of a department."""
    department = env["document.approval.department"].search(
        [("code", "=", "operations"), ("company_id", "=", env.company.id)]
    )
    seat = seat_of(env, order_id, code).with_user(setting["users"][login])
    seat.action_add_seat(department.id, "In stock?")


def delegate(env, order_id, setting, absent, deputy):
    """Have a colleague stand in; every order is for days of its own."""
    users = env["res.users"].browse([setting["users"][n] for n in (absent, deputy)])
    start = Datetime.add(Datetime.to_datetime("2041-01-01"), days=order_id)
    orders.delegate(env, *users, start, 1)


def follow_up(env, order_id, setting, code):
    """Do what the scheduled job does for the seat of a department."""
    seat_of(env, order_id, code)._follow_up()


ACTIONS = {
    f.__name__: f
    for f in (
        *(approve, refuse, confirm, submit, swap_product),
        *(release, add_seat, delegate, follow_up),
    )
}


def act(env, name, order_id, setting, arguments, folder, number, role):
    """Meet the rival, then do one of the above."""
    orders.meet(env, folder, number, role)
    ACTIONS[name](env, order_id, setting, *arguments)


REFUSALS = ("", "UserError", "AccessError", "ValidationError")
APPROVE_TECHNICAL = ("approve", "technical", "technician")
APPROVE_PRODUCTION = ("approve", "production", "planner")
RELEASE = ("release", "releaser")
#: what is prepared (levels agreed, quantity, signed, what happened then), and what the
#: two rivals do
SCENARIOS = {
    "joint": ((2, 4, False), APPROVE_TECHNICAL, APPROVE_PRODUCTION),
    "signed": ((2, 4, True), APPROVE_TECHNICAL, APPROVE_PRODUCTION),
    "quorum": (
        (1, 4, False),
        ("approve", "finance", "accountant"),
        ("approve", "finance", "accountant_2"),
    ),
    "same": (
        (0, 4, False),
        ("approve", "sales", "supervisor"),
        ("approve", "sales", "supervisor"),
    ),
    "refused": (
        (2, 4, False),
        APPROVE_TECHNICAL,
        ("refuse", "production", "planner"),
    ),
    "submitted": ((-1, 4, False), ("submit", "seller"), ("submit", "seller")),
    "confirmed": ((3, 4, False), ("confirm", "seller"), ("swap_product", "seller")),
    "free": ((-1, 1, False), ("confirm", "seller"), ("swap_product", "seller")),
    "approved": (
        (0, 4, False),
        ("approve", "sales", "supervisor"),
        ("swap_product", "seller"),
    ),
    "submitted_changed": (
        (-1, 4, False),
        ("submit", "seller"),
        ("swap_product", "seller"),
    ),
    "deputy": (
        (2, 4, False),
        APPROVE_PRODUCTION,
        ("approve", "production", "deputy"),
    ),
    "circle": (
        (-1, 4, False),
        ("delegate", "accountant", "operator"),
        ("delegate", "operator", "accountant"),
    ),
    "added": (
        (2, 4, False, "technical agrees"),
        ("add_seat", "production", "planner"),
        ("approve", "production", "deputy"),
    ),
    "added_beside": (
        (2, 4, False),
        ("add_seat", "technical", "technician"),
        APPROVE_PRODUCTION,
    ),
    "released": ((2, 4, False, "technical agrees"), RELEASE, APPROVE_PRODUCTION),
    "released_changed": ((2, 4, False), RELEASE, ("swap_product", "seller")),
    "escalated": (
        (0, 4, False, "time runs out"),
        ("follow_up", "sales"),
        ("approve", "sales", "supervisor"),
    ),
    "carried_over": (
        (1, 4, False, "finance refuses"),
        ("submit", "seller"),
        ("submit", "seller"),
    ),
}


@pytest.fixture(scope="module")
def database():
    with prepared.with_addons("races") as name:
        yield name


@pytest.fixture(scope="module")
def races(database, tmp_path_factory):
    """Run all races; return {scenario: [((outcome, outcome), facts)]}.

    One pair of processes for all of them: starting Odoo takes longer than racing.
    """
    folder = str(tmp_path_factory.mktemp("races"))
    setting = run(database, orders.set_up_with_deputy)
    prepared_orders = run(
        database,
        orders.create_all,
        setting,
        {name: [ROUNDS, *how] for name, (how, *_rivals) in SCENARIOS.items()},
    )
    pairs = [
        (scenario, order_id)
        for scenario, order_ids in prepared_orders.items()
        for order_id in order_ids
    ]
    calls = [
        (action, order_id, setting, arguments, folder, number, role)
        for number, (scenario, order_id) in enumerate(pairs)
        for role, (action, *arguments) in enumerate(SCENARIOS[scenario][1:])
    ]
    outcomes = run_together(database, act, calls, processes=2, hurry=True)
    facts = run(database, orders.facts, [order_id for _scenario, order_id in pairs])
    results = {name: [] for name in SCENARIOS}
    for number, (scenario, _order_id) in enumerate(pairs):
        rivals = (outcomes[2 * number], outcomes[2 * number + 1])
        results[scenario].append((rivals, facts[number]))
    return results


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_it_was_a_race_and_nobody_saw_a_technical_error(races, scenario):
    outcomes = [outcome for rivals, _fact in races[scenario] for outcome in rivals]
    assert not [o for o in outcomes if o.error not in REFUSALS], outcomes
    assert all(
        max(one.tries, other.tries) > 1 for (one, other), _fact in races[scenario]
    ), "nobody had to be rerun: no race"


def test_last_two_seats_of_a_joint_level_at_once(races):
    for (one, other), fact in races["joint"]:
        assert one.succeeded and other.succeeded, (one, other)
        assert fact["approval"] == "approved"
        assert fact["seats"] == ["approved"] * 4
        assert fact["log"].count("approve") == 5
        assert fact["reviews"] == 0
        assert fact["state"] == "draft"


def test_signed_order_is_confirmed_once_by_the_last_two(races):
    for (one, other), fact in races["signed"]:
        assert one.succeeded and other.succeeded, (one, other)
        assert fact["state"] == "sale"
        assert fact["pickings"] == 1
        assert fact["log"].count("apply") == 1
        assert fact["unchanged"]


def test_two_members_fill_a_seat_of_two_at_once(races):
    for (one, other), fact in races["quorum"]:
        assert one.succeeded and other.succeeded, (one, other)
        assert fact["seats"] == ["approved", "approved", "open", "open"]
        assert fact["reviews"] == 2, "one activity per open seat"


def test_the_same_person_twice_counts_once(races):
    for (one, other), fact in races["same"]:
        assert one.succeeded != other.succeeded, (one, other)
        assert fact["log"].count("approve") == 1
        assert fact["seats"][:2] == ["approved", "open"]


def test_approved_and_refused_at_once(races):
    for (approved, refused), fact in races["refused"]:
        assert refused.succeeded, refused
        assert fact["approval"] == "refused"
        assert fact["log"].count("refuse") == 1
        assert fact["log"].count("approve") == 3 + approved.succeeded


def test_submitted_twice_at_once_is_one_round(races):
    for (one, other), fact in races["submitted"]:
        assert one.succeeded != other.succeeded, (one, other)
        assert fact["rounds"] == ["pending"]


def test_confirmed_while_a_line_changes(races):
    for (confirmed, changed), fact in races["confirmed"]:
        assert confirmed.succeeded != changed.succeeded, (confirmed, changed)
        if confirmed.succeeded:
            assert (fact["state"], fact["unchanged"]) == ("sale", True)
        else:
            assert (fact["state"], fact["approval"]) == ("draft", "superseded")


def test_confirmed_without_review_while_a_line_changes(races):
    """No round exists beforehand that both would have to write."""
    for (confirmed, changed), fact in races["free"]:
        assert confirmed.succeeded, confirmed
        assert (fact["state"], fact["applied"]) == ("sale", True)
        assert fact["unchanged"], (confirmed, changed)


def test_approved_while_a_line_changes(races):
    for (approved, changed), fact in races["approved"]:
        assert changed.succeeded, changed
        assert fact["approval"] == "superseded"
        assert fact["log"].count("approve") == approved.succeeded


def test_submitted_while_a_line_changes(races):
    for (submitted, changed), fact in races["submitted_changed"]:
        assert submitted.succeeded and changed.succeeded, (submitted, changed)
        assert fact["unchanged"] == (fact["approval"] == "pending"), fact


def test_deputy_and_absent_person_decide_at_once(races):
    for (absent, deputy), fact in races["deputy"]:
        assert absent.succeeded != deputy.succeeded, (absent, deputy)
        assert fact["seats"] == ["approved", "approved", "open", "approved"]
        assert fact["log"].count("approve") == 4
        assert fact["reviews"] == 1


def test_two_halves_of_a_circle_of_deputies(races):
    for (one, other), _fact in races["circle"]:
        assert one.succeeded != other.succeeded, (one, other)
        assert "circle" in one.message + other.message


def test_seat_is_added_while_the_last_one_agrees(races):
    for (added, approved), fact in races["added"]:
        assert approved.succeeded, approved
        if added.succeeded:
            assert fact["seats"] == [*["approved"] * 4, "open"]
            assert (fact["approval"], fact["reviews"]) == ("pending", 1)
        else:
            assert fact["seats"] == ["approved"] * 4
            assert (fact["approval"], fact["reviews"]) == ("approved", 0)


def test_seat_is_added_while_another_agrees(races):
    for (added, approved), fact in races["added_beside"]:
        assert added.succeeded and approved.succeeded, (added, approved)
        assert fact["seats"] == ["approved", "approved", "open", "approved", "open"]
        assert fact["approval"] == "pending"
        assert fact["reviews"] == 2


def test_released_while_the_last_one_agrees(races):
    for (released, approved), fact in races["released"]:
        assert released.succeeded != approved.succeeded, (released, approved)
        assert fact["approval"] == "approved"
        assert fact["log"].count("emergency") == released.succeeded
        assert fact["log"].count("approve") == 4 + approved.succeeded
        assert fact["reviews"] == 0


def test_released_while_a_line_changes(races):
    for (released, changed), fact in races["released_changed"]:
        assert released.succeeded and changed.succeeded, (released, changed)
        assert fact["approval"] in ("approved", "superseded")
        assert fact["unchanged"] == (fact["approval"] == "approved"), fact


def test_escalated_while_the_reviewer_decides(races):
    for (followed, approved), fact in races["escalated"]:
        assert followed.succeeded and approved.succeeded, (followed, approved)
        assert fact["seats"][:2] == ["approved", "open"]
        assert fact["log"].count("approve") == 1
        assert fact["log"].count("escalate") <= 1
        assert fact["reviews"] == 1


def test_submitted_again_twice_at_once_carries_over_once(races):
    for (one, other), fact in races["carried_over"]:
        assert one.succeeded != other.succeeded, (one, other)
        assert sorted(fact["rounds"]) == ["pending", "refused"]
        assert fact["log"] == ["carry_over", "submit"]
        assert fact["seats"][:2] == ["approved", "open"]
