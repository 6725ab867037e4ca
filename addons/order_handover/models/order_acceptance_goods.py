from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import float_compare, float_is_zero


class OrderAcceptance(models.Model):
    """What of a shipment lies in 待签收, and what may leave it (SPEC G4; DESIGN 6).

    Moves into 待签收 and out of it to the customer carry the slip; returns point to
    what was shipped. What was shipped, less what was accepted and what came back, is
    what is there: never less than nothing, and always somebody's open move.
    """

    _inherit = "order.acceptance"

    @api.model
    def _create_for_goods(self, shipment, transfer, pairs):
        """Make the slip of a shipment. Called by the system.

        :param shipment: the transfer into 待签收; may be empty
        :param transfer: the transfer from there to the customer
        :param pairs: ``[(shipped move, moves onward)]``
        :return: the slip
        """
        order = next((o for m, _on in pairs if (o := m._handover_get_order())), None)
        order = order if order else self.env["sale.order"]
        company = pairs[0][0].company_id
        receiver = order.partner_shipping_id or shipment.partner_id
        # sudo: slips are made by the system, whoever ships
        slip = (
            self.sudo()
            .with_context(mail_create_nolog=True, mail_create_nosubscribe=True)
            .create(
                {
                    "name": self._get_next_name(company),
                    "kind": "goods",
                    "state": "waiting",
                    "company_id": company.id,
                    "order_id": order.id,
                    "partner_id": (order.partner_id or receiver).id,
                    "delivery_partner_id": receiver.id,
                    "picking_id": shipment.id,
                    "transfer_id": transfer.id,
                }
            )
        )
        for move, onward in pairs:
            (move | onward).handover_acceptance_id = slip
        slip._fill_lines()
        slip._mail_ready()
        return slip

    # What is there -----------------------------------------------------------------

    def _get_shipped_moves(self):
        return self.move_ids.filtered(
            lambda m: m.state == "done" and m._handover_enters_waiting()
        )

    def _get_onward_moves(self):
        return self.move_ids.filtered(
            lambda m: m.state != "cancel" and m._handover_leaves_waiting()
        )

    def _get_return_moves(self):
        return self._get_shipped_moves().returned_move_ids.filtered(
            lambda m: m.state != "cancel" and m._handover_is_return()
        )

    def _get_left(self):
        """Return what of the slip lies in 待签收: ``{(product, lot): quantity}``.

        In the unit of the product; negative when more has left than came.
        """
        self.ensure_one()
        left = {}
        onward = self._get_onward_moves() | self._get_return_moves()
        for moves, sign in ((self._get_shipped_moves(), 1), (onward, -1)):
            for line in moves.move_line_ids:
                if line.state != "done":
                    continue
                if sign < 0 and not line.location_id._handover_is_waiting():
                    continue
                key = (line.product_id, line.lot_id)
                left[key] = left.get(key, 0.0) + sign * line.quantity_product_uom
        return left

    def _fill_lines(self):
        """Write what the customer has to accept: one line per move onward and lot."""
        self.ensure_one()
        wanted = {}
        shipped = self._get_shipped_moves()
        for move in self._get_onward_moves():
            origins = (move.move_orig_ids & shipped) or shipped.filtered(
                lambda m, move=move: m.product_id == move.product_id
            )
            back = origins.returned_move_ids & self._get_return_moves()
            for lines, sign in ((origins.move_line_ids, 1), (back.move_line_ids, -1)):
                for line in lines.filtered(lambda ml: ml.state == "done"):
                    key = (move, line.lot_id)
                    wanted[key] = wanted.get(key, 0.0) + sign * (
                        line.product_id.uom_id._compute_quantity(
                            line.quantity_product_uom, move.product_uom, round=False
                        )
                    )
        present = {(line.move_id, line.lot_id): line for line in self.line_ids}
        for (move, lot), quantity in wanted.items():
            quantity = max(move.product_uom.round(quantity), 0.0)
            line = present.pop((move, lot), None)
            if line:
                if line.quantity != quantity:
                    line.quantity = quantity
            else:
                self.line_ids.create(self._prepare_line_values(move, lot, quantity))
        for line in present.values():
            line.quantity = 0.0

    def _prepare_line_values(self, move, lot, quantity):
        sale_line = move.sale_line_id
        return {
            "acceptance_id": self.id,
            "sequence": sale_line.sequence or 10,
            "sale_line_id": sale_line.id,
            "move_id": move.id,
            "product_id": move.product_id.id,
            "lot_id": lot.id,
            "name": move.product_id.with_context(
                lang=self.partner_id.lang
            ).display_name,
            "product_uom_id": move.product_uom.id,
            "quantity": quantity,
        }

    # Following the warehouse ---------------------------------------------------------

    def _sync(self):
        """Adjust slips after goods went back, or done quantities were changed.

        What came back needs no acceptance: the transfer onward is reduced or cancelled
        in the same step, and a slip of which nothing is left is cancelled.

        :raise UserError: when a signed slip would not be right any more
        """
        for slip in self:
            if slip.state != "waiting":
                slip._check_settled()
                continue
            slip._bump()
            slip._check_not_overdrawn()
            slip._fill_lines()
            for move in slip._get_onward_moves():
                if move.state == "done":
                    continue
                lines = slip.line_ids.filtered(lambda ln, move=move: ln.move_id == move)
                quantity = sum(lines.mapped("quantity"))
                if move.product_uom.is_zero(quantity):
                    move._action_cancel()
                elif move.product_uom.compare(move.product_uom_qty, quantity):
                    move._do_unreserve()
                    move.product_uom_qty = quantity
            slip._get_onward_moves().filtered(
                lambda m: m.state not in ("done", "cancel")
            )._action_assign()
            if not any(slip.line_ids.mapped("quantity")):
                slip._cancel_system()
            slip._check_settled()

    def _check_covered(self):
        """Refuse that more leaves than was signed for, or came.

        :raise UserError: naming slip and product
        """
        for slip in self:
            slip._check_not_overdrawn()
            signed = {}
            is_signed = slip.state == "signed" and slip.kind == "goods"
            for line in slip.line_ids if is_signed else ():
                key = (line.product_id, line.lot_id)
                signed[key] = signed.get(
                    key, 0.0
                ) + line.product_uom_id._compute_quantity(
                    line.accepted_qty, line.product_id.uom_id, round=False
                )
            for line in slip._get_onward_moves().move_line_ids:
                if line.state != "done" or not line.location_id._handover_is_waiting():
                    continue
                key = (line.product_id, line.lot_id)
                signed[key] = signed.get(key, 0.0) - line.quantity_product_uom
            for (product, _lot), quantity in signed.items():
                if product.uom_id.compare(quantity, 0.0) < 0:
                    raise UserError(
                        self.env._(
                            "%(product)s waits for the customer's acceptance. It "
                            "counts as delivered when %(slip)s is signed: in the "
                            "portal, or by uploading the signed paper. Nothing else "
                            "is to be done here.",
                            product=product.display_name,
                            slip=slip.name,
                        )
                    )

    def _check_not_overdrawn(self):
        """:raise UserError: when more has left 待签收 than was shipped"""
        for slip in self:
            for (product, _lot), quantity in slip._get_left().items():
                if product.uom_id.compare(quantity, 0.0) < 0:
                    raise UserError(
                        self.env._(
                            "%(product)s: that is more than was shipped with %(slip)s "
                            "and is still there.",
                            product=product.display_name,
                            slip=slip.name,
                        )
                    )

    def _check_settled(self):
        """Refuse that goods lie in 待签收 which nothing would take out.

        What is there waits for the signature, or was rejected and waits for its return.

        :raise UserError: naming slip and product
        """
        # sudo: called for whoever moves goods
        for slip in self.sudo():
            if slip.kind != "goods":
                continue
            slip._check_not_overdrawn()
            open_moves = slip._get_return_moves()
            if slip.state == "waiting":
                open_moves = slip._get_onward_moves()
            taken = {}
            for move in open_moves:
                if move.state != "done":
                    product = move.product_id
                    taken[product] = taken.get(product, 0.0) + move.product_qty
            left = {}
            for (product, _lot), quantity in slip._get_left().items():
                left[product] = left.get(product, 0.0) + quantity
            for product, quantity in left.items():
                if product.uom_id.compare(quantity, taken.get(product, 0.0)) > 0:
                    raise UserError(slip._get_unsettled_text(product, quantity))

    def _get_unsettled_text(self, product, quantity):
        self.ensure_one()
        if self.state == "waiting":
            return self.env._(
                "%(quantity)s of %(product)s are with the customer and wait for the "
                "signature of %(slip)s. Let the customer accept or reject them, or "
                "make a return of the delivery and receive the goods.",
                quantity=quantity,
                product=product.display_name,
                slip=self.name,
            )
        return self.env._(
            "%(quantity)s of %(product)s were shipped with %(slip)s and not accepted. "
            "They have to come back: keep the return open for what is missing, or "
            "receive all of it and scrap what is lost.",
            quantity=quantity,
            product=product.display_name,
            slip=self.name,
        )

    # After the signature -----------------------------------------------------------

    def _move_accepted(self):
        """Move what was accepted on to the customer."""
        self.ensure_one()
        moves = self._get_onward_moves().filtered(lambda m: m.state != "done")
        moves._action_assign()
        accepted = moves.browse()
        for move in moves:
            lines = self.line_ids.filtered(lambda ln, move=move: ln.move_id == move)
            if move.product_uom.is_zero(sum(lines.mapped("accepted_qty"))):
                continue
            for line in lines:
                line._take_from(move)
            accepted |= move
        if accepted:
            accepted.picked = True
            accepted._action_done(cancel_backorder=True)
        return moves - accepted

    def _return_rejected(self):
        """Prepare Odoo's own returns of what was rejected.

        :return: the return transfers
        """
        self.ensure_one()
        rejected = {}
        for line in self.line_ids:
            if line.rejected_qty:
                rejected[line.move_id] = rejected.get(line.move_id, 0) + (
                    line.rejected_qty
                )
        returns = self.env["stock.picking"]
        by_shipment = {}
        for onward, quantity in rejected.items():
            for move, part in self._spread_over_shipped(onward, quantity):
                by_shipment.setdefault(move.picking_id, []).append((move, part))
        for shipment, parts in by_shipment.items():
            wizard = (
                self.env["stock.return.picking"]
                .with_context(active_model="stock.picking", active_id=shipment.id)
                .create({"picking_id": shipment.id})
            )
            for line in wizard.product_return_moves:
                line.quantity = sum(q for move, q in parts if move == line.move_id)
            returns |= wizard._create_return()
        return returns

    def _spread_over_shipped(self, onward, quantity):
        """Return ``[(shipped move, quantity in its unit)]`` for ``quantity`` of what
        a move onward was to take."""
        parts = []
        shipped = onward.move_orig_ids & self._get_shipped_moves()
        shipped = shipped or self._get_shipped_moves().filtered(
            lambda m: m.product_id == onward.product_id
        )
        left = onward.product_uom._compute_quantity(
            quantity, onward.product_id.uom_id, round=False
        )
        for move in shipped:
            back = sum(
                r.product_uom._compute_quantity(
                    r.quantity, move.product_id.uom_id, round=False
                )
                for r in move.returned_move_ids
                if r.state == "done" and r._handover_is_return()
            )
            there = move.product_uom._compute_quantity(
                move.quantity, move.product_id.uom_id, round=False
            )
            part = min(left, there - back)
            if float_compare(part, 0.0, precision_digits=6) > 0:
                parts.append(
                    (
                        move,
                        move.product_id.uom_id._compute_quantity(
                            part, move.product_uom, round=False
                        ),
                    )
                )
                left -= part
        if not float_is_zero(left, precision_digits=6):
            raise UserError(
                self.env._(
                    "%(product)s: that is more than was shipped with %(slip)s and is "
                    "still there.",
                    product=onward.product_id.display_name,
                    slip=self.name,
                )
            )
        return parts
