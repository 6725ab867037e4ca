from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, float_compare, float_is_zero

from .. import allocation

HELD = """
SELECT move_id, SUM(quantity_product_uom)
  FROM stock_move_line WHERE move_id = ANY(%(moves)s) GROUP BY move_id
"""


class StockAllocationRun(models.Model):
    """How a proposal is applied: only where nothing has changed since."""

    _inherit = "stock.allocation.run"

    def action_apply(self):
        """Change the reservations as proposed; tell what could not be.

        Nothing is done for goods whose stock, reservations or deliveries are no longer
        those of the proposal, nor for the other lines of orders that ship complete.

        :return: a notification
        :raise AccessError: for whoever does not decide about stock
        :raise UserError: when somebody was faster, or nothing is left to be done
        """
        self._check_may_allocate()
        self.check_access("write")
        for run in self:
            run._apply()
        return self._notify_applied()

    def _apply(self):
        self.ensure_one()
        self._take_turn()
        lines = self._read_lines()
        changed = [line for line in lines if line["changed"]]
        if not changed:
            raise UserError(
                self.env._(
                    "%(run)s changes no reservation: there is nothing to apply.",
                    run=self.name,
                )
            )
        self.env["stock.scarcity.revision"]._bump(
            (line["product_id"], line["location_id"]) for line in changed
        )
        self._flush_facts()
        stale = self._find_stale(lines)
        todo = [line for line in changed if line["pool"] not in stale]
        if not todo:
            raise UserError(
                self.env._(
                    "%(run)s: stock or reservations of all these goods have changed "
                    "since the proposal. Propose again.",
                    run=self.name,
                )
            )
        self._apply_changes(todo, lines)
        self._write_results(changed, todo)
        self._keep(
            {
                "state": "applied",
                "date_applied": fields.Datetime.now(),
                "applied_by_id": self.env.uid,
            }
        )

    def _take_turn(self):
        """Write the row that a rival writes as well, then look at its state.

        Of two who apply one proposal at once the later is rerun and finds it applied.
        """
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                "UPDATE stock_allocation_run SET revision = revision + 1 WHERE id = %s",
                self.id,
            )
        )
        self.invalidate_recordset()
        self._refuse_applied()
        if self.state != "proposed":
            raise UserError(
                self.env._("%(run)s is not proposed yet.", run=self.display_name)
            )

    def _read_lines(self):
        rows = self.env.execute_query_dict(
            SQL(
                """SELECT l.id, l.move_id, l.product_id, l.location_id, l.warehouse_id,
                          l.rank, CASE WHEN l.is_whole
                          THEN COALESCE(l.order_id, -m.picking_id) END AS whole,
                          l.qty_needed, l.qty_held, l.qty_proposed, l.qty_change
                     FROM stock_allocation_line l
                LEFT JOIN stock_move m ON m.id = l.move_id
                    WHERE l.run_id = %s ORDER BY l.rank""",
                self.id,
            )
        )
        for line in rows:
            line["pool"] = line["product_id"], line["warehouse_id"]
            line["changed"] = bool(line["qty_change"])
        return rows

    def _find_stale(self, lines):
        """Return the pools where the same question has another answer today.

        What an order shipping complete gets hangs together over its pools.
        """
        sharing = self._share_out()
        now = {claim.move: claim for claim in sharing.claims}
        stale = {
            line["pool"]
            for line in lines
            if not self._is_same(line, now.get(line["move_id"]), sharing.digits)
        }
        orders = {}
        for line in lines:
            if line["changed"] and line["whole"]:
                orders.setdefault(line["whole"], set()).add(line["pool"])
        before = -1
        while before != len(stale):
            before = len(stale)
            for pools in orders.values():
                if pools & stale:
                    stale |= pools
        return stale

    @api.model
    def _is_same(self, line, claim, digits):
        if not claim:
            return False
        pairs = (
            (line["qty_needed"], claim.need),
            (line["qty_held"], claim.held),
            (line["qty_proposed"], claim.gets),
        )
        return all(
            float_compare(then, now, precision_digits=digits) == 0
            for then, now in pairs
        )

    def _apply_changes(self, todo, lines):
        """Change the reservations; what an order cannot ship complete is given back."""
        # sudo: who may allocate was checked; coordinators have no rights on transfers
        moves_sudo = self.env["stock.move"].sudo()
        moves_sudo._allocation_apply(
            {line["move_id"]: line["qty_proposed"] for line in todo},
            {line["move_id"]: line["rank"] for line in todo},
        )
        held, digits = self._read_held(todo), self._get_digits()
        short = {
            line["whole"]
            for line in todo
            if line["whole"]
            and float_compare(
                held.get(line["move_id"], 0.0),
                line["qty_proposed"],
                precision_digits=digits,
            )
            < 0
        }
        if back := [line["move_id"] for line in lines if line["whole"] in short]:
            moves_sudo.browse(back)._do_unreserve()

    def _read_held(self, lines):
        self.env["stock.move.line"].flush_model()
        return dict(
            self.env.execute_query(SQL(HELD, moves=[line["move_id"] for line in lines]))
        )

    def _write_results(self, changed, todo):
        """Keep on the lines what came of them."""
        held, digits = self._read_held(changed), self._get_digits()
        done = {line["move_id"] for line in todo}
        results = []
        for line in changed:
            missing = line["qty_proposed"] - held.get(line["move_id"], 0.0)
            if line["move_id"] not in done:
                results.append("conflict")
            elif float_is_zero(missing, precision_digits=digits):
                results.append("done")
            else:
                results.append("less")
        self.env.cr.execute(
            SQL(
                allocation.WRITE_RESULT,
                lines=[line["id"] for line in changed],
                quantities=[held.get(line["move_id"], 0.0) for line in changed],
                results=results,
            )
        )
        self.env["stock.allocation.line"].invalidate_model()

    def _notify_applied(self):
        count = sum(run.gain_count + run.loss_count for run in self)
        left = sum(self.mapped("conflict_count"))
        if left:
            message = self.env._(
                "%(done)s reservations were changed. %(left)s were not, or not fully: "
                "stock had changed since. See the lines, and propose again.",
                done=count - left,
                left=left,
            )
        else:
            message = self.env._("%(done)s reservations were changed.", done=count)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if left else "success",
                "message": message,
                "sticky": bool(left),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
