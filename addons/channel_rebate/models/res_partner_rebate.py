from odoo import models


class ResPartner(models.Model):
    """A contact that moves to another company takes its documents along."""

    _inherit = "res.partner"

    def _write_multi(self, vals_list):
        """EXTENDS 'base': whatever reaches the database is counted anew."""
        moved = [
            partner.id
            for partner, vals in zip(self, vals_list, strict=True)
            if "commercial_partner_id" in vals
        ]
        result = super()._write_multi(vals_list)
        if moved:
            self._rebate_push_moved(moved)
        return result

    def _rebate_push_moved(self, ids):
        """Count anew all documents of these contacts: they may be another's now."""
        # sudo: whoever moves the contact
        moves = self.env["account.move"].sudo().search([("partner_id", "in", ids)])
        orders = (
            # sudo: whoever moves the contact
            self.env["sale.order"].sudo().search([("partner_invoice_id", "in", ids)])
        )
        queue = self.env["rebate.queue"]
        queue._push_moves(moves)
        queue._push_orders(orders)
