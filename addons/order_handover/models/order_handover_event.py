import json

from odoo import api, fields, models
from odoo.tools import SQL

#: one row per event of an order whose company wants handovers of it
_QUEUE = """
    INSERT INTO order_handover_event (
        order_id, company_id, kind, key, document, source_model, source_ids,
        date, user_id, state, attempts,
        create_uid, create_date, write_uid, write_date)
    SELECT o.id, o.company_id, %(kind)s, e.key, e.document, e.source_model,
           e.source_ids, %(now)s, %(uid)s, 'queued', 0,
           %(uid)s, %(now)s, %(uid)s, %(now)s
      FROM jsonb_to_recordset(%(entries)s) AS e(
           order_id int, key varchar, document varchar, source_model varchar,
           source_ids jsonb)
      JOIN sale_order o ON o.id = e.order_id AND o.state = ANY(%(states)s)
      JOIN res_company c ON c.id = o.company_id AND c.handover_lists
     WHERE EXISTS (
           SELECT 1 FROM order_handover_stage s
            WHERE s.company_id = o.company_id AND s.active AND s.event = %(kind)s)
        ON CONFLICT DO NOTHING
 RETURNING id
"""


class OrderHandoverEvent(models.Model):
    """Something that happened to an order and gives handovers (SPEC F2, DESIGN 6).

    Written in the transaction in which it happens, by one statement; the handovers
    are made by a job after it, so that nothing about them can undo a confirmation or
    a goods issue.
    """

    _name = "order.handover.event"
    _inherit = ["sale.order.policy.queue"]
    _description = "Handover Event"
    _order = "id desc"
    _rec_name = "order_id"

    order_id = fields.Many2one(
        comodel_name="sale.order",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True
    )
    kind = fields.Selection(
        selection="_selection_kind", string="Event", required=True, readonly=True
    )
    key = fields.Char(
        required=True, readonly=True, help="The same event is kept only once."
    )
    document = fields.Char(readonly=True)
    source_model = fields.Char(readonly=True)
    source_ids = fields.Json(readonly=True)
    date = fields.Datetime(required=True, readonly=True)
    user_id = fields.Many2one(
        comodel_name="res.users", string="By", readonly=True, ondelete="set null"
    )
    state = fields.Selection(
        selection=[
            ("queued", "Queued"),
            ("done", "Done"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
        ],
        default="queued",
        required=True,
        readonly=True,
        index=True,
    )

    _key_uniq = models.UniqueIndex(
        "(order_id, kind, key)", "This event is known already."
    )

    @api.model
    def _selection_kind(self):
        stages = self.env["order.handover.stage"]
        return stages._fields["event"]._description_selection(self.env)

    # Queue --------------------------------------------------------------------------

    @api.model
    def _is_used(self):
        """Tell whether any company wants handovers: else events cost one query."""
        # sudo: whatever company the user is in
        companies_sudo = self.env["res.company"].sudo()
        return bool(companies_sudo.search_count([("handover_lists", "=", True)], 1))

    @api.model
    def _queue(self, kind, entries):
        """Keep that something happened to orders, each event once; wake the job.

        For whoever knows of an event: it is one statement, looks at no rights, and
        leaves out orders that are not confirmed or whose company does not ask.

        :param str kind: one of the events of a stage
        :param entries: list of dicts: ``order_id``; ``key``, the same for the same
            event; ``document``, its name; ``source_model`` and ``source_ids``, what is
            handed over
        """
        if not entries:
            return
        orders = self.env["sale.order"]
        orders.flush_model(["state", "company_id"])
        self.env["res.company"].flush_model(["handover_lists"])
        self.env["order.handover.stage"].flush_model(["company_id", "active", "event"])
        rows = self.env.execute_query(
            SQL(
                _QUEUE,
                kind=kind,
                # JSON's false would become a word
                entries=json.dumps(
                    [{**e, "document": e.get("document") or None} for e in entries]
                ),
                states=list(orders._approval_protected_states),
                now=fields.Datetime.now(),
                uid=self.env.uid,
            )
        )
        if rows:
            self.invalidate_model(flush=False)
            self._wake()

    @api.model
    def _wake(self):
        """EXTENDS: the job of handovers is one of its own."""
        cron = self.env.ref(
            "order_handover.ir_cron_make_handovers", raise_if_not_found=False
        )
        if cron:
            cron.sudo()._trigger()  # sudo: whoever confirms, ships or invoices

    @api.model
    def _withdraw(self, orders):
        """Forget what is queued for orders that are confirmed no longer."""
        self.flush_model(["state"])
        rows = self.env.execute_query(
            SQL(
                "UPDATE order_handover_event SET state = 'cancelled'"
                " WHERE order_id = ANY(%s) AND state IN ('queued', 'failed')"
                " RETURNING id",
                orders.ids,
            )
        )
        if rows:
            self.invalidate_model(["state"], flush=False)

    @api.model
    def _cron_make_handovers(self):
        """Make the handovers of what happened; called by the scheduled job."""
        self.env["ir.cron"]._commit_progress(remaining=self._count_queued())
        self._work_off()

    def _fail(self, error):
        """EXTENDS: the coordinator is told, else the owner of the order."""
        self.ensure_one()
        self.write({"state": "failed", "error": error})
        company = self.company_id
        user = company._handover_get_coordinator() or self.order_id._approval_owner()
        order = self.order_id.with_context(lang=user.lang)
        order._approval_attention(
            user,
            order.env._("Handovers were not made"),
            order.env._(
                "The handovers of %(order)s could not be made: %(error)s\nNothing else "
                "is held up. Tell the departments, or have a handover administrator "
                "remove the cause and press “Again” under Handover, Configuration, "
                "Handover Events.",
                order=order.name,
                error=error,
            ),
        )

    def action_retry(self):
        """EXTENDS: handover administrators too; they need not write orders.

        :raise AccessError: for everybody else
        """
        if not self.env.user.has_group("order_handover.group_manager"):
            return super().action_retry()
        self.check_access("read")
        again = self.filtered(lambda event: event.state in self._again_states)
        if again:
            # sudo: written by the system only; whose events these are was checked
            again.sudo().write({"state": "queued", "attempts": 0, "error": False})
            self._wake()
        return True
