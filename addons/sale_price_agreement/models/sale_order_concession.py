from contextlib import contextmanager

from odoo import api, models
from odoo.exceptions import UserError

from .sale_price_concession_match import EPSILON

#: key in the cursor's cache: orders some enclosing guard will settle
_GUARDED = "sale_price_agreement.guarded"
#: key in the transaction's data: whether anything was ever granted
_EXISTS = "sale_price_agreement.exists"
_RELEVANT = frozenset(
    {"state", "partner_id", "company_id", "currency_id", "pricelist_id", "order_line"}
)


class _Guard:
    """Orders whose draws are settled when the guarded block ends."""

    def __init__(self, orders, guarded):
        self.orders = orders
        self.guarded = guarded

    def add(self, orders):
        """Settle these as well: created within the block."""
        new = orders.browse([i for i in orders.ids if i not in self.guarded])
        self.guarded.update(new.ids)
        self.orders |= new


class SaleOrder(models.Model):
    """Confirmed orders draw on the concessions of their lines (SPEC C2; DESIGN 2, 3).

    A post-condition: after whatever writes orders or lines, the ledger is brought to
    what the confirmed lines take. What would take more than is left, or what the
    concession is not for, is refused and undone.
    """

    _inherit = "sale.order"

    @api.model_create_multi
    def create(self, vals_list):
        if not self._concession_exists():
            return super().create(vals_list)
        risky = any("state" in vals for vals in vals_list) or (
            self.default_get(["state"]).get("state") not in (False, "draft")
        )
        if not risky:
            return super().create(vals_list)
        with self.browse()._concession_guard(state=True) as guard:
            orders = super().create(vals_list)
            guard.add(orders)
        return orders

    def write(self, vals):
        if not _RELEVANT.intersection(vals) or not self._concession_exists():
            return super().write(vals)
        with self._concession_guard(state="state" in vals):
            return super().write(vals)

    @api.model
    def _concession_exists(self):
        """Tell whether a concession was ever granted, in any company.

        Remembered for the transaction only.
        """
        cursor = self.env.cr
        known = cursor.precommit.data.setdefault(_EXISTS, {})
        if cursor.now() not in known:
            # sudo: it counts whoever acts
            known[cursor.now()] = bool(
                self.env["sale.price.concession"]
                .sudo()
                .search_count([("state", "in", ("active", "closed"))], limit=1)
            )
        return known[cursor.now()]

    @api.model
    def _concession_forget(self):
        """Have :meth:`_concession_exists` look again, after a change."""
        self.env.cr.precommit.data.pop(_EXISTS, None)

    @contextmanager
    def _concession_guard(self, state=False):
        """Settle the orders of ``self`` when the block ends.

        Nested blocks leave orders to the outermost one. Drafts whose state nobody
        writes take nothing.
        """
        guarded = self.env.cr.cache.setdefault(_GUARDED, set())
        own = self.filtered(lambda order: order.id and order.id not in guarded)
        if not state:
            # sudo: the gate sees the same whoever acts
            own = own.filtered(lambda order: order.sudo().state == "sale")
            if not own:
                yield _Guard(own, guarded)
                return
        outside = set(guarded)
        guarded.update(own.ids)
        guard = _Guard(own, guarded)
        before = own._concession_get_takers()
        try:
            with self._approval_savepoint():
                yield guard
                guard.orders._concession_settle(before)
        finally:
            guarded &= outside

    def _concession_get_lines(self, concession=None):
        """Return the lines that use concessions, or one of them."""
        lines = self.order_line.filtered(
            lambda line: line.price_concession_id and line._concession_may_use()
        )
        if concession:
            return lines.filtered(lambda line: line.price_concession_id == concession)
        return lines

    def _concession_get_takers(self):
        """Return what these orders take for whom: ``{line id: (customer, product)}``"""
        # sudo: the gate sees the same whoever acts
        return {
            line.id: (line.order_id.partner_id.commercial_partner_id, line.product_id)
            for line in self.sudo()._concession_get_lines()
        }

    # Drawing -----------------------------------------------------------------

    def _concession_settle(self, before):
        """Bring the ledger to what these orders take (desired less current).

        :param dict before: who took what, of :meth:`_concession_get_takers`
        :raise UserError: when a line takes more, or for somebody else, and may not
        """
        self.env.flush_all()
        # sudo: the gate sees the same whoever acts
        orders_sudo = self.exists().sudo()
        draws_sudo = self.env["sale.price.concession.draw"].sudo()
        taken = draws_sudo._get_current(orders_sudo)
        confirmed = orders_sudo.filtered(lambda order: order.state == "sale")
        lines = confirmed._concession_get_lines()
        if not taken and not lines:
            return
        rows, growing = self._concession_get_rows(lines, taken, before)
        if not rows:
            return
        # sudo: as above
        concessions = self.env["sale.price.concession"].sudo()
        concessions.browse(sorted({row["concession_id"] for row in rows}))._bump()
        for order, own in growing.grouped("order_id").items():
            order._concession_check(own, taken)
        draws_sudo.create(rows)
        concessions.browse(
            {row["concession_id"] for row in rows}
        ).invalidate_recordset()

    @api.model
    def _concession_get_rows(self, lines, taken, before):
        """Return the values of the new rows, and the lines that take more.

        What another customer takes now, or another product, is given back and taken
        anew.
        """
        rows, growing = [], lines.browse()
        takers = lines.order_id._concession_get_takers()
        desired = {}
        for line in lines:
            key = (line.price_concession_id.id, line.id)
            had = taken.get(key)
            date = had[2] if had else None
            desired[key] = (line, line.price_concession_id._get_demand(line, date))
        for key in {**taken, **desired}:
            line, (quantity, amount) = desired.get(key, (None, (0.0, 0.0)))
            was = taken.get(key, (0.0, 0.0, None, None))
            taker = before.get(key[1])
            if line and was[3] and taker and taker != takers[line.id]:
                back = (-was[0], -was[1])
                rows.append(self._concession_prepare_row(key, taker, was[3], *back))
                was = (0.0, 0.0, None, None)
            more, money = quantity - was[0], amount - was[1]
            if abs(more) < EPSILON and abs(money) < EPSILON:
                continue
            if line and (more > EPSILON or money > EPSILON):
                growing |= line
            order = line.order_id if line else was[3][:1]
            taker = takers[line.id] if line else order._concession_get_taker(key[1])
            rows.append(self._concession_prepare_row(key, taker, order, more, money))
        return rows, growing

    def _concession_get_taker(self, line_id):
        """Return the customer, and the product of a line that takes nothing more."""
        self.ensure_one()
        line = self.order_line.filtered(lambda line: line.id == line_id)
        return self.partner_id.commercial_partner_id, line.product_id

    @api.model
    def _concession_prepare_row(self, key, taker, order, quantity, amount):
        # sudo: the gate sees the same whoever acts
        concession = self.env["sale.price.concession"].sudo().browse(key[0])
        customer, product = taker
        return {
            "concession_id": concession.id,
            "company_id": order.company_id.id,
            "order_id": order.id,
            "order_name": order.name,
            "line_ref": key[1],
            "partner_id": customer.id,
            "product_id": product.id,
            "user_id": order.user_id.id,
            "date": concession._get_today(concession.company_id),
            "quantity": quantity,
            "amount": amount,
            "currency_id": concession.currency_id.id,
        }

    def _concession_check(self, lines, taken):
        """Refuse lines that may not use their concessions.

        :raise UserError: naming line, concession and what is left
        """
        self.ensure_one()
        concessions = self.env["sale.price.concession"]
        problems = concessions._get_order_problems(self, lines, taken, True)
        if problems:
            raise UserError(
                self.env._(
                    "%(order)s cannot use its price concession:\n%(problems)s\nTake "
                    "the concession off the line, or change what it asks for.",
                    order=self.name,
                    problems=self._concession_get_text(problems),
                )
            )

    @api.model
    def _concession_get_text(self, problems):
        concessions = self.env["sale.price.concession"]
        return "\n".join(
            f"- {line._policy_get_label()}: {concessions._get_problem_text(*problem)}"
            for line, found in problems.items()
            for problem in found
        )

    def _policy_may_be_parked(self):
        """EXTENDS 'sale_order_policy': a concession may be used up by then."""
        # sudo: called for customers
        return super()._policy_may_be_parked() or bool(
            self.sudo()._concession_get_lines()
        )
