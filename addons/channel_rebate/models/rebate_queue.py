from odoo import api, fields, models
from odoo.tools import SQL

_JOB = "channel_rebate.ir_cron_drain"


class RebateQueue(models.Model):
    """What has changed and is to be counted anew (DESIGN 5).

    Rows are put here by the transaction that makes the change, and only added: of two
    changes of one document there are two rows, so nobody waits for anybody.
    """

    _name = "rebate.queue"
    _inherit = ["rebate.kept.mixin"]
    _description = "Rebate Queue"
    _order = "id"
    _log_access = False

    kind = fields.Selection(
        selection=[
            ("move", "Invoice"),
            ("order", "Order"),
            ("partner", "Customer"),
            ("programme", "Programme"),
        ],
        required=True,
        readonly=True,
    )
    res_id = fields.Integer(required=True, readonly=True)

    @api.model
    def _push(self, kind, ids):
        """Queue records of one kind; nothing where nobody takes part anywhere."""
        if not ids:
            return
        rows = self.env.execute_query(
            SQL(
                "INSERT INTO rebate_queue (kind, res_id)"
                " SELECT %(kind)s, unnest(%(ids)s::int[])"
                " WHERE EXISTS (SELECT FROM rebate_balance) RETURNING id",
                kind=kind,
                ids=list(ids),
            )
        )
        if rows:
            self._wake()

    @api.model
    def _push_moves(self, moves):
        self._push("move", moves.ids)

    @api.model
    def _push_orders(self, orders):
        self._push("order", orders.ids)

    @api.model
    def _push_partners(self, partners):
        self._push("partner", partners.ids)

    @api.model
    def _push_programmes(self, programmes):
        self._push("programme", programmes.ids)

    @api.model
    def _wake(self):
        """Have the job run soon after this transaction, asked for once."""
        data = self.env.cr.precommit.data
        if "channel_rebate.wake" in data:
            return
        data["channel_rebate.wake"] = True
        env = self.env

        @env.cr.precommit.add
        def trigger():
            # as `ir.cron._trigger`, in one query: every posting comes by here
            now = fields.Datetime.now()
            rows = env.execute_query(
                SQL(
                    "INSERT INTO ir_cron_trigger (cron_id, call_at, create_uid,"
                    " create_date, write_uid, write_date)"
                    " SELECT id, %(now)s, %(uid)s, %(now)s, %(uid)s, %(now)s"
                    " FROM ir_cron WHERE id = %(cron)s AND active RETURNING id",
                    now=now,
                    uid=env.uid,
                    cron=env["ir.model.data"]._xmlid_to_res_id(_JOB) or None,
                )
            )
            if rows:
                env.cr.postcommit.add(env["ir.cron"]._notifydb)

    @api.model
    def _take(self, limit):
        """Take rows off the queue that nobody else is taking.

        :return: ``{kind: set of ids}``
        """
        rows = self.env.execute_query(
            SQL(
                "DELETE FROM rebate_queue WHERE id IN (SELECT id FROM rebate_queue"
                " ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED) RETURNING kind, res_id",
                limit,
            )
        )
        taken = {}
        for kind, res_id in rows:
            taken.setdefault(kind, set()).add(res_id)
        return taken
