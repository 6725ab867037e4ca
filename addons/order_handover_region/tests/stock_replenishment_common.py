from odoo.fields import Command

from odoo.addons.order_handover.tests.common import HandoverCommon


class ReplenishmentCommon(HandoverCommon):
    """Shirts nobody has in stock yet, and whoever counts them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shirt = cls._create_shirt("Blue shirt")

    @classmethod
    def _create_shirt(cls, name, **values):
        return (
            cls.env["product.product"]
            .sudo()
            .create(
                {
                    "name": name,
                    "is_storable": True,
                    "taxes_id": [Command.clear()],
                    **values,
                }
            )
        )

    def _sheet(self, products=None, **values):
        """Return a counted sheet of ``products`` as the coordinator."""
        products = products or self.shirt
        sheet = (
            self.env["stock.replenishment.sheet"]
            .with_user(self.coordinator)
            .create(
                {
                    "warehouse_id": self.warehouse.id,
                    "product_tmpl_ids": [Command.set(products.product_tmpl_id.ids)],
                    **values,
                }
            )
        )
        sheet.action_compute()
        return sheet

    def _get(self, sheet, *names):
        return [sheet.line_ids[name] for name in names]

    def _demand(self, quantity, product=None, **values):
        """Confirm an order of shirts."""
        line = {
            "product_id": (product or self.shirt).id,
            "product_uom_qty": quantity,
            **values.pop("line", {}),
        }
        return self._confirm_order(line, **values)
