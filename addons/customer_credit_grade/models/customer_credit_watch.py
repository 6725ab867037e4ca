from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

#: raised while something is the case, closed when it no longer is
CONDITIONS = ("near", "over", "overdue", "expiring")
#: days before a guarantee or a temporary limit ends that people are told
EXPIRY_DAYS = 30
#: used where the customer has no grade
DEFAULT_NEAR_PERCENT = 80.0

_EXPIRING = """
    SELECT part.account_id, MIN(part.date_to), SUM(part.amount), COUNT(*),
           (ARRAY_AGG(part.kind ORDER BY part.date_to, part.id))[1]
      FROM customer_credit_entitlement part
     WHERE part.account_id = ANY(%(accounts)s)
       AND part.kind IN ('guarantee', 'insurance', 'temporary')
       AND part.date_ended IS NULL
       AND COALESCE(part.date_from, %(day)s) <= %(day)s
       AND part.date_to BETWEEN %(day)s AND %(until)s
       AND NOT EXISTS (
           SELECT 1 FROM customer_credit_entitlement later
            WHERE later.account_id = part.account_id AND later.kind = part.kind
              AND later.date_ended IS NULL
              AND COALESCE(later.date_from, %(day)s) <= part.date_to + 1
              AND COALESCE(later.date_to, 'infinity') > %(until)s)
  GROUP BY part.account_id
"""
_SEEN = """
    INSERT INTO customer_credit_watch AS seen (
        account_id, grade_id, create_uid, create_date, write_uid, write_date)
    SELECT a.id, a.grade_id, %(uid)s, %(now)s, %(uid)s, %(now)s
      FROM customer_credit_account a
     WHERE a.id = ANY(%(accounts)s) AND a.grade_id IS NOT NULL
  ORDER BY a.id
        ON CONFLICT (account_id)
        DO UPDATE SET grade_id = EXCLUDED.grade_id, write_date = EXCLUDED.write_date
 RETURNING id
"""


