"""Ways at originals, spreadsheets, letters, tasks, and at what rules depend on."""

import base64

from odoo.exceptions import UserError

from .answers import found, last_refusal, of_import
from .making import calling, reading, writing

FILE = "ir.attachment"
ORIGINAL = "sale.order.original"
JOB = "sale.order.import"
ROW = "sale.order.import.row"
LETTER = "sale.order.letter"
TASK = "sale.order.task"
OTHER = base64.b64encode(b"something else").decode()
FORCED = {"_force_unlink": True, "force_delete": True, "active_test": False}


# Originals ---------------------------------------------------------------------

FILE_VALUES = {
    "datas": OTHER,
    "raw": "something else",
    "db_datas": OTHER,
    "name": "other.txt",
    "mimetype": "text/html",
    "type": "url",
    "url": "https://example.com",
    "public": True,
    "res_id": lambda rpc, at: at.spare,
    "res_model": "res.partner",
    "res_field": "signature",
    "company_id": lambda rpc, at: at.other_company,
}
write_files = writing(
    FILE, "files", **FILE_VALUES, store_fname="ab/abc", checksum="0" * 40
)
delete_files = (
    calling(FILE, "unlink", "files"),
    calling(FILE, "unlink", "files", context=FORCED),
    calling(ORIGINAL, "unlink", "originals"),
    calling(ORIGINAL, "unlink", "originals", context=FORCED),
    calling("sale.order", "unlink", "order", context=FORCED),
    calling("mail.message", "unlink", "messages", context=FORCED),
)
write_originals = writing(
    ORIGINAL,
    "originals",
    sha256="0" * 64,
    name="other.txt",
    size=1,
    order_id=lambda rpc, at: at.spare,
    attachment_id=lambda rpc, at: at.loose[0],
    replaced_by_id=lambda rpc, at: at.spare_originals[0],
    replaces_id=lambda rpc, at: at.spare_originals[0],
    replace_reason="None",
    user_id=lambda rpc, at: at.users["employee"],
    date="2020-01-01",
    damage="changed",
    company_id=lambda rpc, at: at.other_company,
)
classify_originals = writing(ORIGINAL, "originals", is_internal=False, note="Nothing")
write_messages = writing(
    "mail.message",
    "messages",
    attachment_ids=[[5, 0, 0]],
    body="Something else",
    res_id=lambda rpc, at: at.spare,
    model="res.partner",
    message_type="notification",
)
order_commands = tuple(
    writing("sale.order", "order", what, policy_original_ids=value)[0]
    for what, value in {
        "unlinking": lambda rpc, at: [[2, at.originals[0], 0]],
        "forgetting": lambda rpc, at: [[3, at.originals[0], 0]],
        "emptying": [[5, 0, 0]],
        "replacing": [[6, 0, []]],
        "changing": lambda rpc, at: [[1, at.originals[0], {"sha256": "0" * 64}]],
        "stealing": lambda rpc, at: [[4, at.spare_originals[0], 0]],
    }.items()
)


def _original(at, file, **values):
    return [{"order_id": at.order, "attachment_id": file, "kind_id": at.kind, **values}]


forge_originals = tuple(
    calling(ORIGINAL, "create", None, value)
    for value in (
        lambda rpc, at: _original(at, at.spare_files[0]),
        lambda rpc, at: _original(at, at.files[0]),
        lambda rpc, at: _original(at, at.letter_file),
        lambda rpc, at: _original(at, at.loose[0], sha256="0" * 64),
        lambda rpc, at: _original(at, at.loose[0], user_id=at.users["employee"]),
        lambda rpc, at: _original(at, at.loose[0], date="2020-01-01"),
        lambda rpc, at: _original(at, at.loose[0], replaces_id=at.originals[0]),
    )
)
add_originals = (
    calling(ORIGINAL, "create", None, lambda rpc, at: _original(at, at.loose[0])),
    calling(
        "sale.order", "policy_add_originals", "order", [{"name": "x", "data": OTHER}]
    ),
)


