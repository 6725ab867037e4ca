from odoo.fields import Command

from odoo.addons.sale_order_policy.tests.common import SaleOrderPolicyCommon


class HandoverCommon(SaleOrderPolicyCommon):
    """A company without approvals and credit control, a warehouse with 100 pieces.

    The keeper is a stock user, the coordinator an order coordinator; departments are
    those of the orders' usual flow.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.document_approval_mode = "off"
        cls.keeper = cls._create_user("keeper", "stock.group_stock_user")
        cls.coordinator = cls._create_user(
            "coordinator", "order_handover.group_officer"
        )
        cls.warehouse = (
            cls.env["stock.warehouse"]
            .sudo()
            .search([("company_id", "=", cls.company.id)], limit=1)
        )
        cls.goods = (
            cls.env["product.product"]
            .sudo()
            .create(
                {
                    "name": "Shirt",
                    "is_storable": True,
                    "list_price": 100.0,
                    "standard_price": 60.0,
                    "taxes_id": [Command.clear()],
                }
            )
        )
        cls._put_in_stock(cls.goods, 100.0)

    @classmethod
    def _put_in_stock(cls, product, quantity, location=None, **values):
        cls.env["stock.quant"].sudo()._update_available_quantity(
            product, location or cls.warehouse.lot_stock_id, quantity, **values
        )

    @classmethod
    def _confirm_order(cls, *lines, user=None, **values):
        """Confirm an order of the goods; ``lines`` are values of its lines."""
        lines = [
            {"product_id": cls.goods.id, "product_uom_qty": 10.0, **line}
            for line in lines or ({},)
        ]
        order = cls._create_order(*lines, user=user, **values)
        order.action_confirm()
        return order

    @classmethod
    def _ship(cls, picking, quantities=None):
        """Validate a transfer, with all that is reserved or with ``quantities``.

        What is missing becomes a backorder.
        """
        picking = picking.sudo()
        picking.action_assign()
        if quantities is not None:
            for move, quantity in zip(picking.move_ids, quantities, strict=True):
                move.quantity = quantity
        picking.move_ids.picked = True
        picking._action_done()
        return picking
