"""Ways to make an order confirmed, or unconfirmed, without its approval."""

from .answers import last_refusal, of_import


def write_state(rpc, at):
    return rpc("sale.order", "write", [at.order], {"state": "sale"})


def confirm_by_button(rpc, at):
    return rpc("sale.order", "action_confirm", [at.order])


def save_state_from_the_form(rpc, at):
    return rpc(
        "sale.order", "web_save", [at.order], {"state": "sale"}, specification={}
    )


def create_confirmed(rpc, at):
    values = {"partner_id": at.partner, "user_id": rpc.uid, "state": "sale"}
    lines = [[0, 0, {"product_id": at.product}]]
    return rpc("sale.order", "create", [{**values, "order_line": lines}])


def create_confirmed_by_default(rpc, at):
    lines = [[0, 0, {"product_id": at.product}]]
    values = {"partner_id": at.partner, "user_id": rpc.uid, "order_line": lines}
    return rpc("sale.order", "create", values, context={"default_state": "sale"})


def create_confirmed_by_own_default(rpc, at):
    rpc("ir.default", "set", "sale.order", "state", "sale", True)
    lines = [[0, 0, {"product_id": at.product}]]
    values = {"partner_id": at.partner, "user_id": rpc.uid, "order_line": lines}
    return rpc("sale.order", "create", values)


def create_by_saving_a_form(rpc, at):
    values = {"partner_id": at.partner, "user_id": rpc.uid, "state": "sale"}
    return rpc("sale.order", "web_save", [], values, specification={})


def copy_as_confirmed(rpc, at):
    return rpc("sale.order", "copy", [at.order], {"state": "sale"})


def copy_with_confirmed_default(rpc, at):
    context = {"default_state": "sale", "default_approval_state": "approved"}
    (copy,) = rpc("sale.order", "copy", [at.order], context=context)
    return rpc("sale.order", "action_confirm", [copy])


def copy_and_confirm(rpc, at):
    (copy,) = rpc("sale.order", "copy", [at.order])
    return rpc("sale.order", "action_confirm", [copy])


def import_confirmed(rpc, at):
    result = rpc(
        "sale.order",
        "load",
        ["partner_id/.id", "state", "order_line/product_id/.id"],
        [[str(at.partner), "Sales Order", str(at.product)]],
    )
    return of_import(result)


def import_state_of_existing(rpc, at):
    return of_import(
        rpc("sale.order", "load", [".id", "state"], [[str(at.order), "Sales Order"]])
    )


def import_by_wizard(rpc, at):
    content = f".id,state\n{at.order},Sales Order\n"
    wizard = rpc(
        "base_import.import",
        "create",
        {"res_model": "sale.order", "file_name": "a.csv"},
    )
    options = {
        "has_headers": True,
        "quoting": '"',
        "separator": ",",
        "encoding": "utf-8",
    }
    rpc("base_import.import", "write", [wizard], {"file": content})
    names = [".id", "state"]
    return of_import(
        rpc("base_import.import", "execute_import", [wizard], names, names, options)
    )


def confirm_in_a_batch(rpc, at):
    return rpc("sale.order", "action_confirm", [at.spare, at.order])


def write_state_in_a_batch(rpc, at):
    return rpc("sale.order", "write", [at.order, at.spare], {"state": "sale"})


def state_by_way_of_the_customer(rpc, at):
    command = [1, at.order, {"state": "sale"}]
    return rpc("res.partner", "write", [at.partner], {"sale_order_ids": [command]})


def new_confirmed_order_by_way_of_the_customer(rpc, at):
    line = [0, 0, {"product_id": at.product}]
    values = {"state": "sale", "user_id": rpc.uid, "order_line": [line]}
    command = [0, 0, values]
    return rpc("res.partner", "write", [at.partner], {"sale_order_ids": [command]})


def state_by_incoming_mail(rpc, at):
    return rpc("sale.order", "message_update", [at.order], {}, {"state": "sale"})


def new_order_by_incoming_mail(rpc, at):
    values = {"partner_id": at.partner, "user_id": rpc.uid, "state": "sale"}
    return rpc("sale.order", "message_new", {"subject": "x"}, values)


def state_as_translation(rpc, at):
    values = {"en_US": "sale"}
    return rpc("sale.order", "update_field_translations", [at.order], "state", values)


def onchange_of_state(rpc, at):
    values = {"state": "sale", "approval_state": "approved"}
    return rpc("sale.order", "onchange", [at.order], values, ["state"], {"state": {}})


def onchange_then_save(rpc, at):
    answer = onchange_of_state(rpc, at)
    values = {"state": "sale", **(answer.get("value") or {})}
    return rpc("sale.order", "web_save", [at.order], values, specification={})


