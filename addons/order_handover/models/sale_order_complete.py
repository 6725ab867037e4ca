from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, float_compare


class SaleOrder(models.Model):
    """When an order is complete: all of it accepted, or delivered (SPEC I1)."""

    _inherit = "sale.order"

    handover_is_complete = fields.Boolean(
        string="Complete",
        compute="_compute_handover_is_complete",
        search="_search_handover_is_complete",
        help="All of it is delivered, and accepted where acceptance is required.",
    )

    @api.depends(
        "state",
        "order_line.qty_delivered",
        "order_line.product_uom_qty",
        "handover_requires_acceptance",
    )
    def _compute_handover_is_complete(self):
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        for order in self:
            order.handover_is_complete = order.state == "sale" and all(
                float_compare(
                    line.qty_delivered, line.product_uom_qty, precision_digits=digits
                )
                >= 0
                for line in order.order_line
                if line._handover_counts()
            )

    @api.model
    def _search_handover_is_complete(self, operator, value):
        if operator != "in":
            return NotImplemented
        self.env["sale.order.line"].flush_model()
        self.flush_model()
        complete = Domain("state", "=", "sale") & Domain(
            "id", "not in", self._handover_get_incomplete_query()
        )
        wanted = Domain.FALSE
        if True in value:
            wanted |= complete
        if False in value:
            wanted |= ~complete
        return wanted

    @api.model
    def _handover_get_incomplete_query(self):
        """Return the ids of orders with lines that are not delivered, as a query."""
        lines = self.env["sale.order.line"]
        no_delivery = SQL("TRUE")
        if "is_delivery" in lines._fields:
            no_delivery = SQL("l.is_delivery IS NOT TRUE")
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        return SQL(
            """(
            SELECT l.order_id
              FROM sale_order_line l
              JOIN sale_order o ON o.id = l.order_id AND o.state = 'sale'
              JOIN product_product p ON p.id = l.product_id
              JOIN product_template t ON t.id = p.product_tmpl_id
             WHERE l.display_type IS NULL AND l.is_downpayment IS NOT TRUE
               AND l.product_uom_qty > 0 AND %(no_delivery)s
               AND (l.qty_delivered_method = 'stock_move'
                    OR t.invoice_policy = 'delivery'
                    OR o.handover_requires_acceptance AND t.type = 'service'
                       AND l.qty_delivered_method = 'manual')
               AND ROUND(COALESCE(l.qty_delivered, 0)::numeric, %(digits)s)
                   < ROUND(l.product_uom_qty::numeric, %(digits)s))""",
            no_delivery=no_delivery,
            digits=digits,
        )


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _handover_counts(self):
        """Tell whether an order is complete only when this line is delivered.

        As :meth:`_handover_get_incomplete_query` says.
        """
        self.ensure_one()
        if (
            self.display_type
            or self.is_downpayment
            or not self.product_id
            or self.product_uom_qty <= 0
            or self._is_delivery()
        ):
            return False
        return (
            self.qty_delivered_method == "stock_move"
            or self.product_id.invoice_policy == "delivery"
            or (
                self.order_id.handover_requires_acceptance
                and self._handover_is_service()
            )
        )
