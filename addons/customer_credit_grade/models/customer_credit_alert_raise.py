import json

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL

_INSERT = """
    INSERT INTO customer_credit_alert AS alert (
        account_id, company_id, partner_id, user_id, grade_id, trigger, figures, state,
        date, measure_id, stops, prepayment, demands_guarantee,
        create_uid, create_date, write_uid, write_date)
    SELECT a.id, a.company_id, a.partner_id, a.user_id, a.grade_id, row.trigger,
           row.figures, 'open', %(now)s, m.id, COALESCE(m.stops, 'none'),
           COALESCE(m.prepayment, 0), COALESCE(m.demands_guarantee, FALSE),
           %(uid)s, %(now)s, %(uid)s, %(now)s
      FROM JSONB_TO_RECORDSET(%(rows)s::jsonb)
           AS row (account_id int, trigger varchar, figures jsonb)
      JOIN customer_credit_account a ON a.id = row.account_id
 LEFT JOIN customer_credit_measure m
           ON m.grade_id = a.grade_id AND m.trigger = row.trigger
  ORDER BY a.id, row.trigger
        ON CONFLICT (account_id, trigger) WHERE state = 'open' DO NOTHING
 RETURNING id
"""


class CustomerCreditAlert(models.Model):
    """Alerts are raised once, in few statements, and each person is told once."""

    _inherit = "customer.credit.alert"

    @api.model
    def _raise(self, rows):
        """Raise the alerts that are not open yet, with the measures of the grades.

        :param list rows: dicts ``account_id``, ``trigger``, ``figures`` (JSON values
            the text is made of)
        :return: the new alerts, with elevated rights
        """
        if not rows:
            return self.sudo().browse()
        self.env.flush_all()
        found = self.env.execute_query(
            SQL(
                _INSERT,
                now=self.env.cr.now().replace(microsecond=0),
                uid=self.env.uid,
                rows=json.dumps(rows),
            )
        )
        # sudo: no group writes alerts
        alerts_sudo = self.sudo().browse([alert_id for (alert_id,) in found])
        alerts_sudo.account_id.invalidate_recordset(
            ["alert_ids", "open_alert_ids", "alert_count", "alert_summary"], flush=False
        )
        alerts_sudo._tell()
        return alerts_sudo

    def _tell(self):
        """Give each person to be told one activity per alert.

        The people become no followers and get no mail; who still has the activity of
        an alert gets no other.
        """
        plan = {}
        for company, alerts in self.grouped("company_id").items():
            people = self._get_department_people(company)
            for alert in alerts:
                plan[alert] = alert._get_people_to_tell(people)
        groups = {}
        for alert, users in plan.items():
            groups.setdefault(tuple(users.values()), self.browse())
            groups[tuple(users.values())] |= alert
        for users, alerts in groups.items():
            alerts.write(
                {
                    "told_ids": [fields.Command.link(user.id) for user in users],
                    "responsible_id": users[0].id if users else False,
                }
            )
        self._create_activities(
            [(alert, user) for alert, users in plan.items() for user in users.values()]
        )

    def _get_people_to_tell(self, people):
        """Return ``{role: user}`` to be told of this alert, who answers for it first.

        Without a measure of the grade the salesperson is told.

        :param people: as :meth:`_get_department_people` returns them
        """
        self.ensure_one()
        measure = self.measure_id
        salesperson = self.user_id._approval_working_for(self.company_id)
        wanted = {
            "finance": measure.tells_finance and people.get("finance"),
            "salesperson": (measure.tells_salesperson or not measure) and salesperson,
            "management": measure.tells_management and people.get("management"),
        }
        told = {}
        for role, user in wanted.items():
            if user and user not in told.values():
                told[role] = user
        return told

    @api.model
    def _get_department_people(self, company):
        """Return ``{department code: the user who is told}``: its head, or a member."""
        # sudo: who is told does not depend on who acts
        departments_sudo = (
            self.env["document.approval.department"]
            .sudo()
            .search(
                [
                    ("company_id", "=", company.id),
                    ("code", "in", ("finance", "management")),
                ]
            )
        )
        people = {}
        for department_sudo in departments_sudo:
            users = department_sudo._get_eligible_members()
            user_sudo = department_sudo._get_first_responsible(users).sudo()
            people[department_sudo.code] = user_sudo
        return people

    def _create_activities(self, pairs):
        """Create one activity for each ``(alert, user)`` that has none."""
        # sudo: activities of others
        activities = self.env["mail.activity"].sudo()
        there = {
            (activity.res_id, activity.user_id.id)
            for activity in activities.search(
                [("res_model", "=", self._name), ("res_id", "in", self.ids)]
            )
        }
        kind = self.env.ref("document_approval.mail_activity_type_attention")
        model = self.env["ir.model"]._get(self._name)
        followed = self.message_partner_ids
        vals_list = []
        for alert, user in pairs:
            if (alert.id, user.id) in there:
                continue
            reader = alert.with_context(lang=user.lang)
            vals_list.append(
                {
                    "res_model_id": model.id,
                    "res_id": alert.id,
                    "activity_type_id": kind.id,
                    "user_id": user.id,
                    "date_deadline": self._get_today(alert.company_id),
                    "summary": reader.display_name,
                    "note": reader._get_activity_note(),
                }
            )
        activities.with_context(mail_activity_quick_update=True).create(vals_list)
        # sudo: colleagues need not be readable
        users = self.env["res.users"].union(*(user for _alert, user in pairs))
        partners = users.sudo().partner_id - followed
        if partners:
            self.message_unsubscribe(partner_ids=partners.ids)

    @api.model
    def _get_today(self, company):
        return self.env["customer.credit.account"]._get_today(company)

    def _get_activity_note(self):
        """Return what happened, what is in force and what to do, as HTML."""
        self.ensure_one()
        parts = [self.text]
        if self.measures_text:
            parts.append(
                self.env._("In force: %(measures)s.", measures=self.measures_text)
            )
        if self.note:
            parts.append(self.note)
        return Markup("<br/>").join(parts)
