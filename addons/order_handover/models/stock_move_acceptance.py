from odoo import fields, models
from odoo.exceptions import UserError


class StockMove(models.Model):
    """What enters 待签收, and what leads on from there (SPEC I1; DESIGN 6)."""

    _inherit = "stock.move"

    handover_acceptance_id = fields.Many2one(
        comodel_name="order.acceptance",
        string="Acceptance Slip",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        help="The slip the customer signs for these goods.",
    )

    def _handover_get_order(self):
        """Return the orders these goods belong to, with elevated rights.

        What somebody added to a transfer belongs to the order of the transfer: one
        move has one order at most.
        """
        # sudo: the warehouse need not read orders
        moves_sudo = self.sudo()
        added_sudo = moves_sudo.filtered(lambda move: not move.sale_line_id)
        return moves_sudo.sale_line_id.order_id | added_sudo.picking_id.sale_id

    def _handover_enters_waiting(self):
        """Tell whether this move brings goods to 待签收."""
        self.ensure_one()
        return (
            self.location_dest_id._handover_is_waiting()
            and not self.location_id._handover_is_waiting()
        )

    def _handover_leaves_waiting(self):
        """Tell whether this move takes goods out of 待签收."""
        self.ensure_one()
        return (
            self.location_id._handover_is_waiting()
            and not self.location_dest_id._handover_is_waiting()
        )

    def _handover_is_return(self):
        """Tell whether this move brings back what was shipped to 待签收."""
        self.ensure_one()
        return (
            self._handover_leaves_waiting()
            and not self.location_dest_id._is_outgoing()
            and self.origin_returned_move_id._handover_enters_waiting()
            if self.origin_returned_move_id
            else False
        )

    def _compute_location_dest_id(self):
        """EXTENDS 'stock': whatever transfer a move is put on, 待签收 comes first."""
        result = super()._compute_location_dest_id()
        for move in self:
            if (
                move.location_dest_id.usage != "customer"
                or move.location_id.usage not in ("internal", "transit")
                or move.state == "done"
                or move.location_id._handover_is_waiting()
            ):
                continue
            waiting = move._handover_get_order()._handover_redirect(
                move.location_dest_id
            )
            if waiting:
                if not move.location_final_id:
                    move.location_final_id = move.location_dest_id
                move.location_dest_id = waiting
        return result

    # One transfer of acceptance per shipment ---------------------------------------

    def _assign_picking(self):
        """EXTENDS 'stock': each shipment is accepted by itself."""
        of_shipment = {}
        for move in self:
            leads_on = (
                move.location_id._handover_is_waiting()
                and move.location_dest_id._is_outgoing()
            )
            key = move.move_orig_ids.picking_id[:1].id if leads_on else None
            of_shipment.setdefault(key, []).append(move.id)
        for ids in of_shipment.values():
            super(StockMove, self.browse(ids))._assign_picking()
        return True

    def _search_picking_for_assignation(self):
        """EXTENDS 'stock': what waits for a signature is not joined by more."""
        if (
            self.location_id._handover_is_waiting()
            and self.location_dest_id._is_outgoing()
        ):
            return self.env["stock.picking"]
        return super()._search_picking_for_assignation()

    # What follows ---------------------------------------------------------------------

    def _action_done(self, cancel_backorder=False):
        """EXTENDS 'stock': goods that got to 待签收 get their slip."""
        if not any(
            move.location_id._handover_is_waiting()
            or move.location_dest_id._handover_is_waiting()
            or move._handover_get_lines_waiting()
            for move in self
        ):
            return super()._action_done(cancel_backorder=cancel_backorder)
        with self.env["sale.order"]._approval_savepoint():
            moves = super()._action_done(cancel_backorder=cancel_backorder)
            (self | moves).exists()._handover_follow()
        return moves

    def _handover_get_lines_waiting(self):
        """Return the lines that touch 待签收, with elevated rights."""
        return self.sudo().move_line_ids.filtered(
            lambda line: (
                line.location_id._handover_is_waiting()
                or line.location_dest_id._handover_is_waiting()
            )
        )

    def _handover_follow(self, changed=False):
        """Make slips of what has arrived in 待签收, adjust those of what went back.

        :param bool changed: the moves were done before and were changed
        """
        # sudo: slips are made by the system, whoever ships
        done_sudo = self.sudo().filtered(lambda move: move.state == "done")
        slips_sudo = self.env["order.acceptance"].sudo()  # sudo: as above
        if changed:
            slips_sudo |= done_sudo.handover_acceptance_id
        shipped_sudo = done_sudo.filtered(
            lambda m: (
                m._handover_enters_waiting()
                and (
                    not m.handover_acceptance_id
                    or m.handover_acceptance_id.picking_id != m.picking_id
                )
            )
        )
        if shipped_sudo:
            slips_sudo |= shipped_sudo._handover_create_slips()
        for move_sudo in done_sudo:
            if move_sudo._handover_is_return():
                slips_sudo |= move_sudo.origin_returned_move_id.handover_acceptance_id
        if slips_sudo:
            slips_sudo._sync()

    def _handover_create_slips(self):
        """Make one slip per shipment of what has just arrived in 待签收.

        :return: the slips
        """
        slips = self.env["order.acceptance"]
        by_transfer = {}
        for move in self:
            onward = move._handover_get_onward()
            key = (move.picking_id, onward.picking_id)
            by_transfer.setdefault(key, []).append((move, onward))
        for (shipment, transfer), pairs in by_transfer.items():
            slips |= slips._create_for_goods(shipment, transfer, pairs)
        return slips

    def _handover_get_onward(self):
        """Return the moves from 待签收 on to the customer; made if there are none."""
        self.ensure_one()
        onward = self._handover_filter_onward()
        if onward:
            return onward
        company = self.company_id
        rules = company.handover_acceptance_route_id.rule_ids
        warehouse = self.warehouse_id or self.picking_type_id.warehouse_id
        rule = rules.filtered(lambda r: r.warehouse_id == warehouse)[:1] or rules[:1]
        if rule:
            rule._run_push(self)._action_confirm()
        onward = self._handover_filter_onward()
        if not onward:
            raise UserError(
                self.env._(
                    "%(product)s cannot wait for acceptance: the route of acceptance "
                    "of %(company)s leads nowhere. Ask your administrator.",
                    product=self.product_id.display_name,
                    company=company.name,
                )
            )
        return onward

    def _handover_filter_onward(self):
        return self.move_dest_ids.filtered(
            lambda move: (
                move.state != "cancel"
                and move.location_id._handover_is_waiting()
                and move.location_dest_id._is_outgoing()
                and not move.handover_acceptance_id
            )
        )

    def _action_synch_order(self):
        """EXTENDS 'sale_stock': what the warehouse added is delivered when accepted.

        Odoo would count goods out of transit as returned.
        """
        for move in self:
            # sudo: the order follows, whoever has signed
            order_sudo = move.picking_id.sudo().sale_id
            if (
                order_sudo
                and not move.sale_line_id
                and move.handover_acceptance_id
                and move._handover_leaves_waiting()
                and move.location_dest_id._is_outgoing()
            ):
                move.sale_line_id = move._handover_get_added_line(order_sudo)
        return super()._action_synch_order()

    def _handover_get_added_line(self, order):
        """Return the order line of goods nobody ordered; made as Odoo would."""
        self.ensure_one()
        product = self.product_id
        line = order.order_line.filtered(lambda ln: ln.product_id == product)[:1]
        if line:
            return line
        values = {
            "name": product.display_name,
            "order_id": order.id,
            "product_id": product.id,
            "product_uom_qty": 0,
            "product_uom_id": self.product_uom.id,
            "sequence": max(order.order_line.mapped("sequence"), default=0) + 1,
        }
        if product.invoice_policy == "order":
            values["price_unit"] = 0
        lines = self.env["sale.order.line"].with_context(skip_procurement=True)
        return lines.create(values)
