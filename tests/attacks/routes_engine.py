"""Ways to forge the approval itself: its records, its set-up, its people."""

from odoo.exceptions import UserError

from .answers import last_refusal, of_import

# Records of a round ----------------------------------------------------------


def write_round(rpc, at):
    return rpc("document.approval.round", "write", [at.round], {"state": "approved"})


def write_round_fingerprint(rpc, at):
    return rpc("document.approval.round", "write", [at.round], {"fingerprint": "x"})


def write_seats_by_the_round(rpc, at):
    commands = [[1, seat, {"state": "approved"}] for seat in at.seats]
    return rpc("document.approval.round", "write", [at.round], {"seat_ids": commands})


def write_seat(rpc, at):
    return rpc("document.approval.seat", "write", at.seats, {"state": "approved"})


def become_candidate(rpc, at):
    values = {"candidate_ids": [[4, rpc.uid]]}
    return rpc("document.approval.seat", "write", at.seats, values)


def lower_the_quorum(rpc, at):
    return rpc("document.approval.seat", "write", at.seats, {"is_required": False})


def write_decision(rpc, at):
    values = {"kind": "approve", "user_id": rpc.uid}
    return rpc("document.approval.decision", "write", at.decisions, values)


def create_decision(rpc, at):
    values = {
        "round_id": at.round,
        "seat_id": at.seats[0],
        "kind": "approve",
        "user_id": at.users["supervisor"],
    }
    return rpc("document.approval.decision", "create", [values])


def create_approved_round(rpc, at):
    values = {
        "number": 9,
        "res_model": "sale.order",
        "res_id": at.order,
        "company_id": at.company,
        "requester_id": rpc.uid,
        "state": "approved",
    }
    return rpc("document.approval.round", "create", [values])


def import_decision(rpc, at):
    names = ["round_id/.id", "kind", "user_id/.id"]
    rows = [[str(at.round), "approve", str(at.users["supervisor"])]]
    return of_import(rpc("document.approval.decision", "load", names, rows))


def delete_round(rpc, at):
    return rpc("document.approval.round", "unlink", [at.round])


def delete_seat(rpc, at):
    return rpc("document.approval.seat", "unlink", at.seats)


def delete_decision(rpc, at):
    return rpc("document.approval.decision", "unlink", at.decisions)


def copy_round(rpc, at):
    return rpc("document.approval.round", "copy", [at.round])


def write_finding(rpc, at):
    found = rpc("document.approval.finding", "search", [["round_id", "=", at.round]])
    return rpc("document.approval.finding", "write", found or [1], {"severity": "info"})


# Guarded fields of the order -------------------------------------------------

GUARDED = {
    "approval_state": "approved",
    "approval_round_id": 1,
    "approval_round_ids": [[5]],
    "approval_editor_id": False,
    "approval_revision": 5,
    "approval_parked_reason": "placed",
    "approval_parked_fingerprint": "x",
}


def _each(route):
    """Try every guarded field by itself."""
    return last_refusal(
        {
            name: lambda name=name, value=value: route(name, value)
            for name, value in GUARDED.items()
        }
    )


def write_guarded_fields(rpc, at):
    return _each(lambda n, v: rpc("sale.order", "write", [at.order], {n: v}))


def save_guarded_fields(rpc, at):
    return _each(
        lambda n, v: rpc("sale.order", "web_save", [at.order], {n: v}, specification={})
    )


def create_with_guarded_fields(rpc, at):
    return _each(
        lambda n, v: rpc(
            "sale.order", "create", {"partner_id": at.partner, "user_id": rpc.uid, n: v}
        )
    )


def copy_with_guarded_fields(rpc, at):
    return _each(lambda n, v: rpc("sale.order", "copy", [at.order], {n: v}))


def import_guarded_fields(rpc, at):
    names = [".id", "approval_state", "approval_parked_reason"]
    rows = [[str(at.order), "Approved", "Ordered online, awaiting approval"]]
    return of_import(rpc("sale.order", "load", names, rows))


