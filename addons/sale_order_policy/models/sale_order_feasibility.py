from datetime import timedelta
from typing import Any, NamedTuple

import pytz

from odoo import api, fields, models

from ..promise import Ledger
from .sale_order_completeness import LARGEST_NUMBER


class Need(NamedTuple):
    """How much of one product a line takes: in the product's unit, and per line unit.

    ``is_ordered``: bought or made for the line, so that no stock counts.
    """

    line: Any
    product: Any
    quantity: float
    is_ordered: bool

    @property
    def key(self):
        return self.product.id, self.line.warehouse_id.id


class SaleOrderFeasibility(models.AbstractModel):
    """Tells whether orders can be delivered when they promise to (SPEC B1, B4).

    *Promised day*: the delivery date of the order, in the time zone of its company
    (of the company's address, else of its working hours, else UTC). An order without
    a delivery date promises nothing.

    *Shipping day*: the promised day less the company's security lead time; that is
    when the goods must be in the warehouse. It is never before today.

    *Stock*: on hand in the warehouse of the line, plus open moves into it, less open
    moves out of it, by day. Drafts do not count, nor what others own. Receipts that
    are late count today. On top, orders that are approved or in review but not yet
    confirmed take what they promised, and the lines of one call take theirs one after
    the other: the earlier shipping day first, then the older order. Nobody is promised
    pieces that a demand known before needs later.

    What has to be bought or made for a line (make to order, dropshipping) takes no
    stock; services and goods whose stock is not kept need only their lead time.
    Not told apart: lots near their expiry, and where in the warehouse goods lie.
    """

    _name = "sale.order.feasibility"
    _description = "Feasibility of Delivery Dates"

    @api.model
    def _get_findings(self, orders):
        """Return {order id: [finding]} of the delivery dates of ``orders``.

        In a number of queries that depends neither on the orders nor on their lines,
        but for Odoo's own reading of records by the thousand.

        :param orders: sale.order records with elevated rights, of any companies
        """
        findings = {order.id: [] for order in orders}
        checked = orders.filtered(
            lambda order: (
                order.policy_type_id.check_feasibility and order.commitment_date
            )
        )
        found = self._check_lines(self._get_lines(checked.order_line))
        reports = self.env["sale.order.feasibility.report"]
        for order in checked:
            findings[order.id] += reports._report_date(order)
            for line in order.order_line:
                findings[order.id] += found.get(line, [])
        return findings

    # Days ------------------------

    @api.model
    def _get_timezone(self, company):
        """Return the name of the time zone in which a company counts its days."""
        return company.partner_id.tz or company.resource_calendar_id.tz or "UTC"

    @api.model
    def _get_day(self, company, moment):
        """Return the day of a moment (UTC) where the company is."""
        zone = pytz.timezone(self._get_timezone(company))
        try:
            return pytz.utc.localize(moment).astimezone(zone).date()
        except OverflowError:  # on the first or last day of the calendar
            return moment.date()

    @api.model
    def _get_today(self, company):
        return self._get_day(company, fields.Datetime.now())

    @api.model
    def _get_lead_day(self, line):
        """Return the first day the line can be shipped, whatever is in stock."""
        lead = timedelta(days=line.customer_lead or 0.0)
        return self._get_day(line.company_id, fields.Datetime.now() + lead)

    @api.model
    def _get_shipping_day(self, line):
        """Return the day on which the goods of a line have to be in the warehouse."""
        company = line.company_id
        promised = line.order_id.commitment_date
        if not promised:
            return self._get_lead_day(line)
        today = self._get_today(company)
        if promised < fields.Datetime.now():
            return today
        security = timedelta(days=company.security_lead or 0.0)
        return max(today, self._get_day(company, promised - security))

    # Needs ------------------------

    @api.model
    def _get_lines(self, lines):
        """Return those of ``lines`` that promise goods or services."""
        return lines.filtered(
            lambda line: (
                line.product_id
                and not line.display_type
                and 0 < line.product_uom_qty <= LARGEST_NUMBER
                and line.order_id._approval_line_is_material(line)
            )
        )

    @api.model
    def _explode(self, lines):
        """Return {line: [(product, quantity)]}: what has to be shipped for each line.

        :return: the quantity in the product's own unit. Made to be extended by kits.
        """
        return {
            line: [
                (
                    line.product_id,
                    line.product_uom_id._compute_quantity(
                        self._get_open_quantity(line),
                        line.product_id.uom_id,
                        raise_if_failure=False,
                    ),
                )
            ]
            for line in lines
        }

    @api.model
    def _get_open_quantity(self, line):
        """Return how much of a line is still to be shipped, in the line's unit."""
        if line.state != "sale":
            return line.product_uom_qty
        return max(line.product_uom_qty - line.qty_delivered, 0.0)

    @api.model
    def _get_containing(self, products):
        """Return the products whose sale takes ``products``. To be extended by kits."""
        return products

    @api.model
    def _get_needs(self, lines):
        """Return {line: [Need]} of what is stored or brought in for each line."""
        exploded = self._explode(lines)
        routes_of = {
            (line, product): line.route_ids
            or product.route_ids | product.categ_id.total_route_ids
            for line, parts in exploded.items()
            for product, _quantity in parts
        }
        routes = self.env["stock.route"].union(*routes_of.values())
        rules = self.env["stock.rule"].search_fetch([("route_id", "in", routes.ids)])
        rules_of = rules.grouped("route_id")
        return {
            line: [
                Need(
                    line,
                    product,
                    quantity,
                    any(
                        self._is_ordering_rule(rule, line)
                        for route in routes_of[line, product]
                        for rule in rules_of.get(route, ())
                    ),
                )
                for product, quantity in parts
                if product.is_storable
            ]
            for line, parts in exploded.items()
        }

    @api.model
    def _is_ordering_rule(self, rule, line):
        """Tell whether a rule has the goods of a line bought or made for it alone."""
        warehouse = line.warehouse_id
        if rule.warehouse_id and rule.warehouse_id != warehouse:
            return False
        companies = line.company_id | warehouse.company_id
        if rule.company_id and rule.company_id not in companies:
            return False
        if rule.action in ("pull", "pull_push"):
            return (
                rule.procure_method == "make_to_order"
                and rule.location_src_id == warehouse.lot_stock_id
            )
        return rule.action != "push" and rule.location_dest_id.usage == "customer"

    # Who gets what ------------------------

    @api.model
    def _check_lines(self, lines):
        """Return {line: [finding]} of lines of any orders."""
        if not lines:
            return {}
        needs = self._get_needs(lines)
        promises = self._get_promises(
            [
                need
                for line_needs in needs.values()
                for need in line_needs
                if not need.is_ordered and need.line.warehouse_id
            ],
            lines.order_id,
        )
        delays = self._get_delays(
            [need for line_needs in needs.values() for need in line_needs]
        )
        reports = self.env["sale.order.feasibility.report"]
        return {
            line: reports._report_line(line, needs[line], promises, delays)
            for line in lines
        }

    @api.model
    def _get_promises(self, needs, orders):
        """Return {need: Promise}, the needs taking theirs one after the other.

        :param needs: needs that stock is to satisfy
        :param orders: whose own moves and approvals do not count against them
        """
        if not needs:
            return {}
        ledgers = self._get_ledgers(needs, orders)
        self._add_claims(ledgers, needs, orders)
        step = 10 ** self._get_digits()
        promises = {}
        for need in sorted(needs, key=self._get_turn):
            promises[need] = ledgers[need.key].take(
                self._get_shipping_day(need.line), round(need.quantity * step)
            )
        return promises

    @api.model
    def _get_turn(self, need):
        """Return what decides who is served first."""
        line = need.line
        return (
            self._get_shipping_day(line),
            line.order_id.id,
            line.sequence,
            line.id,
            need.product.id,
        )

    @api.model
    def _get_digits(self):
        return self.env["decimal.precision"].precision_get("Product Unit")

    @api.model
    def _get_ledgers(self, needs, orders):
        """Return {(product id, warehouse id): Ledger} of stock and planned moves."""
        warehouses = self.env["stock.warehouse"].union(
            *(need.line.warehouse_id for need in needs)
        )
        today_of = {wh.id: self._get_today(wh.company_id) for wh in warehouses}
        ledgers = {need.key: Ledger(today_of[need.key[1]]) for need in needs}
        step = 10 ** self._get_digits()
        rows = self._fetch_stock(list(ledgers), warehouses, orders)
        for product_id, warehouse_id, day, quantity in rows:
            ledger = ledgers[product_id, warehouse_id]
            pieces = round(float(quantity) * step)
            if day and day < ledger.today and pieces > 0:
                ledger.add_overdue(pieces)
            else:
                ledger.add(day or ledger.today, pieces)
        return ledgers

    @api.model
    def _add_claims(self, ledgers, needs, orders):
        """Enter what other orders promised that are not confirmed yet.

        Those in review count as well, or two orders submitted on one day would
        promise the same pieces; what they take is noted as tentative.
        """
        step = 10 ** self._get_digits()
        lines = self._get_claiming_lines(needs, orders)
        for line, line_needs in self._get_needs(lines).items():
            tentative = line.order_id.approval_state == "pending"
            for need in line_needs:
                if need.key in ledgers and not need.is_ordered:
                    ledgers[need.key].add(
                        self._get_shipping_day(line),
                        -round(need.quantity * step),
                        tentative=tentative,
                    )
