"""Ways past what orders are confirmed, changed and cancelled by, each of one kind."""

from .answers import last_refusal, of_import
from .making import calling
from .routes_intake import FORCED
from .routes_state import CONTEXTS

CHANGE = "sale.order.change"
SHEET = "sale.order.change.evaluation"
SEAT = "document.approval.seat"
#: a scan, as base64
SCAN = "JVBERi0xLjQgc2lnbmVk"

# Cancelling a confirmed order ----------------------------------------------------


def cancel_with_context(rpc, at):
    context = {**CONTEXTS, **FORCED, "disable_cancel_warning": True}
    return rpc("sale.order", "action_cancel", [at.order], context=context)


def cancel_from_the_form(rpc, at):
    values = {"state": "cancel"}
    return rpc("sale.order", "web_save", [at.order], values, specification={})


def cancel_by_import(rpc, at):
    row = [[str(at.order), "Cancelled"]]
    return of_import(rpc("sale.order", "load", [".id", "state"], row))


def cancel_by_way_of_the_customer(rpc, at):
    command = [1, at.order, {"state": "cancel"}]
    return rpc("res.partner", "write", [at.partner], {"sale_order_ids": [command]})


def cancel_by_incoming_mail(rpc, at):
    return rpc("sale.order", "message_update", [at.order], {}, {"state": "cancel"})


def cancel_in_the_dialog(rpc, at):
    """Name the orders in the dialog itself, beside one that may be cancelled."""
    values = {"sale_order_ids": [[6, 0, [at.spare, at.order]]]}
    wizard = rpc("sale.mass.cancel.orders", "create", values)
    return rpc("sale.mass.cancel.orders", "action_mass_cancel", [wizard])


def cancel_unlocked(rpc, at):
    rpc("sale.order", "action_lock", [at.order])
    rpc("sale.order", "action_unlock", [at.order])
    return rpc("sale.order", "action_cancel", [at.order])


def cancel_by_server_action(rpc, at):
    model = rpc("ir.model", "search", [["model", "=", "sale.order"]])
    values = {
        "name": "x",
        "model_id": (model or [1])[0],
        "state": "code",
        "code": "records.action_cancel()",
    }
    action = rpc("ir.actions.server", "create", values)
    context = {"active_model": "sale.order", "active_ids": [at.order]}
    return rpc("ir.actions.server", "run", [action], context=context)


def call_private_methods_of_orders(rpc, at):
    names = (
        "_action_cancel",
        "_change_cancel",
        "_change_apply",
        "_change_record_round",
        "_change_portal_ask",
        "_concession_settle",
        "_contract_resume",
        "_enquiry_on_answer",
        "_price_keep_promise",
    )
    return last_refusal(
        {name: lambda name=name: rpc("sale.order", name, [at.order]) for name in names}
    )


def control_no_longer(rpc, at):
    values = {"sale_change_control": False}
    return rpc("res.company", "write", [at.company], values)


def control_no_longer_by_the_user(rpc, at):
    company = [1, at.company, {"sale_change_control": False}]
    return rpc("res.users", "write", [rpc.uid], {"company_ids": [company]})


# Changing one --------------------------------------------------------------------


def unlock_and_write_price(rpc, at):
    rpc("sale.order", "action_lock", [at.order])
    rpc("sale.order", "action_unlock", [at.order])
    return rpc("sale.order.line", "write", at.lines[:1], {"price_unit": 1})


def unlock_by_writing(rpc, at):
    values = {"locked": False, "order_line": [[1, at.lines[0], {"price_unit": 1}]]}
    return rpc("sale.order", "write", [at.order], values)


def write_many_lines(rpc, at):
    values = [{"price_unit": 1}] * len(at.lines)
    return rpc("sale.order.line", "web_save_multi", at.lines, values, specification={})


def request_and_apply(rpc, at):
    """Ask for a cancellation and have it applied before anybody has seen it."""
    values = {"order_id": at.order, "kind": "cancel", "reason": "x"}
    ids = rpc(CHANGE, "create", [values])
    rpc(CHANGE, "action_submit_for_approval", ids)
    rpc(CHANGE, "action_apply_again", ids)
    return rpc("sale.order", "action_cancel", [at.order])


def request_a_line_of_another_order(rpc, at):
    values = {"change_id": at.draft_change, "order_line_id": at.foreign_line}
    return rpc("sale.order.change.line", "create", [values])


def move_request_to_another_order(rpc, at):
    return rpc(CHANGE, "write", [at.document], {"order_id": at.shipped})


