"""Ways to forge any document that somebody has to agree to, and what it stands on."""

from odoo.exceptions import UserError

from .answers import last_refusal, of_import
from .making import calling, ids_of
from .routes_intake import FORCED
from .routes_state import CONTEXTS

#: what only the engine writes
GUARDED = {
    "approval_state": "approved",
    "approval_round_id": 1,
    "approval_round_ids": [[5]],
    "approval_editor_id": False,
    "approval_editor_ids": [[5]],
    "approval_revision": 5,
}


def _each(values, call):
    """Try every value by itself."""
    return last_refusal(
        {
            name: lambda name=name, value=value: call({name: value})
            for name, value in values.items()
        }
    )


def _write(rpc, at, values, **kwargs):
    return rpc(at.model, "write", [at.document], values, **kwargs)


def _save(rpc, at, values):
    return rpc(at.model, "web_save", [at.document], values, specification={})


def _import(rpc, model, row):
    return of_import(rpc(model, "load", list(row), [list(row.values())]))


# The state ---------------------------------------------------------------------------


def write_state(rpc, at):
    return _write(rpc, at, {"state": at.wanted})


def write_state_with_context(rpc, at):
    return _write(rpc, at, {"state": at.wanted}, context={**CONTEXTS, **FORCED})


def save_state_from_the_form(rpc, at):
    return _save(rpc, at, {"state": at.wanted})


def onchange_then_save(rpc, at):
    values = {"state": at.wanted}
    spec = {"state": {}}
    rpc(at.model, "onchange", [at.document], values, ["state"], spec)
    return _save(rpc, at, values)


def import_state(rpc, at):
    return _import(rpc, at.model, {".id": str(at.document), "state": at.label})


def state_by_incoming_mail(rpc, at):
    return rpc(at.model, "message_update", [at.document], {}, {"state": at.wanted})


def state_by_another_record(rpc, at):
    """Reach the document by a command on a record it belongs to."""
    return last_refusal(
        {
            field: lambda model=model, way=way, field=field: rpc(
                model, "write", [way], {field: [[1, at.document, {"state": at.wanted}]]}
            )
            for model, way, field in at.ways
        }
    )


def own_server_action(rpc, at):
    model = rpc("ir.model", "search", [["model", "=", at.model]])
    values = {
        "name": "x",
        "model_id": (model or [1])[0],
        "state": "code",
        "code": f"records.write({{'state': {at.wanted!r}}})",
    }
    action = rpc("ir.actions.server", "create", values)
    context = {"active_model": at.model, "active_ids": [at.document]}
    return rpc("ir.actions.server", "run", [action], context=context)


# New ones ------------------------------------------------------------------------


def create_in_state(rpc, at):
    return rpc(at.model, "create", [{**at.new, "state": at.wanted}])


def create_by_saving_a_form(rpc, at):
    values = {**at.new, "state": at.wanted}
    return rpc(at.model, "web_save", [], values, specification={})


def import_new(rpc, at):
    return _import(rpc, at.model, {**at.import_new, "state": at.label})


def new_by_incoming_mail(rpc, at):
    values = {**at.new, "state": at.wanted}
    return rpc(at.model, "message_new", {"subject": "x"}, values)


def new_by_another_record(rpc, at):
    values = {**at.new, "state": at.wanted}
    return last_refusal(
        {
            field: lambda model=model, way=way, field=field: rpc(
                model, "write", [way], {field: [[0, 0, values]]}
            )
            for model, way, field in at.ways
        }
    )


def create_with_what_is_kept(rpc, at):
    return _each(at.kept, lambda v: rpc(at.model, "create", [{**at.new, **v}]))


def create_by_default(rpc, at):
    """Have the context name what only the system gives."""
    kept = {**at.kept, "state": at.wanted, "approval_state": "approved"}
    context = {f"default_{name}": value for name, value in kept.items()}
    ids = rpc(at.model, "create", [at.new], context=context)
    return _must_be_draft(rpc, at, ids)


def create_by_own_default(rpc, at):
    """The same by the user's own stored default."""
    rpc("ir.default", "set", at.model, "state", at.wanted, True)
    return _must_be_draft(rpc, at, rpc(at.model, "create", [at.new]))


def copy_in_state(rpc, at):
    context = {"default_state": at.wanted}
    ids = rpc(at.model, "copy", [at.document], {"state": at.wanted}, context=context)
    return _must_be_draft(rpc, at, ids)


