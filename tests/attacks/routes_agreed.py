"""Ways to have prices, contracts and lists agreed to by nobody, each of one kind."""

from .making import calling
from .routes_intake import FORCED

#: a scan, as base64
SCAN = "JVBERi0xLjQgc2lnbmVk"

# Statements on a price revision ----------------------------------------------------


def state_cost(rpc, at):
    return rpc(at.model, "action_state", [at.document], "cost", "Cheap")


def state_market(rpc, at):
    return rpc(at.model, "action_state", [at.document], "market", "Good")


def state_cost_in_the_dialog(rpc, at):
    values = {"revision_id": at.document, "kind": "cost", "statement": "Cheap"}
    wizard = rpc("sale.price.revision.sheet", "create", [values])
    return rpc("sale.price.revision.sheet", "action_save", wizard)


retry_revision = calling("sale.price.revision", "action_retry", "document")
cancel_revision = calling("sale.price.revision", "action_cancel", "document")

# Contracts -------------------------------------------------------------------------

CONTRACT = "sale.contract"
sign = calling(CONTRACT, "action_sign", "document")
send = calling(CONTRACT, "action_send", "document")
take_back = calling(CONTRACT, "action_take_back", "document")
cancel_contract = calling(CONTRACT, "action_cancel", "document")
alter = (
    calling(CONTRACT, "action_change", "document"),
    calling(CONTRACT, "action_terminate", "document"),
)


def become_signer_and_sign(rpc, at):
    rpc(CONTRACT, "write", [at.document], {"signer_id": rpc.uid})
    return sign(rpc, at)


def enter_scan(rpc, at):
    """Say that the customer signed on paper."""
    values = {"contract_id": at.document, "name": "Customer", "file": SCAN}
    wizard = rpc(f"{CONTRACT}.scan", "create", [values])
    return rpc(f"{CONTRACT}.scan", "action_upload", wizard)


def archive_original(rpc, at):
    values = {
        "name": "A-9",
        "class_name": "Sales",
        "contract_id": at.document,
        "place_id": at.place,
    }
    return rpc(f"{CONTRACT}.original", "create", [values])


def move_original(rpc, at):
    values = {"contract_id": at.document}
    return rpc(f"{CONTRACT}.original", "write", [at.original], values)


delete_original = calling(f"{CONTRACT}.original", "unlink", "original", context=FORCED)
take_place = calling(f"{CONTRACT}.original", "write", "original", {"note": "Mine"})
return_loan = calling(f"{CONTRACT}.loan", "action_return", "loan")
acknowledge = calling(f"{CONTRACT}.briefing", "action_acknowledge", "briefings")


def lend(rpc, at):
    values = {
        "original_id": at.original,
        "borrower_id": rpc.uid,
        "purpose": "Mine",
        "date_due": "2099-01-01",
    }
    return rpc(f"{CONTRACT}.loan", "create", [values])


# Orders that need a signed contract --------------------------------------------------


def _confirm(rpc, at):
    return rpc("sale.order", "action_confirm", [at.order])


def change_type_and_confirm(rpc, at):
    rpc("sale.order", "write", [at.order], {"policy_type_id": at.freely})
    return _confirm(rpc, at)


def take_signed_contract_and_confirm(rpc, at):
    """Stand on the contract that another order was signed with."""
    rpc("sale.order", "write", [at.order], {"contract_id": at.signed_contract})
    return _confirm(rpc, at)


def take_contract_of_another_customer(rpc, at):
    values = {"contract_id": at.foreign_contract}
    return rpc("sale.order", "write", [at.order], values)


def create_confirmed_by_contract(rpc, at):
    values = {
        "partner_id": at.partner,
        "user_id": rpc.uid,
        "state": "sale",
        "policy_type_id": at.by_contract,
        "order_line": [[0, 0, {"product_id": at.product}]],
    }
    return rpc("sale.order", "create", [values])


def become_one_by_contract(rpc, at):
    """Have a confirmed order be of the type that wants a contract."""
    values = {"policy_type_id": at.by_contract}
    return rpc("sale.order", "write", [at.order], values)


def change_and_confirm(rpc, at):
    """Confirm something else than what was signed."""
    rpc("sale.order.line", "write", at.lines[:1], {"product_uom_qty": 900})
    return _confirm(rpc, at)


def leave_signed_contract(rpc, at):
    return rpc("sale.order", "write", [at.order], {"contract_id": False})


