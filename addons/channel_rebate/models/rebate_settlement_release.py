import logging
from decimal import Decimal

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import SQL

from .rebate_split import split, to_decimal

_logger = logging.getLogger(__name__)

#: customers whose credit notes are made in one transaction
_BATCH = 50


def _read_parts(rows):
    """Return ``{taxes: amount}`` of rows of tax ids and amounts as text."""
    parts = {tuple(taxes): Decimal(amount) for taxes, amount in rows}
    return {taxes: amount for taxes, amount in parts.items() if amount}


class RebateSettlement(models.Model):
    """How an approved settlement becomes credit notes (SPEC M4; DESIGN 5)."""

    _inherit = "rebate.settlement"

    def _start_release(self):
        """Enter the protected state; small settlements are released at once."""
        for settlement in self:
            settlement._keep({"state": "posting"})
            if len(settlement._get_open_partners()) > _BATCH:
                self.env.ref("channel_rebate.ir_cron_release")._trigger()
                continue
            try:
                with self.env.cr.savepoint():
                    settlement._release_some(_BATCH)
            except UserError as error:  # the job finds out whom it concerns
                settlement._note_error(str(error))
                self.env.ref("channel_rebate.ir_cron_release")._trigger()

    @api.model
    def _cron_release(self):
        """Release approved settlements, some customers at a time (DESIGN 7)."""
        try:
            for settlement in self.search([("state", "=", "posting")]):
                if not settlement._release_all():
                    return
        except OperationalError as error:  # a rival was faster: next run
            self.env.cr.rollback()
            _logger.info("rebate settlements: next run, %s", error)
            self.env.ref("channel_rebate.ir_cron_release")._trigger()

    def _release_all(self):
        """Release batch by batch, and customer by customer where a batch fails.

        Whoever cannot be released, and why, is noted; the others are.

        :return: whether the job has time for more
        """
        self.ensure_one()
        limit, problems = _BATCH, {}
        while self.state == "posting":
            partners = self._get_open_partners() - self.env["res.partner"].union(
                *problems
            )
            if problems and not partners:
                break
            try:
                with self.env.cr.savepoint():
                    self._release_some(limit, partners)
            except UserError as error:
                if limit > 1 and len(partners) > 1:
                    limit = 1
                    continue
                problems[partners[:1]] = str(error)
                self._note_error(
                    "\n".join(
                        f"{partner.display_name}: {text}"
                        for partner, text in problems.items()
                    )
                )
            self.env.flush_all()
            if not self.env["ir.cron"]._commit_progress(len(partners[:limit])):
                return False
        return True

    def _get_open_partners(self):
        groups = self.line_ids._read_group(
            [("settlement_id", "=", self.id), ("state", "=", "open")], ["partner_id"]
        )
        return self.env["res.partner"].union(*(partner for (partner,) in groups))

    def _note_error(self, text):
        """Keep why nothing more is released, and tell who prepared it."""
        if self.error != text:
            self._keep({"error": text})
            self._message_log(body=text)

    def action_retry(self):
        """Go on releasing after what went wrong has been put right."""
        self.check_access("write")
        for settlement in self.filtered(lambda s: s.state == "posting"):
            # sudo: the approval gave the right
            settlement.sudo()._release_some(_BATCH)
            self.env.ref("channel_rebate.ir_cron_release").sudo()._trigger()
        return True

    def _release_some(self, limit, partners=None):
        """Release what the next customers have; done when nobody is left.

        :param partners: of whom the next ones are taken; all by default

        Of two who do so at once, one is rerun: the balances are written first.
        """
        self.ensure_one()
        if partners is None:
            partners = self._get_open_partners()
        lines = self.line_ids.search(
            [
                ("settlement_id", "=", self.id),
                ("state", "=", "open"),
                ("partner_id", "in", partners[:limit].ids),
            ],
            order="partner_id, id",
        )
        if lines:
            balances = lines.balance_id
            self.env["rebate.engine"]._derive_balances(balances)
            lines.invalidate_recordset()
            amounts = lines._get_amounts()
            lines._make_credit_notes(amounts)
            self.env.flush_all()
            self.env["rebate.engine"]._write_figures(balances)
            self.env["rebate.accrual"]._accrue(balances)
        left = [("settlement_id", "=", self.id), ("state", "=", "open")]
        if not self.line_ids.search_count(left, limit=1):
            self._keep({"state": "done", "error": False})
            self._tell_released()

    def _tell_released(self):
        """Say in the history what was released, and what was not."""
        self._message_log(
            body=self.env._(
                "Released %(amount)s in %(count)s credit notes.",
                amount=self.currency_id.format(self.posted_amount),
                count=self.move_count,
            )
        )