def _must_be_draft(rpc, at, ids):
    """Return what is in force without anybody's agreement.

    :raise UserError: if all that was named was ignored
    """
    kept = [name for name in at.kept if not isinstance(at.kept[name], list)]
    forged = {**at.kept, "state": at.wanted}
    for row in rpc(at.model, "read", ids, ["state", *kept]):
        for name in ("state", *kept):
            value = row[name][0] if isinstance(row[name], list | tuple) else row[name]
            if value and value == forged[name]:
                return row
    raise UserError("It was ignored.")


# What only the system writes, and what was agreed to ---------------------------------


def write_what_is_kept(rpc, at):
    return _each(at.kept, lambda values: _write(rpc, at, values))


def save_what_is_kept(rpc, at):
    return _each(at.kept, lambda values: _save(rpc, at, values))


def write_approval(rpc, at):
    return _each(GUARDED, lambda values: _write(rpc, at, values))


def create_with_approval(rpc, at):
    return _each(GUARDED, lambda v: rpc(at.model, "create", [{**at.new, **v}]))


def write_content(rpc, at):
    return _each(at.content, lambda values: _write(rpc, at, values))


def write_first_content(rpc, at):
    name, value = next(iter(at.content.items()))
    return _write(rpc, at, {name: value})


def save_content_with_context(rpc, at):
    context = {**CONTEXTS, **FORCED}
    return _each(at.content, lambda values: _write(rpc, at, values, context=context))


def import_content(rpc, at):
    name, value = at.import_content
    return _import(rpc, at.model, {".id": str(at.document), name: value})


def state_and_content(rpc, at):
    return _write(rpc, at, {**at.content, "state": at.wanted})


def delete(rpc, at):
    return rpc(at.model, "unlink", [at.document])


def delete_as_if_uninstalling(rpc, at):
    return rpc(at.model, "unlink", [at.document], context=FORCED)


# Lines ---------------------------------------------------------------------------


def write_lines(rpc, at):
    return _each(
        at.line_content,
        lambda values: rpc(at.line_model, "write", at.lines_of_document, values),
    )


def write_first_line(rpc, at):
    name, value = next(iter(at.line_content.items()))
    return rpc(at.line_model, "write", at.lines_of_document[:1], {name: value})


def write_what_is_kept_of_lines(rpc, at):
    return _each(
        at.line_kept,
        lambda values: rpc(at.line_model, "write", at.lines_of_document, values),
    )


def create_with_what_is_kept_of_lines(rpc, at):
    line = {at.line_parent: at.document, **at.new_line}
    return _each(at.line_kept, lambda v: rpc(at.line_model, "create", [{**line, **v}]))


def create_line(rpc, at):
    values = {at.line_parent: at.document, **at.new_line}
    return rpc(at.line_model, "create", [values])


def create_line_by_default(rpc, at):
    context = {f"default_{at.line_parent}": at.document}
    return rpc(at.line_model, "create", [at.new_line], context=context)


def import_line(rpc, at):
    name, value = next(iter(at.line_content.items()))
    row = {".id": str(at.lines_of_document[0]), name: str(value)}
    return _import(rpc, at.line_model, row)


def copy_line(rpc, at):
    return rpc(at.line_model, "copy", at.lines_of_document[:1])


def move_line_in(rpc, at):
    values = {at.line_parent: at.document}
    return rpc(at.line_model, "write", at.lines_of_draft[:1], values)


def move_line_away(rpc, at):
    values = {at.line_parent: at.draft}
    return rpc(at.line_model, "write", at.lines_of_document[:1], values)


def delete_lines(rpc, at):
    return rpc(at.line_model, "unlink", at.lines_of_document, context=FORCED)


def lines_by_commands(rpc, at):
    """Give the document every command on its lines."""
    line, values = at.lines_of_document[0], at.line_content
    commands = {
        "create": [0, 0, at.new_line],
        "update": [1, line, values],
        "delete": [2, line, 0],
        "unlink": [3, line, 0],
        "link": [4, at.lines_of_draft[0], 0],
        "clear": [5, 0, 0],
        "set": [6, 0, at.lines_of_draft],
    }
    return last_refusal(
        {
            name: lambda command=command: _write(rpc, at, {at.lines_field: [command]})
            for name, command in commands.items()
        }
    )


def lines_by_the_draft(rpc, at):
    """Reach the lines by commands on a draft that is open."""
    line = at.lines_of_document[0]
    commands = {
        "update": [1, line, at.line_content],
        "delete": [2, line, 0],
        "link": [4, line, 0],
    }
    return last_refusal(
        {
            name: lambda command=command: rpc(
                at.model, "write", [at.draft], {at.lines_field: [command]}
            )
            for name, command in commands.items()
        }
    )


# Deciding ------------------------------------------------------------------------


def approve(rpc, at):
    return rpc("document.approval.seat", "action_approve", at.open_seats, "fine")