apply_again = calling(CHANGE, "action_apply_again", "document")
cancel_request = calling(CHANGE, "action_cancel", "document")

# Compensation --------------------------------------------------------------------


def enter_agreement(rpc, at):
    """Say that the customer signed on paper."""
    values = {"change_id": at.document, "name": "Customer", "file": SCAN}
    wizard = rpc(f"{CHANGE}.agreement", "create", [values])
    return rpc(f"{CHANGE}.agreement", "action_enter", wizard)


def submit_before_the_customer_agreed(rpc, at):
    return rpc(CHANGE, "action_submit_for_approval", [at.asked])


def agree_and_change_the_plan(rpc, at):
    """Enter what the customer signed, and submit another plan than that."""
    enter_agreement(rpc, at)
    rpc(CHANGE, "write", [at.document], {"compensation_amount": 9999})
    return rpc(CHANGE, "action_submit_for_approval", [at.document])


# Evaluation sheets -----------------------------------------------------------------


def _fill(rpc, at, **values):
    sheet = at.sheets["finance"]
    return rpc(SHEET, "write", [sheet], {"words": "No problem", **values})


def fill_in_the_sheet_of_finance(rpc, at):
    return _fill(rpc, at, extra_cost=0, delay_days=0)


def fill_in_by_the_form(rpc, at):
    sheet, values = at.sheets["finance"], {"words": "No problem"}
    return rpc(SHEET, "web_save", [sheet], values, specification={})


def fill_in_by_import(rpc, at):
    rows = [[str(at.sheets["finance"]), "No problem"]]
    return of_import(rpc(SHEET, "load", [".id", "words"], rows))


def fill_in_with_context(rpc, at):
    context = {**CONTEXTS, "uid": at.users["financier"], "su": True}
    values = {"words": "No problem"}
    return rpc(SHEET, "write", [at.sheets["finance"]], values, context=context)


def fill_in_all_sheets(rpc, at):
    return rpc(SHEET, "write", list(at.sheets.values()), {"words": "No problem"})


def fill_in_by_the_request(rpc, at):
    command = [1, at.sheets["finance"], {"words": "No problem"}]
    return rpc(CHANGE, "write", [at.document], {"evaluation_ids": [command]})


def fill_in_as_somebody_else(rpc, at):
    """Say that the financier wrote it, for another seat, with other facts."""
    values = {
        "user_id": at.users["financier"],
        "date": "2020-01-01",
        "seat_id": at.seats_of_sheets["operations"],
        "department_id": at.departments["operations"],
        "facts": [],
        "topic": "plan",
        "change_id": at.draft_change,
    }
    return last_refusal(
        {
            name: lambda name=name, value=value: _fill(rpc, at, **{name: value})
            for name, value in values.items()
        }
    )


def create_sheet(rpc, at):
    values = {
        "change_id": at.document,
        "round_id": at.round,
        "seat_id": at.seats_of_sheets["finance"],
        "department_id": at.departments["finance"],
        "topic": "cost",
        "words": "No problem",
    }
    return rpc(SHEET, "create", [values])


def copy_sheet(rpc, at):
    return rpc(SHEET, "copy", [at.sheets["finance"]])


def delete_sheet(rpc, at):
    return rpc(SHEET, "unlink", list(at.sheets.values()), context=FORCED)


def change_sheet_after_the_decision(rpc, at):
    sheet = at.decided_sheets["finance"]
    return rpc(SHEET, "write", [sheet], {"words": "On second thoughts"})


def delete_sheet_after_the_decision(rpc, at):
    return rpc(SHEET, "unlink", list(at.decided_sheets.values()), context=FORCED)


def _seat_of_finance(at):
    return [at.seats_of_sheets["finance"]]


def agree_without_the_sheet(rpc, at):
    return rpc(SEAT, "action_approve", _seat_of_finance(at), "fine")


def agree_without_the_sheet_in_the_dialog(rpc, at):
    values = {"seat_ids": [[6, 0, _seat_of_finance(at)]], "decision": "approve"}
    wizard = rpc("document.approval.decide", "create", [values])
    return rpc("document.approval.decide", "action_apply", wizard)


def agree_on_a_blank_sheet(rpc, at):
    _fill(rpc, at, words=" \n ")
    return agree_without_the_sheet(rpc, at)


def agree_for_another_department(rpc, at):
    """Fill in one's own sheet and agree on the seat of somebody else."""
    rpc(SHEET, "write", [at.sheets["operations"]], {"words": "Good"})
    return agree_without_the_sheet(rpc, at)
