"""Ways to be somebody one is not: in somebody's place, called in, in an emergency."""

from odoo.exceptions import UserError
from odoo.fields import Datetime

from .answers import last_refusal, of_import

DELEGATION = "document.approval.delegation"
SEAT = "document.approval.seat"
WIZARD = "document.approval."


def _time(**delta):
    return Datetime.to_string(Datetime.add(Datetime.now(), **delta))


def _absence(deputy, days=-1, **values):
    """Return the values of an absence that began, or begins in ``days``."""
    times = {"date_from": _time(days=days), "date_to": _time(days=9)}
    return {"delegate_id": deputy, **times, **values}


# Absences --------------------------------------------------------------------


def delegate_for_another(rpc, at):
    """Enter the supervisor's absence and stand in for him."""
    values = _absence(rpc.uid, user_id=at.users["supervisor"])
    return rpc(DELEGATION, "create", [values])


def delegate_another_to_a_friend(rpc, at):
    """Enter the supervisor's absence and have somebody else stand in for him."""
    values = _absence(at.users["director"], user_id=at.users["supervisor"])
    return rpc(DELEGATION, "create", [values])


def delegate_for_another_by_default(rpc, at):
    context = {"default_user_id": at.users["supervisor"]}
    return rpc(DELEGATION, "create", [_absence(rpc.uid)], context=context)


def delegate_for_another_by_own_default(rpc, at):
    supervisor = at.users["supervisor"]
    rpc("ir.default", "set", DELEGATION, "user_id", supervisor, True)
    return rpc(DELEGATION, "create", [_absence(rpc.uid)])


def delegate_for_another_beside_oneself(rpc, at):
    """Hide it behind an absence of one's own in the same call."""
    own = _absence(at.users["invoicing"], user_id=rpc.uid)
    other = _absence(rpc.uid, user_id=at.users["supervisor"])
    return rpc(DELEGATION, "create", [own, other])


def import_absence_of_another(rpc, at):
    names = ["user_id/.id", "delegate_id/.id", "date_from", "date_to"]
    people = [str(at.users["supervisor"]), str(rpc.uid)]
    rows = [[*people, _time(days=-1), _time(days=9)]]
    return of_import(rpc(DELEGATION, "load", names, rows))


def copy_absence_of_another(rpc, at):
    values = {"delegate_id": rpc.uid}
    return rpc(DELEGATION, "copy", [at.delegation], values)


def take_over_absence(rpc, at):
    return rpc(DELEGATION, "write", [at.delegation], {"delegate_id": rpc.uid})


def prolong_absence(rpc, at):
    return rpc(DELEGATION, "write", [at.delegation], {"date_to": _time(days=99)})


def reopen_absence(rpc, at):
    return rpc(DELEGATION, "write", [at.former], {"active": True})


def end_absence(rpc, at):
    return rpc(DELEGATION, "action_end", [at.delegation])


def delete_absence(rpc, at):
    return rpc(DELEGATION, "unlink", [at.delegation])


def turn_own_absence_into_anothers(rpc, at):
    """Enter one's own absence for tomorrow, then write whose it is."""
    own, values = _own_absence_and_anothers(rpc, at)
    return rpc(DELEGATION, "write", own, values)


def save_own_absence_as_anothers(rpc, at):
    own, values = _own_absence_and_anothers(rpc, at)
    return rpc(DELEGATION, "web_save", own, values, specification={})


def copy_own_absence_as_anothers(rpc, at):
    own, values = _own_absence_and_anothers(rpc, at)
    return rpc(DELEGATION, "copy", own, values)


def import_over_own_absence(rpc, at):
    (own,), values = _own_absence_and_anothers(rpc, at)
    people = [str(values["user_id"]), str(values["delegate_id"])]
    names = [".id", "user_id/.id", "delegate_id/.id"]
    return of_import(rpc(DELEGATION, "load", names, [[str(own), *people]]))


def _own_absence_and_anothers(rpc, at):
    own = rpc(DELEGATION, "create", [_absence(at.users["invoicing"], days=1)])
    values = {"user_id": at.users["supervisor"], "delegate_id": rpc.uid}
    return own, {**values, "date_from": _time(days=-1)}


