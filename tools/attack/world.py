"""A company under attack: its people over HTTP, and what its records say."""

import contextlib
import re
import urllib.error
from dataclasses import dataclass, field

from tools.rpc import RpcError, Session, Visitor

ORDER_FIELDS = (
    *("state", "partner_id", "partner_invoice_id", "payment_term_id"),
    *("commitment_date", "pricelist_id", "amount_total", "order_line"),
)
LINE_FIELDS = ("product_id", "product_uom_qty", "price_unit", "discount", "price_total")
#: a picture of one pixel, as somebody's signature
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNg"
    "AAAAAgABSK+kcQAAAABJRU5ErkJggg=="
)
#: exceptions that say no in words
IN_WORDS = ("UserError", "AccessError", "ValidationError", "MissingError")
QUANTITY, PRICE = 10, 100.0


class InsideError(RuntimeError):
    """What was called inside Odoo raised an exception."""


@dataclass
class Attempt:
    """What people were answered while one route was tried."""

    refusals: list[str] = field(default_factory=list)
    #: dialogs that ask whether to go on
    dialogs: list[dict] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    #: answers that are no refusal in words, and refusals that left something behind
    faults: list[str] = field(default_factory=list)
    #: what became of it otherwise, in words
    note: str = ""


class World:
    """The company of one stack. Attempts are made by its people, over HTTP alone."""

    def __init__(self, stack, server, worker) -> None:
        self.stack, self.server, self.worker = stack, server, worker
        self.sessions: dict[str, Session] = {}
        self.setting = self.inside("inside:set_up")
        self.setting |= self.inside(f"{stack.module}:set_up", self.setting)
        self.area = ""
        self.attempt = Attempt()
        self.watched: list[int] = []

    def inside(self, name: str, *arguments: object):
        """Call a function inside Odoo, to set something up; return its result."""
        self.worker.send([[name, *arguments]])
        (answer,) = self.worker.receive()
        if answer.get("error"):
            raise InsideError(f"{name}: {answer['error']}: {answer['message']}")
        return answer["result"]

    def control(self, area: str) -> None:
        """Switch on what the stack controls of this area; "" for nothing at all."""
        self.inside(f"{self.stack.module}:control", self.setting, area)
        self.area = area

    # People --------------------------------------------------------------------------

    def as_(self, login: str) -> Session:
        """Return the session of a user."""
        if login not in self.sessions:
            self.sessions[login] = self.server.log_in(login, login)
        return self.sessions[login]

    def try_(self, login: str, model: str, method: str, *args, **kwargs):
        """Try a call; return its result, None when it is refused.

        What is refused must leave the order as it was.
        """
        before = self.look()
        result = self.answer(self.as_(login), model, method, *args, **kwargs)
        if result is None and self.look() != before:
            self.attempt.faults.append(f"{model}.{method}: refused, but changed")
        if isinstance(result, dict) and "risk.exceeded" in result.get("res_model", ""):
            self._note_dialog(result)
        return result

    def answer(self, session: Session, model: str, method: str, *args, **kwargs):
        """Return what a call returns, True for nothing; None when it is refused."""
        try:
            result = session.call(model, method, *args, **kwargs)
        except RpcError as error:
            self._refuse(error, f"{model}.{method}")
            return None
        except urllib.error.HTTPError as error:
            self._note_status(error)
            return None
        return True if result is None else result

    def _refuse(self, error: RpcError, call: str) -> None:
        name = error.name.rpartition(".")[2]
        self.attempt.refusals.append(str(error))
        if name not in IN_WORDS:
            self.attempt.faults.append(f"{call}: {name}: {error}")

    def _note_status(self, error: urllib.error.HTTPError) -> None:
        self.attempt.refusals.append(f"HTTP {error.code}")
        if error.code >= 500:
            self.attempt.faults.append(f"HTTP {error.code} {error.url}")

    def _note_dialog(self, dialog: dict) -> None:
        session = self.as_("administrator")
        (asked,) = session.call(
            dialog["res_model"], "read", [dialog["res_id"]], ["exception_msg"]
        )
        self.attempt.dialogs.append({**dialog, "words": asked["exception_msg"]})

    # Documents -----------------------------------------------------------------------

    def make(
        self, stage: str, login: str = "seller", customer: int = 0, **values
    ) -> int:
        """Return a new order that is "draft", "pending", "approved" or "confirmed"."""
        self.watched = []
        quantity = values.pop("quantity", QUANTITY)
        line = {
            "product_id": self.setting["goods"],
            "product_uom_qty": quantity,
            "price_unit": PRICE,
        }
        values = {
            "partner_id": customer or self.setting["customer"],
            "order_line": [[0, 0, line]],
            **values,
        }
        (order,) = self.as_(login).call("sale.order", "create", [values])
        if self.area == "approval" and stage != "draft":
            self.stack.submit(self, order, login)
            if stage != "pending":
                self.approve(order)
        if stage == "confirmed":
            self.as_(login).call("sale.order", "action_confirm", [order])
            if not self.is_confirmed(order):
                raise RuntimeError(f"{self.stack.name}: {order} was not confirmed")
        self.watched = [order]
        return order

    def approve(self, order: int) -> None:
        """Have everybody who is asked agree."""
        for login in ("first reviewer", "second reviewer"):
            self.stack.decide(self, order, login)

    def confirm(self, order: int, login: str = "seller", **kwargs):
        """Try to confirm by the button; what the form warns of is noted."""
        if self.stack.warns:
            found = self.read("sale.order", order, "partner_credit_warning")
            warning = found["partner_credit_warning"]
            self.attempt.warnings += [warning] if warning else []
        return self.try_(login, "sale.order", "action_confirm", [order], **kwargs)

    def confirms(self, order: int, login: str = "seller", **kwargs) -> bool:
        """Try to confirm by the button; tell whether the order is confirmed."""
        self.confirm(order, login, **kwargs)
        return self.is_confirmed(order)

    def customer(self, limit: float) -> int:
        """Return a new customer with a credit limit."""
        return self.inside(f"{self.stack.module}:customer", self.setting, limit)

    def set_limit(self, customer: int, limit: float) -> None:
        """Change a customer's limit, as those do who may."""
        name = f"{self.stack.module}:set_limit"
        self.inside(name, self.setting, customer, limit)

    def invoice(self, order: int, login: str = "accountant", **values) -> None:
        """Try to invoice an order with the wizard."""
        context = {"active_model": "sale.order", "active_ids": [order]}
        model = "sale.advance.payment.inv"
        values["sale_order_ids"] = [[6, 0, [order]]]
        wizard = self.try_(login, model, "create", values, context=context)
        if wizard:
            self.try_(login, model, "create_invoices", [wizard], context=context)

    # The portal ----------------------------------------------------------------------

    def key(self, order: int) -> str:
        """Return the key of the order's page, as it is in the mail to the customer."""
        action = self.as_("seller").call(
            "sale.order", "action_preview_sale_order", [order]
        )
        return re.search(r"access_token=([^&]+)", action["url"])[1]

    def sign(self, order: int) -> None:
        """Have whoever was sent the link accept the quotation."""
        path = f"/my/orders/{order}/accept"
        self.visit(path, name="Me", signature=PIXEL, access_token=self.key(order))

    def pay(self, order: int, path: str, login: str = "") -> None:
        """Have the order paid in full by way of a page, as nobody or as a user."""
        answer = self.visit(
            path,
            login,
            access_token=self.key(order),
            provider_id=self.setting["provider"],
            payment_method_id=self.setting["method"],
            token_id=None,
            amount=self.read("sale.order", order, "amount_total")["amount_total"],
            flow="direct",
            tokenization_requested=False,
            landing_route=f"/my/orders/{order}",
        )
        if not answer:
            return
        self.inside("inside:paid", answer["reference"])
        with contextlib.suppress(InsideError):
            self.inside("inside:post_process", answer["reference"])

    def payments(self, orders: list[int]) -> list[int]:
        """Return the payments of orders that Odoo has got and dealt with."""
        domain = [("sale_order_ids", "in", orders), ("is_post_processed", "=", True)]
        return self.find("payment.transaction", domain)

    def fill_cart(self, goods: str) -> int:
        """Have somebody put goods in an empty cart of the webshop; return the order."""
        self.visit("/shop/cart/clear", "shopper")
        product = self.setting[goods]
        template = self.read("product.product", product, "product_tmpl_id")
        parameters = {
            "product_template_id": template["product_tmpl_id"][0],
            "product_id": product,
            "quantity": QUANTITY,
        }
        if not self.visit("/shop/cart/add", "shopper", **parameters):
            raise RuntimeError(f"{self.stack.name}: {self.attempt.refusals}")
        carrier = self.setting["carrier"]
        self.visit("/shop/set_delivery_method", "shopper", dm_id=carrier)
        order = self.find("sale.order", [("website_id", "!=", False)])[-1]
        self.watched = [order]
        return order

    def open(self, path: str, login: str) -> None:
        """Open a page as a user."""
        try:
            self.as_(login).get(path)
        except urllib.error.HTTPError as error:
            self._note_status(error)

    def visit(self, path: str, login: str = "", **parameters):
        """Call what a page calls, as nobody or as a user; return the answer or None."""
        visitor = self.as_(login) if login else Visitor(self.server.base)
        try:
            answer = visitor.post(path, parameters)
        except RpcError as error:
            self._refuse(error, path)
            return None
        except urllib.error.HTTPError as error:
            self._note_status(error)
            return None
        if isinstance(answer, dict) and answer.get("error"):
            self.attempt.refusals.append(str(answer["error"]))
            return None
        return answer

    # What the records say ------------------------------------------------------------

    def read(self, model: str, number: int, *names: str) -> dict:
        """Return what a record says, whoever may read it."""
        (values,) = self.as_("administrator").call(model, "read", [number], names)
        return values

    def find(self, model: str, domain: list) -> list[int]:
        """Return ids, also of what nobody here may read: who attacks guesses them."""
        return self.inside("inside:find", model, domain)

    def line(self, order: int) -> int:
        """Return the order's first line."""
        return self.find("sale.order.line", [("order_id", "=", order)])[0]

    def is_confirmed(self, order: int) -> bool:
        """Tell whether the order is a sales order by now."""
        return self.read("sale.order", order, "state")["state"] == "sale"

    def look(self) -> list:
        """Return what there is to be changed of the order under attack."""
        return [self.terms(order) for order in self.watched]

    def terms(self, order: int) -> list:
        """Return what an order says, with its lines."""
        session = self.as_("administrator")
        found = session.call("sale.order", "read", [order], ORDER_FIELDS)
        lines = found[0]["order_line"]
        return [*found, *session.call("sale.order.line", "read", lines, LINE_FIELDS)]