def default_guarded_fields(rpc, at):
    """Create and copy with defaults in the context; they must not get anywhere."""
    context = {f"default_{name}": value for name, value in GUARDED.items()}
    values = {"partner_id": at.partner, "user_id": rpc.uid}
    new = rpc("sale.order", "create", values, context=context)
    (copy,) = rpc("sale.order", "copy", [at.order], context=context)
    return _must_be_blank(rpc, [new, copy])


def own_defaults_for_guarded_fields(rpc, at):
    """The same by the user's own stored defaults."""
    for name in ("approval_state", "approval_parked_reason", "approval_revision"):
        rpc("ir.default", "set", "sale.order", name, GUARDED[name], True)
    values = {"partner_id": at.partner, "user_id": rpc.uid}
    new = rpc("sale.order", "create", values)
    return _must_be_blank(rpc, [new])


def _must_be_blank(rpc, ids):
    names = ["approval_state", "approval_parked_reason", "approval_round_id"]
    for row in rpc("sale.order", "read", ids, names):
        if [row[name] for name in names] != ["none", False, False]:
            return row
    raise UserError("they were ignored")


def own_default_for_seats(rpc, at):
    """Have every seat of the next round born as approved."""
    rpc("ir.default", "set", "document.approval.seat", "state", "approved", True)
    rpc("sale.order", "action_submit_for_approval", [at.spare])
    return rpc("sale.order", "action_confirm", [at.spare])


def own_default_for_rounds(rpc, at):
    """Have the next round born as used, so that no change ends it."""
    rpc("ir.default", "set", "document.approval.round", "is_applied", True, True)
    rpc("sale.order", "action_submit_for_approval", [at.spare])
    return rpc("sale.order", "action_confirm", [at.spare])


def own_default_for_decisions(rpc, at):
    """Date one's decision back; the log must not believe it."""
    date = "2001-01-01 00:00:00"
    rpc("ir.default", "set", "document.approval.decision", "date", date, True)
    rpc("sale.order", "action_submit_for_approval", [at.spare])
    (row,) = rpc("sale.order", "read", [at.spare], ["approval_panel"])
    if row["approval_panel"]["date_submitted"] > "2020":
        raise UserError("it was ignored")
    return row


# Private methods -------------------------------------------------------------

PRIVATE = {
    "sale.order": (
        "_approval_write",
        "_approval_supersede",
        "_approval_touch",
        "_approval_submit",
        "_approval_create_round",
        "_approval_on_approved",
        "_approval_confirm_or_park",
        "_approval_unpark",
        "_approval_guard",
        "_validate_order",
        "_action_confirm",
        "_action_cancel",
        "_write",
        "sudo",
        "with_user",
        "with_env",
    ),
    "document.approval.round": ("_set_state", "_log", "_advance", "_end", "_bump"),
    "document.approval.seat": ("_decide", "_apply", "_open", "_close"),
    "document.approval.flow": ("_forget_gated_companies", "_get_gated_companies"),
    "document.approval.department": ("_grant_reviewer_group",),
}


def call_private_methods(rpc, at):
    return last_refusal(
        {
            f"{model}.{name}": lambda model=model, name=name: rpc(
                model, name, [at.order]
            )
            for model, names in PRIVATE.items()
            for name in names
        }
    )


# Deciding --------------------------------------------------------------------


def approve_all_seats(rpc, at):
    return rpc("document.approval.seat", "action_approve", at.seats)


def approve_first_seat(rpc, at):
    return rpc("document.approval.seat", "action_approve", at.seats[:1], "fine")


def approve_later_seat(rpc, at):
    return rpc("document.approval.seat", "action_approve", at.seats[-1:])


def refuse_first_seat(rpc, at):
    return rpc("document.approval.seat", "action_refuse", at.seats[:1], "no")


def approve_with_context(rpc, at):
    context = {
        "uid": at.users["supervisor"],
        "user": at.users["supervisor"],
        "allowed_company_ids": [at.company],
        "default_user_id": at.users["supervisor"],
        "su": True,
        "active_test": False,
    }
    return rpc(
        "document.approval.seat", "action_approve", at.seats[:1], context=context
    )


def approve_by_wizard(rpc, at):
    return _by_wizard(rpc, {"seat_ids": [[6, 0, at.seats[:1]]]}, {})