class CustomerCreditWatch(models.Model):
    """Looks every night at all customers, and raises and closes alerts (SPEC D5).

    Keeps the grade a customer had at the last look, so that a worse one is noticed
    whatever changed it. Rows of their own: the credit account itself is written by
    whoever confirms an order.
    """

    _name = "customer.credit.watch"
    _description = "Grade at the Last Look"
    _rec_name = "account_id"

    account_id = fields.Many2one(
        comodel_name="customer.credit.account",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="account_id.company_id")
    grade_id = fields.Many2one(
        comodel_name="customer.credit.grade", readonly=True, ondelete="set null"
    )

    _account_uniq = models.UniqueIndex("(account_id)")

    # Job -----------------------------------------------------------------------------

    @api.model
    def _cron_watch(self, batch_size=200):
        """Look at all customers of all companies whose credit control is on."""
        cron = self.env["ir.cron"]
        companies = self.env["res.company"].search(
            [("parent_id", "=", False), ("credit_mode", "!=", "off")]
        )
        for company in companies:
            rows, gone, changed = self._compare(company)
            if not cron._commit_progress(remaining=len(rows) + len(gone)):
                return
            for start in range(0, len(gone), batch_size):
                batch = gone[start : start + batch_size]
                batch._close()
                if not cron._commit_progress(len(batch)):
                    return
            for start in range(0, len(rows), batch_size):
                batch = rows[start : start + batch_size]
                self.env["customer.credit.alert"]._raise(batch)
                if not cron._commit_progress(len(batch)):
                    return
            self._remember(changed)  # last: an interrupted run tells it again
            if not cron._commit_progress():
                return

    @api.model
    def _watch(self, company, accounts=None):
        """Raise and close alerts now.

        :param company: a root company
        :param accounts: of this company; None: all
        :return: the new alerts
        """
        rows, gone, changed = self._compare(company, accounts)
        gone._close()
        alerts = self.env["customer.credit.alert"]._raise(rows)
        self._remember(changed)
        return alerts

    # What is the case ----------------------------------------------------------------

    @api.model
    def _compare(self, company, accounts=None):
        """Compare what is the case with the open alerts, in a few statements.

        :return: rows for ``customer.credit.alert._raise``, alerts to close, and
            accounts whose grade is another one than at the last look
        """
        # sudo: the job and the officers look at all customers alike
        whole = accounts is None
        accounts_sudo = self._get_accounts_sudo(company, accounts)
        cases = self._get_cases(company, accounts_sudo, whole)
        downgraded, changed = self._get_downgrades(accounts_sudo)
        for account, figures in downgraded.items():
            cases.setdefault(account.id, {})["downgrade"] = figures
        open_sudo = (
            self.env["customer.credit.alert"]
            .sudo()
            .search_fetch(
                [("account_id", "in", accounts_sudo.ids), ("state", "=", "open")],
                ["account_id", "trigger", "figures"],
            )
        )
        gone = open_sudo.filtered(lambda alert: self._is_gone(alert, cases))
        there = {(a.account_id.id, a.trigger) for a in open_sudo - gone}
        rows = [
            {"account_id": account_id, "trigger": trigger, "figures": figures}
            for account_id, triggers in cases.items()
            for trigger, figures in triggers.items()
            if (account_id, trigger) not in there
        ]
        return rows, gone, changed

    @api.model
    def _get_accounts_sudo(self, company, accounts=None):
        domain = Domain("company_id", "=", company.id)
        if accounts is not None:
            domain &= Domain("id", "in", accounts.ids)
        return (
            self.env["customer.credit.account"]
            .sudo()
            .with_context(active_test=False)
            .search_fetch(domain, ["partner_id", "mode", "grade_id", "group_id"])
        )

    @api.model
    def _get_cases(self, company, accounts_sudo, whole):
        """Return ``{account id: {trigger: figures}}`` of the conditions.

        :param bool whole: figures of all customers in one statement
        """
        managed = accounts_sudo.filtered(lambda account: account.mode != "unmanaged")
        exposures = self.env["customer.credit.exposure"]._get_exposures(
            company, None if whole else managed.partner_id
        )
        limits = managed._get_limit_parts()
        groups = self._get_group_headrooms(managed.group_id, exposures, whole)
        expiring = self._get_expiring(company, managed)
        cases = {}
        for account in managed:
            figures = exposures.get(account.partner_id.id)
            found = self._get_overdue_case(account, figures)
            if account.mode == "limited":
                limit = sum(limits.get(account.id, (0.0,)))
                found |= self._get_limit_case(
                    account, figures, limit, groups.get(account.group_id.id)
                )
                if account.id in expiring:
                    found["expiring"] = expiring[account.id]
            if found:
                cases[account.id] = found
        return cases

    @api.model
    def _get_group_headrooms(self, groups_sudo, exposures, whole):
        if not whole:
            return groups_sudo._get_headrooms()
        return {
            group.id: round(
                group.limit
                - sum(
                    exposures[partner.id].exposure
                    for partner in group.account_ids.partner_id
                    if partner.id in exposures
                ),
                6,
            )
            for group in groups_sudo
        }

    @api.model
    def _get_overdue_case(self, account, figures):
        tolerated = account.grade_id.overdue_days
        if not figures or figures.overdue <= 0 or figures.overdue_days <= tolerated:
            return {}
        return {
            "overdue": {
                "amount": float(figures.overdue),
                "days": figures.overdue_days,
                "tolerated": tolerated,
            }
        }

    @api.model
    def _get_limit_case(self, account, figures, limit, group_headroom):
        exposure = float(figures.exposure) if figures else 0.0
        values = {"exposure": exposure, "limit": limit}
        if exposure - limit > 1e-6:
            return {"over": {**values, "over": round(exposure - limit, 6)}}
        if exposure <= 0:
            return {}
        if group_headroom is not None and group_headroom < -1e-6:
            return {
                "over": {"group": account.group_id.name, "over": -float(group_headroom)}
            }
        used = exposure / limit * 100
        grade = account.grade_id
        near = grade.near_percent if grade else DEFAULT_NEAR_PERCENT
        if used + 1e-9 < near:
            return {}
        return {"near": {**values, "used": used}}

    @api.model
    def _get_expiring(self, company, accounts_sudo):
        """Return ``{account id: figures}`` of what ends soon and is not renewed."""
        self.env["customer.credit.entitlement"].flush_model()
        day = accounts_sudo._get_today(company)
        rows = self.env.execute_query(
            SQL(
                _EXPIRING,
                accounts=accounts_sudo.ids,
                day=day,
                until=day + timedelta(days=EXPIRY_DAYS),
            )
        )
        return {
            account_id: {
                "date": fields.Date.to_string(date),
                "amount": float(amount),
                "count": count,
                "kind": kind,
            }
            for account_id, date, amount, count, kind in rows
        }

    @api.model
    def _is_gone(self, alert, cases):
        """Tell whether an open alert is no longer the case.

        A downgrade is undone by the grade there was; one that went on is replaced.
        """
        account_cases = cases.get(alert.account_id.id, {})
        if alert.trigger in CONDITIONS:
            return alert.trigger not in account_cases
        if alert.trigger == "downgrade":
            new = account_cases.get("downgrade", {}).get("new")
            return (
                bool(new) and new != (alert.figures or {}).get("new")
            ) or alert._is_downgrade_undone()
        return False

    # Grades --------------------------------------------------------------------------

    @api.model
    def _get_downgrades(self, accounts_sudo):
        """Return ``({account: figures} with a worse grade, accounts with another)``."""
        seen = {
            row.account_id.id: row.grade_id
            for row in self.sudo().search_fetch(
                [("account_id", "in", accounts_sudo.ids)], ["account_id", "grade_id"]
            )
        }
        changed = accounts_sudo.filtered(
            lambda account: (
                account.grade_id and seen.get(account.id) != account.grade_id
            )
        )
        return {
            account: account._get_downgrade_figures(seen[account.id])
            for account in changed
            if account._is_downgraded(seen.get(account.id))
        }, changed

    @api.model
    def _remember(self, accounts_sudo):
        """Note the grades these customers have now."""
        if not accounts_sudo:
            return
        accounts_sudo.flush_recordset(["grade_id"])
        self.env.execute_query(
            SQL(
                _SEEN,
                uid=self.env.uid,
                now=fields.Datetime.now(),
                accounts=accounts_sudo.ids,
            )
        )
        self.invalidate_model(flush=False)
