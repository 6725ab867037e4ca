from odoo import fields, models

from ..progress import is_later, latest


class SaleOrder(models.Model):
    """The way of an order as one timeline, from intake to receipt (SPEC F5)."""

    _inherit = "sale.order"

    def _handover_get_steps(self):
        """Return {order_id: [step]}: the timeline of each order, in its order.

        The number of statements does not depend on the number of orders. Facts
        without access rights: who may see the order is checked by the caller, and
        customers are shown :meth:`_handover_public_steps` only.

        A step is a dict:

        - ``code``: str, stable; several shipments have ``shipment`` each
        - ``key``: str, unique within the order
        - ``sequence``: int, the place in the timeline
        - ``name``, ``detail``: str, in the reader's language, fit for ``audience``
        - ``planned``: datetime (UTC) or None, what was promised or planned first
        - ``expected``: datetime (UTC) or None, as the documents say now
        - ``actual``: datetime (UTC) or None, when it was done
        - ``state``: ``done``, ``current``, ``late``, ``waiting`` or ``skipped``
        - ``share``: float, 0 to 1, how much of it is done
        - ``lines``: list of dicts; of the step ``complete`` the order's lines with
          ``ordered``, ``shipped``, ``delivered``, ``returned``, ``unit``,
          ``planned``, ``expected`` and ``state``; of a shipment what it carries
        - ``audience``: ``staff`` or ``all``
        - ``internal``: str, more for staff

        Made to be extended: call super, add steps made by
        :meth:`_handover_make_step`, and pass each list through
        :meth:`_handover_arrange_steps`. What bridges know about production and
        purchase they add in :meth:`_handover_extra_steps`.
        """
        # sudo: the facts about an order are the same whoever asks for them
        orders_sudo = self.sudo()
        facts = orders_sudo._handover_get_facts()
        extra = orders_sudo._handover_extra_steps(facts)
        result = {}
        for order in orders_sudo:
            known = facts[order.id]
            steps = [
                *order._handover_steps_intake(known),
                *extra.get(order.id, []),
                *order._handover_steps_supply(known),
                *order._handover_steps_shipment(known),
                *order._handover_step_acceptance(known),
                *order._handover_steps_end(known),
            ]
            result[order.id] = order._handover_arrange_steps(steps)
        return result

    def _handover_extra_steps(self, facts):
        """Return {order_id: [step]} of production, purchase and the like.

        Hook for bridges; in sets, as elevated user.

        :param dict facts: {order_id: facts}, see :meth:`_handover_get_facts`
        """
        return {}

    def _handover_make_step(self, code, name, **values):
        """Return a step; see :meth:`_handover_get_steps` for what it is made of.

        Without ``state`` it is done when it has an ``actual`` date, else it waits.
        """
        step = {
            "code": code,
            "key": code,
            "name": name,
            "sequence": 100,
            "planned": None,
            "expected": None,
            "actual": None,
            "detail": "",
            "internal": "",
            "lines": [],
            "audience": "all",
            **values,
        }
        step.setdefault("state", "done" if step["actual"] else "waiting")
        step.setdefault("share", 1.0 if step["state"] == "done" else 0.0)
        return step

    def _handover_arrange_steps(self, steps):
        """Return the steps in their order, with ``current``, ``late``, ``skipped``.

        Late is what is not done on the day after it was planned, or is expected on a
        later day. The first step that is not done is the current one, if it is not
        late. Whatever is not done on a cancelled order is skipped. May be called
        again after steps were added.
        """
        self.ensure_one()
        zone = self.company_id._handover_zone()
        now = fields.Datetime.now()
        steps = sorted(steps, key=lambda step: step["sequence"])
        seen = False
        for step in steps:
            if step["state"] in ("done", "skipped"):
                continue
            if self.state == "cancel":
                step["state"] = "skipped"
                continue
            planned = step["planned"]
            is_late = is_later(now, planned, zone) or is_later(
                step["expected"], planned, zone
            )
            step["state"] = "late" if is_late else "waiting" if seen else "current"
            seen = True
        return steps

    # From the order to its confirmation ------------------------------------------

    def _handover_steps_intake(self, facts):
        """Return the steps up to the confirmation."""
        self.ensure_one()
        steps = [
            self._handover_make_step(
                "intake",
                self.env._("Order received"),
                sequence=10,
                actual=self.create_date,
                detail=self.client_order_ref or "",
                internal=self.policy_external_number or "",
            ),
            *self._handover_steps_approval(),
        ]
        is_confirmed = self.state == "sale"
        letter = self.policy_letter_ids.filtered(
            lambda letter: letter.state != "superseded"
        ).sorted("version")[:1]
        steps.append(
            self._handover_make_step(
                "confirmed",
                self.env._("Order confirmed"),
                sequence=30,
                actual=(letter.date or self.date_order) if is_confirmed else None,
                detail=self.env._("Confirmation letter sent")
                if is_confirmed and letter.state == "sent"
                else "",
            )
        )
        return steps

    def _handover_steps_approval(self):
        """Return the steps of the approval, for staff; none where none was needed."""
        self.ensure_one()
        round_sudo = self.approval_round_id
        seats_sudo = round_sudo.seat_ids
        if not seats_sudo:
            return []
        words = dict(seats_sudo._fields["state"]._description_selection(self.env))
        agreed = seats_sudo.filtered(lambda seat: seat.state == "approved")
        needed = seats_sudo.filtered("is_required")
        return [
            self._handover_make_step(
                "submitted",
                self.env._("Submitted for approval"),
                sequence=15,
                actual=round_sudo.date_submitted,
                audience="staff",
            ),
            self._handover_make_step(
                "approved",
                self.env._("Approved"),
                sequence=20,
                planned=latest(seats_sudo.mapped("date_deadline")),
                actual=round_sudo.date_approved or None,
                share=len(agreed & needed) / len(needed)
                if needed
                else float(bool(round_sudo.date_approved)),
                internal="\n".join(
                    f"{seat.department_id.name}: {words[seat.state]}"
                    for seat in seats_sudo.sorted(lambda s: (s.level_sequence, s.id))
                ),
                audience="staff",
            ),
        ]

    # Goods ------------------------------------------------------------------------

    def _handover_steps_supply(self, facts):
        """Return the steps before goods leave: what comes in for them, picking."""
        self.ensure_one()
        steps = []
        for kind, name, sequence in (
            ("in", self.env._("Goods received for the order"), 60),
            ("pick", self.env._("Goods picked"), 70),
        ):
            moves = facts.of_kind(kind)
            if not moves:
                continue
            is_done = all(move.state == "done" for move in moves)
            steps.append(
                self._handover_make_step(
                    kind == "in" and "incoming" or "picking",
                    name,
                    sequence=sequence,
                    planned=latest(move.date_deadline or move.date for move in moves),
                    expected=latest(
                        facts.date_of(m) for m in moves if m.state != "done"
                    ),
                    actual=latest(m.date for m in moves) if is_done else None,
                    share=facts.done_share(moves),
                    internal=", ".join(
                        sorted({move.reference for move in moves if move.reference})
                    ),
                )
            )
        return steps

    def _handover_steps_end(self, facts):
        """Return the last step, with the lines in detail, and a cancellation."""
        self.ensure_one()
        steps = []
        if self.state == "cancel":
            steps.append(
                self._handover_make_step(
                    "cancelled",
                    self.env._("Order cancelled"),
                    sequence=200,
                    state="done",
                )
            )
        lines = facts.get_line_details()
        is_complete = self.state == "sale" and facts.is_complete()
        steps.append(
            self._handover_make_step(
                "complete",
                self.env._("Order complete"),
                sequence=100,
                planned=latest(line["planned"] for line in lines),
                expected=None
                if is_complete
                else latest(line["expected"] for line in lines),
                actual=(facts.last_done() or self.date_order) if is_complete else None,
                share=facts.delivered_share(),
                lines=lines,
            )
        )
        return steps