def approve_all_by_wizard(rpc, at):
    """One seat that is one's turn never comes with another that is not."""
    context = {"active_model": "document.approval.seat", "active_ids": at.seats}
    return _by_wizard(rpc, {}, context)


def approve_by_wizard_with_defaults(rpc, at):
    context = {"default_seat_ids": at.seats[:1], "default_decision": "approve"}
    return _by_wizard(rpc, {}, context)


def _by_wizard(rpc, values, context):
    wizard = rpc("document.approval.decide", "create", values, context=context)
    return rpc("document.approval.decide", "action_apply", [wizard], context=context)


def give_the_order_away_and_approve(rpc, at):
    """Pass the order to a colleague to be no longer its salesperson."""
    values = {"user_id": at.users["stranger"]}
    rpc("sale.order", "write", [at.order], values)
    return approve_first_seat(rpc, at)


def submit_again(rpc, at):
    return rpc("sale.order", "action_submit_for_approval", [at.order])


def withdraw(rpc, at):
    return rpc("sale.order", "action_withdraw_approval", [at.order])


def submit_with_archived_flow(rpc, at):
    """Submit under a flow that was put away long ago."""
    context = {"active_test": False}
    rpc("sale.order", "action_submit_for_approval", [at.spare], context=context)
    return rpc("sale.order", "action_confirm", [at.spare])


# Set-up ----------------------------------------------------------------------


def join_department(rpc, at):
    values = {"member_ids": [[4, rpc.uid]]}
    return rpc(
        "document.approval.department", "write", [at.departments["sales"]], values
    )


def become_head(rpc, at):
    values = {"head_id": rpc.uid}
    return rpc(
        "document.approval.department", "write", [at.departments["finance"]], values
    )


def create_department(rpc, at):
    values = {"name": "x", "code": "x", "member_ids": [[4, rpc.uid]]}
    return rpc("document.approval.department", "create", values)


def archive_flow(rpc, at):
    return rpc("document.approval.flow", "write", [at.flow], {"active": False})


def narrow_flow(rpc, at):
    domain = "[('amount_untaxed', '>', 1000000)]"
    return rpc("document.approval.flow", "write", [at.flow], {"domain": domain})


def create_flow_before_it(rpc, at):
    values = {"name": "x", "sequence": -1, "company_id": at.company, "model_id": 1}
    return rpc("document.approval.flow", "create", values)


def delete_flow(rpc, at):
    return rpc("document.approval.flow", "unlink", [at.flow])


def delete_flow_as_if_uninstalling(rpc, at):
    context = {"_force_unlink": True}
    return rpc("document.approval.flow", "unlink", [at.flow], context=context)


def delete_levels(rpc, at):
    return rpc("document.approval.flow.level", "unlink", at.levels)


def write_levels(rpc, at):
    values = {"participation": "finding"}
    return rpc("document.approval.flow.level", "write", at.levels, values)


def delete_places(rpc, at):
    return rpc("document.approval.flow.seat", "unlink", at.places)


def write_places(rpc, at):
    return rpc(
        "document.approval.flow.seat", "write", at.places, {"is_required": False}
    )


def switch_off(rpc, at):
    values = {"document_approval_mode": "off"}
    return rpc("res.company", "write", [at.company], values)


def observe_only(rpc, at):
    values = {"document_approval_mode": "observe"}
    return rpc("res.company", "web_save", [at.company], values, specification={})


def allow_same_person(rpc, at):
    values = {"document_approval_same_person": True}
    return rpc("res.company", "write", [at.company], values)


def switch_off_in_the_settings(rpc, at):
    values = {"document_approval_mode": "off"}
    settings = rpc("res.config.settings", "create", values)
    return rpc("res.config.settings", "execute", [settings])


def switch_off_by_the_user(rpc, at):
    company = [1, at.company, {"document_approval_mode": "off"}]
    return rpc("res.users", "write", [rpc.uid], {"company_ids": [company]})


def give_oneself_groups(rpc, at):
    groups = rpc("res.groups", "search", [["name", "=", "Administrator"]])
    return rpc("res.users", "write", [rpc.uid], {"group_ids": [[4, groups[0]]]})


def write_rules(rpc, at):
    return rpc("ir.rule", "create", {"name": "x", "model_id": 1, "domain_force": "[]"})
