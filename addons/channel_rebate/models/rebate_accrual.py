import logging
from decimal import Decimal

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import SQL

from .rebate_split import to_decimal

_logger = logging.getLogger(__name__)


class RebateAccrual(models.AbstractModel):
    """Books what was earned as a provision, by the difference (DESIGN 5).

    From invoicing on: rebates granted / provision. The credit notes of settlements
    draw on the provision. Amounts with taxes are booked without them.
    """

    _name = "rebate.accrual"
    _description = "Rebate Accrual"

    @api.model
    def _cron_accrue(self):
        """Book the provision of all companies that have set the accounts up."""
        try:
            self._accrue_all()
        except OperationalError as error:  # a rival was faster: next run
            self.env.cr.rollback()
            _logger.info("rebate accrual: next run, %s", error)
            # sudo: as the job
            self.env.ref("channel_rebate.ir_cron_accrue").sudo()._trigger()

    @api.model
    def _accrue_all(self):
        # sudo: as the job
        companies = (
            self.env["res.company"]
            .sudo()
            .search(
                [
                    ("rebate_provision_account_id", "!=", False),
                    ("rebate_expense_account_id", "!=", False),
                ]
            )
        )
        for company in companies:
            balances = (
                self.env["rebate.balance"]
                .sudo()  # sudo: as the job
                .search([("company_id", "=", company.id), ("has_figures", "=", True)])
            )
            balances._bump()
            self._accrue(balances)
            self.env.flush_all()
            if not self.env["ir.cron"]._commit_progress(1):
                return

    @api.model
    def _accrue(self, balances):
        """Book the difference between what was earned and what is provided for.

        One entry per company and currency. Odoo moves it to the first open day when
        its day is locked.

        :return: the entries
        """
        moves = self.env["account.move"]
        for (company, currency), group in balances.grouped(
            lambda balance: (balance.company_id, balance.currency_id)
        ).items():
            if (
                company.rebate_provision_account_id
                and company.rebate_expense_account_id
            ):
                moves |= self._accrue_company(company, currency, group)
        self.env["rebate.engine"]._write_figures(balances)
        return moves

    @api.model
    def _accrue_company(self, company, currency, balances):
        sums = self._get_booked(balances)
        rows = []
        for balance in balances:
            earned = to_decimal(balance.earned_amount)
            booked, drawn = sums.get(balance.id, (Decimal(0), Decimal(0)))
            left = earned - to_decimal(balance.released_amount)
            delta = self._get_net(balance, left, currency) + drawn - booked
            accrued = earned - to_decimal(balance.accrued_amount)
            if delta or accrued:
                rows.append((balance, delta, accrued))
        if not any(delta for _balance, delta, _accrued in rows):
            return self.env["account.move"]
        values = self._prepare_entry(company, currency, rows)
        move = self.env["account.move"].with_company(company).create(values)
        provision = move.line_ids.sorted("id")[1::2]
        self._mark(
            move,
            [
                (line.id, balance.id, None, accrued)
                for line, (balance, _delta, accrued) in zip(
                    provision, rows, strict=True
                )
            ],
        )
        move._post(soft=False)
        return move

    @api.model
    def _prepare_entry(self, company, currency, rows):
        """Return the entry: for each balance, rebates granted and the provision."""
        today = fields.Date.context_today(self)
        lines = []
        for balance, delta, _accrued in rows:
            amount = float(delta)
            converted = currency._convert(amount, company.currency_id, company, today)
            common = {
                "partner_id": balance.partner_id.id,
                "currency_id": currency.id,
                "name": balance.period_id.display_name,
            }
            lines += [
                {
                    **common,
                    "account_id": company.rebate_expense_account_id.id,
                    "amount_currency": amount,
                    "balance": converted,
                },
                {
                    **common,
                    "account_id": company.rebate_provision_account_id.id,
                    "amount_currency": -amount,
                    "balance": -converted,
                },
            ]
        journal = company.rebate_journal_id or self.env["account.journal"].search(
            [("type", "=", "general"), ("company_id", "=", company.id)], limit=1
        )
        return {
            "move_type": "entry",
            "journal_id": journal.id,
            "date": today,
            "ref": self.env._("Provision for rebates"),
            "line_ids": [Command.create(line) for line in lines],
        }

    @api.model
    def _get_net(self, balance, amount, currency):
        """Return an amount of this balance without taxes."""
        if not amount or not balance.version_id.is_taxed:
            return amount
        unit = to_decimal(currency.rounding)
        taxes = self.env["account.tax"]
        net = Decimal(0)
        for key, part in balance._split_by_tax(amount, unit).items():
            details = taxes.browse(key)._get_tax_details(
                float(part),
                1.0,
                precision_rounding=currency.rounding,
                special_mode="total_included",
            )
            net += to_decimal(currency.round(details["total_excluded"]))
        return net

    @api.model
    def _get_booked(self, balances):
        """Return ``{balance id: (booked, drawn)}`` of the provision, as Decimals.

        What was booked by accruals, and what credit notes have drawn: without taxes,
        as they were posted.
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT rebate_balance_id,
                       COALESCE(- SUM(amount_currency) FILTER (
                           WHERE rebate_accrued IS NOT NULL), 0)::text,
                       COALESCE(SUM(amount_currency) FILTER (
                           WHERE rebate_released IS NOT NULL), 0)::text
                  FROM account_move_line
                 WHERE rebate_balance_id = ANY(%s) AND parent_state = 'posted'
                 GROUP BY rebate_balance_id
                """,
                balances.ids,
            )
        )
        return {
            balance_id: (Decimal(booked), Decimal(drawn))
            for balance_id, booked, drawn in rows
        }

    @api.model
    def _mark(self, move, rows, settlement=None):
        """Say which lines of an entry release or accrue what, past our own refusal.

        :param rows: list of (line id, balance id, released, accrued)
        """
        self.env.flush_all()
        if settlement:
            self.env.execute_query(
                SQL(
                    "UPDATE account_move SET rebate_settlement_id = %s WHERE id = %s"
                    " RETURNING id",
                    settlement.id,
                    move.id,
                )
            )
        self.env.execute_query(
            SQL(
                """
                UPDATE account_move_line l
                   SET rebate_balance_id = v.balance_id, rebate_released = v.released,
                       rebate_accrued = v.accrued
                  FROM unnest(%s::int[], %s::int[], %s::numeric[], %s::numeric[])
                       AS v(id, balance_id, released, accrued)
                 WHERE l.id = v.id
             RETURNING l.id
                """,
                *(list(column) for column in zip(*rows, strict=True)),
            )
        )
        move.invalidate_recordset(flush=False)
        move.line_ids.invalidate_recordset(flush=False)
