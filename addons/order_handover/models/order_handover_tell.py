import logging

from psycopg2 import OperationalError

from odoo import api, fields, models

_logger = logging.getLogger(__name__)


class OrderHandover(models.Model):
    """Who is told what, and when it goes further up (SPEC F2)."""

    _inherit = "order.handover"

    # To-dos -------------------------------------------------------------------------

    def _forget_activities(self):
        # sudo: the to-do of a colleague ends as well
        self.sudo().with_context(active_test=False).activity_ids.filtered(
            lambda activity: activity.active and activity.automated
        ).unlink()

    def _tell_responsible(self):
        """Give each row one to-do, for who is responsible."""
        self._forget_activities()
        for row_sudo in self.sudo():  # sudo: a to-do of somebody else
            row_sudo._give_activity(row_sudo.user_id)

    def _tell_sender(self):
        """Tell who handed it over that it was refused, and why."""
        self.ensure_one()
        row_sudo = self.sudo()  # sudo: a to-do of somebody else
        user = row_sudo.sender_id
        company = row_sudo.company_id
        if not user._approval_working_for(company):
            user = row_sudo.sender_department_id._get_task_responsible()
        row = row_sudo.with_context(lang=user.lang)
        row_sudo._give_activity(
            user,
            row.env._("Refused: %(row)s", row=row.display_name),
            row.refuse_reason,
        )

    def _give_activity(self, user, summary=None, note=None):
        """Give ``user`` one to-do on the row; what he has already is reworded."""
        self.ensure_one()
        if not user:
            return
        reader = self.with_context(
            lang=user.lang, tz=user.tz, mail_activity_quick_update=True
        )
        summary = summary or reader.display_name
        known = self.activity_ids.filtered(
            lambda activity: activity.user_id == user and activity.automated
        )
        if known:
            known[0].write({"summary": summary, "note": note})
            return
        reader.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=user.id,
            date_deadline=fields.Datetime.context_timestamp(
                reader, self.deadline
            ).date(),
            summary=summary,
            note=note,
        )

    # Cancelled orders ---------------------------------------------------------------

    @api.model
    def _cancel_of_orders(self, orders):
        """Cancel the waiting rows of ``orders``, in a few statements."""
        rows = self.search([("order_id", "in", orders.ids), ("state", "=", "waiting")])
        if rows:
            rows._bump()
            rows = rows.filtered(lambda row: row.state == "waiting")
            rows._write_system({"state": "cancelled"})
            rows._forget_activities()

    # Overdue ------------------------------------------------------------------------

    @api.model
    def _cron_escalate(self):
        """Tell the next one up of what was not received in time, once per level.

        Every row by itself: one that somebody receives at the same moment is left
        alone. Called by the scheduled job only.
        """
        row_ids = self._search_to_escalate().ids
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(row_ids))
        for row_id in row_ids:
            try:
                self.browse(row_id)._escalate()
                self.env.flush_all()
            except Exception as error:
                self.env.cr.rollback()
                self.env.invalidate_all(flush=False)
                if isinstance(error, OperationalError):
                    _logger.info("handover %s: next run, %s", row_id, error)
                else:  # one broken row must not stop the others
                    _logger.exception("handover %s", row_id)
            if not cron._commit_progress(1):
                break

    @api.model
    def _search_to_escalate(self):
        return self.search(
            [
                ("state", "=", "waiting"),
                ("date_escalation", "<=", fields.Datetime.now()),
                ("company_id.handover_lists", "=", True),
            ],
            order="date_escalation, id",
        )

    def _escalate(self):
        """Tell the head of the department, the next time the order coordinator."""
        self.ensure_one()
        self._bump()
        now = fields.Datetime.now()
        if self.state != "waiting" or not (
            self.date_escalation and self.date_escalation <= now
        ):
            return
        department = self.receiver_department_id
        level = self.escalation_level + 1
        following = False
        if level == 1:
            user = department.head_id._approval_working_for(self.company_id)
            user = user or department._get_task_responsible()
            if self.escalate_hours > 0:
                following = department._handover_plan(now, self.escalate_hours, "hours")
        else:
            user = self.company_id._handover_get_coordinator()
        self._write_system(
            {
                "escalation_level": level,
                "date_escalation": following,
                "timeliness": "late",
            }
        )
        self._tell_overdue(user)

    def _tell_overdue(self, user):
        """Give ``user`` a to-do, and note in the history that he was told."""
        self.ensure_one()
        row = self.with_context(lang=user.lang)
        self._give_activity(
            user,
            row.env._("Overdue: %(row)s", row=row.display_name),
            row.env._(
                "The department %(department)s has not received it yet.",
                department=row.receiver_department_id.name,
            ),
        )
        if user:
            self._message_log(
                body=self.env._("Overdue; told %(user)s.", user=user.name)
            )