def sign_own_absence_with_another_name(rpc, at):
    """Have the log say that somebody else entered it."""
    own, _values = _own_absence_and_anothers(rpc, at)
    author = at.users["director"]
    rpc(DELEGATION, "write", own, {"author_id": author})
    copies = rpc(DELEGATION, "copy", own, {"author_id": author})
    for row in rpc(DELEGATION, "read", own + copies, ["author_id"]):
        if row["author_id"][0] != rpc.uid:
            return row
    raise UserError("it was ignored")


def delegate_to_a_customer(rpc, at):
    return rpc(DELEGATION, "create", [_absence(at.users["customer"])])


def delegate_to_oneself(rpc, at):
    return rpc(DELEGATION, "create", [_absence(rpc.uid)])


def delegate_in_a_circle(rpc, at):
    """The deputy has the supervisor stand in for him, and is his own deputy then."""
    return rpc(DELEGATION, "create", [_absence(at.users["supervisor"])])


# In somebody's place ---------------------------------------------------------


def approve_for_somebody(rpc, at):
    return rpc(SEAT, "action_approve", at.seats[:1], "for a colleague")


def approve_for_somebody_with_context(rpc, at):
    """Have absences that are over count again."""
    context = {"active_test": False, "tz": "Pacific/Kiritimati"}
    return rpc(SEAT, "action_approve", at.seats[:1], context=context)


def refuse_with_context(rpc, at):
    context = {"active_test": False, "default_on_behalf_id": at.users["supervisor"]}
    return rpc(SEAT, "action_refuse", at.seats[:1], "no", context=context)


def approve_twice(rpc, at):
    """Agree, and agree again on whatever is left in the place of others."""
    rpc(SEAT, "action_approve", at.seats[:1])
    answers = dict.fromkeys(map(str, at.questions), "yes")
    return rpc(SEAT, "action_approve", at.seats[1:2], "again", answers)


def approve_one_seat_twice(rpc, at):
    return rpc(SEAT, "action_approve", at.seats[:1] * 2)


# Calling in and asking -------------------------------------------------------


def add_seat(rpc, at):
    department = at.departments["technical"]
    return rpc(SEAT, "action_add_seat", at.seats[:1], department, "please look")


def add_seat_on_a_later_level(rpc, at):
    department = at.departments["technical"]
    return rpc(SEAT, "action_add_seat", at.seats[-1:], department, "please look")


def add_seat_by_the_dialog(rpc, at):
    values = {"seat_id": at.seats[0], "department_id": at.departments["technical"]}
    wizard = rpc(WIZARD + "add.seat", "create", [{**values, "words": "look"}])
    return rpc(WIZARD + "add.seat", "action_add", wizard)


def add_seat_of_outsiders(rpc, at):
    """Call in people who are in no department that could be asked."""
    people = [at.users["employee"], at.users["owner"], rpc.uid]
    department = at.departments["technical"]
    return rpc(SEAT, "action_add_seat", at.seats[:1], department, "look", people)


def ask(rpc, at):
    return rpc(SEAT, "action_ask", at.seats[:1], "why?")


def ask_by_the_dialog(rpc, at):
    values = {"decision": "ask", "words": "why?", "seat_ids": [[6, 0, at.seats[:1]]]}
    wizard = rpc(WIZARD + "decide", "create", [values])
    return rpc(WIZARD + "decide", "action_apply", wizard)


# Emergencies -----------------------------------------------------------------


def release(rpc, at):
    return rpc("sale.order", "action_emergency_release", [at.order], "fire")


def release_by_the_dialog(rpc, at):
    values = {"res_model": "sale.order", "res_id": at.order, "reason": "fire"}
    wizard = rpc(WIZARD + "emergency", "create", [values])
    return rpc(WIZARD + "emergency", "action_release", wizard)


def release_without_reason(rpc, at):
    return rpc("sale.order", "action_emergency_release", [at.order], " \n")


def release_after_changing(rpc, at):
    """Make it cheap first, and release what one made."""
    rpc("sale.order.line", "write", at.lines[:1], {"price_unit": 1})
    return release(rpc, at)