class RebateSettlementLine(models.Model):
    _inherit = "rebate.settlement.line"

    def _get_amounts(self):
        """Return ``{line: amount}``: what was approved, and no more than is due now.

        :return: amounts as Decimal; zero with a reason where nothing is due any more
        """
        held = self.balance_id._get_held()
        amounts = {}
        for line in self:
            balance = line.balance_id
            approved = to_decimal(line.amount)
            due = to_decimal(balance.releasable_amount) - to_decimal(
                balance.released_amount
            )
            if line.settlement_id.reverses_id and approved < 0:
                due = -to_decimal(balance.released_amount)
            reason = False
            if balance.id in held:
                amount, reason = Decimal(0), held[balance.id]
            elif approved > 0:
                amount = max(min(approved, due), Decimal(0))
            else:
                amount = min(max(approved, due), Decimal(0))
            if amount != approved and not reason:
                reason = self.env._(
                    "Only this much is due since it was approved: returns, payments "
                    "undone or a new version."
                )
            values = {
                "posted_amount": amount,
                "reason": reason or None,
                "state": "posted" if amount else "held",
            }
            line._set(values)
            if amount:
                amounts[line] = amount
        return amounts

    def _make_credit_notes(self, amounts):
        """Make, post and apply one credit note per customer.

        A customer who has to give back more than he gets is invoiced for it.
        """
        for partner, lines in self.grouped("partner_id").items():
            parts = []
            for line in lines:
                if line in amounts:
                    parts += line._split(amounts[line])
            if not parts:
                continue
            settlement = lines.settlement_id
            move = lines._create_move(partner, parts)
            for line in lines:
                if line in amounts:
                    line._set({"move_id": move.id})
            settlement._apply(move)

    def _split(self, amount):
        """Return how an amount is shared out by the taxes of what was bought.

        What has been released so far is taken into account, so that all credit notes
        together are shared out as the invoices are now.

        :return: list of (line, taxes, amount in the terms of the version)
        """
        self.ensure_one()
        balance = self.balance_id
        unit = to_decimal(self.currency_id.rounding)
        total = to_decimal(balance.released_amount) + amount
        posted = balance._get_released_by_tax()
        wanted = balance._split_by_tax(total, unit) if total else {}
        if total and not wanted:
            keys = [key for key in posted if posted[key]] or [()]
            wanted = {key: posted.get(key, Decimal(0)) for key in keys}
            wanted[keys[0]] += total - sum(wanted.values())
        taxes = self.env["account.tax"]
        return [
            (self, taxes.browse(key), part)
            for key in sorted({*wanted, *posted})
            if (part := wanted.get(key, Decimal(0)) - posted.get(key, Decimal(0)))
        ]

    def _create_move(self, partner, parts):
        """Create and post the credit note of these parts, or the invoice."""
        settlement = self.settlement_id
        sign = 1 if sum(part for _line, _taxes, part in parts) >= 0 else -1
        company = settlement.company_id
        moves = self.env["account.move"].with_company(company)
        account = company.rebate_provision_account_id
        if not account:
            raise UserError(self.env._("Set the account of the provision first."))
        move = moves.create(
            {
                "move_type": "out_refund" if sign > 0 else "out_invoice",
                "partner_id": partner.id,
                "currency_id": settlement.currency_id.id,
                "invoice_date": settlement.date or fields.Date.context_today(self),
                "invoice_origin": settlement.name,
                "invoice_payment_term_id": False,
                "fiscal_position_id": False,
                "invoice_line_ids": [
                    Command.create(line._prepare_line(account, taxes, sign * part))
                    for line, taxes, part in parts
                ],
            }
        )
        self.env["rebate.accrual"]._mark(
            move,
            [
                (aml.id, line.balance_id.id, part, None)
                for aml, (line, _taxes, part) in zip(
                    move.invoice_line_ids.sorted("id"), parts, strict=True
                )
            ],
            settlement,
        )
        self._even_out(move, account, parts, sign)
        move.action_post()
        return move

    def _prepare_line(self, account, taxes, amount):
        """Return the values of a line of a credit note.

        :param amount: net, or with taxes, as the version says
        """
        is_taxed = self.balance_id.version_id.is_taxed
        price = float(amount)
        if taxes:
            rounding = self.currency_id.rounding
            details = taxes._get_tax_details(
                price,
                1.0,
                precision_rounding=rounding,
                special_mode="total_included" if is_taxed else "total_excluded",
            )
            included = any(taxes.mapped("price_include"))
            price = details["total_included" if included else "total_excluded"]
            price = self.currency_id.round(price)
        return {
            "name": self.env._(
                "Rebate: %(period)s", period=self.period_id.display_name
            ),
            "account_id": account.id,
            "quantity": 1.0,
            "price_unit": price,
            "tax_ids": [Command.set(taxes.ids)],
        }

    def _even_out(self, move, account, parts, sign):
        """Add the cent that no net amount and its taxes add up to."""
        wanted = sum(
            part for line, _taxes, part in parts if line.balance_id.version_id.is_taxed
        )
        if not wanted or not all(
            line.balance_id.version_id.is_taxed for line, _taxes, _part in parts
        ):
            return
        rest = sign * wanted - to_decimal(move.amount_total)
        rest = self.settlement_id.currency_id.round(float(rest))
        if rest:
            known = move.invoice_line_ids
            move.invoice_line_ids = [
                Command.create(
                    {
                        "name": self.env._("Rounding"),
                        "account_id": account.id,
                        "quantity": 1.0,
                        "price_unit": rest,
                        "tax_ids": [Command.clear()],
                    }
                )
            ]
            self.env["rebate.accrual"]._mark(
                move,
                [
                    (aml.id, parts[0][0].balance_id.id, Decimal(0), None)
                    for aml in move.invoice_line_ids - known
                ],
            )


