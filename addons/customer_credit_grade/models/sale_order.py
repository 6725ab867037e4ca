from contextlib import contextmanager

from odoo import api, models
from odoo.exceptions import AccessError

#: key in the cursor's cache: orders some enclosing guard will check
_GUARDED = "customer_credit_grade.guarded"
#: key in the transaction's data: whether any company controls credit
_CONTROLLED = "customer_credit_grade.controlled"
#: what may change an order's claim on the credit
_RELEVANT = frozenset(
    {
        "state",
        "partner_id",
        "partner_invoice_id",
        "company_id",
        "currency_id",
        "pricelist_id",
        "fiscal_position_id",
        "date_order",
        "order_line",
    }
)
#: computed from the lines and the rates; the exposure is made of them
_COMPUTED = frozenset({"amount_untaxed", "amount_tax", "amount_total", "currency_rate"})


class _Guard:
    """Orders that are checked when the guarded block ends."""

    def __init__(self, orders, guarded):
        self.orders = orders
        self.guarded = guarded

    def add(self, orders):
        """Check these as well: created within the block."""
        new = orders.browse([i for i in orders.ids if i not in self.guarded])
        self.guarded.update(new.ids)
        self.orders |= new


class SaleOrder(models.Model):
    """Orders pass the credit gate (SPEC D4): a post-condition, not a path (DESIGN 2).

    After whatever writes orders or their lines, those that became confirmed, grew or
    got another debtor are judged on the resulting figures; a refusal undoes it all.
    """

    _inherit = "sale.order"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._credit_refuse_computed(vals)
        if not self._credit_is_controlled():
            return super().create(vals_list)
        risky = any("state" in vals for vals in vals_list) or (
            self.default_get(["state"]).get("state") == "sale"
        )
        if not risky:
            return super().create(vals_list)
        with self.browse()._credit_guard(state=True) as guard:
            orders = super().create(vals_list)
            guard.add(orders)
        return orders

    def write(self, vals):
        self._credit_refuse_computed(vals)
        if not _RELEVANT.intersection(vals) or not self._credit_is_controlled():
            return super().write(vals)
        with self._credit_guard(state="state" in vals):
            result = super().write(vals)
        if vals.get("state") == "cancel":
            self._credit_wake()
        return result

    @api.model
    def _credit_refuse_computed(self, vals):
        """Refuse amounts that nobody enters: the exposure would believe them.

        :raise AccessError: naming the field
        """
        for name in _COMPUTED.intersection(vals):
            raise AccessError(
                self.env._(
                    "%(field)s is computed and cannot be written.",
                    field=self._fields[name]._description_string(self.env),
                )
            )

    @api.model
    def _credit_is_controlled(self):
        """Tell whether any company has its credit control on.

        Remembered for the transaction only, as the switch of approvals is.
        """
        cursor = self.env.cr
        known = cursor.precommit.data.setdefault(_CONTROLLED, {})
        if cursor.now() not in known:
            # sudo: the switch counts for whoever acts
            known[cursor.now()] = bool(
                self.env["res.company"]
                .sudo()
                .with_context(active_test=False)
                .search_count([("credit_mode", "!=", "off")], limit=1)
            )
        return known[cursor.now()]

    @api.model
    def _credit_forget_controlled(self):
        """Have :meth:`_credit_is_controlled` look again, after a change."""
        self.env.cr.precommit.data.pop(_CONTROLLED, None)

    @contextmanager
    def _credit_guard(self, state=False):
        """Check the orders of ``self`` when the block ends.

        Nested blocks leave orders to the outermost one. Drafts whose state nobody
        writes are let through: nothing of them counts.
        """
        guarded = self.env.cr.cache.setdefault(_GUARDED, set())
        own = self.filtered(lambda order: order.id and order.id not in guarded)
        if not state:
            # sudo: the gate sees the same whoever acts
            own = own.filtered(lambda order: order.sudo().state == "sale")
            if not own:
                yield _Guard(own, guarded)
                return
        before = own._credit_before()
        outside = set(guarded)
        guarded.update(own.ids)
        guard = _Guard(own, guarded)
        try:
            with self._approval_savepoint():
                yield guard
                guard.orders._credit_after(before)
        finally:
            guarded &= outside

    def _credit_before(self):
        """Return ``{id: (debtor id, committed)}`` of the confirmed ones."""
        # sudo: the gate sees the same whoever acts
        confirmed = self.sudo().filtered(lambda order: order.state == "sale")
        values = self.env["customer.credit.exposure"]._get_order_values(confirmed)
        return {order_id: value[:2] for order_id, value in values.items()}

    def _credit_after(self, before):
        """Judge the orders that became confirmed, grew, or have another debtor."""
        self.env.flush_all()
        # sudo: the gate sees the same whoever acts
        confirmed = (
            self.exists()
            .sudo()
            .filtered(
                lambda order: (
                    order.state == "sale"
                    and order.company_id._credit_get_mode() != "off"
                )
            )
        )
        # those confirmed just now are judged in any case
        values = self.env["customer.credit.exposure"]._get_order_values(
            confirmed.filtered(lambda order: order.id in before)
        )
        for company, orders in confirmed.grouped(
            lambda order: order.company_id.root_id
        ).items():
            cases = []
            for order in orders:
                debtor, committed, _open = values.get(order.id, (None, None, None))
                was_debtor, was_committed = before.get(order.id, (None, 0.0))
                if (
                    order.id in before
                    and debtor == was_debtor
                    and committed - was_committed < 0.000001
                ):
                    continue
                cases.append(
                    {
                        "debtor": order.partner_invoice_id.commercial_partner_id,
                        "document": order,
                        "amount": committed,
                    }
                )
            if cases:
                self.env["customer.credit.gate"]._check(company, cases, "order")

    def _credit_wake(self):
        """Have documents looked at that waited for what these orders took."""
        # sudo: the gate sees the same whoever acts
        for company, orders in self.sudo().grouped("company_id").items():
            self.env["customer.credit.hold"]._wake(company, orders.partner_invoice_id)

    # For holds ------------------------------------------------------------------------

    def _credit_get_claim(self, hold):
        """Return ``(value, what it would add)`` of this order if it were to pass now.

        Company currency, taxes included. For a confirmed order the value is what it
        was to become at the last attempt.
        """
        self.ensure_one()
        values = self.env["customer.credit.exposure"]._get_order_values(self)
        _debtor, committed, open_amount = values[self.id]
        if self.state == "sale":
            amount = max(hold.amount, committed)
            return amount, amount - committed
        return committed, open_amount

    def _credit_is_held(self, purpose):
        """Tell whether a hold on this order still makes sense."""
        self.ensure_one()
        return self.state != "cancel"

    def _credit_resume(self):
        """Confirm the order if its customer has done his part and it was approved."""
        self.ensure_one()
        if (
            self.approval_parked_reason
            and self.state in ("draft", "sent")
            and self._approval_is_cleared()
        ):
            self._approval_resume()

    def _credit_tell(self, owner, text):
        """Note ``text`` in the history and give its owner one activity."""
        self.ensure_one()
        self._approval_post(text)
        if owner != self.env.user:
            self._approval_attention(owner, self.env._("Customer credit"), text)