def approve_by_the_dialog(rpc, at):
    values = {"seat_ids": [[6, 0, at.open_seats]], "decision": "approve"}
    wizard = rpc("document.approval.decide", "create", values)
    return rpc("document.approval.decide", "action_apply", [wizard])


def give_away_and_approve(rpc, at):
    """Make somebody else responsible, to be no longer the one whose it is."""
    _write(rpc, at, {"user_id": at.users["stranger"]})
    return approve(rpc, at)


def write_round(rpc, at):
    return rpc("document.approval.round", "write", [at.round], {"state": "approved"})


def use_round_of_an_order(rpc, at):
    """Have the approval of an order be that of the document."""
    order = rpc("sale.order", "read", [at.order], ["approval_round_id"])
    values = {"res_model": at.model, "res_id": at.document}
    round_id = order[0]["approval_round_id"][0]
    return rpc("document.approval.round", "write", [round_id], values)


PRIVATE = (
    "_keep",
    "_keep_files",
    "_write_system",
    "_approval_write",
    "_approval_on_approved",
    "_approval_submit",
    "_close",
    "_follow_up",
    "_apply",
    "_apply_now",
    "_apply_or_tell",
    "_sign",
    "_complete",
    "_make_paper",
    "_contract_on_signed",
    "_agree",
    "_object",
    "_freeze",
    "_answer",
    "_make",
    "_move_on",
    "_take",
    "_cron_apply",
    "_cron_ask",
    "_write",
    "sudo",
)


def call_private_methods(rpc, at):
    return last_refusal(
        {name: lambda name=name: rpc(at.model, name, [at.document]) for name in PRIVATE}
    )


# What proves something: written by the system, kept for good -------------------------

#: what an attacker knows it by: its model, and what he would like it to say
EVIDENCE = {
    "draws": (
        "sale.price.concession.draw",
        {"quantity": 0, "amount": 0, "order_id": False, "line_ref": 0},
    ),
    "effects": (
        "sale.price.revision.effect",
        {"is_taken": True, "old_price": 1, "order_id": False},
    ),
    "signatures": (
        "sale.contract.signature",
        {"name": "Me", "side": "ours", "date": "2020-01-01", "signature": False},
    ),
    "papers": (
        "sale.contract.paper",
        {"name": "Other", "sha256": "0" * 64, "kind": "scan", "round_id": False},
    ),
    "briefings": (
        "sale.contract.briefing",
        {"state": "done", "acknowledged_on": "2020-01-01", "tasks": "None"},
    ),
    "loan": (
        "sale.contract.loan",
        {"date_returned": "2020-01-01", "received_by_id": 2, "borrower_id": 2},
    ),
    "versions": (
        "sale.requirement.version",
        {"content": "{}", "content_hash": "x", "version": 9, "date": "2020-01-01"},
    ),
    "list_answers": (
        "sale.requirement.answer",
        {"kind": "object", "name": "Me", "words": "No", "attachment_ids": [[5]]},
    ),
    "objections": ("sale.requirement.objection", {"words": "None", "number": 9}),
    "enquiry_lines": (
        "sale.order.enquiry.line",
        {"state": "withdraw", "words": "No", "wish_date": "2099-01-01"},
    ),
    "enquiry_answers": (
        "sale.order.enquiry.answer",
        {"kind": "withdraw", "name": "Me", "words": "No", "attachment_ids": [[5]]},
    ),
}


def _writing_each(name, model, values):
    def route(rpc, at):
        return _each(values, lambda v: rpc(model, "write", ids_of(at, name), v))

    route.__name__ = f"write {name}"
    return route


def _creating(name, model, values):
    """Return a route that has one more of it, saying what one likes."""

    def route(rpc, at):
        return rpc(model, "create", [{**at.evidence[name], **values}])

    route.__name__ = f"create {name}"
    return route


write_evidence = tuple(
    _writing_each(name, model, values) for name, (model, values) in EVIDENCE.items()
)
create_evidence = tuple(
    route
    for name, (model, values) in EVIDENCE.items()
    for route in (calling(model, "copy", name), _creating(name, model, values))
)
delete_evidence = tuple(
    calling(model, "unlink", name, context=FORCED)
    for name, (model, _values) in EVIDENCE.items()
)

#: files that prove something
FILES = ("paper_files", "version_files", "answer_files", "enquiry_files")
_FILE_VALUES = {
    "raw": "forged",
    "res_id": 0,
    "res_model": "res.partner",
    "public": True,
    "type": "url",
    "name": "other.txt",
}
write_files = tuple(
    _writing_each(name, "ir.attachment", _FILE_VALUES) for name in FILES
)
delete_files = tuple(
    calling("ir.attachment", "unlink", name, context=FORCED) for name in FILES
)
