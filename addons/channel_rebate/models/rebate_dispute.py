from odoo import models
from odoo.tools import SQL


class RebateBalance(models.Model):
    """A dispute stops the release of what it concerns (SPEC H5)."""

    _inherit = "rebate.balance"

    def _get_held(self):
        """Hold what rests on an invoice the customer disputes.

        Who says that something is missing holds everything of his.
        """
        held = super()._get_held()
        statements = self.env["channel.statement"]
        for company, balances in self.grouped("company_id").items():
            disputed = statements._get_disputed_moves(company, balances.partner_id)
            if not disputed:
                continue
            moves = set().union(*disputed.values())
            concerned = balances._get_resting_on(moves)
            for balance in balances:
                of_partner = disputed.get(balance.partner_id.id)
                if of_partner is not None and (
                    not of_partner or balance.id in concerned
                ):
                    held[balance.id] = self.env._("disputed by the customer")
        return held

    def _get_resting_on(self, move_ids):
        """Return the ids of these balances in which one of these invoices counts."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT balance_id FROM rebate_ledger
                 WHERE balance_id = ANY(%s) AND source_kind = 'i'
                   AND document_id = ANY(%s)
                 GROUP BY balance_id, source_id HAVING SUM(invoiced) <> 0
                """,
                self.ids,
                list(move_ids),
            )
        )
        return {balance_id for (balance_id,) in rows}

    def _prepare_rows(self):
        """Return what a statement shows of this balance: earned, and released."""
        self.ensure_one()
        period = self.period_id.display_name
        return [
            {
                "label": self.env._("Rebate earned: %(period)s", period=period),
                "amount": self.earned_amount,
                "date": self.date_to,
            },
            {
                "label": self.env._("Rebate released: %(period)s", period=period),
                "amount": self.released_amount,
                "date": self.date_to,
            },
        ]


class AccountMove(models.Model):
    _inherit = "account.move"

    def _rebate_is_disputed(self):
        """EXTENDS 'channel_rebate': nothing is offset against a disputed invoice."""
        self.ensure_one()
        disputed = self.env["channel.statement"]._get_disputed_moves(
            self.company_id, self.partner_id
        )
        return super()._rebate_is_disputed() or any(
            self.id in moves for moves in disputed.values()
        )


class ChannelStatement(models.Model):
    _inherit = "channel.statement"

    def _statement_get_rebate_rows(self):
        """EXTENDS 'channel_rebate': rebates earned and released by the last day.

        Rebates in another currency than the statement's are left out.
        """
        rows = super()._statement_get_rebate_rows()
        balances = self.env["rebate.balance"].search(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("company_id", "in", self.company_id.ids),
                ("has_figures", "=", True),
            ]
        )
        for statement in self:
            for balance in balances:
                if (
                    balance.partner_id == statement.partner_id
                    and balance.company_id == statement.company_id
                    and balance.currency_id == statement.currency_id
                    and balance.date_from <= statement.date_to
                    and balance.date_to >= statement.date_from
                ):
                    rows.setdefault(statement, []).extend(balance._prepare_rows())
        return rows
