from odoo import models

from ..progress import latest


class SaleOrder(models.Model):
    """What leaves the house for an order, and what arrives (SPEC F5)."""

    _inherit = "sale.order"

    def _handover_steps_shipment(self, facts):
        """Return one step per shipment and return, and one for services."""
        self.ensure_one()
        steps = [
            *self._handover_steps_pickings("shipment", facts.of_kind("ship"), facts),
            *self._handover_steps_to_come(facts),
            *self._handover_steps_pickings("return", facts.of_kind("return"), facts),
        ]
        services = facts.lines_without_moves()
        if services and self.state in ("sale", "cancel"):
            share = facts.delivered_share(services)
            steps.append(
                self._handover_make_step(
                    "service",
                    self.env._("Services provided"),
                    sequence=85,
                    planned=latest(map(facts.get_promised, services)),
                    state="done" if share >= 1.0 else "waiting",
                    share=share,
                )
            )
        if not steps and self.state not in ("sale", "cancel"):
            steps.append(
                self._handover_make_step(
                    "shipment",
                    self.env._("Shipment"),
                    sequence=80,
                    planned=self.commitment_date or None,
                )
            )
        return steps

    def _handover_steps_to_come(self, facts):
        """Return the step of the shipment that follows what is being picked."""
        moves = facts.unshipped_moves()
        if not moves:
            return []
        return [
            self._handover_make_step(
                "shipment",
                self.env._("Shipment"),
                key="shipment-next",
                sequence=80,
                planned=facts.promised_of(moves),
                expected=latest(facts.expected_of(move) for move in moves),
                lines=facts.get_moved_lines(moves),
            )
        ]

    def _handover_steps_pickings(self, code, moves, facts):
        """Return a step for each transfer of the moves, numbered if there are more."""
        by_picking = {}
        for move in moves:
            by_picking.setdefault(move.picking_id or 0, []).append(move)
        ordered = sorted(
            by_picking.items(),
            key=lambda item: (
                any(move.state != "done" for move in item[1]),
                latest(move.date for move in item[1]),
                item[0],
            ),
        )
        return [
            self._handover_step_picking(
                code, number if len(ordered) > 1 else 0, picking_id, its_moves, facts
            )
            for number, (picking_id, its_moves) in enumerate(ordered, 1)
        ]

    def _handover_step_picking(self, code, number, picking_id, moves, facts):
        """Return the step of one transfer."""
        is_done = all(move.state == "done" for move in moves)
        tracking = facts.tracking.get(picking_id) or {}
        return self._handover_make_step(
            code,
            self._handover_picking_name(code, number),
            key=f"{code}-{picking_id}",
            sequence=80 if code == "shipment" else 87,
            planned=facts.promised_of(moves)
            if code == "shipment"
            else latest(move.date_deadline or move.date for move in moves),
            expected=None
            if is_done
            else latest(facts.expected_of(move) for move in moves),
            actual=latest(move.date for move in moves) if is_done else None,
            share=facts.done_share(moves),
            detail=" ".join(
                filter(None, (tracking.get("carrier"), tracking.get("reference")))
            ),
            internal=", ".join(sorted({move.reference or "" for move in moves})),
            lines=facts.get_moved_lines(moves),
            tracking=tracking,
        )

    def _handover_picking_name(self, code, number):
        """Return what a transfer is called: "Shipment 2"; 0 for the only one."""
        if code == "shipment":
            return (
                self.env._("Shipment %(number)s", number=number)
                if number
                else self.env._("Shipment")
            )
        return (
            self.env._("Return %(number)s", number=number)
            if number
            else self.env._("Return")
        )

    def _handover_step_acceptance(self, facts):
        """Return the step of delivery in a list: when the goods are the customer's.

        From native moves: what awaits acceptance is delivered once it is moved on to
        the customer. Made to be extended by what knows more about acceptance.
        """
        self.ensure_one()
        accepts = facts.of_kind("accept")
        ships = facts.of_kind("ship")
        if accepts or any(move.awaits for move in ships):
            is_done = bool(accepts) and not facts.open_moves()
            return [
                self._handover_make_step(
                    "acceptance",
                    self.env._("Accepted by the customer"),
                    sequence=90,
                    expected=latest(m.date for m in accepts if m.state != "done"),
                    actual=latest(m.date for m in accepts) if is_done else None,
                    share=facts.delivered_share(facts.lines_with_moves()),
                )
            ]
        if not facts.lines_with_moves():
            return []
        lines = facts.lines_with_moves()
        share = facts.delivered_share(lines)
        is_done = all(map(facts.is_line_done, lines)) and not facts.open_moves()
        return [
            self._handover_make_step(
                "delivered",
                self.env._("Delivered in full"),
                sequence=90,
                planned=latest(map(facts.get_promised, lines)),
                expected=None
                if is_done
                else latest(facts.get_expected(line.id)[0] for line in lines),
                actual=latest(m.date for m in ships) if is_done else None,
                share=share,
            )
        ]

    def _handover_get_tracking(self, picking_ids):
        """Return {picking_id: {"carrier", "reference", "url"}} of shipments.

        Hook: Odoo keeps tracking references with its add-on for carriers.
        """
        return {}
