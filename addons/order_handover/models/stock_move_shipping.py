from contextlib import contextmanager

from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import UserError

#: keys in the cursor's cache: a gate is open; Odoo itself moves quantities
_GUARDED = "order_handover.shipping"
SYSTEM_MOVES = "order_handover.system_moves"


class StockMove(models.Model):
    """Nothing leaves for a customer before it was confirmed and checked (SPEC H2).

    By whatever route a move that brings goods of an order to its customer is done:
    the check is made when it has been done, in a savepoint of its own. Returns,
    receipts and internal moves are never stopped.
    """

    _inherit = "stock.move"

    @api.model_create_multi
    def create(self, vals_list):
        if not any(vals.get("state") == "done" for vals in vals_list):
            return super().create(vals_list)
        with self.browse()._handover_ship() as created:
            moves = super().create(vals_list)
            created.append(moves)
        return moves

    def write(self, vals):
        if "sale_line_id" in vals:
            self._handover_refuse_other_order(vals["sale_line_id"])
        # a move that is done may also be made one to the customer
        moved = {"location_id", "location_dest_id", "location_final_id"} & set(vals)
        if vals.get("state") != "done" and not (moved and self._handover_has_done()):
            return super().write(vals)
        with self._handover_ship():
            return super().write(vals)

    def _handover_has_done(self):
        return any(move.state == "done" for move in self)

    def _action_done(self, cancel_backorder=False):
        with self._handover_ship(), self._handover_by_system():
            return super()._action_done(cancel_backorder=cancel_backorder)

    def _action_assign(self, *args, **kwargs):
        """EXTENDS 'stock': what is ready is put before the salesperson."""
        with self._handover_by_system():
            result = super()._action_assign(*args, **kwargs)
        if self.env["sale.order.type"]._handover_is_controlled():
            pickings = self.exists().picking_id
            pickings._handover_ask_confirmation()
        return result

    @contextmanager
    def _handover_by_system(self):
        """Whatever quantities Odoo moves in the block, nobody has prepared them."""
        cache = self.env.cr.cache
        before = cache.get(SYSTEM_MOVES)
        cache[SYSTEM_MOVES] = True
        try:
            yield
        finally:
            cache[SYSTEM_MOVES] = before

    # The gate -----------------------------------------------------------------------

    @contextmanager
    def _handover_ship(self):
        """Check what reached a customer when the block ends.

        :return: a list to which moves created within the block are added
        """
        created = []
        cache = self.env.cr.cache
        if cache.get(_GUARDED) or not self._handover_is_stoppable():
            yield created
            return
        had_left = self.filtered(lambda m: m.state == "done" and m._handover_leaves())
        # what has left keeps what was confirmed; where all else goes is as it is now
        headers = (self.picking_id - had_left.picking_id)._handover_get_headers()
        cache[_GUARDED] = True
        try:
            # sudo: the savepoint belongs to no order
            with self.env["sale.order"]._approval_savepoint():
                yield created
                moves = self.exists().union(*created) - had_left
                moves.filtered(
                    lambda move: move.state == "done"
                )._handover_check_shipped(headers)
        finally:
            cache.pop(_GUARDED, None)

    @api.model
    def _handover_is_stoppable(self):
        return self.env["sale.order.type"]._handover_is_controlled()

    def _handover_get_leaving(self):
        """Return the moves by which goods of a controlled order leave."""
        return self.filtered(
            lambda move: (
                move._handover_leaves() and move._handover_get_controlled_orders()
            )
        )

    def _handover_leaves(self):
        """Tell whether goods leave for the customer by this move.

        Goods that wait for the customer's acceptance have left; what moves on from
        there, or comes back, does not leave once more.
        """
        self.ensure_one()
        move_sudo = self.sudo()  # sudo: locations of other companies
        waiting = move_sudo.company_id._handover_get_waiting_location()
        if move_sudo.location_id.usage == "customer" or (
            waiting
            and move_sudo.location_id == waiting
            and any(
                origin.state == "done" and origin.location_dest_id == waiting
                for origin in move_sudo.move_orig_ids
            )
        ):
            return False
        reached = move_sudo.location_dest_id | move_sudo.move_line_ids.location_dest_id
        return bool(
            move_sudo._credit_reaches_customer() or (waiting and waiting in reached)
        )

    def _handover_get_controlled_orders(self):
        """Return the orders of this move whose type asks for something, as sudo."""
        move_sudo = self.sudo()  # sudo: who ships need not read orders
        picking_sudo = move_sudo.picking_id
        orders_sudo = (
            move_sudo.sale_line_id.order_id
            | move_sudo.reference_ids.sale_ids
            | picking_sudo.sale_id
            | picking_sudo.move_ids.sale_line_id.order_id
        )
        return orders_sudo._handover_filter_controlled()

    def _handover_check_shipped(self, headers=None):
        """Hold what has just been done against what was confirmed and checked.

        :param dict headers: ``{picking: values}`` as they were before
        :raise UserError: naming the transfer, what is missing and who can help
        """
        leaving = (self - self._credit_is_exempt())._handover_get_leaving()
        for move in leaving.filtered(lambda move: not move.picking_id):
            raise UserError(
                self.env._(
                    "%(product)s of order %(order)s leaves by a delivery only, because "
                    "deliveries of this order are confirmed and checked.",
                    product=move.product_id.display_name,
                    order=move._handover_get_controlled_orders()[:1].name,
                )
            )
        self.env.flush_all()
        for picking in leaving.picking_id:
            picking._handover_check_release((headers or {}).get(picking))

    def _handover_refuse_other_order(self, line_id):
        """Refuse to take a delivery off the order that asks for its check.

        In whatever state and wherever it leads at the moment: that can be changed back.

        :raise UserError: whoever asks
        """
        if not self._handover_is_stoppable():
            return
        for move in self:
            line_sudo = move.sudo().sale_line_id  # sudo: as everywhere here
            if (
                line_sudo.id != (line_id or False)
                and line_sudo.order_id._handover_filter_controlled()
            ):
                raise UserError(
                    self.env._(
                        "%(picking)s belongs to order %(order)s, whose deliveries are "
                        "confirmed and checked before they leave. It cannot be taken "
                        "off the order; cancel it instead.",
                        picking=move.picking_id.name or move.display_name,
                        order=line_sudo.order_id.name,
                    )
                )

    # Who prepared -------------------------------------------------------------------

    def _handover_note_preparer(self):
        """Keep that the user has prepared the deliveries of these moves."""
        if (
            not self
            or self.env.uid == SUPERUSER_ID
            or self.env.cr.cache.get(SYSTEM_MOVES)
            or not self._handover_is_stoppable()
        ):
            return
        self._handover_get_prepared().picking_id._handover_add_preparer()

    def _handover_get_prepared(self):
        """Return the moves by which goods of a controlled order leave or are picked."""
        moves_sudo = self.sudo()  # sudo: places of other companies
        return moves_sudo.filtered(
            lambda move: (
                (move._handover_leaves() or move._handover_is_picking())
                and move._handover_get_controlled_orders()
            )
        ).with_env(self.env)

    def _handover_is_picking(self):
        """Tell whether goods are moved within the own warehouse, on their way out."""
        self.ensure_one()
        return (
            self.location_id.usage in ("internal", "transit")
            and not self.location_id._handover_is_waiting()
            and not self.origin_returned_move_id
        )
