from freezegun import freeze_time

from odoo import fields
from odoo.fields import Command

from .common import SaleOrderPolicyCommon

TODAY = "2026-11-22"


class FeasibilityCommon(SaleOrderPolicyCommon):
    """Noon of 22 November 2026 in UTC, one product nobody supplies, no stock.

    Days are given as numbers: 3 is 25 November.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(f"{TODAY} 12:00:00"))
        cls.company.partner_id.tz = "UTC"
        cls.company.security_lead = 0.0
        cls.order_type = cls.env["sale.order.type"]._get_default(cls.company)
        cls.order_type.check_feasibility = True
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.suppliers = cls.env.ref("stock.stock_location_suppliers")
        cls.customers = cls.env.ref("stock.stock_location_customers")
        cls.dozen = cls.env.ref("uom.product_uom_dozen")
        cls.chair = cls._create_storable("Chair")

    @classmethod
    def _create_storable(cls, name, **values):
        return cls.env["product.product"].create(
            {
                "name": name,
                "type": "consu",
                "is_storable": True,
                "list_price": 100.0,
                "sale_delay": 0.0,
                "route_ids": [Command.clear()],
                **values,
            }
        )

    @classmethod
    def _day(cls, days):
        return fields.Datetime.add(fields.Datetime.now(), days=days)

    @classmethod
    def _iso(cls, days):
        return fields.Date.to_string(cls._day(days))

    @classmethod
    def _stock(cls, quantity, product=None, warehouse=None, **values):
        cls.env["stock.quant"]._update_available_quantity(
            product or cls.chair,
            (warehouse or cls.warehouse).lot_stock_id,
            quantity,
            **values,
        )

    @classmethod
    def _move(cls, quantity, days, source, target, product=None, confirm=True, **vals):
        product = product or cls.chair
        move = cls.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom_qty": quantity,
                "product_uom": product.uom_id.id,
                "location_id": source.id,
                "location_dest_id": target.id,
                "company_id": cls.company.id,
                "date": cls._day(days),
                **vals,
            }
        )
        if confirm:
            move._action_confirm(merge=False)
            move.date = cls._day(days)
        return move

    @classmethod
    def _receive(cls, quantity, days, warehouse=None, **values):
        stock = (warehouse or cls.warehouse).lot_stock_id
        return cls._move(quantity, days, cls.suppliers, stock, **values)

    @classmethod
    def _deliver(cls, quantity, days, warehouse=None, **values):
        stock = (warehouse or cls.warehouse).lot_stock_id
        return cls._move(quantity, days, stock, cls.customers, **values)

    @classmethod
    def _order(cls, days, *quantities, **values):
        """Create an order promised in ``days``; quantities or values of its lines."""
        lines = [
            quantity if isinstance(quantity, dict) else {"product_uom_qty": quantity}
            for quantity in quantities
        ]
        return cls._create_order(
            *({"product_id": cls.chair.id, **line} for line in lines),
            commitment_date=cls._day(days),
            **values,
        )

    def _facts(self, order, code=None):
        """Return [(code, values)] of the delivery findings."""
        return [
            (finding["code"], finding["values"])
            for finding in self._get_findings(order)
            if finding["code"].startswith("delivery_")
            and code in (None, finding["code"])
        ]

    def _short(self, order):
        """Return how many are short, line by line that is short."""
        return [values["short"] for _code, values in self._facts(order)]

    def _comings(self, order):
        """Return [(days, quantity)] of what is missing in the first finding."""
        start = fields.Date.to_date(TODAY)
        return [
            ((fields.Date.to_date(day) - start).days, quantity)
            for day, quantity in self._facts(order)[0][1]["arrivals"]
        ]
