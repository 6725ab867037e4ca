"""The tools for tests with several processes do what they promise."""

import pytest

from tests.common import prepared
from tests.common.processes import run, run_together
from tests.common.server import serve
from tools.rpc import RpcError

pytestmark = pytest.mark.processes


def create_partner(env, name):
    """Create a partner and return its id."""
    return env["res.partner"].create({"name": name}).id


def append_name(env, partner_id, suffix):
    """Read, decide, write: what two at once may not both do."""
    partner = env["res.partner"].browse(partner_id)
    partner.name = partner.name + suffix
    return partner.name


def refuse(env):
    """Raise what a user would see."""
    from odoo.exceptions import UserError

    raise UserError("no")


@pytest.fixture(scope="module")
def database():
    with prepared.with_apps("processes") as name:
        yield name


def test_all_processes_work_on_the_same_committed_data(database):
    partner = run(database, create_partner, "A")
    outcomes = run_together(database, append_name, [(partner, c) for c in "bcd"])
    assert all(outcome.succeeded for outcome in outcomes), outcomes
    final = run(database, append_name, partner, "")
    assert sorted(final) == sorted("Abcd"), "no change may be lost"


def test_without_retrying_a_rival_fails_to_serialize(database):
    partner = run(database, create_partner, "A")
    calls = [(partner, c) for c in "bcdefg"]
    outcomes = run_together(database, append_name, calls, retry=False)
    assert {o.error for o in outcomes} <= {"", "SerializationFailure"}, outcomes


def test_an_error_is_reported_by_name_and_message(database):
    (outcome,) = run_together(database, refuse, [()])
    assert (outcome.error, outcome.message) == ("UserError", "no")


def test_a_server_answers_its_users(database):
    with serve(database) as server:
        session = server.log_in("admin", "admin")
        assert session.call("res.users", "read", [session.uid], ["login"]) == [
            {"id": session.uid, "login": "admin"}
        ]
        with pytest.raises(RpcError, match="does not exist|no_such_method"):
            session.call("res.users", "no_such_method", [])
