from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    def _post(self, soft=True):
        """EXTENDS 'account': queue the handovers of invoices of orders (SPEC F2)."""
        posted = super()._post(soft=soft)
        # sudo: who posts need not read orders; also jobs and customers' payments do
        events_sudo = self.env["order.handover.event"].sudo()
        invoices_sudo = posted.sudo().filtered(
            lambda move: move.move_type == "out_invoice" and move.state == "posted"
        )
        if invoices_sudo and events_sudo._is_used():
            events_sudo._queue(
                "invoice_posted",
                [
                    {
                        "order_id": order.id,
                        "key": f"invoice {invoice.id}",
                        "document": invoice.name,
                        "source_model": "account.move",
                        "source_ids": invoice.ids,
                    }
                    for invoice in invoices_sudo
                    for order in invoice.line_ids.sale_line_ids.order_id
                ],
            )
        return posted
