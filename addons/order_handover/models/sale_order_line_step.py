from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _get_outgoing_incoming_moves(self, strict=True):
        """EXTENDS 'sale_stock': free replacements are neither delivered nor charged.

        The goods of the order were delivered already; what replaces them goes out in
        addition (SPEC I2).
        """
        outgoing, incoming = super()._get_outgoing_incoming_moves(strict=strict)
        return (
            outgoing.filtered(lambda move: not move._handover_is_free()),
            incoming.filtered(lambda move: not move._handover_is_free()),
        )
