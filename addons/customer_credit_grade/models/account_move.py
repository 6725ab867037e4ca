from odoo import models


class AccountMove(models.Model):
    """Entries that change what customers owe write their credit row (DESIGN 3)."""

    _inherit = "account.move"

    def write(self, vals):
        """EXTENDS 'account': of an order and an invoice at once, one is rerun.

        Posting is never refused for credit; but an order confirmed meanwhile has to
        see it. What was held may go on when money came in.
        """
        if "state" not in vals or not self.env["sale.order"]._credit_is_controlled():
            return super().write(vals)
        before = {move.id: move.state for move in self}
        result = super().write(vals)
        self.filtered(
            lambda move: (
                "posted" in (before[move.id], move.state)
                and before[move.id] != move.state
            )
        )._credit_changed()
        return result

    def _credit_changed(self):
        """Write the rows of the debtors and wake what is held for them."""
        accounts = self.env["customer.credit.account"]
        holds = self.env["customer.credit.hold"]
        # sudo: also for who may not read what customers owe
        for company, moves in self.sudo().grouped("company_id").items():
            if company._credit_get_mode() == "off":
                continue
            partners = moves.line_ids.filtered(
                lambda line: line.account_id.account_type == "asset_receivable"
            ).partner_id
            if partners:
                accounts._bump(company, partners)
                holds._wake(company, partners)
