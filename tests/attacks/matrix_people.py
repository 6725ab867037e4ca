"""The part of the matrix about people: in whose place, called in, in an emergency."""

from . import routes_people as people
from .common import ALLOWED, REFUSED, STOPPED, Attack
from .people import ACTORS, SUPERUSER

PENDING = ("pending",)
#: asked about the order, in their own right or in somebody's place
ASKED = ("supervisor", "deputy")
#: who may enter absences at all, and two who may not
REVIEWERS = (*ASKED, "former deputy", "financier", "director", "approvals manager")
DELEGATORS = (*REVIEWERS, "owner", "customer")


def _but(*others):
    return tuple(role for role in ACTORS if role not in others)


STANDING_IN = [
    # Odoo looks at the rules only after it has created a record
    *(
        Attack(route, DELEGATORS, PENDING, STOPPED)
        for route in (
            people.delegate_for_another,
            people.delegate_for_another_by_default,
            people.delegate_for_another_by_own_default,
            people.delegate_for_another_beside_oneself,
            people.import_absence_of_another,
            people.copy_absence_of_another,
            people.delegate_to_a_customer,
            people.delegate_to_oneself,
        )
    ),
    *(
        Attack(route, REVIEWERS, PENDING, STOPPED)
        for route in (
            people.turn_own_absence_into_anothers,
            people.save_own_absence_as_anothers,
            people.copy_own_absence_as_anothers,
            people.import_over_own_absence,
            people.sign_own_absence_with_another_name,
        )
    ),
    Attack(
        people.delegate_another_to_a_friend,
        ("deputy", "former deputy", "financier", "director", "owner"),
        PENDING,
        STOPPED,
    ),
    Attack(people.delegate_in_a_circle, ("deputy",), PENDING, STOPPED),
    *(
        Attack(
            route,
            ("deputy", "former deputy", "financier", "director", "owner", "customer"),
            PENDING,
            REFUSED,
        )
        for route in (
            people.prolong_absence,
            people.reopen_absence,
            people.end_absence,
        )
    ),
    *(
        Attack(route, DELEGATORS, PENDING, REFUSED)
        for route in (people.take_over_absence, people.delete_absence)
    ),
    *(
        Attack(route, _but(*ASKED), PENDING, REFUSED)
        for route in (
            people.approve_for_somebody,
            people.approve_for_somebody_with_context,
            people.refuse_with_context,
        )
    ),
    Attack(people.approve_for_somebody, ASKED, PENDING, ALLOWED),
    Attack(people.approve_twice, (*ASKED, "former deputy"), PENDING, STOPPED),
    Attack(people.approve_one_seat_twice, ASKED, PENDING, STOPPED),
]

CALLING_IN = [
    *(
        Attack(route, _but(*ASKED), PENDING, REFUSED)
        for route in (
            people.add_seat,
            people.add_seat_by_the_dialog,
            people.ask,
            people.ask_by_the_dialog,
        )
    ),
    *(
        Attack(route, ACTORS, PENDING, REFUSED)
        for route in (people.add_seat_on_a_later_level, people.add_seat_of_outsiders)
    ),
    *(
        Attack(route, ("supervisor", "deputy"), ("approved", "confirmed"), REFUSED)
        for route in (people.add_seat, people.ask)
    ),
    Attack(people.add_seat, ASKED, PENDING, ALLOWED),
    Attack(people.ask, ASKED, PENDING, ALLOWED),
]

RELEASING = [
    *(
        Attack(route, (*_but("releaser"), SUPERUSER), PENDING, REFUSED)
        for route in (people.release, people.release_by_the_dialog)
    ),
    Attack(people.release, ("releaser",), ("approved", "confirmed"), REFUSED),
    Attack(people.release_without_reason, ("releaser",), PENDING, REFUSED),
    *(
        Attack(route, ("releaser",), PENDING, STOPPED)
        for route in (
            people.release_after_changing,
            people.release_after_withdrawing,
            people.release_a_copy,
            people.release_and_change,
        )
    ),
]

FORGING = [
    *(
        Attack(route, ACTORS, PENDING, REFUSED)
        for route in (
            people.become_deputy,
            people.let_it_escalate,
            people.bring_people_into_the_log,
        )
    ),
    *(
        Attack(route, ACTORS, ("confirmed",), REFUSED)
        for route in (
            people.create_answer,
            people.import_answer,
            people.write_answer,
            people.delete_answer,
            people.write_question,
            people.delete_question,
        )
    ),
    Attack(people.call_private_methods, ACTORS, PENDING, REFUSED),
    Attack(people.write_kind_of_reason, _but("approvals manager"), PENDING, REFUSED),
    Attack(
        people.keep_mails_from_another,
        _but("supervisor", "access manager"),
        PENDING,
        REFUSED,
    ),
]

#: neither asked about the order nor its owner
OUTSIDERS = ("director", "sales manager", "stock user", "employee", "customer")
READING = [
    Attack(
        people.read_records_of_the_round,
        (*OUTSIDERS, "access manager", "releaser"),
        ("confirmed",),
        REFUSED,
    ),
    Attack(
        people.read_absences_of_others,
        (*OUTSIDERS, "owner", "financier", "former deputy"),
        PENDING,
        REFUSED,
    ),
    *(
        Attack(route, _but("approvals manager"), PENDING, REFUSED)
        for route in (people.read_statistics, people.read_checklist_of_administrators)
    ),
    *(
        Attack(route, (*OUTSIDERS, "releaser"), ("confirmed",), REFUSED)
        for route in (
            people.read_by_the_decision_dialog,
            people.read_by_the_decision_dialog_by_default,
            people.read_by_the_seat_dialog,
            people.read_by_a_saved_seat_dialog,
            people.read_by_a_result,
            people.read_by_a_question,
        )
    ),
]

SETTING_UP = [
    *(
        Attack(route, _but("approvals manager"), PENDING, REFUSED)
        for route in (
            people.drop_questions,
            people.answer_for_nothing,
            people.shorten_deadlines,
            people.name_own_fallback,
            people.import_flows,
        )
    ),
    *(
        Attack(route, _but("access manager"), PENDING, REFUSED)
        for route in (people.join_the_emergency_group, people.choose_who_is_told)
    ),
]
