from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, float_compare, formatLang


class SalePriceConcession(models.Model):
    """How much of a concession is used, and how it ends (SPEC C2)."""

    _inherit = "sale.price.concession"

    situation = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("review", "In Review"),
            ("waiting", "Begins Later"),
            ("in_force", "In Force"),
            ("used", "Used Up"),
            ("expired", "Expired"),
            ("early", "Closed Early"),
            ("cancel", "Cancelled"),
        ],
        compute="_compute_use",
        search="_search_situation",
        compute_sudo=True,
    )
    used_quantity = fields.Float(
        compute="_compute_use", compute_sudo=True, digits="Product Unit", string="Used"
    )
    used_amount = fields.Monetary(compute="_compute_use", compute_sudo=True)
    planned_quantity = fields.Float(
        compute="_compute_use",
        compute_sudo=True,
        digits="Product Unit",
        string="Planned",
        help="On quotations that were submitted and are not confirmed yet.",
    )
    planned_amount = fields.Monetary(compute="_compute_use", compute_sudo=True)
    left_quantity = fields.Float(
        compute="_compute_use", compute_sudo=True, digits="Product Unit", string="Left"
    )
    left_amount = fields.Monetary(
        compute="_compute_use", compute_sudo=True, string="Amount Left"
    )
    progress = fields.Float(
        compute="_compute_use", compute_sudo=True, string="Used (%)"
    )

    @api.depends(
        "draw_ids",
        "state",
        "approval_state",
        "closed_kind",
        "date_from",
        "date_to",
        "max_quantity",
        "max_amount",
    )
    def _compute_use(self):
        used = self._get_used()
        planned = self._get_planned()
        for concession in self:
            quantity, amount = used[concession._origin.id]
            concession.used_quantity, concession.used_amount = quantity, amount
            more, money = planned[concession._origin.id]
            concession.planned_quantity, concession.planned_amount = more, money
            cap, cap_amount = concession.max_quantity, concession.max_amount
            concession.left_quantity = max(cap - quantity, 0.0) if cap else 0.0
            concession.left_amount = max(cap_amount - amount, 0.0) if cap_amount else 0
            concession.progress = 100 * max(
                quantity / cap if cap else 0.0,
                amount / cap_amount if cap_amount else 0.0,
            )
            concession.situation = concession._get_situation()

    def _get_situation(self):
        """Return the situation; the figures have to be computed."""
        self.ensure_one()
        if self.state == "closed":
            return self.closed_kind or "expired"
        if self.state == "draft" and self.approval_state == "pending":
            return "review"
        if self.state != "active":
            return self.state
        today = self._get_today(self.company_id)
        if today > self.date_to:
            return "expired"
        if float_compare(self.progress, 100.0, precision_digits=6) >= 0:
            return "used"
        return "waiting" if today < self.date_from else "in_force"

    def _search_situation(self, operator, value):
        if operator != "in":
            return NotImplemented
        # sudo: only which ones; the rules hold as ever
        active = self.sudo().search(Domain("state", "=", "active"))
        ids = active.filtered(lambda one: one.situation in value).ids
        draft = Domain("state", "=", "draft")
        pending = Domain("approval_state", "=", "pending")
        by_value = {
            "draft": draft & ~pending,
            "review": draft & pending,
            "cancel": Domain("state", "=", "cancel"),
            "expired": Domain("closed_kind", "=", "expired"),
            "early": Domain("closed_kind", "=", "early"),
        }
        return Domain.OR(
            [Domain("id", "in", ids), *(by_value[v] for v in value if v in by_value)]
        )

    # Figures -----------------------------------------------------------------

    def _get_used(self):
        """Return ``{id: (quantity, amount)}`` drawn so far, as the ledger says."""
        result = defaultdict(lambda: (0.0, 0.0))
        # sudo: what is left is the same for everybody
        draws_sudo = self.env["sale.price.concession.draw"].sudo()
        for concession, quantity, amount in draws_sudo._read_group(
            [("concession_id", "in", self.ids)],
            groupby=["concession_id"],
            aggregates=["quantity:sum", "amount:sum"],
        ):
            result[concession.id] = (quantity, amount)
        return result

    def _get_planned(self, except_orders=None):
        """Return ``{id: (quantity, amount)}`` on quotations that were submitted."""
        result = defaultdict(lambda: (0.0, 0.0))
        if not self.ids:
            return result
        domain = [
            ("price_concession_id", "in", self.ids),
            ("order_id.state", "in", ("draft", "sent")),
            ("order_id.approval_state", "in", ("pending", "approved")),
        ]
        if except_orders:
            domain.append(("order_id", "not in", except_orders.ids))
        # sudo: orders of others count as well; only sums are shown
        lines_sudo = self.env["sale.order.line"].sudo().search(domain)
        for line_sudo in lines_sudo:
            concession_sudo = line_sudo.price_concession_id
            quantity, amount = concession_sudo._get_demand(line_sudo)
            was = result[concession_sudo.id]
            result[concession_sudo.id] = (was[0] + quantity, was[1] + amount)
        return result

    def _get_demand(self, line, date=None):
        """Return ``(quantity, untaxed amount)`` an order line takes of this one.

        In unit and currency of the concession, at the rate of ``date``, by default of
        today.
        """
        self.ensure_one()
        amount = line.currency_id._convert(
            line.price_subtotal,
            self.currency_id,
            line.company_id,
            date or self._get_today(self.company_id),
        )
        return self._get_quantity(line), amount

    def _get_quantity(self, line):
        """Return what an order line takes, in the unit of the concession."""
        self.ensure_one()
        if not self.uom_id or not line.product_uom_id:
            return line.product_uom_qty
        return line.product_uom_id._compute_quantity(
            line.product_uom_qty, self.uom_id, round=False, raise_if_failure=False
        )

    def _bump(self):
        """Write the rows of these concessions, in a fixed order (DESIGN 3).

        Before anything is decided on what is left: of two transactions that do so at
        once, the later one fails to serialize and is rerun. Both may refer to the
        concession by then, so that a stronger lock would be a deadlock.
        """
        if not self.ids:
            return
        self.flush_recordset()
        self.env.execute_query(
            SQL(
                "UPDATE sale_price_concession SET revision = COALESCE(revision, 0) + 1"
                " WHERE id IN (SELECT id FROM sale_price_concession WHERE id IN %s"
                " ORDER BY id FOR NO KEY UPDATE) RETURNING id",
                tuple(self.ids),
            )
        )
        self.invalidate_recordset(flush=False)

    def _get_left_text(self):
        """Return what is left in words, such as "40 of 100 left", or nothing."""
        self.ensure_one()
        one = self.sudo()  # sudo: what is left is the same for everybody
        parts = []
        if one.max_quantity:
            parts.append(
                self.env._(
                    "%(left)s of %(all)s %(unit)s left",
                    left=formatLang(self.env, one.left_quantity, digits=2),
                    all=formatLang(self.env, one.max_quantity, digits=2),
                    unit=one.uom_id.name or "",
                )
            )
        if one.max_amount:
            parts.append(
                self.env._(
                    "%(left)s of %(all)s left",
                    left=one.currency_id.format(one.left_amount),
                    all=one.currency_id.format(one.max_amount),
                )
            )
        return ", ".join(parts)

    # Buttons -----------------------------------------------------------------

    def action_close(self, reason=None):
        """Close what is in force before its end, for good.

        :param str reason: required
        :raise UserError: without a reason, or when it is not in force
        """
        self.check_access("write")
        words = reason.strip() if isinstance(reason, str) else ""
        if not words:
            raise UserError(self.env._("Say why it is closed."))
        if any(concession.state != "active" for concession in self):
            raise UserError(self.env._("Only what is in force can be closed."))
        self._close("early", words)

    def _close(self, kind, words=False):
        """Close these concessions, in a row that orders at the same time write."""
        self._bump()
        for company, concessions in self.grouped("company_id").items():
            concessions._keep(
                {
                    "state": "closed",
                    "closed_kind": kind,
                    "close_reason": words,
                    "date_closed": self._get_today(company),
                }
            )

    def action_cancel(self):
        """Give up what was not granted."""
        self.check_access("write")
        if any(concession.state != "draft" for concession in self):
            raise UserError(self.env._("Only a draft is cancelled; close it instead."))
        self._keep({"state": "cancel"})

    def action_draft(self):
        """Take what was cancelled up again."""
        self.check_access("write")
        self.filtered(lambda one: one.state == "cancel")._keep({"state": "draft"})

    def action_view_draws(self):
        """Open where it was used."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "sale_price_agreement.sale_price_concession_draw_action"
        )
        action["domain"] = [("concession_id", "=", self.id)]
        return action
