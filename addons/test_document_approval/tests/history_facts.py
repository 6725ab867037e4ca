"""What the database says about documents under approval, read without the engine."""

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass, field

from odoo.tools import SQL

from .history_model import Delegation, Entry, Seat, World

#: what a round and a seat froze; it must never change
FROZEN_ROUND = (
    "number, res_id, company_id, requester_id, snapshot, fingerprint, amount,"
    " flow_name, date_submitted"
)
FROZEN_SEAT = (
    "round_id, level_sequence, department_id, rule, quorum, is_required, is_added,"
    " added_by_id, deadline_days, is_joint, level_name"
)


@dataclass
class Facts:
    """The stored state of the documents and everything that belongs to them."""

    documents: dict = field(default_factory=dict)
    lines: dict = field(default_factory=dict)
    editors: dict = field(default_factory=dict)
    followers: dict = field(default_factory=dict)
    rounds: dict = field(default_factory=dict)
    seats: dict = field(default_factory=dict)
    candidates: dict = field(default_factory=dict)
    deputies: dict = field(default_factory=dict)
    #: raw rows of the log and all that hangs on it, to see that nothing changes
    log: dict = field(default_factory=dict)
    frozen: dict = field(default_factory=dict)
    entries: dict = field(default_factory=dict)  # {round id: [Entry]}
    reviews: dict = field(default_factory=dict)  # {document id: [(activity, user)]}
    departments: dict = field(default_factory=dict)
    world: World = None

    def rounds_of(self, document_id):
        """Return the rows of a document's rounds, oldest first."""
        rounds = [r for r in self.rounds.values() if r["res_id"] == document_id]
        return sorted(rounds, key=lambda r: r["number"])

    def seats_of(self, round_id):
        """Return the rows of a round's seats."""
        return [seat for seat in self.seats.values() if seat["round_id"] == round_id]

    def frozen_seats(self, round_id):
        """Return a round's seats as frozen: without who was brought in later."""
        called = defaultdict(set)
        for entry in self.entries.get(round_id, ()):
            if entry.kind in ("replace", "escalate"):
                called[entry.seat_id] |= entry.people
        return [
            Seat(
                id=seat["id"],
                round_id=round_id,
                level=seat["level_sequence"],
                department=seat["department_id"],
                needed=seat["quorum"],
                is_required=seat["is_required"],
                is_added=bool(seat["is_added"]),
                added_by=seat["added_by_id"] or 0,
                candidates=frozenset(self.candidates[seat["id"]] - called[seat["id"]]),
            )
            for seat in self.seats_of(round_id)
        ]

    def snapshot(self, document_id):
        """Return what is approved of a document, as it is now."""
        document = self.documents[document_id]
        return {
            "company": document["company_id"],
            "header": {
                "partner_id": document["partner_id"] or False,
                "total": round(document["total"], 6),
            },
            "lines": sorted(
                (
                    {
                        "name": name,
                        "quantity": round(quantity, 6),
                        "price": round(price, 6),
                    }
                    for name, quantity, price in self.lines[document_id]
                ),
                key=as_text,
            ),
        }


def as_text(values):
    """Return plain data as text that is the same for the same data."""
    return json.dumps(values, sort_keys=True, ensure_ascii=False)


def checksum(snapshot):
    """Return the SHA-256 of a snapshot."""
    return hashlib.sha256(as_text(snapshot).encode()).hexdigest()


def read(env, documents, same_person):
    """Return the :class:`Facts` about ``documents``, straight from the database."""
    env.flush_all()
    facts, ids = Facts(), tuple(documents.ids)
    facts.documents = _by_id(
        env,
        "SELECT id, state, approval_state, approval_round_id, approval_editor_id,"
        " create_uid, user_id, partner_id, total, company_id, approval_revision"
        " FROM test_approval_document WHERE id IN %s",
        ids,
    )
    facts.lines = _grouped(
        env,
        "SELECT document_id, name, quantity, price FROM test_approval_line"
        " WHERE document_id IN %s",
        ids,
    )
    editors = documents._fields["approval_editor_ids"]
    facts.editors = _sets(env, editors, ids)
    facts.followers = _grouped(
        env,
        "SELECT res_id, partner_id FROM mail_followers"
        " WHERE res_model = 'test.approval.document' AND res_id IN %s"
        " ORDER BY partner_id",
        ids,
    )
    facts.reviews = _grouped(
        env,
        "SELECT a.res_id, a.id, a.user_id FROM mail_activity a"
        " JOIN ir_model_data t ON t.res_id = a.activity_type_id AND t.name ="
        " 'mail_activity_type_review' AND t.model = 'mail.activity.type'"
        " WHERE a.res_model = 'test.approval.document' AND a.active"
        " AND a.res_id IN %s",
        ids,
    )
    _read_rounds(env, facts, ids)
    _read_log(env, facts, tuple(facts.rounds) or (0,))
    _read_world(env, facts, same_person)
    return facts


