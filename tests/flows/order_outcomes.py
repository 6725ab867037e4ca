"""What may become of an order, tried on whatever orders were loaded."""

from decimal import ROUND_HALF_UP, Decimal

from odoo.exceptions import AccessError, UserError

from tools.northwind import load

LARGEST_DISCOUNT = 12


class OrderOutcomes:
    """Tests for a test case of ``OrderFlowCase``; ``folder`` names the tables.

    Every test looks for an order of its kind among those loaded, so that the same
    tests hold for any set of tables that has such orders.
    """

    folder = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["sale.price.rule"].create({"max_discount": LARGEST_DISCOUNT})
        cls.env["sale.order.type"].create(
            {
                "name": "Complete order",
                "sequence": -1,
                "require_phone_or_email": True,
                "require_commitment_date": True,
                "require_delivery_place": True,
                "require_client_order_ref": True,
                "require_user": True,
            }
        )
        cls.loaded = load(cls.env, cls.folder, salesperson=cls.salesperson)
        cls.orders = cls.loaded.all_orders
        cls.findings = cls.orders._approval_findings()

    def order_where(self, is_wanted):
        """Return the first order whose set of findings' codes is as wanted."""
        for order in self.orders:
            if is_wanted({finding["code"] for finding in self.findings[order.id]}):
                return order
        return self.fail("no such order among those loaded")

    def order_without_findings(self):
        """Return an order nothing was found about."""
        return self.order_where(lambda codes: not codes)

    # Figures -----------------------------------------------------------------------

    def test_totals_agree_with_the_tables(self):
        lines = self.orders.order_line
        net = float(self.loaded.tables.net)
        gross = sum(line.price_unit * line.product_uom_qty for line in lines)
        self.assertEqual(len(lines), len(self.loaded.tables.lines))
        self.assertAlmostEqual(sum(lines.mapped("price_subtotal")), net, 2)
        self.assertAlmostEqual(sum(self.orders.mapped("amount_untaxed")), net, 2)
        self.assertAlmostEqual(sum(self.orders.mapped("amount_total")), net, 2)
        self.assertAlmostEqual(gross, float(self.loaded.tables.gross), 2)
        self.assertEqual(
            sum(lines.mapped("product_uom_qty")),
            sum(self.loaded.tables.pieces.values()),
        )

    def test_there_is_stock_for_all_orders(self):
        ordered = self.loaded.tables.pieces
        for key, product in self.loaded.products.items():
            self.assertGreaterEqual(product.qty_available, ordered.get(key, 0))

    # Findings ----------------------------------------------------------------------

    def test_findings_are_the_discounts_above_the_limit(self):
        """Counted a second time, from the tables alone."""
        names = {order: key for key, order in self.loaded.orders.items()}
        found = {
            (names[order], line.product_id.default_code)
            for order in self.orders
            for finding in self.findings[order.id]
            for line in order.order_line.browse(finding["line_id"])
        }
        codes = {f["code"] for found in self.findings.values() for f in found}
        self.assertEqual(codes, {"discount"})
        self.assertEqual(found, set(self._expected_discounts()))

    def _expected_discounts(self):
        prices = self.loaded.tables.list_prices
        for line in self.loaded.tables.lines:
            listed = prices[line.product_id] * line.quantity
            granted = 100 * (1 - line.net / listed)
            granted = granted.quantize(Decimal("0.01"), ROUND_HALF_UP)
            least = listed * (100 - LARGEST_DISCOUNT) / 100
            if granted > LARGEST_DISCOUNT and least - line.net > Decimal("0.005"):
                yield line.order_id, line.product_id

    # Outcomes ----------------------------------------------------------------------

    def test_order_without_findings_is_approved_and_delivered(self):
        order = self.order_without_findings()
        self.submit(order)
        for code in ("sales", "finance", "operations"):
            self.assertEqual(self.open_departments(order), {code})
            with self.assertRaises(UserError):
                self.confirm(order)
            self.approve(order, code)
        self.assertEqual(order.approval_state, "approved")
        self.confirm(order)
        self.deliver(order)
        self.assertDelivered(order)

    def test_supervisor_sees_why_a_price_came_to_him(self):
        order = self.order_where(lambda codes: codes == {"discount"})
        self.submit(order)
        seat = self.seat(order, "sales").with_user(self.reviewers["sales"])
        count = len(self.findings[order.id])
        self.assertEqual(len(seat.why.splitlines()), count)
        self.assertIn("allowed 12", seat.why)
        self.approve(order, "sales", "finance", "operations")
        self.confirm(order)
        self.deliver(order)
        self.assertDelivered(order)

    def test_incomplete_order_is_kept_but_not_submitted(self):
        order = self.order_without_findings()
        order.with_user(self.salesperson).write(
            {"commitment_date": False, "client_order_ref": " "}
        )
        with self.assertRaises(UserError) as refusal:
            self.submit(order)
        for field in ("commitment_date", "client_order_ref"):
            label = order._fields[field]._description_string(self.env)
            self.assertIn(label, str(refusal.exception))
        self.assertEqual(order.approval_state, "none")
        with self.assertRaises(UserError):
            self.confirm(order)

    def test_special_product_is_reviewed_side_by_side(self):
        order = self.order_without_findings()
        order.order_line[:1].product_id.policy_special_review = True
        self.submit(order)
        self.approve(order, "sales")
        joint = {"technical", "finance", "production"}
        self.assertEqual(self.open_departments(order), joint)
        self.approve(order, "technical", "production")
        self.assertEqual(self.open_departments(order), {"finance"})
        with self.assertRaises(AccessError):
            self.approve(order, "operations")
        self.approve(order, "finance", "operations")
        self.assertEqual(order.approval_state, "approved")
        self.confirm(order)
        self.deliver(order)
        self.assertDelivered(order)

    def test_refused_order_is_corrected_and_submitted_again(self):
        order = self.order_where(lambda codes: codes == {"discount"})
        self.submit(order)
        self.refuse(order, "sales", "Please grant no discount.")
        self.assertEqual(order.approval_state, "refused")
        with self.assertRaises(UserError):
            self.confirm(order)
        order = order.with_user(self.salesperson)
        for line in order.order_line:
            line.write({"price_unit": line.product_id.list_price, "discount": 0})
        self.submit(order)
        self.assertEqual(order.approval_round_id.number, 2)
        self.assertFalse(order.approval_round_id.finding_ids)
        self.approve(order.sudo(), "sales", "finance", "operations")
        self.confirm(order)
        self.assertEqual(order.state, "sale")
        self.assertEqual(
            order.sudo().approval_round_ids.sorted("number").mapped("state"),
            ["refused", "approved"],
        )

    def test_order_changed_after_approval_waits_again(self):
        order = self.order_without_findings()
        self.submit(order)
        self.approve(order, "sales", "finance", "operations")
        order.order_line[:1].with_user(self.salesperson).product_uom_qty += 1
        self.assertEqual(order.approval_state, "superseded")
        with self.assertRaises(UserError):
            self.confirm(order)
        self.assertEqual(order.state, "draft")
