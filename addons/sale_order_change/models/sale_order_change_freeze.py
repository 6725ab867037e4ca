from odoo import models

from .sale_order_change import HEADER_FIELDS
from .sale_order_change_line import CHANGEABLE


class SaleOrderChange(models.Model):
    """What the order is when a change of it is submitted (SPEC J1).

    Frozen then: nothing is applied to an order that is another one by the time the
    last department has agreed.
    """

    _inherit = "sale.order.change"

    def _freeze(self):
        """Take the order's values as those "before"; untouched ones follow them."""
        self.ensure_one()
        # sudo: the order as it is, whoever asks for the change
        order_sudo = self.sudo().order_id
        order_sudo.invalidate_recordset()
        self._keep(self._prepare_frozen_header(order_sudo))
        for line in self.line_ids.sudo():  # sudo: lines follow the order
            line._freeze()
        snapshot = order_sudo._approval_snapshots()[order_sudo.id]
        self._keep(
            {
                "order_fingerprint": order_sudo._approval_fingerprints()[order_sudo.id],
                "order_snapshot": snapshot,
                "order_round_id": order_sudo._approval_round().id,
                "totals": self._get_totals(),
            }
        )

    def _prepare_frozen_header(self, order_sudo):
        values = {}
        for name in HEADER_FIELDS:
            current = self._get_id(order_sudo[name])
            if self[name] == self[f"old_{name}"]:
                values[name] = current
            values[f"old_{name}"] = current
        return values

    def _is_order_unchanged(self, order_sudo):
        """Tell whether the order is what it was when the change was submitted."""
        self.ensure_one()
        change_sudo = self.sudo()  # sudo: rounds are not shown to everybody
        return (
            order_sudo._approval_round() == change_sudo.order_round_id
            and order_sudo._approval_fingerprints()[order_sudo.id]
            == change_sudo.order_fingerprint
        )


class SaleOrderChangeLine(models.Model):
    _inherit = "sale.order.change.line"

    def _freeze(self):
        self.ensure_one()
        if not self.order_line_id:
            return
        values = {}
        for name, source in CHANGEABLE.items():
            current = self.order_line_id[source]
            if self._approval_raw(name) == self._approval_raw(f"old_{name}"):
                values[name] = current
            values[f"old_{name}"] = current
        changed = {n: v for n, v in values.items() if self[n] != v}
        if changed:
            self._keep(changed)
