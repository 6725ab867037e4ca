from odoo import models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _credit_get_claim(self, hold):
        """Return ``(value, not invoiced part)`` of what would be shipped now.

        Company currency, taxes included.
        """
        self.ensure_one()
        amount = unbilled = 0.0
        for move in self.move_ids:
            if move.state in ("done", "cancel"):
                continue
            if move._credit_get_debtor() != hold.partner_id:
                continue
            quantity = move.quantity or move.product_uom_qty
            value = move._credit_get_value(quantity)
            amount += value
            line = move.sale_line_id
            billed = line.qty_invoiced_posted - line.qty_delivered
            share = max(1 - max(billed, 0.0) / quantity, 0.0) if quantity else 0.0
            unbilled += value * share
        return max(amount, hold.amount), self.company_id.currency_id.round(unbilled)

    def _credit_is_held(self, purpose):
        """Tell whether a hold on this transfer still makes sense."""
        self.ensure_one()
        return self.state not in ("done", "cancel")

    def _credit_resume(self):
        """Nothing leaves by itself: the warehouse is told."""

    def _credit_tell(self, owner, text):
        """Note ``text`` in the history and give the owner one activity."""
        self.ensure_one()
        picking_sudo = self.sudo().with_context(
            mail_post_autofollow=False, mail_activity_quick_update=True
        )
        picking_sudo.message_post(body=text, subtype_xmlid="mail.mt_note")
        if owner == self.env.user:
            return
        kind = "document_approval.mail_activity_type_attention"
        if not picking_sudo.activity_search([kind], user_id=owner.id):
            picking_sudo.activity_schedule(
                kind, summary=self.env._("Customer credit"), note=text, user_id=owner.id
            )
