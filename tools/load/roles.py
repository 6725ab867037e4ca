"""What each role does all day; the mix of a company that sells from stock."""

import re
import time

from .person import Person

#: a picture of one pixel, as somebody's signature
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNg"
    "AAAAAgABSK+kcQAAAABJRU5ErkJggg=="
)
QUICK = {"context": {"skip_backorder": True}}


class Seller(Person):
    """Enters orders, submits them, confirms them; sometimes tries a short cut."""

    def step(self) -> None:
        """Enter or confirm; one time in ten go around the approval."""
        number = self.random.random()
        if number < 0.45:
            self._enter()
        elif number < 0.55:
            self._cheat()
        else:
            self._confirm()

    def _enter(self) -> None:
        setting, draw = self.setting, self.random
        customer = draw.randrange(len(setting["customers"]))
        lines = [
            [
                0,
                0,
                {
                    "product_id": product,
                    "product_uom_qty": draw.randint(1, 12),
                    # the first customer has a concession for the first product
                    **self._conceded(customer, product),
                },
            ]
            for product in draw.sample(setting["goods"], draw.randint(1, 2))
        ]
        values = {
            "partner_id": setting["customers"][customer],
            "order_line": lines,
        }
        if draw.random() < 0.4:
            values["policy_type_id"] = setting["type"]
        saved = self.do("enter", "sale.order", "web_save", [], values, {"id": {}})
        if saved:
            order = saved[0]["id"]
            self.promise("entered", order)
            self.do("submit", "sale.order", "action_submit_for_approval", [order])

    def _conceded(self, customer: int, product: int) -> dict:
        if customer or product != self.setting["goods"][0]:
            return {}
        return {"price_concession_id": self.setting["concession"]}

    def _confirm(self) -> None:
        found = self.pick(
            "sale.order",
            [
                ("state", "in", ("draft", "sent")),
                ("approval_state", "=", "approved"),
                ("user_id", "=", self.session.uid),
            ],
        )
        if found and self.do("confirm", "sale.order", "action_confirm", [found["id"]]):
            self.promise("confirmed", found["id"])

    def _cheat(self) -> None:
        """Write an order that nobody approved as confirmed; change one that is."""
        pending = self.pick(
            "sale.order",
            [("state", "=", "draft"), ("approval_state", "in", ("none", "pending"))],
        )
        if pending:
            values = {"state": "sale"}
            done = self.do("cheat", "sale.order", "write", [pending["id"]], values)
            if done and not self._is_approved(pending["id"]):
                self.record.violations.append(f"order {pending['id']}: written as sale")
        line = self.pick("sale.order.line", [("state", "=", "sale")])
        if line:
            values = {"price_unit": 1.0}
            if self.do("cheat", "sale.order.line", "write", [line["id"]], values):
                self.record.violations.append(f"line {line['id']}: price changed")

    def _is_approved(self, order: int) -> bool:
        """Tell whether reviewers were quicker than the cheat; then it was none."""
        found = self.ask("sale.order", [("id", "=", order)], ["approval_state"])
        return bool(found) and found[0]["approval_state"] == "approved"


class Reviewer(Person):
    """Decides on what waits for him; returns one document in fifteen."""

    def step(self) -> None:
        """Decide on one of the documents that wait."""
        seat = self.pick(
            "document.approval.seat",
            [("state", "=", "open"), ("candidate_ids", "in", [self.session.uid])],
            ["check_ids"],
        )
        if not seat:
            return
        if self.random.random() < 1 / 15:
            values = {"reason": "Please check the quantities"}
            method = "action_refuse"
        else:
            values = {"answers": {str(check): "yes" for check in seat["check_ids"]}}
            method = "action_approve"
        model = "document.approval.seat"
        if self.do("decide", model, method, [seat["id"]], **values):
            self.promise("decided", seat["id"])


class Keeper(Person):
    """Receives what is handed over, and ships what there is."""

    def step(self) -> None:
        """Receive or ship."""
        if self.random.random() < 0.3:
            row = self.pick("order.handover", [("state", "=", "waiting")])
            if row:
                self.do("receive", "order.handover", "action_receive", [row["id"]])
            return
        picking = self.pick(
            "stock.picking",
            [
                ("state", "in", ("confirmed", "assigned")),
                ("picking_type_code", "=", "outgoing"),
            ],
            ["state"],
        )
        if not picking:
            return
        number = picking["id"]
        if picking["state"] == "confirmed":
            self.do("reserve", "stock.picking", "action_assign", [number])
        done = self.do("ship", "stock.picking", "button_validate", [number], **QUICK)
        if done is True:
            self.promise("shipped", number)