class RebateBalance(models.Model):
    _inherit = "rebate.balance"

    def _get_held(self):
        """Return ``{id: reason in words}`` of balances nothing is released of now.

        Hook: for instance because the customer disputes an invoice (SPEC H5).
        """
        return {}

    def _get_tax_weights(self):
        """Return ``{taxes: amount}`` of what was invoiced, by ids of the taxes."""
        self.ensure_one()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT ARRAY(SELECT r.account_tax_id
                               FROM account_move_line_account_tax_rel r
                              WHERE r.account_move_line_id = l.source_id
                              ORDER BY 1), SUM(l.invoiced)::text
                  FROM rebate_ledger l
                 WHERE l.balance_id = %s AND l.source_kind = 'i'
                 GROUP BY 1
                """,
                self.id,
            )
        )
        return _read_parts(rows)

    def _split_by_tax(self, amount, unit):
        """Share an amount of this balance out by the taxes of its invoices."""
        return split(amount, self._get_tax_weights(), unit)

    def _get_released_by_tax(self):
        """Return ``{taxes: amount}`` of the credit notes posted so far."""
        self.ensure_one()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT ARRAY(SELECT r.account_tax_id
                               FROM account_move_line_account_tax_rel r
                              WHERE r.account_move_line_id = l.id ORDER BY 1),
                       SUM(l.rebate_released)::text
                  FROM account_move_line l
                 WHERE l.rebate_balance_id = %s AND l.parent_state = 'posted'
                   AND l.rebate_released IS NOT NULL
                 GROUP BY 1
                """,
                self.id,
            )
        )
        return _read_parts(rows)
