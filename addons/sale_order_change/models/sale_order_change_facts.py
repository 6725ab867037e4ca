from odoo import models
from odoo.tools import formatLang

TOPICS = ("plan", "stock", "cost", "delivery")


class SaleOrderChange(models.Model):
    """What the system knows for the departments' sheets (SPEC J2)."""

    _inherit = "sale.order.change"

    def _get_topics(self):
        """Return what each department looks at: ``{department code: topic}``.

        Hook: a department that is not named here gets no sheet.
        """
        return {
            "production": "plan",
            "warehouse": "stock",
            "finance": "cost",
            "operations": "delivery",
        }

    def _get_facts(self):
        """Return the facts for the sheets: ``{topic: [(code, values), ...]}``.

        Hook: an add-on that knows of manufacturing or purchase orders adds its own,
        with JSON-able values, and their texts in :meth:`_get_fact_text`. Frozen at
        submission, worded for whoever reads them.
        """
        self.ensure_one()
        facts = {topic: [] for topic in TOPICS}
        change_sudo = self.sudo()  # sudo: stock and invoices need not be readable
        order_sudo = change_sudo.order_id
        for line in order_sudo._change_get_lines():
            asked = change_sudo.line_ids.filtered(
                lambda asked, line=line: asked.order_line_id == line
            )
            if self.kind == "change" and not asked._is_changed_any():
                continue
            facts["stock"].append(("stock", self._get_stock_fact(line)))
            if moved := line._change_get_moved():
                facts["delivery"].append(
                    ("delivery", {**self._get_line_fact(line), **moved})
                )
            facts["plan"].append(
                (
                    "plan",
                    {**self._get_line_fact(line), "lead": self._get_lead(line)},
                )
            )
        for asked in change_sudo.line_ids:
            if not asked.order_line_id and asked._is_changed():
                facts["stock"].append(("stock_new", self._get_new_fact(asked)))
        totals = change_sudo.totals or change_sudo._get_totals()
        posted = order_sudo.invoice_ids.filtered(lambda move: move.state == "posted")
        facts["cost"].append(
            (
                "cost",
                {
                    **totals,
                    "currency": order_sudo.currency_id.name,
                    "invoices": len(posted),
                },
            )
        )
        return facts

    def _get_line_fact(self, line):
        return {
            "product": line.product_id.display_name,
            "unit": line.product_uom_id.name,
            "unit_id": line.product_uom_id.id,
            "ordered": line.product_uom_qty,
            "delivered": line.qty_delivered,
        }

    def _get_lead(self, line):
        """Return days; whole ones without decimals."""
        lead = line.customer_lead
        return int(lead) if lead.is_integer() else lead

    def _get_stock_fact(self, line):
        product = line.product_id.with_context(warehouse_id=line.warehouse_id.id)
        convert = product.uom_id._compute_quantity
        return {
            **self._get_line_fact(line),
            **line._change_get_moved(),
            "free": convert(product.free_qty, line.product_uom_id),
            "incoming": convert(product.incoming_qty, line.product_uom_id),
        }

    def _get_new_fact(self, asked):
        warehouse = asked.order_id.warehouse_id
        product = asked.product_id.with_context(warehouse_id=warehouse.id)
        convert = product.uom_id._compute_quantity
        return {
            "product": asked.product_id.display_name,
            "unit": asked.product_uom_id.name,
            "unit_id": asked.product_uom_id.id,
            "quantity": asked.quantity,
            "free": convert(product.free_qty, asked.product_uom_id),
            "incoming": convert(product.incoming_qty, asked.product_uom_id),
        }

    def _get_fact_text(self, code, values):
        """Return one fact in the language of the environment; "" when unknown."""
        number = {
            key: formatLang(self.env, value) if isinstance(value, float) else str(value)
            for key, value in values.items()
        }
        # sudo: the unit in the reader's language, as long as it is there
        unit_sudo = self.env["uom.uom"].sudo().browse(values.get("unit_id")).exists()
        number["unit"] = unit_sudo.name or number.get("unit", "")
        if code == "stock":
            return self.env._(
                "%(product)s: ordered %(ordered)s, delivered %(delivered)s, reserved "
                "%(reserved)s, free %(free)s, incoming %(incoming)s %(unit)s",
                **number,
            )
        if code == "stock_new":
            return self.env._(
                "%(product)s (new): asked %(quantity)s, free %(free)s, incoming "
                "%(incoming)s %(unit)s",
                **number,
            )
        if code == "delivery":
            return self.env._(
                "%(product)s: ordered %(ordered)s, shipped %(shipped)s, delivered "
                "%(delivered)s %(unit)s",
                **number,
            )
        if code == "plan":
            return self.env._(
                "%(product)s: ordered %(ordered)s %(unit)s, lead time %(lead)s days",
                **number,
            )
        if code == "cost":
            return self.env._(
                "Total %(old_amount_total)s → %(new_amount_total)s %(currency)s, "
                "%(invoices)s posted invoices",
                **number,
            )
        return ""


class SaleOrderChangeLine(models.Model):
    _inherit = "sale.order.change.line"

    def _is_changed_any(self):
        """Tell whether one of these lines asks for anything."""
        return any(line._is_changed() for line in self)