def copy_original(rpc, at):
    return rpc(ORIGINAL, "copy", at.originals)


def replace_original_by_wizard(rpc, at):
    values = {"original_id": at.originals[0], "file": OTHER, "reason": "Better"}
    wizard = rpc(f"{ORIGINAL}.replace", "create", [{**values, "file_name": "x"}])
    return rpc(f"{ORIGINAL}.replace", "action_replace", wizard)


def replace_original_without_reason(rpc, at):
    values = {"original_id": at.originals[0], "file": OTHER, "reason": "  "}
    wizard = rpc(f"{ORIGINAL}.replace", "create", [{**values, "file_name": "x"}])
    return rpc(f"{ORIGINAL}.replace", "action_replace", wizard)


def classify_by_wizard(rpc, at):
    """Have the wizard take a file of another order."""
    line = {"attachment_id": at.spare_files[0], "kind_id": at.kind}
    values = {"order_id": at.order, "line_ids": [[0, 0, line]]}
    wizard = rpc(f"{ORIGINAL}.classify", "create", [values])
    return rpc(f"{ORIGINAL}.classify", "action_classify", wizard)


read_internal_files = reading(FILE, "internal_file", "name", "datas")
read_originals = reading(ORIGINAL, "originals", "name", "sha256")


def read_originals_by_the_order(rpc, at):
    (values,) = rpc("sale.order", "read", [at.order], ["policy_original_ids"])
    return found(values["policy_original_ids"])


# Spreadsheets --------------------------------------------------------------------

write_job = writing(
    JOB,
    "job",
    state="running",
    user_id=lambda rpc, at: at.users["sales manager"],
    message="Fine",
    is_read=True,
    is_refused=True,
    row_ids=lambda rpc, at: [[1, at.row, {"state": "ready"}]],
    create_uid=lambda rpc, at: at.users["sales manager"],
)
write_job_elsewhere = (
    *writing(JOB, "job", company_id=lambda rpc, at: at.other_company),
    *writing(JOB, "job", order_type_id=lambda rpc, at: at.other_type),
)
settings_of_job = writing(
    JOB, "job", name="x", file=OTHER, order_type_id=lambda rpc, at: at.strict
)
write_imported = writing(JOB, "imported", file=OTHER)
exchange_files = (
    *writing(FILE, "imported_file", datas=OTHER, res_id=0, res_field=False),
    *writing(FILE, "job_file", raw="something else", res_model="sale.order"),
    calling(FILE, "unlink", "imported_file", context=FORCED),
)
write_row = writing(
    ROW,
    "row",
    state="done",
    order_id=lambda rpc, at: at.order,
    line_id=lambda rpc, at: at.lines[0],
    reasons="Fine",
    job_id=lambda rpc, at: at.imported,
    order_key="I1",
    row_number=1,
    is_first=True,
    sequence=0,
)
texts_of_row = writing(ROW, "row", col_quantity="5")
write_imported_row = (
    *writing(ROW, "imported_row", col_quantity="5"),
    calling(ROW, "action_skip", "imported_row"),
    calling(ROW, "action_take_back", "imported_row"),
)
buttons_of_job = (
    *(calling(JOB, f"action_{m}", "job") for m in ("check", "create_orders", "stop")),
    *(calling(ROW, f"action_{m}", "row") for m in ("skip", "take_back")),
)
delete_job = (calling(JOB, "unlink", "job", context=FORCED),)
delete_imported = (
    calling(JOB, "unlink", "imported"),
    calling(JOB, "unlink", "imported", context=FORCED),
)
delete_row = (
    calling(ROW, "unlink", "row", context=FORCED),
    calling(ROW, "create", None, lambda rpc, at: [{"job_id": at.job}]),
)
create_job = tuple(
    calling(JOB, "create", None, value)
    for value in (
        lambda rpc, at: [{"user_id": at.users["sales manager"]}],
        lambda rpc, at: [{"state": "running"}],
        lambda rpc, at: [{"row_ids": [[4, at.row, 0]]}],
        lambda rpc, at: [{"company_id": at.other_company}],
        lambda rpc, at: [{"order_type_id": at.other_type}],
        lambda rpc, at: [{"create_uid": at.users["sales manager"]}],
    )
)
copy_job = calling(JOB, "copy", "job")
read_job = reading(JOB, "job", "name", "file")
read_rows = reading(ROW, "row", "col_price")