def loosen_the_rule(rpc, at):
    values = {"contract_rule": "none"}
    return rpc("sale.order.type", "write", [at.by_contract], values)


# Concessions -------------------------------------------------------------------------


def _use(name):
    """Return a route that sells at the price of a concession that is not given."""

    def route(rpc, at):
        line = {
            "product_id": at.bargain,
            "product_uom_qty": 1,
            "price_unit": 1,
            "price_concession_id": getattr(at, name),
        }
        values = {
            "partner_id": at.partner,
            "user_id": rpc.uid,
            "order_line": [[0, 0, line]],
        }
        (order,) = rpc("sale.order", "create", [values])
        return rpc("sale.order", "action_confirm", [order])

    route.__name__ = f"use {name}"
    return route


use_ungranted = tuple(
    _use(name)
    for name in ("draft_concession", "closed_concession", "foreign_concession")
)


def put_concession_on_another_product(rpc, at):
    values = {"product_id": at.cheap, "price_concession_id": at.granted}
    return rpc("sale.order.line", "write", at.lines[:1], values)


def put_concession_on_another_customer(rpc, at):
    return rpc("sale.order", "write", [at.order], {"partner_id": at.other_partner})


def use_more_than_granted(rpc, at):
    return rpc("sale.order.line", "write", at.lines[:1], {"product_uom_qty": 11})


def shrink_confirm_and_grow(rpc, at):
    """Make room, have another order take it, and take one's own back."""
    rpc("sale.order.line", "write", at.lines[:1], {"product_uom_qty": 1})
    rpc("sale.order", "action_confirm", [at.hungry])
    return rpc("sale.order.line", "write", at.lines[:1], {"product_uom_qty": 6})


def give_back_and_keep(rpc, at):
    """Take the concession off the line, and put it on again for more."""
    rpc("sale.order.line", "write", at.lines[:1], {"price_concession_id": False})
    rpc("sale.order", "action_confirm", [at.hungry])
    values = {"price_concession_id": at.granted}
    return rpc("sale.order.line", "write", at.lines[:1], values)


def count_in_dozens(rpc, at):
    """Sell as many dozens as there were units."""
    return rpc("sale.order.line", "write", at.lines[:1], {"product_uom_id": at.dozen})


def swap_what_is_not_delivered(rpc, at):
    """Cancel the delivery, and have Odoo let the line be one of another product."""
    rpc("stock.picking", "action_cancel", at.pickings)
    return put_concession_on_another_product(rpc, at)


close_concession = calling(
    "sale.price.concession", "action_close", "document", "Because"
)
cancel_concession = calling("sale.price.concession", "action_cancel", "document")
reopen_concession = calling("sale.price.concession", "action_draft", "document")

# What customers are asked ----------------------------------------------------------

LIST = "sale.requirement.list"


def record_answer(rpc, at):
    """Say that the customer confirmed on the telephone."""
    values = {
        "list_id": at.document,
        "version": 1,
        "kind": "confirm",
        "way": "phone",
        "name": "Customer",
        "said_on": "2026-01-01",
    }
    wizard = rpc("sale.requirement.record", "create", [values])
    return rpc("sale.requirement.record", "action_record", wizard)


def record_answer_to_the_first_version(rpc, at):
    """Say that the customer confirmed the first version in writing."""
    file = {"name": "yes.txt", "raw": "yes", "res_model": "sale.requirement.record"}
    values = {
        "list_id": at.document,
        "version": 1,
        "kind": "confirm",
        "name": "Customer",
        "said_on": "2026-01-01",
        "attachment_ids": [[0, 0, file]],
    }
    wizard = rpc("sale.requirement.record", "create", [values])
    return rpc("sale.requirement.record", "action_record", wizard)


create_order_of_list = calling(LIST, "action_create_order", "document")
write_list = (
    calling(LIST, "action_send", "document"),
    calling(LIST, "action_revise", "document"),
    calling(LIST, "action_cancel", "document"),
    calling(LIST, "action_hand_over", "document"),
)


def record_validity(rpc, at):
    values = {"order_id": at.order, "name": "Customer", "said_on": "2026-01-01"}
    wizard = rpc("sale.order.enquiry.record", "create", [values])
    return rpc("sale.order.enquiry.record", "action_record", wizard)


retry_enquiry = calling("sale.order.enquiry", "action_retry", "document")
