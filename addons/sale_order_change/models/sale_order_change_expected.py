from odoo import models
from odoo.fields import Command

from odoo.addons.document_approval.fingerprint import canonical

from .sale_order_change import HEADER_FIELDS
from .sale_order_change_line import CHANGEABLE


class SaleOrderChange(models.Model):
    """What the order will be: computed from what was approved, before it is touched.

    The gate of the order compares what came out with this. So exactly what was
    approved is applied, or nothing.
    """

    _inherit = "sale.order.change"

    def _get_expected(self, order_sudo):
        """Return the snapshot the order has when the change was applied exactly."""
        self.ensure_one()
        current = order_sudo._approval_snapshots()[order_sudo.id]
        header = {
            **current["header"],
            **{
                name: order_sudo._approval_raw_value(self, name)
                for name in HEADER_FIELDS
                if self[name] != self[f"old_{name}"]
            },
        }
        asked = {line.order_line_id: line for line in self.line_ids}
        lines = []
        for line in order_sudo.order_line:
            change_line = asked.get(line)
            is_asked = bool(change_line) and change_line._is_changed()
            if not is_asked and not order_sudo._approval_line_is_material(line):
                continue
            values = order_sudo._approval_line_values(line)
            if is_asked:
                values |= change_line._get_expected()
            lines.append(values)
        lines += [
            line._get_expected_new(order_sudo)
            for line in self.line_ids
            if not line.order_line_id and line._is_changed()
        ]
        return {**current, "header": header, "lines": sorted(lines, key=canonical)}

    def _prepare_order_values(self, order_sudo):
        """Return the values of the one write that applies the change."""
        self.ensure_one()
        values = {
            name: self._get_id(self[name])
            for name in HEADER_FIELDS
            if self[name] != self[f"old_{name}"]
        }
        commands = []
        for line in self.line_ids.filtered(lambda line: line._is_changed()):
            if line.order_line_id:
                commands.append(
                    Command.update(line.order_line_id.id, line._prepare_changed())
                )
            else:
                commands.append(Command.create(line._prepare_new(order_sudo)))
        if commands:
            values["order_line"] = commands
        if order_sudo.locked:
            values["locked"] = False
        return values


class SaleOrderChangeLine(models.Model):
    _inherit = "sale.order.change.line"

    def _get_expected(self):
        """Return the raw values the line of the order has afterwards."""
        self.ensure_one()
        return {
            "product_uom_qty": self._approval_raw("quantity"),
            "price_net": self._get_net_price(),
            "customer_lead": self._approval_raw("customer_lead"),
        }

    def _get_expected_new(self, order_sudo):
        """Return the raw values of the new line, as the order would read them."""
        self.ensure_one()
        line = self.env["sale.order.line"].new(
            {"order_id": order_sudo.id, **self._prepare_new(order_sudo)}
        )
        values = {**order_sudo._approval_line_values(line), **self._get_expected()}
        # it was only an example: the order has no such line
        order_sudo.invalidate_recordset(["order_line"], flush=False)
        return values

    def _get_net_price(self):
        """Return the net price as the gate of the order sees it."""
        line = self.env["sale.order.line"].new(
            {"price_unit": self.price_unit, "discount": self.discount}
        )
        return line._policy_get_net_price()

    def _prepare_changed(self):
        """Return what is written on the line of the order.

        Price and discount always: Odoo would compute them anew with the quantity.
        """
        self.ensure_one()
        names = ["price_unit", "discount"]
        names += [
            name
            for name in ("quantity", "customer_lead")
            if self._approval_raw(name) != self._approval_raw(f"old_{name}")
        ]
        return {CHANGEABLE[name]: self[name] for name in names}

    def _prepare_new(self, order_sudo):
        """Return the values of the new line of the order."""
        self.ensure_one()
        return {
            "product_id": self.product_id.id,
            "product_uom_id": self.product_uom_id.id,
            "tax_ids": [Command.set(self.tax_ids.ids)],
            **{source: self[name] for name, source in CHANGEABLE.items()},
        }