class Accountant(Person):
    """Bills what was delivered, and books what is paid, all or half of it."""

    def step(self) -> None:
        """Bill an order, or book a payment."""
        if self.random.random() < 0.5:
            self._bill()
        else:
            self._collect()

    def _bill(self) -> None:
        order = self.pick("sale.order", [("invoice_status", "=", "to invoice")])
        if not order:
            return
        context = {"active_model": "sale.order", "active_ids": [order["id"]]}
        wizard = self.do(
            "bill",
            "sale.advance.payment.inv",
            "create",
            {"sale_order_ids": [[6, 0, [order["id"]]]]},
            context=context,
        )
        if wizard:
            self.do(
                "bill",
                "sale.advance.payment.inv",
                "create_invoices",
                [wizard],
                context=context,
            )

    def _collect(self) -> None:
        move = self.pick(
            "account.move",
            [
                ("move_type", "=", "out_invoice"),
                "|",
                ("state", "=", "draft"),
                "&",
                ("state", "=", "posted"),
                ("payment_state", "in", ("not_paid", "partial")),
            ],
            ["state", "amount_residual"],
        )
        if not move:
            return
        number = move["id"]
        if move["state"] == "draft":
            if self.do("post", "account.move", "action_post", [number]):
                self.promise("posted", number)
            return
        context = {"active_model": "account.move", "active_ids": [number]}
        share = self.random.choice((0.5, 1.0))
        amount = round(move["amount_residual"] * share, 2)
        wizard = self.do(
            "pay",
            "account.payment.register",
            "create",
            {"amount": amount},
            context=context,
        )
        if wizard:
            self._pay(number, wizard, context)

    def _pay(self, number: int, wizard: int, context: dict) -> None:
        call = ("account.payment.register", "action_create_payments", [wizard])
        try:
            done = self.do("pay", *call, context=context)
        except OSError:  # it may have been done, and only the answer is lost
            self.promise("perhaps paid", number)
            raise
        if done:
            self.promise("paid", number)


class Customer(Person):
    """Looks at his orders and signs for what came."""

    def step(self) -> None:
        """Look at a page, or sign."""
        if self.random.random() < 0.5:
            page = self.look("my orders", "/my/orders")
            found = re.findall(r"/my/orders/(\d+)\?", page)
            if found:
                self.look("my order", f"/my/orders/{self.random.choice(found)}")
            return
        page = self.look("my acceptances", "/my/acceptances")
        found = re.findall(r"/my/acceptances/(\d+)\b", page)
        if found:
            self._sign(int(self.random.choice(found)))

    def _sign(self, slip: int) -> None:
        start = time.monotonic()
        answer = self.session.post(
            f"/my/acceptances/{slip}/sign",
            {"name": self.login, "signature": PIXEL, "answers": "{}"},
        )
        self.record.times.append(("sign", time.monotonic() - start))
        count = self.record.refused if "error" in answer else self.record.done
        count["sign"] = count.get("sign", 0) + 1
        if "error" not in answer:
            self.promise("signed", slip)


class Officer(Person):
    """Settles rebates again and again; what was released is not released twice."""

    def step(self) -> None:
        """Make a settlement of everything there is to release, and submit it."""
        if self.random.random() < 0.7:
            return
        periods = self.ask(
            "rebate.period", [("programme_id", "=", self.setting["programme"])], ["id"]
        )
        values = {"period_ids": [[6, 0, [period["id"] for period in periods]]]}
        settlement = self.do("settle", "rebate.settlement", "create", values)
        if not settlement:
            return
        for method in ("action_fill", "action_submit_for_approval"):
            if not self.do("settle", "rebate.settlement", method, [settlement]):
                break


ROLES = {
    "sellers": Seller,
    "reviewers": Reviewer,
    "keepers": Keeper,
    "accountants": Accountant,
    "customers": Customer,
    "officers": Officer,
}
