import logging

from psycopg2 import OperationalError

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import split_every

_logger = logging.getLogger(__name__)


class CustomerCreditCollection(models.Model):
    """The job that follows up what is due, once a day (SPEC D7)."""

    _inherit = "customer.credit.collection"

    @api.model
    def _cron_collect(self, batch_size=50):
        """Follow up all customers of all companies that collect.

        Restartable at any point: what has been done is not found again.
        """
        companies = self.env["res.company"].search(
            Domain("credit_collection", "=", True) & Domain("parent_id", "=", False)
        )
        for company in companies:
            # sudo: a job, whoever it runs as
            if not self.sudo()._collect(company, batch_size):
                return

    @api.model
    def _collect(self, company, batch_size=50):
        """Follow up the customers of one company.

        :return: whether there is time left
        """
        cron = self.env["ir.cron"]
        day = self.env["customer.credit.account"]._get_today(company)
        self._look_after_cases(company, day)
        levels = self.env["customer.credit.collection.level"]._get_of(company)
        due = self._get_due(company, day, levels)
        if not cron._commit_progress(remaining=len(due)):
            return False
        for debtors in split_every(batch_size, due):
            self._follow_up_safely(company, day, {key: due[key] for key in debtors})
            if not cron._commit_progress(len(debtors)):
                return False
        return True

    def _follow_up_safely(self, company, day, due):
        """As :meth:`_follow_up`; one customer's trouble keeps no other waiting."""
        try:
            with self.env.cr.savepoint():
                self._follow_up(company, day, due)
        except OperationalError as error:  # somebody works on it: next run
            self.env.cr.rollback()
            self.env.invalidate_all(flush=False)
            _logger.info("Collection of %s: next run, %s", company.name, error)
        except Exception:
            self.env.invalidate_all(flush=False)
            if len(due) == 1:
                _logger.exception("Collection of customer %s failed", list(due))
                return
            for debtor, rows in due.items():
                self._follow_up_safely(company, day, {debtor: rows})

    @api.model
    def _follow_up(self, company, day, due):
        """Take customers to the level they have reached: step, mail, activity.

        :param due: as :meth:`_get_due` returns it
        :return: the steps made
        """
        accounts_model = self.env["customer.credit.account"]
        partners = self.env["res.partner"].browse(due)
        accounts = accounts_model._get_collection_accounts(company, partners)
        levels = self.env["customer.credit.collection.level"]._get_of(company)
        reached = {
            debtor: self._get_reached(rows, levels) for debtor, rows in due.items()
        }
        overdue = accounts.filtered(lambda a: reached[a.partner_id.id].days >= 0)
        cases = self._open_cases(overdue, day)
        claims = []
        for account in accounts:
            level = reached[account.partner_id.id]
            case = cases.get(account, self.browse())
            person = level._get_person(
                account, case.user_id or account._get_collector()
            )
            kind = "notice" if level.template_id else "planned"
            amount = sum(row[3] for row in due[account.partner_id.id] if row[2] > 0)
            claims.append(
                (account.id, case.id or None, level.id, kind, person.id or None, amount)
            )
        steps = self.env["customer.credit.collection.step"]._claim(company, day, claims)
        self.env["customer.credit.collection.item"]._keep(
            [
                (step.id, line, row_level if is_new else None, due_date, days, amount)
                for step in steps.values()
                for line, due_date, days, amount, row_level, is_new in due[
                    step.partner_id.id
                ]
            ]
        )
        self._carry_out(steps.values(), day)
        return steps

    @api.model
    def _get_reached(self, rows, levels):
        """Return the highest level among what was not followed up yet."""
        new = {level_id for *_row, level_id, is_new in rows if is_new}
        return levels.filtered(lambda level: level.id in new)[-1:]

    def _carry_out(self, steps, day):
        """Bring cases to the level of their steps; mail and give activities."""
        # sudo: steps are the job's to write
        steps = self.env["customer.credit.collection.step"].sudo().union(*steps)
        unreachable = steps._mail()
        for step in steps:
            case, level = step.collection_id, step.level_id
            if case and (not case.level_id or case.level_id.days < level.days):
                case._put({"level_id": level.id})
            if level.action == "mail" and step not in unreachable:
                continue
            deadline = day
            if level.action in ("call", "visit"):
                deadline = step.account_id._get_working_day(day)
            step.account_id._give_collection_activity(
                case or step.account_id,
                step.user_id,
                level.name,
                note=step.result or "",
                kind=level.activity_type_id,
                deadline=deadline,
            )
            if case:
                case._put({"next_date": deadline})

    # Cases ---------------------------------------------------------------------------

    @api.model
    def _look_after_cases(self, company, day):
        """End pauses, judge promises, close what has been paid."""
        cases = self.sudo().search(
            Domain("company_id", "=", company.id) & Domain("state", "!=", "closed")
        )
        cases.promise_ids._judge(day)
        for case in cases.filtered(
            lambda c: c.state == "paused" and c.pause_until <= day
        ):
            case._resume(result=self.env._("The pause has ended."), is_automatic=True)
            case._give_activity(
                case.user_id, self.env._("The pause has ended"), deadline=day
            )
        figures = cases.account_id._get_figures()
        for case in cases:
            overdue = figures[case.account_id.id].overdue
            if case.currency_id.compare_amounts(overdue, 0.0) <= 0:
                case._close(self.env._("Nothing is overdue any more."))