def create_by_name(rpc, at):
    context = {
        "default_state": "sale",
        "default_partner_id": at.partner,
        "default_user_id": rpc.uid,
    }
    return rpc("sale.order", "name_create", "S-attack", context=context)


def own_server_action(rpc, at):
    model = rpc("ir.model", "search", [["model", "=", "sale.order"]])
    action = rpc(
        "ir.actions.server",
        "create",
        {
            "name": "x",
            "model_id": (model or [1])[0],
            "state": "code",
            "code": "records.write({'state': 'sale'})",
        },
    )
    context = {"active_model": "sale.order", "active_ids": [at.order]}
    return rpc("ir.actions.server", "run", [action], context=context)


def own_access_right(rpc, at):
    return rpc(
        "ir.model.access",
        "create",
        {"name": "x", "model_id": 1, "perm_write": True, "perm_read": True},
    )


def own_scheduled_action(rpc, at):
    return rpc("ir.cron", "create", {"name": "x", "model_id": 1, "code": "pass"})


def set_back_by_writing(rpc, at):
    return rpc("sale.order", "write", [at.order], {"state": "draft"})


def set_to_sent_by_writing(rpc, at):
    return rpc("sale.order", "write", [at.order], {"state": "sent"})


def set_back_by_button(rpc, at):
    return rpc("sale.order", "action_draft", [at.order])


def cancel_by_button(rpc, at):
    return rpc("sale.order", "action_cancel", [at.order])


def cancel_by_writing(rpc, at):
    return rpc("sale.order", "write", [at.order], {"state": "cancel"})


def cancel_in_a_batch(rpc, at):
    context = {"active_ids": [at.order], "active_model": "sale.order"}
    wizard = rpc("sale.mass.cancel.orders", "create", {}, context=context)
    return rpc("sale.mass.cancel.orders", "action_mass_cancel", [wizard])


def cancel_redraft_and_confirm(rpc, at):
    rpc("sale.order", "action_cancel", [at.order])
    rpc("sale.order", "action_draft", [at.order])
    return rpc("sale.order", "action_confirm", [at.order])


def lock(rpc, at):
    return rpc("sale.order", "action_lock", [at.order])


def lock_and_unlock(rpc, at):
    rpc("sale.order", "action_lock", [at.order])
    return rpc("sale.order", "action_unlock", [at.order])


def mark_as_sent_by_message(rpc, at):
    context = {"mark_so_as_sent": True}
    return rpc("sale.order", "message_post", [at.order], body="x", context=context)


def read_order_and_lines(rpc, at):
    rpc("sale.order", "read", [at.order], ["name", "approval_panel", "amount_total"])
    return rpc("sale.order.line", "read", at.lines, ["name", "price_unit"])


def delete_order(rpc, at):
    return rpc("sale.order", "unlink", [at.order])


def delete_order_as_if_uninstalling(rpc, at):
    return rpc("sale.order", "unlink", [at.order], context={"_force_unlink": True})


#: what a caller may claim in his context
CONTEXTS = {
    "default_state": "sale",
    "default_approval_state": "approved",
    "default_approval_round_id": 1,
    "install_mode": True,
    "mail_notrack": True,
    "tracking_disable": True,
    "mail_create_nolog": True,
    "import_file": True,
    "no_recompute": True,
    "recompute": False,
    "prefetch_fields": False,
    "active_test": False,
    "force_company": 1,
    "force_delete": True,
    "_force_unlink": True,
    "module": "sale",
    "update_mode": True,
    "disable_cancel_warning": True,
    "sale_no_log_for_new_lines": True,
    "skip_approval": True,
    "approval_skip": True,
    "bypass_approval": True,
    "skip_compute_price_unit": True,
    "skip_validation_check": True,
    "validate_analytic": False,
    "send_email": True,
    "mark_so_as_sent": True,
    "catalog_skip_tracking": True,
    "from_website": True,
    "website_id": 1,
    "uid": 1,
    "su": True,
    "test_mode": True,
    "bin_size": True,
    "lang": "en_US",
}


def confirm_with_context(rpc, at):
    return rpc("sale.order", "action_confirm", [at.order], context=CONTEXTS)


def write_state_with_context(rpc, at):
    values = {"state": "sale"}
    return rpc("sale.order", "write", [at.order], values, context=CONTEXTS)


def confirm_with_one_key_after_another(rpc, at):
    def confirm(key, value):
        context = {key: value}
        rpc("sale.order", "write", [at.order], {"state": "sale"}, context=context)

    return last_refusal(
        {
            key: lambda key=key, value=value: confirm(key, value)
            for key, value in CONTEXTS.items()
        }
    )
