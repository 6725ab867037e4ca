from odoo import api, models

_WATCHED = frozenset(
    {
        "price_subtotal",
        "price_total",
        "product_uom_qty",
        "qty_delivered",
        "product_id",
        "product_uom_id",
        "is_downpayment",
        "display_type",
    }
)


class SaleOrderLine(models.Model):
    """What is added to, taken off and delivered of an order is counted (SPEC M2)."""

    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        """EXTENDS 'sale': a line added to a confirmed order counts."""
        lines = super().create(vals_list)
        lines.filtered(lambda line: line.state == "sale")._rebate_push()
        return lines

    def unlink(self):
        """EXTENDS 'sale': a line taken off a confirmed order does not count."""
        self.filtered(lambda line: line.state == "sale")._rebate_push()
        return super().unlink()

    def _write_multi(self, vals_list):
        """EXTENDS 'base': whatever reaches the database is counted anew."""
        result = super()._write_multi(vals_list)
        changed = self.browse(
            line.id
            for line, vals in zip(self, vals_list, strict=True)
            if line.state == "sale" and not _WATCHED.isdisjoint(vals)
        )
        changed._rebate_push()
        return result

    def _rebate_push(self):
        self.env["rebate.queue"]._push_orders(self.order_id)
