from odoo import api, fields, models
from odoo.tools import format_date, formatLang

from .sale_order_change import HEADER_FIELDS
from .sale_order_change_line import CHANGEABLE


class SaleOrderChange(models.Model):
    """What is asked for, in words: before and afterwards (SPEC J1)."""

    _inherit = "sale.order.change"

    differences = fields.Json(compute="_compute_differences")
    summary = fields.Char(compute="_compute_differences")

    @api.depends(
        "kind",
        *HEADER_FIELDS,
        *(f"old_{name}" for name in HEADER_FIELDS),
        *(f"line_ids.{name}" for name in CHANGEABLE),
        "line_ids.product_id",
    )
    @api.depends_context("lang", "tz")
    def _compute_differences(self):
        for change in self:
            rows = change._get_differences()
            change.differences = rows
            change.summary = (
                self.env._("The whole order is cancelled")
                if change.kind == "cancel"
                else "; ".join(
                    f"{row['label']} {row['old']} → {row['new']}" for row in rows
                )
            )

    def _get_differences(self, prices=True):
        """Return what differs: list of ``{"label", "old", "new"}``, all texts.

        :param bool prices: with prices, discounts and payment terms
        """
        self.ensure_one()
        if self.kind == "cancel":
            return []
        change_sudo = self.sudo()  # sudo: names the reader of the request may know
        rows = [
            {
                "label": self._fields[name]._description_string(self.env),
                "old": change_sudo._show_value(change_sudo[f"old_{name}"]),
                "new": change_sudo._show_value(change_sudo[name]),
            }
            for name in HEADER_FIELDS
            if change_sudo[name] != change_sudo[f"old_{name}"]
            and (prices or name != "payment_term_id")
        ]
        for line in change_sudo.line_ids:
            if line._is_changed():
                rows += line._get_differences(prices)
        return rows

    def _show_value(self, value):
        if not value:
            return "–"
        if isinstance(value, models.BaseModel):
            return value.display_name
        return format_date(self.env, fields.Datetime.context_timestamp(self, value))

    # Screens -----------------------------------------------------------------------

    def action_open(self):
        """Open this request."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "view_mode": "form",
            "views": [(False, "form")],
            "res_id": self.id,
        }

    def action_open_order(self):
        """Open the order."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "view_mode": "form",
            "views": [(False, "form")],
            "res_id": self.order_id.id,
        }


class SaleOrderChangeLine(models.Model):
    _inherit = "sale.order.change.line"

    def _get_differences(self, prices=True):
        """Return what differs on this line, as texts."""
        self.ensure_one()
        names = [
            name
            for name in CHANGEABLE
            if prices or name not in ("price_unit", "discount")
        ]
        product = self.product_id.display_name
        rows = []
        for name in names:
            if self._approval_raw(name) == self._approval_raw(f"old_{name}"):
                continue
            is_new = not self.order_line_id
            if is_new and name == "customer_lead":
                continue
            rows.append(
                {
                    "label": self.env._(
                        "%(product)s: %(what)s",
                        product=product,
                        what=self._fields[name]._description_string(self.env),
                    ),
                    "old": "–" if is_new else self._show(name, self[f"old_{name}"]),
                    "new": self._show(name, self[name]),
                }
            )
        return rows

    def _show(self, name, value):
        """Return a value with its unit, as the reader writes numbers."""
        digits = self._fields[name].get_digits(self.env)
        text = formatLang(self.env, value, digits=digits[1] if digits else 2)
        if name == "quantity":
            return f"{text} {self.product_uom_id.name}"
        if name == "price_unit":
            return f"{text} {self.currency_id.name or ''}".strip()
        return text
