from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL, format_date

#: a guarantee given after the alert meets what the measure demands
_IN_FORCE = """
    SELECT alert.account_id, alert.trigger, alert.stops, alert.prepayment, alert.date
      FROM customer_credit_alert alert
     WHERE alert.account_id = ANY(%(accounts)s) AND alert.state = 'open'
       AND (alert.stops <> 'none' OR alert.prepayment > 0)
       AND NOT (alert.demands_guarantee AND EXISTS (
           SELECT 1 FROM customer_credit_entitlement part
            WHERE part.account_id = alert.account_id
              AND part.kind IN ('guarantee', 'insurance')
              AND part.date_ended IS NULL AND part.create_date >= alert.date
              AND COALESCE(part.date_from, %(day)s) <= %(day)s
              AND COALESCE(part.date_to, %(day)s) >= %(day)s))
  ORDER BY alert.id
"""


class CustomerCreditAccount(models.Model):
    """Alerts of a customer and what they do to orders and shipments (SPEC D5)."""

    _inherit = "customer.credit.account"

    alert_ids = fields.One2many(
        comodel_name="customer.credit.alert",
        inverse_name="account_id",
        string="Alerts",
        readonly=True,
    )
    open_alert_ids = fields.One2many(
        comodel_name="customer.credit.alert",
        inverse_name="account_id",
        string="Open Alerts",
        domain=[("state", "=", "open")],
        readonly=True,
    )
    alert_count = fields.Integer(string="Number of Alerts", compute="_compute_alerts")
    alert_summary = fields.Text(compute="_compute_alerts")

    @api.depends("alert_ids.state")
    @api.depends_context("lang")
    def _compute_alerts(self):
        grouped = self.open_alert_ids.grouped("account_id")
        for account in self:
            alerts = grouped.get(account._origin, self.env["customer.credit.alert"])
            account.alert_count = len(alerts)
            account.alert_summary = "\n".join(
                f"{alert.text} ({alert.measures_text})"
                if alert.measures_text
                else alert.text
                for alert in alerts
            )

    def action_view_alerts(self):
        """Show the customer's alerts, the open ones first."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_credit_grade.customer_credit_alert_action"
        )
        return {
            **action,
            "domain": [("account_id", "=", self.id)],
            "context": {"search_default_open": 1, "default_account_id": self.id},
        }

    def action_enter_event(self):
        """Open an empty external event of this customer."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("External Event"),
            "res_model": "customer.credit.event",
            "view_mode": "form",
            "target": "new",
            "context": {"default_account_id": self.id},
        }

    def action_watch(self):
        """Look now whether alerts are to be raised or closed.

        :raise AccessError: for others than credit officers
        """
        if not self.env.user.has_group("customer_credit_grade.group_officer"):
            raise AccessError(self.env._("Credit officers check customers for alerts."))
        self.check_access("read")
        # sudo: alerts are raised and closed by the watch, who may see the customer
        for company, accounts in self.sudo().grouped("company_id").items():
            if company._credit_get_mode() != "off":
                self.env["customer.credit.watch"]._watch(company, accounts)
        return True

    # Downgrade ---------------------------------------------------------------------

    def _is_downgraded(self, old_grade):
        """Tell whether the grade is worse than ``old_grade``, if there are both."""
        self.ensure_one()
        # sudo: grades of other companies, whoever asks
        return bool(
            old_grade
            and self.grade_id
            and self.grade_id.sequence > old_grade.sudo().sequence
        )

    def _get_downgrade_figures(self, old_grade):
        self.ensure_one()
        # sudo: as above
        return {
            "old": old_grade.id,
            "old_code": old_grade.sudo().code,
            "new": self.grade_id.id,
            "new_code": self.sudo().grade_id.code,
        }

    def _raise_downgrade(self, old_grade):
        """Raise the alert for a worse grade that has just taken effect (SPEC D5).

        An open one is replaced: the measures of the grade there is now count. Does
        nothing when the grade is not worse or credit control is off.

        :param old_grade: the grade until now
        :return: the new alerts, with elevated rights
        """
        alerts = self.env["customer.credit.alert"]
        # sudo: whoever's decision made the grade worse
        downgraded = self.sudo().filtered(
            lambda account: (
                account.company_id._credit_get_mode() != "off"
                and account._is_downgraded(old_grade)
            )
        )
        # sudo: as above
        self.sudo().alert_ids.filtered(
            lambda alert: (
                alert.trigger == "downgrade"
                and (alert.account_id in downgraded or alert._is_downgrade_undone())
            )
        )._close()
        # sudo: nobody writes what the watch has seen
        self.env["customer.credit.watch"]._remember(self.sudo())
        return alerts._raise(
            [
                {
                    "account_id": account.id,
                    "trigger": "downgrade",
                    "figures": account._get_downgrade_figures(old_grade),
                }
                for account in downgraded
            ]
        )

    def _credit_grade_changed(self, old_grade):
        """EXTENDS 'customer_credit_grade': a worse grade is told at once."""
        result = super()._credit_grade_changed(old_grade)
        self._raise_downgrade(old_grade)
        return result

    # Measures ------------------------------------------------------------------------

    def _get_measures(self):
        """EXTENDS 'customer_credit_grade': the measures of open alerts (SPEC D5).

        One statement; where an alert stands on figures, those are looked at again, so
        that a payment counts before the next watch.
        """
        result = super()._get_measures()
        if not self.ids:
            return result
        self.env["customer.credit.alert"].flush_model()
        self.env["customer.credit.entitlement"].flush_model()
        rows = []
        # sudo: measures count for whoever acts
        for company, accounts in self.sudo().grouped("company_id").items():
            rows += self.env.execute_query(
                SQL(
                    _IN_FORCE,
                    accounts=accounts.ids,
                    day=accounts._get_today(company),
                )
            )
        stale = self._get_stale_conditions(rows)
        for account_id, trigger, stops, prepayment, date in rows:
            if (account_id, trigger) not in stale:
                result.setdefault(account_id, []).append(
                    {
                        "stops": False if stops == "none" else stops,
                        "prepayment": prepayment or 0,
                        "text": self._get_measure_text(trigger, date),
                    }
                )
        return result

    def _get_stale_conditions(self, rows):
        """Return ``{(account id, trigger)}`` of alerts whose condition is gone."""
        watch = self.env["customer.credit.watch"]
        triggers = ("near", "over", "overdue", "expiring")
        asked = self.browse({row[0] for row in rows if row[1] in triggers})
        stale = set()
        # sudo: figures count for whoever acts
        for company, accounts in asked.sudo().grouped("company_id").items():
            cases = watch._get_cases(company, accounts, False)
            stale |= {
                (row[0], row[1])
                for row in rows
                if row[0] in accounts._ids
                and row[1] in triggers
                and row[1] not in cases.get(row[0], {})
                # beyond the limit is near it, too
                and not (row[1] == "near" and "over" in cases.get(row[0], {}))
            }
        return stale

    def _get_measure_text(self, trigger, date):
        """Return why a measure is in force, without what the customer owes."""
        selection = self.env["customer.credit.alert"]._fields["trigger"]
        labels = dict(selection._description_selection(self.env))
        return self.env._(
            "credit alert since %(date)s: %(reason)s",
            date=format_date(self.env, date),
            reason=labels.get(trigger, trigger),
        )
