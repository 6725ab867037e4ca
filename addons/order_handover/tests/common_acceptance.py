import base64

from odoo.addons.order_handover.tests.common import HandoverCommon

#: a picture of one pixel
SIGNATURE = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
    "AABJRU5ErkJggg=="
)
PAPER = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


class AcceptanceCommon(HandoverCommon):
    """An order type whose deliveries the customer has to sign for."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accept_type = (
            cls.env["sale.order.type"]
            .sudo()
            .create(
                {
                    "name": "With acceptance",
                    "sequence": 999,
                    "company_id": cls.company.id,
                    "handover_requires_acceptance": True,
                }
            )
        )
        cls.goods.sudo().invoice_policy = "delivery"

    @classmethod
    def _create_goods(cls, name, quantity=0.0, **values):
        """Create another product like the shirts, with some in stock."""
        product = (
            cls.env["product.product"]
            .sudo()
            .create(
                {
                    "name": name,
                    "is_storable": True,
                    "list_price": 100.0,
                    "standard_price": 60.0,
                    "invoice_policy": "delivery",
                    "taxes_id": False,
                    **values,
                }
            )
        )
        if quantity:
            cls._put_in_stock(product, quantity)
        return product

    @classmethod
    def _confirm(cls, *lines, **values):
        values.setdefault("policy_type_id", cls.accept_type.id)
        return cls._confirm_order(*lines, **values)

    @classmethod
    def _open_pickings(cls, order, usage="internal"):
        """Return transfers of the order that are still open, from such a place."""
        return (
            order.sudo()
            .picking_ids.filtered(
                lambda p: (
                    p.state not in ("done", "cancel") and p.location_id.usage == usage
                )
            )
            .sorted("id")
        )

    @classmethod
    def _ship_all(cls, order, quantities=None):
        """Ship what is open, step by step, until it is in 待签收; return the slip."""
        before = order.sudo().handover_acceptance_ids
        for _step in range(4):
            picking = cls._open_pickings(order)[:1]
            if not picking or order.sudo().handover_acceptance_ids - before:
                break
            cls._ship(picking, quantities)
        return order.sudo().handover_acceptance_ids - before

    @classmethod
    def _reject(cls, slip, *parts):
        """Return answers that reject (line, quantity)."""
        return {
            line.id: {"rejected": quantity, "remark": "Torn"}
            for line, quantity in parts
        }

    def _assert_stock(self, stock, waiting, customer=None, product=None):
        """Compare what lies in stock, in 待签收 and (of this test) at customers'."""
        product = (product or self.goods).sudo()
        quants = self.env["stock.quant"].sudo()
        quants.flush_model()
        place = self.company.handover_acceptance_location_id
        found = quants._read_group(
            [("product_id", "=", product.id)], ["location_id"], ["quantity:sum"]
        )
        sums = {location: quantity for location, quantity in found}
        inside = sum(
            q
            for location, q in sums.items()
            if location.usage == "internal" and location.company_id == self.company
        )
        self.assertEqual(inside, stock, "in stock")
        self.assertEqual(sums.get(place, 0.0), waiting, "awaiting acceptance")
        if customer is not None:
            at_customers = sum(
                q for location, q in sums.items() if location.usage == "customer"
            )
            self.assertEqual(at_customers, customer, "at the customer's")

    @classmethod
    def _paper(cls):
        return base64.b64encode(PAPER)
