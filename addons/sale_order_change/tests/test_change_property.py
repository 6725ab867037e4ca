from collections import Counter

from hypothesis import HealthCheck, Phase, given, settings

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.sale_order_change.models.sale_order_change import HEADER_FIELDS
from odoo.addons.sale_order_change.models.sale_order_change_line import CHANGEABLE

from .change_history import histories
from .common import OrderChangeCommon


class _Undo(Exception):
    """Ends one example and takes everything back."""


@tagged("post_install", "-at_install")
class TestChangeProperty(OrderChangeCommon):
    """A change and its inverse leave the order and its transfers as they were."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        cls._set_up_products()
        cls.values = {
            "site": cls.partner.create(
                {"name": "Site", "parent_id": cls.partner.id, "type": "delivery"}
            ).id,
            "term": cls.env["account.payment.term"].create({"name": "In 30 days"}).id,
        }
        cls.orders = {}
        for steps, way in enumerate(
            ("ship_only", "pick_ship", "pick_pack_ship"), start=1
        ):
            warehouse = (
                cls.env["stock.warehouse"]
                .sudo()
                .create({"name": way, "code": f"C{steps}", "delivery_steps": way})
            )
            cls._fill(warehouse)
            for dated in (False, True):
                cls.orders[steps, dated] = cls._new_order(warehouse, dated)
        cls.applied = Counter()

    @classmethod
    def _set_up_products(cls):
        taxes = cls.env["account.tax"].sudo()
        excluded, included = taxes.create(
            [
                {"name": rule, "amount": 13.0, "price_include_override": rule}
                for rule in ("tax_excluded", "tax_included")
            ]
        )
        cls.desk.sudo().write(
            {"invoice_policy": "delivery", "taxes_id": [Command.set(excluded.ids)]}
        )
        cls.chair.taxes_id = included
        cls.products = {
            "desk": cls.desk,
            "chair": cls.chair,
            "lamp": cls.lamp,
            "gift": cls._create_product(name="Gift", is_storable=True, taxes_id=False),
            "stool": cls._create_product(
                name="Stool", is_storable=True, list_price=9.99, taxes_id=included.ids
            ),
            "assembly": cls._create_product(
                name="Assembly",
                type="service",
                list_price=40.0,
                invoice_policy="order",
                taxes_id=excluded.ids,
            ),
        }
        cls.units = {
            "unit": cls.env.ref("uom.product_uom_unit"),
            "dozen": cls.env.ref("uom.product_uom_dozen"),
        }

    @classmethod
    def _fill(cls, warehouse):
        quants = cls.env["stock.quant"].sudo()
        for product in cls.products.values():
            if product.is_storable:
                quants._update_available_quantity(
                    product, warehouse.lot_stock_id, 10000.0
                )

    @classmethod
    def _new_order(cls, warehouse, dated):
        """Return a confirmed order: taxes of both kinds, dozens, a gift, texts."""
        order = cls._create_order(
            {"product_uom_qty": 10.0, "price_unit": 100.0, "discount": 5.0},
            {
                "product_id": cls.chair.id,
                "product_uom_id": cls.units["dozen"].id,
                "product_uom_qty": 2.0,
                "price_unit": 300.01,
            },
            {
                "product_id": cls.products["gift"].id,
                "product_uom_qty": 3.0,
                "price_unit": 0.0,
            },
            {
                "product_id": cls.products["assembly"].id,
                "product_uom_qty": 5.0,
                "price_unit": 39.9,
            },
            warehouse_id=warehouse.id,
            commitment_date="2027-04-01 08:00:00" if dated else False,
        )
        order.policy_type_id.sudo().require_line_price = False
        texts = [("line_section", "Furniture"), ("line_note", "Handle with care")]
        order.order_line = [
            Command.create({"display_type": kind, "name": name, "sequence": number})
            for number, (kind, name) in enumerate(texts)
        ]
        cls._submit_and_approve(order)
        order.action_confirm()
        return order

    # The property ------------------------------------------------------------------

    def test_inverse(self):
        @settings(
            max_examples=18,
            deadline=None,
            database=None,
            derandomize=True,
            phases=(Phase.generate,),  # shrinking would take minutes
            suppress_health_check=list(HealthCheck),
        )
        @given(histories())
        def holds(history):
            try:
                with self.env.cr.savepoint():
                    self._try(history)
                    raise _Undo
            except _Undo:
                self.env.invalidate_all()

        holds()
        # it was no empty exercise
        self.assertGreaterEqual(self.applied["all"], 60, self.applied)
        for what in (1, 2, 3, "moved", "invoiced", "smaller", "greater", "new", "end"):
            self.assertGreaterEqual(self.applied[what], 5, self.applied)

    def _try(self, history):
        order = self.orders[history.steps, history.dated]
        self._happen(order, history)
        before = self._facts(order)
        for asked in history.changes:
            change = self._ask(order, asked)
            if not change.differences:
                continue
            self._approve_change(change)
            self.assertEqual(change.state, "applied", change.error)
            self._count(history, change)
            self._assert_applied(order, change)
            inverse = self._ask_back(order, change)
            self._approve_change(inverse)
            self.assertEqual(inverse.state, "applied", inverse.error)
            self.assertEqual(self._facts(order), before)
        if history.to_the_end:
            self._finish(order)

    def _count(self, history, change):
        self.applied["all"] += 1
        self.applied[history.steps] += 1
        lines = change.line_ids
        kept = lines.filtered("order_line_id")
        for what, happened in (
            ("moved", history.moved),
            ("invoiced", any(kept.mapped("qty_invoiced"))),
            ("smaller", any(line.quantity < line.old_quantity for line in kept)),
            ("greater", any(line.quantity > line.old_quantity for line in kept)),
            ("new", lines - kept),
            ("end", history.to_the_end),
        ):
            self.applied[what] += bool(happened)

    # What happens ------------------------------------------------------------------

    def _line_of(self, order, name):
        product = self.products[name]
        return order.order_line.filtered(lambda line: line.product_id == product)

    def _happen(self, order, history):
        """Move some of the goods, step by step, and invoice what can be invoiced."""
        for desks, chairs in history.moved:
            self._move(order, {self.desk: desks, self.chair: chairs})
        if history.is_invoiced and order.invoice_status == "to invoice":
            order.sudo()._create_invoices().action_post()

    def _waiting(self, order):
        return (
            order.sudo()
            .order_line.move_ids.filtered(
                lambda move: move.state not in ("draft", "done", "cancel")
            )
            .sorted("id")
        )

    def _move(self, order, quantities):
        """Do the step that stands furthest on for these pieces, others wait."""
        moves = self._waiting(order)
        # the last step that has anything: what was just picked goes on
        picking = moves.picking_id.sorted("id")[-1:]
        for move in moves.filtered(lambda move: move.picking_id == picking):
            quantity = min(quantities.get(move.product_id, 0.0), move.product_uom_qty)
            move.quantity = quantity
            move.picked = bool(quantity)
        if any(picking.move_ids.mapped("picked")):
            self._validate(picking)

    def _validate(self, picking):
        picking.with_context(
            skip_backorder=True, picking_ids_not_to_backorder=[]
        ).button_validate()

    def _ask(self, order, asked):
        change = self._request(order=order)
        for name, values in asked.lines.items():
            line = self._line(change, self._line_of(order, name))
            line.write(self._allowed(line, values))
        change.line_ids = [
            Command.create(
                {
                    "product_id": self.products[values["product"]].id,
                    "product_uom_id": self.units[values["unit"]].id,
                    **{n: v for n, v in values.items() if n not in ("product", "unit")},
                }
            )
            for values in asked.added
        ]
        change.write(
            {
                name: self.values.get(value, value)
                for name, value in asked.header.items()
            }
        )
        return change

    def _allowed(self, line, values):
        """Return ``values`` without what would be refused in words."""
        own = line.order_line_id.sudo()
        least = max(own.qty_delivered, own.qty_invoiced, line.sudo()._get_shipped())
        values = dict(values)
        if "quantity" in values:
            values["quantity"] = max(values["quantity"], least)
        if own.qty_invoiced:
            values.pop("price_unit", None)
            values.pop("discount", None)
        return values

    def _ask_back(self, order, change):
        inverse = self._request(
            order=order,
            **{
                name: self.env["sale.order.change"]._get_id(change[f"old_{name}"])
                for name in HEADER_FIELDS
            },
        )
        for line in change.sudo().line_ids:
            own = line.order_line_id or line.created_line_id
            asked = self._line(inverse, own)
            if line.created_line_id:
                asked.quantity = 0.0
            else:
                asked.write({name: line[f"old_{name}"] for name in CHANGEABLE})
        return inverse

    # What has to hold --------------------------------------------------------------

    def _facts(self, order):
        """Return what a change and its inverse leave as it was."""
        self.env.flush_all()
        order = order.sudo()
        return {
            "lines": sorted(
                (
                    line.product_id.id,
                    line.product_uom_id.id,
                    line.product_uom_qty,
                    line.price_unit,
                    line.discount,
                    line.customer_lead,
                    line.tax_ids.ids,
                    line.qty_delivered,
                    line.qty_invoiced,
                    line.qty_to_invoice,
                )
                for line in order.order_line
                if line.product_uom_qty
            ),
            "texts": order.order_line.filtered("display_type").mapped("name"),
            "amounts": (order.amount_untaxed, order.amount_tax, order.amount_total),
            "header": (
                order.commitment_date,
                order.partner_shipping_id,
                order.payment_term_id,
                order.state,
            ),
            "to come": self._to_come(order),
            "from stock": self._from_stock(order),
            "promised": self._promised(order),
        }

    def _is_outside(self, location):
        return location.usage in ("customer", "transit")

    def _to_come(self, order):
        """Return what is still to reach the customer: {product: pieces}.

        Moves that will be followed by another one count where they lead to.
        """
        result = Counter()
        for move in self._waiting(order):
            final = move.location_final_id or move.location_dest_id
            self.assertFalse(
                self._is_outside(move.location_id), "goods come back that never left"
            )
            if self._is_outside(move.location_dest_id) or (
                self._is_outside(final) and not move.move_dest_ids
            ):
                result[move.product_id] += move.product_qty
        return {product: quantity for product, quantity in result.items() if quantity}

    def _from_stock(self, order):
        """Return what is still to leave the shelves, net: {product: pieces}."""
        stock = order.warehouse_id.lot_stock_id
        result = Counter()
        for move in self._waiting(order):
            if move.location_id == stock:
                result[move.product_id] += move.product_qty
            elif move.location_dest_id == stock:
                result[move.product_id] -= move.product_qty
        return {product: quantity for product, quantity in result.items() if quantity}

    def _promised(self, order):
        """Return where and until when what waits is to be delivered."""
        moves = self._waiting(order).filtered(lambda move: move.product_uom_qty)
        return sorted(
            {
                (
                    move.product_id.id,
                    str(move.date_deadline),
                    move.picking_id.partner_id.id,
                )
                for move in moves
                if self._is_outside(move.location_final_id or move.location_dest_id)
            }
        )

    def _assert_applied(self, order, change):
        self.assertEqual(order.amount_untaxed, change.new_amount_untaxed)
        self.assertEqual(order.amount_total, change.new_amount_total)
        expected = Counter()
        for line in order.sudo().order_line:
            if line.product_id.is_storable:
                pieces = line.product_uom_id._compute_quantity
                expected[line.product_id] += pieces(
                    line.product_uom_qty - line._change_get_moved()["shipped"],
                    line.product_id.uom_id,
                )
        self.assertEqual(self._to_come(order), {p: q for p, q in expected.items() if q})
        # nothing is fetched back that was not taken
        for product, quantity in self._from_stock(order).items():
            self.assertGreaterEqual(quantity, -self._picked(order, product))

    def _picked(self, order, product):
        """Return the pieces that were taken from the shelves and not shipped."""
        stock = order.warehouse_id.lot_stock_id
        done = order.sudo().order_line.move_ids.filtered(
            lambda move: move.state == "done" and move.product_id == product
        )
        return sum(
            move.product_qty * (move.location_id == stock)
            - move.product_qty * self._is_outside(move.location_dest_id)
            for move in done
        )

    def _finish(self, order):
        """Do every transfer: exactly what is ordered arrives."""
        for _step in range(12):
            pickings = self._waiting(order).picking_id
            if not pickings:
                break
            for picking in pickings:
                picking.action_assign()
                for move in picking.move_ids & self._waiting(order):
                    move.quantity = move.product_uom_qty
                    move.picked = True
                self._validate(picking)
        self.assertFalse(self._waiting(order))
        for line in order.sudo().order_line:
            if line.product_id.is_storable:
                self.assertEqual(line.qty_delivered, line.product_uom_qty)