def release_after_withdrawing(rpc, at):
    """Submit somebody's order, take it back, and release it."""
    rpc("sale.order", "action_submit_for_approval", [at.spare])
    rpc("sale.order", "action_withdraw_approval", [at.spare])
    return rpc("sale.order", "action_emergency_release", [at.spare], "fire")


def release_a_copy(rpc, at):
    (copy,) = rpc("sale.order", "copy", [at.order], {"user_id": at.users["owner"]})
    return rpc("sale.order", "action_emergency_release", [copy], "fire")


def release_and_change(rpc, at):
    """Release what nobody would mind, then confirm something else."""
    release(rpc, at)
    rpc("sale.order.line", "write", at.lines[:1], {"price_unit": 1})
    return rpc("sale.order", "action_confirm", [at.order])


# What was answered and kept --------------------------------------------------


def create_answer(rpc, at):
    values = {"decision_id": at.decisions[0], "check_id": at.questions[0]}
    return rpc(WIZARD + "answer", "create", [{**values, "answer": "yes"}])


def import_answer(rpc, at):
    names = ["decision_id/.id", "check_id/.id", "answer"]
    rows = [[str(at.decisions[0]), str(at.questions[0]), "yes"]]
    return of_import(rpc(WIZARD + "answer", "load", names, rows))


def write_answer(rpc, at):
    return rpc(WIZARD + "answer", "write", at.answers, {"answer": "no"})


def delete_answer(rpc, at):
    return rpc(WIZARD + "answer", "unlink", at.answers)


def write_question(rpc, at):
    return rpc(WIZARD + "check", "write", at.questions, {"must_be_yes": False})


def delete_question(rpc, at):
    return rpc(WIZARD + "check", "unlink", at.questions)


def become_deputy(rpc, at):
    return rpc(SEAT, "write", at.seats, {"deputy_ids": [[4, rpc.uid]]})


def let_it_escalate(rpc, at):
    values = {"date_escalation": _time(days=-1), "date_deadline": _time(days=-1)}
    return rpc(SEAT, "write", at.seats, values)


def bring_people_into_the_log(rpc, at):
    values = {"person_ids": [[4, rpc.uid]], "kind": "add_seat"}
    return rpc(WIZARD + "decision", "write", at.decisions, values)


def write_kind_of_reason(rpc, at):
    return rpc(WIZARD + "reason", "write", [at.reason], {"name": "no reason"})


def keep_mails_from_another(rpc, at):
    values = {"document_approval_notify": "none"}
    return rpc("res.users", "write", [at.users["supervisor"]], values)


PRIVATE = {
    SEAT: (
        "_cron_follow_up",
        "_cron_send_digest",
        "_follow_up",
        "_escalate",
        "_bring_in",
        "_replace_departed",
        "_call_deputies",
        "_hand_over",
        "_refresh_activity",
        "_take_level_name",
        "_get_decision_token",
        "_read_decision_token",
        "_notify_responsible",
    ),
    DELEGATION: ("_hand_over", "_grant_reviewer_group", "_bump_people"),
    WIZARD + "round": ("_get_record_checksum", "_get_facts", "_close_seats"),
    WIZARD + "decision": ("_keep_answers",),
    "report.document_approval.report_record": ("_get_report_values", "_get_record"),
    "sale.order": (
        "_approval_carry_over",
        "_approval_announce_release",
        "_approval_emergency_excluded",
        "_approval_check_people",
    ),
}


def call_private_methods(rpc, at):
    return last_refusal(
        {
            f"{model}.{name}": lambda model=model, name=name: rpc(
                model, name, at.seats[:1]
            )
            for model, names in PRIVATE.items()
            for name in names
        }
    )


# What one may not read -------------------------------------------------------


def _learn(values):
    """Return what was learnt.

    :raise UserError: nothing at all
    """
    if any(values):
        return values
    raise UserError("nothing was learnt")


def read_records_of_the_round(rpc, at):
    """Whatever the model: rounds, seats, answers and so on of others stay hidden."""
    names = "round seat finding decision check answer".split()
    found = {}
    for name in names:
        domain = {
            "round": [["id", "=", at.round]],
            "seat": [["round_id", "=", at.round]],
            "finding": [["round_id", "=", at.round]],
            "decision": [["round_id", "=", at.round]],
            "check": [["seat_id", "in", at.seats]],
            "answer": [["check_id", "in", at.questions]],
        }[name]
        found[name] = rpc(WIZARD + name, "search_read", domain, ["display_name"])
    return _learn(found.values())


