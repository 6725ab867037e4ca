import math
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import float_round


class SaleOrderFeasibilityReport(models.AbstractModel):
    """Makes findings of what can be promised (SPEC B4).

    Quantities are in the unit of the line; of a part of a kit, in the part's own
    unit. Dates of stock are days in the warehouse; what can be promised *at the
    earliest* is later by the company's security lead time.
    """

    _name = "sale.order.feasibility.report"
    _description = "Findings About Delivery Dates"

    @api.model
    def _report_date(self, order):
        """Return the finding that the delivery date of an order is over, or none."""
        checks = self.env["sale.order.feasibility"]
        promised = checks._get_day(order.company_id, order.commitment_date)
        if promised >= checks._get_today(order.company_id):
            return []
        return [
            order._approval_make_finding(
                "delivery_past",
                "operations",
                "review",
                date=fields.Date.to_string(promised),
            )
        ]

    @api.model
    def _report_line(self, line, needs, promises, delays):
        """Return the findings of one line.

        :param needs: what the line needs
        :param promises: {need: Promise} of those that stock is to satisfy
        :param delays: {(product, company): days to get it}
        """
        findings = self._report_lead_time(line)
        kits = self._get_kits(line, needs, promises)
        for need in needs:
            delay = delays.get((need.product, line.company_id))
            if need.is_ordered:
                findings += self._report_ordered(need, delay)
            elif need in promises:
                findings += self._report_stock(need, promises[need], delay, kits)
        return findings

    @api.model
    def _report_lead_time(self, line):
        """Return the finding that the line takes longer than promised, or none."""
        checks = self.env["sale.order.feasibility"]
        company = line.company_id
        promised = checks._get_day(company, line.order_id.commitment_date)
        earliest = checks._get_lead_day(line)
        if not checks._get_today(company) <= promised < earliest:
            return []
        return [
            self._make(
                line,
                "delivery_lead",
                "review",
                days=line.customer_lead,
                earliest=fields.Date.to_string(earliest),
            )
        ]

    @api.model
    def _report_ordered(self, need, delay):
        """Return the finding that buying or making takes too long, or none."""
        if not delay:
            return []
        today, day = self._get_days(need.line)
        if today + timedelta(days=delay) <= day:
            return []
        return [
            self._make(
                need.line,
                "delivery_ordered",
                "review",
                days=delay,
                earliest=self._get_earliest(need.line, today + timedelta(days=delay)),
                **self._get_part(need),
            )
        ]

    @api.model
    def _report_stock(self, need, promise, delay, kits):
        """Return the finding about the pieces a line gets from stock, or none.

        :param delay: days to get more, None when nobody is known to supply it
        :param kits: how many kits are left, None unless the line sells kits
        """
        if not promise.short:
            if not promise.overdue:
                return []
            code, severity, values = "delivery_overdue", "info", {}
        else:
            today, day = self._get_days(need.line)
            in_time = delay is not None and today + timedelta(days=delay) <= day
            if in_time:
                code, severity = "delivery_order_by", "info"
                values = {"order_by": self._to_string(day - timedelta(days=delay))}
            else:
                code, severity = "delivery_short", "review"
                values = self._get_short_values(need, promise, today, delay, kits)
        return [
            self._make(
                need.line,
                code,
                severity,
                **self._get_quantities(need, promise),
                **self._get_part(need),
                **values,
            )
        ]

    @api.model
    def _get_short_values(self, need, promise, today, delay, kits):
        """Return when the missing pieces come."""
        last = promise.arrivals[-1][0] if promise.arrivals else None
        if promise.uncovered:
            last = today + timedelta(days=delay) if delay is not None else None
        return {
            "arrivals": [
                (self._to_string(day), self._to_quantity(need, pieces))
                for day, pieces in promise.arrivals
            ],
            "uncovered": self._to_quantity(need, promise.uncovered),
            "tentative": self._to_quantity(need, promise.tentative),
            "lead_days": delay if promise.uncovered else None,
            "earliest": self._get_earliest(need.line, last) if last else False,
            "kits": kits,
        }

    @api.model
    def _get_quantities(self, need, promise):
        """Return how much is wanted and short, and when."""
        line = need.line
        unit = self._get_shown_unit(need)
        return {
            "wanted": self._to_quantity(need, promise.wanted),
            "short": self._to_quantity(need, promise.short),
            "overdue": self._to_quantity(need, promise.overdue),
            "unit": unit.name,
            "unit_id": unit.id,
            "date": self._to_string(promise.day),
            "promised": self._to_string(
                self.env["sale.order.feasibility"]._get_day(
                    line.company_id, line.order_id.commitment_date
                )
            ),
        }

    @api.model
    def _get_part(self, need):
        """Return which part of a kit it is about; nothing when it is the line's own."""
        line, product = need.line, need.product
        if product == line.product_id:
            return {}
        return {
            "part": product.display_name,
            "part_id": product.id,
            "kit_unit": line.product_uom_id.name,
            "kit_unit_id": line.product_uom_id.id,
            "kits_wanted": line.product_uom_qty,
        }

    @api.model
    def _get_kits(self, line, needs, promises):
        """Return how many whole kits can be shipped in time, in the line's unit.

        :return: None when the line sells no kits
        """
        if all(need.product == line.product_id for need in needs):
            return None
        wanted = self.env["sale.order.feasibility"]._get_open_quantity(line)
        shares = [
            promises[need].available / promises[need].wanted
            for need in needs
            if need in promises and promises[need].wanted
        ]
        return math.floor(float_round(min(shares, default=1) * wanted, 6))

    @api.model
    def _get_days(self, line):
        """Return today and the shipping day of a line."""
        checks = self.env["sale.order.feasibility"]
        return checks._get_today(line.company_id), checks._get_shipping_day(line)

    @api.model
    def _get_earliest(self, line, day):
        """Return what can be promised when the goods are there on ``day``."""
        security = timedelta(days=math.ceil(line.company_id.security_lead or 0.0))
        return self._to_string(day + security)

    @api.model
    def _to_string(self, day):
        return fields.Date.to_string(day)

    @api.model
    def _get_shown_unit(self, need):
        line = need.line
        if (
            need.product == line.product_id
            and need.product.uom_id._has_common_reference(line.product_uom_id)
        ):
            return line.product_uom_id
        return need.product.uom_id

    @api.model
    def _to_quantity(self, need, pieces):
        """Return pieces of the ledger in the unit that is shown, rounded up."""
        digits = self.env["sale.order.feasibility"]._get_digits()
        return need.product.uom_id._compute_quantity(
            pieces / 10**digits, self._get_shown_unit(need)
        )

    @api.model
    def _make(self, line, code, severity, **values):
        """Return one finding of the operations department about a line."""
        return line.order_id._approval_make_finding(
            code,
            "operations",
            severity,
            line=line,
            line_label=line._policy_get_label(),
            **values,
        )
