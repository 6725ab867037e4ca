import logging

from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

#: how often a record is begun before it is given up: a crash leaves no error behind
_MOST_ATTEMPTS = 5


class SaleOrderPolicyQueue(models.AbstractModel):
    """Work that follows a confirmation, in a job of its own (SPEC B7, F1).

    A record in state ``queued`` is one piece of work. It is locked while it is being
    done, and done in one transaction with the state that says so: whatever ends the
    process in between leaves it queued and nothing of the work.
    """

    _name = "sale.order.policy.queue"
    _inherit = ["document.approval.frozen"]
    _description = "Work After a Confirmation"

    attempts = fields.Integer(readonly=True, default=0)
    error = fields.Text(string="What Went Wrong", readonly=True)

    #: states in which somebody may have it tried again
    _again_states = ("failed",)

    def action_retry(self):
        """Queue again what failed; for who may write the orders.

        :raise AccessError: when the user may not write one of the orders
        """
        self.check_access("read")
        self.order_id.check_access("write")
        again = self.filtered(lambda record: record.state in self._again_states)
        if again:
            # sudo: written by the system only; whose orders these are was checked
            again.sudo().write({"state": "queued", "attempts": 0, "error": False})
            self._wake()
        return True

    @api.model
    def _wake(self):
        """Have the scheduled job run soon; without it the queue just waits."""
        cron = self.env.ref(
            "sale_order_policy.ir_cron_follow_confirmations", raise_if_not_found=False
        )
        if cron:
            cron.sudo()._trigger()  # sudo: customers confirm orders too

    @api.model
    def _work_off(self):
        """Do what is queued, each record in a transaction of its own.

        Several processes may do so at once: who comes later takes what is free.
        Called by a scheduled job only, since it commits.

        :return: False when the time of the job is over
        """
        seen = set()
        while record := self._take_next(seen):
            seen.add(record.id)
            done = record._work_one()
            if not self.env["ir.cron"]._commit_progress(int(done)):
                return False
        return True

    @api.model
    def _count_queued(self):
        return self.search_count([("state", "=", "queued")])

    @api.model
    def _take_next(self, seen):
        """Return a free record not in ``seen``, and commit that it was begun."""
        query = SQL(
            """
            UPDATE %(table)s SET attempts = COALESCE(attempts, 0) + 1
             WHERE id = (
                SELECT id FROM %(table)s
                 WHERE state = 'queued' AND NOT id = ANY(%(seen)s)
                 ORDER BY attempts, id LIMIT 1 FOR UPDATE SKIP LOCKED)
         RETURNING id
            """,
            table=SQL.identifier(self._table),
            seen=list(seen),
        )
        for _try in range(_MOST_ATTEMPTS):
            try:
                rows = self.env.execute_query(query)
            except OperationalError:  # somebody else has just taken it
                self._start_again()
                continue
            self.env["ir.cron"]._commit_progress()
            self.env.invalidate_all(flush=False)
            return self.browse(rows[0] if rows else ())
        return self.browse()

    def _start_again(self):
        self.env.cr.rollback()
        self.env.invalidate_all(flush=False)

    def _work_one(self):
        """Do one piece of work, or write down why that failed.

        :return: False when it is left to the next run
        """
        self.ensure_one()
        try:
            if not self._lock_queued():
                return True
            if self.attempts > _MOST_ATTEMPTS:
                self._fail(self.env._("It was begun several times and never ended."))
                return True
            self._work()
            self.env.flush_all()
        except OperationalError as error:  # a rival was faster, here or elsewhere
            self._start_again()
            _logger.info("%s: next run, %s", self, error)
            if self._lock_queued():
                self.write({"attempts": self.attempts - 1})
            return False
        except Exception as error:
            self._start_again()
            _logger.warning("%s failed", self, exc_info=True)
            # another process may have done it meanwhile
            if self._lock_queued():
                self._fail(str(error) or type(error).__name__)
        return True

    def _lock_queued(self):
        """Lock the record against other processes.

        :return: False when somebody else has it, or it is done
        """
        self.ensure_one()
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM %s WHERE id = %s AND state = 'queued'"
                " FOR UPDATE SKIP LOCKED",
                SQL.identifier(self._table),
                self.id,
            )
        )
        self.invalidate_recordset(flush=False)
        return bool(rows)

    def _work(self):
        """Do what the record stands for and move its state on.

        :raise Exception: anything; nothing of the work is kept then
        """
        raise NotImplementedError

    def _fail(self, error):
        """Keep why it failed and tell who can do something about it.

        :param str error: in words
        """
        raise NotImplementedError
