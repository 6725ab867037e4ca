"""Orders over RPC: what a walk starts from, and what came of it."""

from dataclasses import dataclass

from tests.common.server import OdooServer
from tools.rpc import Session


@dataclass(frozen=True)
class Order:
    """One order of the salesperson."""

    id: int
    name: str


class Orders:
    """What the people of the company do beside the one at the browser."""

    def __init__(self, server: OdooServer, records: dict[str, int]) -> None:
        self.server = server
        self.records = records
        self.sessions: dict[str, Session] = {}

    def acting(self, login: str) -> Session:
        """Return this person's session."""
        if login not in self.sessions:
            self.sessions[login] = self.server.log_in(login, login)
        return self.sessions[login]

    def call(self, order: Order, method: str, *args: object) -> object:
        """Call a method of the order as the salesperson."""
        return self.acting("salesperson").call("sale.order", method, [order.id], *args)

    def enter(self, product: str, quantity: float, **values: object) -> Order:
        """Enter an order with one line."""
        line = {"product_id": self.records[product], "product_uom_qty": quantity}
        session = self.acting("salesperson")
        ids = session.call(
            "sale.order",
            "create",
            [
                {
                    "partner_id": self.records["customer"],
                    "policy_contact_id": self.records["contact"],
                    "order_line": [(0, 0, line)],
                    **values,
                }
            ],
        )
        (found,) = session.call("sale.order", "read", ids, ["name"])
        return Order(found["id"], found["name"])

    def send(self, order: Order) -> None:
        """Mark the quotation as sent."""
        self.call(order, "action_quotation_sent")

    def submit(self, order: Order) -> None:
        """Submit the order for approval."""
        self.call(order, "action_submit_for_approval")

    def approve(self, order: Order, *logins: str) -> None:
        """Agree as these people, one after the other."""
        for login in logins:
            session = self.acting(login)
            seats = session.call(
                "document.approval.seat",
                "search",
                [("res_id", "=", order.id), ("can_decide", "=", True)],
            )
            checks = session.call(
                "document.approval.check", "search", [("seat_id", "in", seats)]
            )
            session.call(
                "document.approval.seat",
                "action_approve",
                seats,
                "",
                {str(check): "yes" for check in checks},
            )

    def end_absences(self, login: str) -> None:
        """Bring this person back."""
        session = self.acting(login)
        absences = session.call(
            "document.approval.delegation", "search", [("user_id", "=", session.uid)]
        )
        session.call("document.approval.delegation", "action_end", absences)

    def state(self, order: Order) -> tuple[str, str]:
        """Return the states of the order and of its approval."""
        (found,) = self.call(order, "read", ["state", "approval_state"])
        return found["state"], found["approval_state"]

    def waits_for(self, order: Order) -> set[str]:
        """Return the names of the departments whose turn it is."""
        (found,) = self.call(order, "read", ["approval_panel"])
        return {
            seat["department"]
            for level in found["approval_panel"]["levels"]
            for seat in level["seats"]
            if seat["state"] == "open"
        }
