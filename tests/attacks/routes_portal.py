"""Ways to answer in the portal for somebody else, twice, too late, or unasked.

The visitor opens and answers pages; ``token`` gives the key he shows, the document's
own or that of another one.
"""

from .answers import found
from .documents import PIXEL


def _orders(order):
    return f"/my/orders/{order}"


# Requirement lists ---------------------------------------------------------------


def _list(rpc, at):
    path = f"/my/requirement-lists/{at.document}"
    return path, rpc.token(at.own_token, at.foreign_list_token)


def read_list(rpc, at):
    path, token = _list(rpc, at)
    return found(at.name in rpc.open(path, token))


def confirm_list(rpc, at):
    path, token = _list(rpc, at)
    answer = {"version": 1, "name": "Me", "signature": PIXEL}
    return rpc.call(f"{path}/sign", token, **answer)


def object_to_list(rpc, at):
    path, token = _list(rpc, at)
    return rpc.post(f"{path}/object", token, version=1, name="Me", words="No")


# Enquiries -----------------------------------------------------------------------


def _enquiry(rpc, at):
    path = f"/my/order-enquiries/{at.document}"
    return path, rpc.token(at.own_token, at.foreign_enquiry_token)


def read_enquiry(rpc, at):
    path, token = _enquiry(rpc, at)
    return found(at.name in rpc.open(path, token))


def withdraw_order(rpc, at):
    path, token = _enquiry(rpc, at)
    answers = {f"kind_{line}": "withdraw" for line in at.lines_of_document}
    return rpc.post(f"{path}/answer", token, name="Me", **answers)


def withdraw_order_of_another(rpc, at):
    """Answer one's own enquiry, about orders that are in another one."""
    path, token = _enquiry(rpc, at)
    answers = {f"kind_{line}": "withdraw" for line in at.foreign_lines}
    return rpc.post(f"{path}/answer", token, name="Me", **answers)


# Contracts -----------------------------------------------------------------------


def _contract(rpc, at):
    path = f"/my/contracts/{at.document}"
    return path, rpc.token(at.own_token, at.foreign_contract_token)


def read_contract(rpc, at):
    path, token = _contract(rpc, at)
    return found(at.name in rpc.open(path, token))


def sign_contract(rpc, at):
    path, token = _contract(rpc, at)
    return rpc.call(f"{path}/sign", token, name="Me", signature=PIXEL)


def sign_contract_twice(rpc, at):
    sign_contract(rpc, at)
    return sign_contract(rpc, at)


# Changes of orders -----------------------------------------------------------------


def _change(rpc, at):
    token = rpc.token(at.shipped_token, at.foreign_token)
    return f"{_orders(at.shipped)}/changes/{at.document}", token


def read_change(rpc, at):
    path, token = _change(rpc, at)
    return found(at.name in rpc.open(path, token))


def agree(rpc, at):
    path, token = _change(rpc, at)
    answer = {"name": "Me", "signature": PIXEL}
    return rpc.call(f"{path}/sign?fingerprint={at.terms}", token, **answer)


def agree_twice(rpc, at):
    agree(rpc, at)
    return agree(rpc, at)


def agree_to_another_plan(rpc, at):
    """Sign what was shown before the plan was changed."""
    path, token = _change(rpc, at)
    answer = {"name": "Me", "signature": PIXEL}
    return rpc.call(f"{path}/sign?fingerprint={'0' * 64}", token, **answer)


def agree_by_way_of_another_order(rpc, at):
    """Reach the request by an order one may see."""
    path = f"{_orders(at.foreign_order)}/changes/{at.document}/sign"
    path += f"?fingerprint={at.terms}"
    return rpc.call(path, at.foreign_token, name="Me", signature=PIXEL)


def object_to_plan(rpc, at):
    path, token = _change(rpc, at)
    return rpc.post(f"{path}/object", token, words="No")


def ask_for_a_change(rpc, at):
    token = rpc.token(at.token, at.foreign_token)
    form = {"kind": "cancel", "reason": "I want it"}
    return rpc.post(f"{_orders(at.order)}/changes", token, **form)


# Orders --------------------------------------------------------------------------


def decline(rpc, at):
    token = rpc.token(at.token, at.foreign_token)
    return rpc.post(f"{_orders(at.order)}/decline", token, decline_message="No")


def accept(rpc, at):
    token = rpc.token(at.token, at.foreign_token)
    answer = {"name": "Me", "signature": PIXEL}
    return rpc.call(f"{_orders(at.order)}/accept", token, **answer)


# What is not for customers ---------------------------------------------------------


def download_papers(rpc, at):
    """Fetch files that prove something, by their ids."""
    return rpc.open(f"/web/content/{at.paper_files[0]}?download=true")


def agree_by_the_page_of_the_mail(rpc, at):
    """Open the page a reviewer was mailed, and agree without his sheet."""
    return rpc.post(at.decision_page, decision="approve", comment="fine")


def fill_in_sheets_as_a_web_client(rpc, at):
    values = {"words": "No problem"}
    model = "sale.order.change.evaluation"
    return rpc(model, "write", list(at.sheets.values()), values)