def take_rows_by_default(rpc, at):
    context = {"default_row_ids": [[4, at.row, 0]], "default_state": "running"}
    return rpc(JOB, "create", [{}], context=context)


def create_job_as_another_by_own_default(rpc, at):
    rpc("ir.default", "set", JOB, "user_id", at.users["sales manager"], True)
    job = rpc(JOB, "create", [{}])
    (values,) = rpc(JOB, "read", job, ["user_id"])
    if values["user_id"][0] == rpc.uid:
        raise UserError("It is one's own.")
    return values


def create_confirmed_orders(rpc, at):
    """Have the context say that orders of the import are confirmed and approved."""
    context = {
        "default_state": "sale",
        "default_approval_state": "approved",
        "default_approval_round_id": at.round,
        "default_company_id": at.other_company,
        "default_locked": True,
    }
    return _created(rpc, at, context)


def create_orders_of_another(rpc, at):
    """Have the context, and the spreadsheet, name a colleague."""
    rpc(ROW, "write", [at.row], {"col_salesperson": "attack.sales.manager"})
    context = {"default_user_id": at.users["sales manager"]}
    return _created(rpc, at, context)


def _created(rpc, at, context):
    """Return what is wrong with the orders an import made.

    :raise UserError: if nothing is
    """
    rpc(JOB, "action_create_orders", [at.job], context=context)
    (job,) = rpc(JOB, "read", [at.job], ["row_ids"])
    rows = rpc(ROW, "read", job["row_ids"], ["order_id"])
    ids = [row["order_id"][0] for row in rows if row["order_id"]]
    fields = ["state", "approval_state", "user_id", "company_id"]
    wrong = [
        order
        for order in rpc("sale.order", "read", ids, fields)
        if order["state"] != "draft"
        or order["approval_state"] not in (False, "none")
        or order["company_id"][0] != at.company
        or (order["user_id"] and order["user_id"][0] != rpc.uid)
    ]
    return found(wrong)


# Letters ---------------------------------------------------------------------------

write_letter = writing(
    LETTER,
    "letter",
    order_id=lambda rpc, at: at.spare,
    version=9,
    fingerprint="0" * 64,
    attachment_id=lambda rpc, at: at.loose[0],
    sha256="0" * 64,
    date="2020-01-01",
    lang="fr_FR",
    company_id=lambda rpc, at: at.other_company,
)
write_state_of_letter = writing(
    LETTER, "letter", state="queued", recipients="me@example.com", attempts=0, error="x"
)
write_letter_file = writing(FILE, "letter_file", **FILE_VALUES)
delete_letter = (
    calling(LETTER, "unlink", "letter", context=FORCED),
    calling(FILE, "unlink", "letter_file", context=FORCED),
)
create_letter = (
    calling(
        LETTER,
        "create",
        None,
        lambda rpc, at: [
            {
                "order_id": at.order,
                "company_id": at.company,
                "round_id": at.round,
                "version": 7,
                "date": "2020-01-01",
            }
        ],
    ),
    calling(LETTER, "copy", "letter"),
)
private_methods = tuple(
    calling(model, method, target)
    for model, target, methods in (
        (LETTER, "letter", ("_work", "_post", "_make_file", "_work_off", "_wake")),
        (LETTER, "letter", ("_cron_follow_confirmations", "_render_pdf")),
        ("sale.order", "order", ("_policy_queue_confirmation",)),
        ("sale.order", "order", ("_policy_withdraw_confirmation",)),
        (TASK, "task", ("_write_system", "_forget_activities", "_tell_responsible")),
        (ORIGINAL, "originals", ("_write_system", "_replace")),
        (JOB, "job", ("_cron_work", "_create_next", "_act_as_user", "_finish")),
    )
    for method in methods
)
retry_letter = (
    calling(LETTER, "action_retry", "letter"),
    calling("sale.order.task.batch", "action_retry", "batch"),
)
write_letter_template = (
    *writing("mail.template", "mail_template", body_html="<p>Pay me</p>"),
    *writing("mail.template", "mail_template", email_to="me@example.com"),
    calling("mail.template", "unlink", "mail_template"),
)
read_letter = reading(LETTER, "letter", "recipients")
read_letter_file = reading(FILE, "letter_file", "name")