def read_absences_of_others(rpc, at):
    return _learn(rpc(DELEGATION, "search_read", [["id", "=", at.delegation]], []))


def read_statistics(rpc, at):
    return _learn([rpc(WIZARD + "report", "search_count", [])])


def read_checklist_of_administrators(rpc, at):
    return rpc(WIZARD + "setup", "get_checklist")


FACTS = ("res_name", "amount", "why", "requester_id")


def read_by_the_decision_dialog(rpc, at):
    """The dialog about somebody else's seat, without saving it."""
    values = {"seat_ids": [[6, 0, at.seats[:1]]]}
    return _open(rpc, "decide", FACTS, values)


def read_by_the_decision_dialog_by_default(rpc, at):
    context = {"default_seat_ids": at.seats[:1]}
    return _open(rpc, "decide", FACTS, {}, context=context)


def read_by_the_seat_dialog(rpc, at):
    values = {"seat_id": at.seats[0], "department_id": at.departments["sales"]}
    names = ("res_name", "company_id", "taken_ids", "member_ids")
    return _open(rpc, "add.seat", names, values)


def _open(rpc, name, facts, values, context=None):
    rpc.env.invalidate_all()  # a request of its own knows nothing yet
    spec = {fact: {} for fact in (*facts, *values)}
    model = WIZARD + name
    changed = list(values)
    answer = rpc(model, "onchange", [], values, changed, spec, context=context)
    shown = answer["value"]
    return _learn([shown.get(fact) for fact in facts])


def read_by_a_saved_seat_dialog(rpc, at):
    values = {"seat_id": at.seats[0], "department_id": at.departments["technical"]}
    return _save_and_read(rpc, "add.seat", {**values, "words": "x"}, ["res_name"])


def read_by_a_result(rpc, at):
    (dialog,) = rpc(WIZARD + "decide", "create", [{}])
    values = {"decide_id": dialog, "seat_id": at.seats[0]}
    return _save_and_read(rpc, "decide.result", values, ["res_name", "department_id"])


def read_by_a_question(rpc, at):
    (dialog,) = rpc(WIZARD + "decide", "create", [{}])
    values = {"decide_id": dialog, "check_id": at.questions[0]}
    return _save_and_read(rpc, "decide.check", values, ["name"])


def _save_and_read(rpc, name, values, facts):
    ids = rpc(WIZARD + name, "create", [values])
    rpc.env.invalidate_all()
    (row,) = rpc(WIZARD + name, "read", ids, facts)
    return _learn([row[fact] for fact in facts])


# Set-up ----------------------------------------------------------------------


def drop_questions(rpc, at):
    return rpc(WIZARD + "flow.seat", "write", at.places, {"check_ids": [[5]]})


def answer_for_nothing(rpc, at):
    """Have every department look at one field, so that agreements carry over."""
    values = {"claimed_field_ids": [[6, 0, [at.field]]]}
    return rpc(WIZARD + "flow.seat", "write", at.places, values)


def shorten_deadlines(rpc, at):
    return rpc(WIZARD + "flow.seat", "write", at.places, {"deadline_days": 0.0001})


def name_own_fallback(rpc, at):
    values = {"fallback_id": at.departments["management"]}
    return rpc(WIZARD + "department", "write", [at.departments["sales"]], values)


def import_flows(rpc, at):
    values = {"company_id": at.company, "file": "e30="}
    wizard = rpc(WIZARD + "flow.import", "create", [values])
    return rpc(WIZARD + "flow.import", "action_import", wizard)


def join_the_emergency_group(rpc, at):
    (group,) = rpc("res.groups", "search", [["name", "=", "Emergency Release"]])
    return rpc("res.users", "write", [rpc.uid], {"group_ids": [[4, group]]})


def choose_who_is_told(rpc, at):
    values = {"document_approval_emergency_department_id": at.departments["sales"]}
    return rpc("res.company", "write", [at.company], values)
