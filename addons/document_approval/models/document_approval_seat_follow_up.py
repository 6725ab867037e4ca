import logging

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

#: the seats the scheduled job has something to do with, oldest first
_TO_FOLLOW_UP = """
   WITH running AS (
       SELECT id, user_id, delegate_id, company_id
         FROM document_approval_delegation
        WHERE active AND date_from <= %(now)s AND date_to > %(now)s
   )
   SELECT s.id
     FROM document_approval_seat s
LEFT JOIN mail_activity a ON a.id = s.activity_id AND a.active
    WHERE s.state = 'open' AND (
          s.date_escalation <= %(now)s
       OR s.is_orphaned
       OR a.id IS NULL
       OR NOT EXISTS (
           SELECT 1
             FROM res_users u
             JOIN res_company_users_rel r
               ON r.user_id = u.id AND r.cid = s.company_id
            WHERE u.id = a.user_id AND u.active)
       OR s.quorum > (
           SELECT count(*)
             FROM document_approval_seat_candidate_rel c
             JOIN res_users u ON u.id = c.user_id AND u.active
             JOIN res_company_users_rel r
               ON r.user_id = u.id AND r.cid = s.company_id
            WHERE c.seat_id = s.id)
       OR EXISTS (
           SELECT 1
             FROM running d
            WHERE (EXISTS (
                   SELECT 1 FROM document_approval_seat_candidate_rel c
                    WHERE c.seat_id = s.id AND c.user_id = d.user_id)
                OR EXISTS (
                   SELECT 1 FROM document_approval_seat_deputy_rel p
                    WHERE p.seat_id = s.id AND p.user_id = d.user_id))
              AND COALESCE(d.company_id, s.company_id) = s.company_id
              AND s.department_id IN (
                   SELECT r.department_id
                     FROM document_approval_delegation_department_rel r
                    WHERE r.delegation_id = d.id
                    UNION ALL
                   SELECT s.department_id
                    WHERE NOT EXISTS (
                          SELECT 1
                            FROM document_approval_delegation_department_rel r
                           WHERE r.delegation_id = d.id))
              AND NOT EXISTS (
                   SELECT 1 FROM document_approval_seat_deputy_rel p
                    WHERE p.seat_id = s.id
                      AND p.user_id = d.delegate_id))
       OR (EXISTS (
               SELECT 1 FROM document_approval_seat_deputy_rel p
                WHERE p.seat_id = s.id AND p.user_id = a.user_id)
           AND NOT EXISTS (
               SELECT 1 FROM running d
                WHERE d.delegate_id = a.user_id)))
 ORDER BY s.date_open, s.id
"""


class DocumentApprovalSeat(models.Model):
    """What happens by itself while a seat waits (SPEC B5)."""

    _inherit = "document.approval.seat"

    @api.model
    def _cron_follow_up(self):
        """Escalate, replace who left, hand over to deputies and back; keep ages.

        Every seat by itself: one that somebody decides on at the same moment is left
        to the next run. Called by the scheduled job only.
        """
        self._refresh_age_bands()
        seat_ids = self._get_follow_up_ids()
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(seat_ids))
        for seat_id in seat_ids:
            try:
                self.browse(seat_id)._follow_up()
                self.env.flush_all()
            except Exception as error:
                self.env.cr.rollback()
                self.env.invalidate_all(flush=False)
                if isinstance(error, OperationalError):
                    _logger.info("approval seat %s: next run, %s", seat_id, error)
                else:  # one broken document must not stop the others
                    _logger.exception("approval seat %s", seat_id)
            if not cron._commit_progress(1):
                break

    @api.model
    def _wake_follow_up(self, at=None):
        """Have the scheduled job run soon, or at the given times (UTC).

        Without it, should somebody have deleted it, nothing is held up.
        """
        cron = self.env.ref(
            "document_approval.ir_cron_follow_up", raise_if_not_found=False
        )
        if cron:
            cron.sudo()._trigger(at=at)  # sudo: whoever leaves or goes on holiday

    @api.model
    def _get_follow_up_ids(self):
        """Return the seats the scheduled job has something to do with, oldest first.

        One statement: overdue ones to escalate, ones with too few candidates left,
        ones whose absent candidate's deputy does not know yet, and ones whose
        activity lies with nobody or with somebody who cannot act on it any more.
        """
        self.env.flush_all()
        rows = self.env.execute_query(SQL(_TO_FOLLOW_UP, now=fields.Datetime.now()))
        return [seat_id for (seat_id,) in rows]

    @api.model
    def _refresh_age_bands(self):
        """Bring the ages of all open seats up to date, in one statement."""
        self.flush_model(["state", "date_open", "age_band"])
        self.env.execute_query(
            SQL(
                """
                WITH aged AS (
                    SELECT id, %s AS band FROM document_approval_seat
                     WHERE state = 'open'
                )
                UPDATE document_approval_seat s SET age_band = aged.band
                  FROM aged
                 WHERE aged.id = s.id AND s.age_band IS DISTINCT FROM aged.band
             RETURNING s.id
                """,
                SQL(
                    """CASE WHEN date_open > %(now)s - interval '1 day' THEN '0'
                            WHEN date_open > %(now)s - interval '3 days' THEN '1'
                            WHEN date_open > %(now)s - interval '7 days' THEN '3'
                            ELSE '7' END""",
                    now=fields.Datetime.now(),
                ),
            )
        )
        self.invalidate_model(["age_band"], flush=False)

    def _follow_up(self):
        """Do what is due for one seat now; nothing when it has been decided."""
        self.ensure_one()
        self.round_id._bump()
        self.invalidate_recordset()
        if self.state != "open" or self.round_id.state != "pending":
            return
        if not self.round_id._get_document():
            return
        self._replace_departed()
        if self.date_escalation and self.date_escalation <= fields.Datetime.now():
            self._escalate()
        self._call_deputies()
        self._refresh_activity()

    def _escalate(self):
        """Bring in the next department: it may decide too from now on.

        Who could decide before still can. When the time runs out again, the one after
        it is brought in; the last one keeps the seat.
        """
        self.ensure_one()
        pools = self._get_pools()
        level, users = self.escalation_count, self.env["res.users"]
        while not users and level + 1 < len(pools):
            level += 1
            users = (
                pools[level]._get_eligible_members()
                - self.candidate_ids
                - self._get_excluded_users()
                - self._get_rival_seats().decision_ids._get_voices()
            )
        has_more = level + 1 < len(pools)
        now = fields.Datetime.now()
        self.write(
            {
                "escalation_count": level,
                "date_escalation": has_more
                and users
                and self._get_deadline(now, pools[level]),
            }
        )
        if users:
            self._bring_in("escalate", users)