# Tasks -----------------------------------------------------------------------------

write_task = writing(
    TASK,
    "task",
    state="done",
    done_by_id=lambda rpc, at: rpc.uid,
    done_on="2020-01-01",
    order_id=lambda rpc, at: at.spare,
    department_id=lambda rpc, at: at.departments["sales"],
    company_id=lambda rpc, at: at.other_company,
    deadline="2040-01-01",
    partner_name="x",
    line_ids=[[5, 0, 0]],
    content_fingerprint="x",
)
finish_task = (
    calling(TASK, "action_done", "task"),
    calling(TASK, "action_take", "task"),
    calling(TASK, "action_reopen", "task"),
    *writing(TASK, "task", user_id=lambda rpc, at: rpc.uid, note="x"),
)
give_task_away = writing(TASK, "task", user_id=lambda rpc, at: at.users["stranger"])
delete_task = (
    calling(TASK, "unlink", "task", context=FORCED),
    calling(TASK, "copy", "task"),
)
add_task_line = calling(
    "sale.order.task.line", "create", None, lambda r, at: [{"task_id": at.task}]
)
read_task = reading(TASK, "task", "partner_name")


def finish_task_by_an_activity(rpc, at):
    """Plan something on a task one may only read, and do it."""
    model = rpc("ir.model", "search", [["model", "=", TASK]])
    values = {"res_model_id": model[0], "res_id": at.task, "user_id": rpc.uid}
    activity = rpc("mail.activity", "create", [{**values, "automated": True}])
    return rpc("mail.activity", "action_feedback", activity)


def read_prices_by_the_task(rpc, at):
    nested = {"order_id": {"fields": {"amount_total": {}}}}
    paths = ("order_id", "batch_id.order_id")
    amounts = ("amount_total", "order_line.price_unit", "partner_id.name")
    calls = {
        "nested": lambda: rpc(TASK, "web_read", [at.task], nested),
        "order": lambda: rpc("sale.order", "read", [at.order], ["amount_total"]),
        "export": lambda: rpc(
            TASK, "export_data", [at.task], ["order_id/amount_total"]
        ),
        "group": lambda: found(
            [
                group
                for group in rpc(
                    TASK, "formatted_read_group", [], ["order_id.amount_total"], []
                )
                if group["order_id.amount_total"]
            ]
        ),
        "sort": lambda: found(rpc(TASK, "search", [], order="order_id.amount_total")),
    }
    for path in paths:
        for amount in amounts:
            domain = [[f"{path}.{amount}", "!=", False]]
            calls[f"{path}.{amount}"] = lambda d=domain: found(rpc(TASK, "search", d))
    return last_refusal(calls)


# Sending before the approval ---------------------------------------------------------

send = (
    *writing("sale.order", "order", state="sent"),
    calling("sale.order", "action_quotation_sent", "order"),
    calling("sale.order", "action_quotation_send", "order"),
    calling(
        "sale.order",
        "message_post",
        "order",
        body="Please buy",
        context={"mark_so_as_sent": True},
    ),
    calling("sale.order", "web_save", "order", {"state": "sent"}, {}),
)


