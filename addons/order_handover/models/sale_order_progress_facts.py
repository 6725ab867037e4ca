from collections import defaultdict

from odoo import fields, models

from ..progress import is_later, latest


class OrderFacts:
    """What is known about one order: its lines, moves and dates. Plain reading."""

    def __init__(self, order, moves, forecasts, supply, tracking):
        self.order = order
        self.moves = moves
        self.forecasts = forecasts
        self.supply = supply
        self.tracking = tracking
        self.zone = order.company_id._handover_zone()
        self.lines = order.order_line.filtered("handover_is_delivered")
        self.by_line = defaultdict(list)
        for move in moves:
            self.by_line[move.line_id].append(move)
        self._expected = {}

    def of_kind(self, *kinds):
        """Return the moves of the kinds; each once, whatever lines it serves."""
        found = {}
        for move in self.moves:
            if move.kind in kinds and (move.id not in found or move.is_own):
                found[move.id] = move
        return list(found.values())

    def open_moves(self):
        """Return the moves towards the customer that are still to be done.

        In several steps the later ones may not exist yet: then the earlier ones.
        """
        return [
            move
            for move in self.of_kind("pick", "ship", "accept")
            if move.state != "done" and (move.is_own or move.kind != "pick")
        ]

    def last_done(self):
        """Return when the last goods moved from or to the customer, or None."""
        return latest(
            move.date
            for move in self.of_kind("ship", "accept", "return")
            if move.state == "done"
        )

    # Lines -------------------------------------------------------------------------

    def lines_with_moves(self):
        ids = {m.line_id for m in self.moves if m.is_own and m.kind != "return"}
        return self.lines.filtered(lambda line: line.id in ids)

    def lines_without_moves(self):
        """Return the lines that no goods leave for: services, what is not stocked."""
        return self.lines - self.lines_with_moves()

    def delivered_share(self, lines=None):
        """Return how much of the lines is delivered, each line counting alike."""
        lines = self.lines if lines is None else lines
        if not lines:
            return 1.0 if self.order.state == "sale" else 0.0
        shares = [
            min(max(line.qty_delivered / line.product_uom_qty, 0.0), 1.0)
            for line in lines
        ]
        return sum(shares) / len(shares)

    def is_complete(self):
        """Tell whether everything ordered has arrived and nothing is under way."""
        return not self.open_moves() and all(map(self.is_line_done, self.lines))

    def is_line_done(self, line):
        """Tell whether all of the line has arrived, even if some was given back."""
        arrived = line.qty_delivered
        if arrived < line.product_uom_qty:
            arrived += self._get_moved(line, "return")
        return line.product_uom_id.compare(arrived, line.product_uom_qty) >= 0

    def get_line_details(self):
        """Return the lines as dicts, with ordered, shipped, delivered, returned."""
        return [self._get_line_detail(line) for line in self.lines]

    def _get_line_detail(self, line):
        planned, expected = self._get_dates(line)
        is_done = self.is_line_done(line)
        is_late = not is_done and (
            is_later(fields.Datetime.now(), planned, self.zone)
            or is_later(expected, planned, self.zone)
        )
        return {
            "line_id": line.id,
            "name": line.name.split("\n")[0],
            "unit": line.product_uom_id.name,
            "ordered": line.product_uom_qty,
            "shipped": self._get_moved(line, "ship"),
            "delivered": line.qty_delivered,
            "returned": self._get_moved(line, "return"),
            "planned": planned,
            "expected": expected,
            "state": "skipped"
            if self.order.state == "cancel" and not is_done
            else "done"
            if is_done
            else "late"
            if is_late
            else "waiting",
        }

    def _get_moved(self, line, kind):
        """Return how much of the line was shipped or came back, in its unit.

        A kit moves as its parts: then what Odoo counts as delivered was shipped.
        """
        moves = [
            m
            for m in self.by_line[line.id]
            if m.is_own and m.kind == kind and m.state == "done"
        ]
        if any(move.product_id != line.product_id.id for move in moves):
            return line.qty_delivered if kind == "ship" else 0.0
        unit = line.product_uom_id
        return sum(self._convert(move, move.quantity, unit) for move in moves)

    def _convert(self, move, quantity, unit):
        """Return a quantity of a move in a unit."""
        used = unit.browse(move.uom_id)
        return used._compute_quantity(quantity, unit) if used != unit else quantity

    # Dates -------------------------------------------------------------------------

    def _get_dates(self, line):
        """Return when the line was promised, and when it is expected now."""
        return self.get_promised(line), self.get_expected(line.id)[0]

    def get_promised(self, line):
        """Return when the line was promised: for the order, else by its lead time.

        Not what its moves say: a purchase that is postponed postpones their deadline.
        """
        return self.order.commitment_date or line._expected_date() or None

    def promised_of(self, moves):
        """Return when the lines of the moves were promised, the last of them."""
        lines = self.order.order_line.browse({move.line_id for move in moves})
        return latest(map(self.get_promised, lines))

    def date_of(self, move):
        """Return when an open move is expected.

        A vendor who postpones moves the deadline of the receipt, not its date.
        """
        if move.kind == "in" and move.date_deadline:
            return max(move.date, move.date_deadline)
        return move.date

    def expected_of(self, move):
        """Return when a shipment is expected: not before what it waits for."""
        if move.state == "assigned":  # what it waited for has come
            return move.date
        return max(move.date, self.get_expected(move.line_id)[0] or move.date)

    def get_expected(self, line_id):
        """Return (datetime, document) of the line's last open date, or (None, "").

        The latest of its own open moves, of those they wait for (receipts, made
        goods), of what the forecast says, and of what bridges know. Acceptance does
        not count: it is for the customer to say.
        """
        if line_id not in self._expected:
            self._expected[line_id] = self._find_expected(line_id)
        return self._expected[line_id]

    def _find_expected(self, line_id):
        moves = self.by_line[line_id]
        dates = [
            (self.date_of(move), move.reference or "")
            for move in moves
            if move.state != "done" and move.kind in ("in", "make", "pick", "ship")
        ]
        if not dates:
            return None, ""
        dates += [
            self.forecasts[move.id] for move in moves if move.id in self.forecasts
        ]
        dates += self.supply.get(line_id, [])
        return max((date, reference or "") for date, reference in dates if date)

    # Quantities of moves -----------------------------------------------------------

    def unshipped_moves(self):
        """Return the open moves in the house whose shipment does not exist yet.

        Of several steps Odoo makes the next one when the one before is done.
        """
        covered = {}
        for move in self.moves:
            if move.is_own and move.kind == "ship":
                amount = move.quantity if move.state == "done" else move.demand
                line = self.order.order_line.browse(move.line_id)
                covered[line] = covered.get(line, 0.0) + self._convert(
                    move, amount, line.product_uom_id
                )
        return [
            move
            for move in self.of_kind("pick")
            if move.is_own
            and move.state != "done"
            and self._is_uncovered(move, covered)
        ]

    def _is_uncovered(self, move, covered):
        """Tell whether shipments do not cover the line of a move, in part or at all."""
        line = self.order.order_line.browse(move.line_id)
        if move.product_id != line.product_id.id:
            return not covered.get(line)
        unit = line.product_uom_id
        return unit.compare(covered.get(line, 0.0), line.product_uom_qty) < 0

    def done_share(self, moves):
        """Return how much of the moves is done, each counting alike."""
        return sum(move.state == "done" for move in moves) / len(moves)

    def get_moved_lines(self, moves):
        """Return what a transfer carries, per order line of which it carries goods."""
        lines = {line.id: line for line in self.lines}
        result = []
        for move in moves:
            line = lines.get(move.line_id)
            if line and move.product_id == line.product_id.id:
                quantity = move.quantity if move.state == "done" else move.demand
                result.append(
                    {
                        "line_id": line.id,
                        "name": line.name.split("\n")[0],
                        "quantity": self._convert(move, quantity, line.product_uom_id),
                        "unit": line.product_uom_id.name,
                    }
                )
        return result


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _handover_get_facts(self, tracking=True):
        """Return {order_id: OrderFacts}; in sets, as elevated user.

        :param bool tracking: with the tracking of shipments, which carriers' own code
            tells; dates do not need it
        """
        reader = self.env["order.progress.moves"]
        moves = reader._get_moves(self)
        every = [move for its_moves in moves.values() for move in its_moves]
        forecasts = reader._get_forecasts(every)
        supply = self._handover_get_supply(moves)
        shipments = {m.picking_id for m in every if m.kind == "ship" and m.picking_id}
        known = self._handover_get_tracking(shipments) if tracking else {}
        return {
            order.id: OrderFacts(
                order, moves.get(order.id, []), forecasts, supply, known
            )
            for order in self
        }

    def _handover_get_supply(self, moves):
        """Return {line_id: [(datetime, document)]} that no move says yet.

        Hook for bridges: requests for quotation, for instance, have no moves.

        :param dict moves: {order_id: [:class:`~..progress.Move`]}
        """
        return {}
