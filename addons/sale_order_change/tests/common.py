import base64

from odoo.fields import Command

from odoo.addons.sale_order_policy.tests.common import SaleOrderPolicyCommon

#: a picture of one pixel
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNg"
    "AAAAAgABSK+kcQAAAABJRU5ErkJggg=="
)
SCAN = base64.b64encode(b"%PDF-1.4 signed").decode()


class OrderChangeCommon(SaleOrderPolicyCommon):
    """An enforced company whose confirmed orders are changed by request only.

    The order: 10 desks of 100.00 and 4 chairs of 25.00, untaxed; approved, confirmed.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.storekeeper,) = cls._create_users({"keeper": "stock.group_stock_user"})
        cls.departments["warehouse"].member_ids = cls.storekeeper
        cls.company.write({"sale_change_control": True, "sale_change_portal": True})
        cls.change_flow = cls.env["document.approval.flow"].search(
            [
                ("company_id", "=", cls.company.id),
                ("model", "=", "sale.order.change"),
            ]
        )
        cls._set_up_flow()
        cls.desk = cls.product
        cls.desk.sudo().write({"is_storable": True, "taxes_id": [Command.clear()]})
        cls.chair = cls._create_product(
            name="Chair",
            is_storable=True,
            list_price=25.0,
            taxes_id=[Command.clear()],
        )
        cls.lamp = cls._create_product(
            name="Lamp", is_storable=True, list_price=8.0, taxes_id=[Command.clear()]
        )
        cls.order = cls._confirmed()
        cls.desks, cls.chairs = cls.order.order_line

    @classmethod
    def _set_up_flow(cls):
        """Let the warehouse alone agree: fewer decisions, where who does not matter."""
        cls.change_flow.level_ids[1:].unlink()
        seats = cls.change_flow.level_ids.seat_ids
        seats.filtered(
            lambda seat: seat.department_id != cls.departments["warehouse"]
        ).unlink()

    @classmethod
    def _confirmed(cls, *lines):
        order = cls._create_order(
            *(
                lines
                or (
                    {"product_uom_qty": 10.0, "price_unit": 100.0},
                    {
                        "product_id": cls.chair.id,
                        "product_uom_qty": 4.0,
                        "price_unit": 25.0,
                    },
                )
            )
        )
        cls._submit_and_approve(order)
        order.action_confirm()
        return order

    @classmethod
    def _request(cls, kind="change", order=None, user=None, **values):
        order = order or cls.order
        return (
            cls.env["sale.order.change"]
            .with_user(user or cls.salesman)
            .create({"order_id": order.id, "kind": kind, "reason": "Asked", **values})
        )

    @classmethod
    def _line(cls, change, order_line):
        return change.line_ids.filtered(lambda line: line.order_line_id == order_line)

    @classmethod
    def _decide(cls, change):
        """Let every department fill in its sheet and agree."""
        for _level in range(5):
            seats = change.sudo().approval_round_id.seat_ids.filtered(
                lambda seat: seat.state == "open"
            )
            if change.approval_state != "pending" or not seats:
                return
            for seat in seats:
                user = seat.candidate_ids[0]
                sheet = change.sudo().evaluation_ids.filtered(
                    lambda sheet, seat=seat: sheet.seat_id == seat
                )
                if sheet:
                    sheet.with_user(user).write({"words": "Can be done"})
                seat.with_user(user).action_approve()

    @classmethod
    def _approve_change(cls, change):
        change.action_submit_for_approval()
        cls._decide(change)

    @classmethod
    def _quick(cls, order, quantities, new=(), **values):
        """Have a change of ``order`` approved: {order line: quantity}."""
        change = cls._request(order=order, **values)
        for line, quantity in quantities.items():
            cls._line(change, line).quantity = quantity
        change.line_ids = [
            Command.create({"product_id": product.id, "quantity": quantity})
            for product, quantity in new
        ]
        cls._approve_change(change)
        return change

    @classmethod
    def _deliver(cls, order, quantities):
        """Ship {order line: quantity} and keep the rest as a backorder."""
        moves = order.sudo().picking_ids.move_ids.filtered(
            lambda move: move.state not in ("done", "cancel")
        )
        for move in moves:
            quantity = quantities.get(move.sale_line_id, 0.0)
            move.quantity = quantity
            move.picked = bool(quantity)
        for picking in moves.picking_id:
            picking.with_context(
                skip_backorder=True, picking_ids_not_to_backorder=[]
            ).button_validate()

    def _demand(self, order):
        """Return what is still to be shipped: {product: quantity}."""
        self.env.flush_all()
        demand = {}
        for move in order.sudo().order_line.move_ids:
            if move.state in ("draft", "waiting", "confirmed", "assigned"):
                demand[move.product_id] = (
                    demand.get(move.product_id, 0.0) + move.product_uom_qty
                )
            elif move.state == "partially_available":
                demand[move.product_id] = (
                    demand.get(move.product_id, 0.0) + move.product_uom_qty
                )
        return {product: quantity for product, quantity in demand.items() if quantity}

    def _assert_as_before(self, order):
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.order_line.mapped("product_uom_qty"), [10.0, 4.0])
        self.assertEqual(order.amount_untaxed, 1100.0)
        self.assertEqual(self._demand(order), {self.desk: 10.0, self.chair: 4.0})
