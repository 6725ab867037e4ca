from odoo import models
from odoo.tools import SQL


class RebateSettlement(models.Model):
    """What a rebate credit note is offset against (SPEC M4)."""

    _inherit = "rebate.settlement"

    def _apply(self, move):
        """Offset a credit note against what the customer owes, oldest due first.

        Kept for the next invoices or for goods where the settlement says so; disputed
        invoices are left alone.
        """
        self.ensure_one()
        if move.move_type != "out_refund":
            return
        if self.form == "goods":
            self._prepare_quotation(move)
        elif self.form == "oldest":
            move._rebate_reconcile(move._rebate_get_due())

    def _prepare_quotation(self, move):
        """Prepare a quotation the credit note is offset against when it is invoiced."""
        partner = move.partner_id
        order = (
            self.env["sale.order"]
            .with_company(self.company_id)
            .create(
                {
                    "partner_id": partner.id,
                    "company_id": self.company_id.id,
                    "user_id": partner.user_id.id,
                    "origin": move.name,
                }
            )
        )
        order.flush_recordset()
        self.env.execute_query(
            SQL(
                "UPDATE sale_order SET rebate_move_id = %s WHERE id = %s RETURNING id",
                move.id,
                order.id,
            )
        )
        order.invalidate_recordset(["rebate_move_id"], flush=False)
        move.invalidate_recordset(["rebate_order_ids"], flush=False)
        return order
