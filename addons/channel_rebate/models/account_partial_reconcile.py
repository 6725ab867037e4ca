from odoo import api, models


class AccountPartialReconcile(models.Model):
    """What was paid changes when it is matched, and when the match is undone."""

    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        """EXTENDS 'account': count the matched invoices anew."""
        partials = super().create(vals_list)
        partials._rebate_push()
        return partials

    def unlink(self):
        """EXTENDS 'account': count anew what is not matched any more."""
        self._rebate_push()
        return super().unlink()

    def _rebate_push(self):
        if not self:
            return
        moves = (self.debit_move_id | self.credit_move_id).move_id
        self.env["rebate.queue"]._push_moves(
            moves.filtered(lambda m: m.move_type in ("out_invoice", "out_refund"))
        )