def _read_rounds(env, facts, ids):
    facts.rounds = _by_id(
        env,
        "SELECT * FROM document_approval_round"
        " WHERE res_model = 'test.approval.document' AND res_id IN %s",
        ids,
    )
    round_ids = tuple(facts.rounds) or (0,)
    facts.seats = _by_id(
        env, "SELECT * FROM document_approval_seat WHERE round_id IN %s", round_ids
    )
    seats = env["document.approval.seat"]
    seat_ids = tuple(facts.seats) or (0,)
    facts.candidates = _sets(env, seats._fields["candidate_ids"], seat_ids)
    facts.deputies = _sets(env, seats._fields["deputy_ids"], seat_ids)
    for table, columns, rows in (
        ("round", FROZEN_ROUND, facts.rounds),
        ("seat", FROZEN_SEAT, facts.seats),
    ):
        for row_id, row in rows.items():
            names = columns.replace(" ", "").split(",")
            facts.frozen[table, row_id] = as_text([str(row[name]) for name in names])


def _read_log(env, facts, round_ids):
    people = _sets(
        env, env["document.approval.decision"]._fields["person_ids"], round_ids, of=True
    )
    rows = _by_id(
        env,
        "SELECT * FROM document_approval_decision WHERE round_id IN %s",
        round_ids,
    )
    for entry_id, row in rows.items():
        entry = Entry(
            id=entry_id,
            round_id=row["round_id"],
            seat_id=row["seat_id"] or 0,
            kind=row["kind"],
            user=row["user_id"],
            absent=row["on_behalf_id"] or 0,
            origin=row["origin_id"] or 0,
            date=row["date"],
            words=row["words"] or "",
            people=frozenset(people[entry_id]),
        )
        facts.entries.setdefault(entry.round_id, []).append(entry)
        facts.log[entry_id] = (tuple(row.items()), entry)
    for table in ("answer", "finding"):
        owner = "decision_id IN (SELECT id FROM document_approval_decision WHERE "
        where = "round_id IN %s" if table == "finding" else owner + "round_id IN %s)"
        query = f"SELECT * FROM document_approval_{table} WHERE {where}"
        for row_id, row in _by_id(env, query, round_ids).items():
            facts.frozen[table, row_id] = str(row)


def _read_world(env, facts, same_person):
    company_id = next(iter(facts.documents.values()))["company_id"]
    present = env.execute_query(
        SQL(
            "SELECT u.id FROM res_users u JOIN res_company_users_rel r"
            " ON r.user_id = u.id AND r.cid = %s WHERE u.active AND NOT u.share",
            company_id,
        )
    )
    windows = env.execute_query(
        SQL(
            "SELECT d.user_id, d.delegate_id, d.date_from, d.date_to,"
            " array_agg(r.department_id) FROM document_approval_delegation d"
            " LEFT JOIN document_approval_delegation_department_rel r"
            " ON r.delegation_id = d.id WHERE d.active GROUP BY d.id ORDER BY d.id"
        )
    )
    facts.world = World(
        present=frozenset(user_id for (user_id,) in present),
        delegations=[
            Delegation(*window, departments=frozenset(departments) - {None})
            for *window, departments in windows
        ],
        same_person=same_person,
    )
    facts.departments = _by_id(
        env,
        "SELECT id, code, head_id, fallback_id FROM document_approval_department"
        " WHERE company_id IN %s",
        (company_id,),
    )
    departments = env["document.approval.department"]
    members = _sets(env, departments._fields["member_ids"], tuple(facts.departments))
    for department_id, row in facts.departments.items():
        row["members"] = members[department_id] | ({row["head_id"]} - {None})


def _by_id(env, query, ids):
    """Return {id: row} of a query with a placeholder for ``ids``, oldest first."""
    env.cr.execute(SQL(query, ids))
    rows = sorted(env.cr.dictfetchall(), key=lambda row: row["id"])
    return {row["id"]: row for row in rows}


def _grouped(env, query, ids):
    """Return {first column: [the others]}, sorted."""
    result = {row_id: [] for row_id in ids}
    for first, *rest in sorted(env.execute_query(SQL(query, ids))):
        result[first].append(tuple(rest))
    return result


def _sets(env, relation, ids, of=False):
    """Return {id: set of ids} of a many2many field.

    :param bool of: ``ids`` are of rounds, and the field is of their log
    """
    where = SQL("%s IN %s", SQL.identifier(relation.column1), ids)
    if of:
        where = SQL(
            "%s IN (SELECT id FROM document_approval_decision WHERE round_id IN %s)",
            SQL.identifier(relation.column1),
            ids,
        )
    result = defaultdict(set)
    for one, other in env.execute_query(
        SQL(
            "SELECT %s, %s FROM %s WHERE %s",
            SQL.identifier(relation.column1),
            SQL.identifier(relation.column2),
            SQL.identifier(relation.relation),
            where,
        )
    ):
        result[one].add(other)
    return result