def send_by_the_import(rpc, at):
    names = [".id", "state"]
    return of_import(rpc("sale.order", "load", names, [[str(at.order), "Sent"]]))


def send_many_by_composer(rpc, at):
    """Have the composer mail several quotations at once, and mark them as sent."""
    values = {
        "model": "sale.order",
        "res_ids": str([at.order, at.spare]),
        "composition_mode": "comment",
        "body": "Please buy",
        "subject": "Quotation",
    }
    context = {"mark_so_as_sent": True, "active_ids": [at.order, at.spare]}
    wizard = rpc("mail.compose.message", "create", [values], context=context)
    return rpc("mail.compose.message", "action_send_mail", wizard, context=context)


def send_as_a_copy(rpc, at):
    return rpc("sale.order", "copy", [at.order], {"state": "sent"})


def send_by_default(rpc, at):
    values = {"partner_id": at.partner, "policy_type_id": at.strict}
    line = {"product_id": at.product}
    values["order_line"] = [[0, 0, line]]
    context = {"default_state": "sent"}
    return rpc("sale.order", "create", [values], context=context)


read_order = reading("sale.order", "order", "amount_total")
read_lines = reading("sale.order.line", "lines", "price_unit")

# What rules depend on ----------------------------------------------------------------

write_region = (
    *writing("res.partner", "partner", sale_region_id=lambda rpc, at: at.region),
    *writing("res.partner", "rich", sale_region_id=False),
)
write_region_by_its_company = writing(
    "res.partner",
    "rich",
    child_ids=lambda rpc, at: [[1, at.partner, {"sale_region_id": at.region}]],
)
move_customer = (
    *writing("res.partner", "partner", parent_id=lambda rpc, at: at.rich),
    *writing("res.partner", "rich", child_ids=lambda rpc, at: [[4, at.partner, 0]]),
    calling(
        "res.partner",
        "web_save",
        "partner",
        lambda rpc, at: {"is_company": False, "parent_id": at.rich},
        {},
    ),
)


def import_region(rpc, at):
    rows = [[str(at.partner), str(at.region)]]
    return of_import(rpc("res.partner", "load", [".id", "sale_region_id/.id"], rows))


def import_parent(rpc, at):
    rows = [[str(at.partner), str(at.rich)]]
    return of_import(rpc("res.partner", "load", [".id", "parent_id/.id"], rows))


def new_customer_of_a_region(rpc, at):
    return rpc("res.partner", "create", [{"name": "N", "sale_region_id": at.region}])


def new_customer_by_default(rpc, at):
    context = {"default_sale_region_id": at.region}
    return rpc("res.partner", "create", [{"name": "New"}], context=context)


def new_customer_by_own_default(rpc, at):
    rpc("ir.default", "set", "res.partner", "sale_region_id", at.region, True)
    return rpc("res.partner", "create", [{"name": "New"}])


set_up = (
    *writing("sale.order.type", "strict", sending_rule="subject", active=False),
    *writing("sale.amount.class", "klass", amount_from=1e9, active=False),
    *writing("sale.order.task.template", "task_template", active=False),
    *writing(
        "res.company", "company", sale_policy_letter=False, sale_policy_tasks=False
    ),
    calling("sale.amount.class", "unlink", "klass"),
    calling("sale.order.task.template", "unlink", "task_template"),
)
set_up_of_all_companies = (
    *writing("sales.region", "region", name="x", active=False),
    *writing("sale.original.kind", "kind", is_internal=False, active=False),
    *writing("crm.team", "team", sale_region_id=lambda rpc, at: at.region),
    calling("sale.order.type", "create", None, [{"name": "Mine", "sequence": -9}]),
    calling("sales.region", "create", None, [{"name": "Mine"}]),
)
