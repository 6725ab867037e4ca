from datetime import timedelta

from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_list


class StockRegionTransfer(models.Model):
    """How the goods of a regional transfer move (SPEC G3, G4; DESIGN 6)."""

    _inherit = "stock.region.transfer"

    # Release ---------------------------------------------------------------------

    def action_release(self):
        """Release transfers that nobody has to approve; for coordinators.

        :raise AccessError: for others than order coordinators
        :raise UserError: when approval is enforced, or the donor's stock is gone
        """
        self.check_access("write")
        if not self.env.user.has_group("order_handover.group_officer"):
            raise AccessError(
                self.env._("Only order coordinators release transfers directly.")
            )
        self._release()
        return True

    def _release(self):
        """Approve the drafts among these and make their pickings.

        :raise UserError: when a donor has not got the goods any more
        """
        drafts = self.filtered(lambda transfer: transfer.state == "draft")
        for transfer in drafts:
            if not transfer.line_ids:
                raise UserError(
                    self.env._(
                        "%(transfer)s: say first what to transfer.",
                        transfer=transfer.display_name,
                    )
                )
        self.env["stock.region.transfer.revision"]._bump(
            (line.from_warehouse_id.id, line.product_id.id) for line in drafts.line_ids
        )
        self.env.invalidate_all()  # what the rival left
        for transfer in drafts:
            problem = transfer._get_stock_problem()
            if problem:
                raise UserError(problem)
            today = fields.Date.context_today(transfer)
            days = transfer.company_id.region_transfer_transit_days
            transfer._write_system(
                {
                    "state": "approved",
                    "date_approved": fields.Datetime.now(),
                    "date_expected": transfer.date_expected
                    or today + timedelta(days=days),
                }
            )
            transfer.sudo()._make_pickings()  # sudo: planners need not move stock

    def _get_stock_problem(self):
        """Return in words what the donor has not got any more, or None."""
        self.ensure_one()
        facts = self.env["stock.region.facts"]._get(
            self.company_id, self.line_ids.product_id, self.from_warehouse_id
        )
        missing = []
        for product, lines in self.line_ids.grouped("product_id").items():
            wanted = sum(lines.mapped("product_qty"))
            fact = facts.get((product.id, self.from_warehouse_id.id))
            free = max(0.0, fact.on_hand - fact.demand) if fact else 0.0
            if product.uom_id.compare(wanted, free) > 0:
                missing.append(
                    self.env._(
                        "%(product)s: %(wanted)s wanted, %(free)s %(unit)s free",
                        product=product.display_name,
                        wanted=f"{wanted:g}",
                        free=f"{free:g}",
                        unit=product.uom_id.name,
                    )
                )
        if not missing:
            return None
        return self.env._(
            "%(warehouse)s cannot give this any more; somebody else may have got it "
            "first.\n%(missing)s\nReduce the transfer or choose another warehouse.",
            warehouse=self.from_warehouse_id.name,
            missing="\n".join(missing),
        )

    # Pickings --------------------------------------------------------------------

    def _make_pickings(self):
        """Make two chained pickings through transit, under a reference of their own.

        With the sale's reference, sale_stock would take what leaves for sold.
        """
        self.ensure_one()
        transit = self.company_id.internal_transit_location_id
        if not transit.active:
            transit.active = True
        out = self._create_picking(self.from_warehouse_id)
        receipt = self._create_picking(self.to_warehouse_id, into=True)
        moves = self.env["stock.move"]
        reference = self._get_reference()
        incoming = moves.create(
            [
                self._prepare_move_values(line, receipt, line.product_qty, reference)
                for line in self.line_ids
            ]
        )
        moves.create(
            [
                self._prepare_move_values(
                    line,
                    out,
                    line.product_qty,
                    reference,
                    move_dest_ids=[(4, move.id)],
                )
                for line, move in zip(self.line_ids, incoming, strict=True)
            ]
        )
        receipt.action_confirm()
        out.action_confirm()
        out.action_assign()

    def _create_picking(self, warehouse, into=False):
        """Create an empty picking between a warehouse's stock and transit.

        :param bool into: into the warehouse, instead of out of it
        """
        transit = self.company_id.internal_transit_location_id
        stock = warehouse.lot_stock_id
        kind = warehouse.int_type_id
        if not kind.active:  # warehouses of a single location hide theirs
            kind.active = True
        return self.env["stock.picking"].create(
            {
                "picking_type_id": kind.id,
                "location_id": (transit if into else stock).id,
                "location_dest_id": (stock if into else transit).id,
                "company_id": self.company_id.id,
                "origin": self.name,
                "region_transfer_id": self.id,
                "scheduled_date": self.date_expected
                if into and self.date_expected
                else fields.Datetime.now(),
                "user_id": False,
            }
        )

    def _prepare_move_values(self, line, picking, quantity, reference=None, **values):
        """Return the values of a move of this line in ``picking``."""
        return {
            "product_id": line.product_id.id,
            "product_uom": line.product_id.uom_id.id,
            "product_uom_qty": quantity,
            "location_id": picking.location_id.id,
            "location_dest_id": picking.location_dest_id.id,
            "picking_id": picking.id,
            "picking_type_id": picking.picking_type_id.id,
            "company_id": self.company_id.id,
            "origin": self.name,
            "reference_ids": [(6, 0, (reference or self._get_reference()).ids)],
            "region_transfer_line_id": line.id,
            **values,
        }

    def _get_reference(self):
        """Return the transfer's own reference, made when it is first wanted."""
        self.ensure_one()
        used = self.line_ids.move_ids.reference_ids
        return used[:1] or used.create({"name": self.name})

    def action_open_pickings(self):
        """Show where the goods are shipped and received."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Pickings of %(transfer)s", transfer=self.name),
            "res_model": "stock.picking",
            "view_mode": "list,form",
            "domain": [("region_transfer_id", "=", self.id)],
        }

    def action_receive_rest(self):
        """Make a receipt for what is in transit and no receipt waits for."""
        self._check_mover()
        self.check_access("read")
        self._approval_touch(editor=False)  # of two at once, one is rerun
        for transfer in self.sudo():  # sudo: as when it was approved
            transit = transfer.company_id.internal_transit_location_id
            wanted = []
            for line in transfer.line_ids:
                waiting = line.move_ids.filtered(
                    lambda move, transit=transit: (
                        move.location_id == transit
                        and move.state not in ("done", "cancel")
                    )
                )
                rest = line.quantity_in_transit - sum(waiting.mapped("product_qty"))
                if line.product_id.uom_id.compare(rest, 0.0) > 0:
                    wanted.append((line, rest))
            if not wanted:
                raise UserError(
                    self.env._(
                        "%(transfer)s: a receipt waits already for all that is in "
                        "transit.",
                        transfer=transfer.display_name,
                    )
                )
            picking = transfer._create_picking(transfer.to_warehouse_id, into=True)
            self.env["stock.move"].sudo().create(  # sudo: as when it was approved
                [
                    transfer._prepare_move_values(line, picking, rest)
                    for line, rest in wanted
                ]
            )
            picking.action_confirm()
            picking.action_assign()
        return True

    # The end ---------------------------------------------------------------------

    def action_cancel(self):
        """Give transfers up of which nothing was shipped yet.

        :raise UserError: when goods are under way
        """
        self.check_access("write")
        self._approval_touch(editor=False)
        for transfer in self:
            if transfer.state == "closed" or any(
                line.quantity_shipped > 0 for line in transfer.line_ids
            ):
                raise UserError(
                    self.env._(
                        "%(transfer)s: goods are under way. Receive them, or settle "
                        "what does not arrive.",
                        transfer=transfer.display_name,
                    )
                )
            if transfer.state == "approved" and not self.env.user.has_group(
                "order_handover.group_officer"
            ):
                raise AccessError(
                    self.env._("Only order coordinators cancel approved transfers.")
                )
            transfer._write_system({"state": "cancel"})
            # sudo: coordinators need not move stock
            transfer.sudo().line_ids.move_ids.filtered(
                lambda move: move.state not in ("done", "cancel")
            )._action_cancel()
        return True

    def action_draft(self):
        """Take cancelled proposals up again.

        :raise UserError: for what was approved once: its pickings are history
        """
        self.check_access("write")
        for transfer in self.filtered(lambda transfer: transfer.state == "cancel"):
            if transfer.date_approved:
                raise UserError(
                    self.env._(
                        "%(transfer)s was approved once and stays cancelled. Duplicate "
                        "it instead.",
                        transfer=transfer.display_name,
                    )
                )
            transfer._write_system({"state": "draft"})
        return True

    def action_close(self):
        """Close transfers of which every piece is accounted for.

        :raise AccessError: for others than the warehouse and coordinators
        :raise UserError: naming what is not
        """
        self._check_mover()
        self.check_access("read")
        self._approval_touch(editor=False)  # a receipt at the same time comes first
        self.line_ids.invalidate_recordset()
        for transfer in self:
            problem = transfer._get_closing_problem()
            if problem:
                raise UserError(problem)
            # sudo: receipts that nothing comes for any more
            transfer.sudo().line_ids.move_ids.filtered(
                lambda move: move.state not in ("done", "cancel")
            )._action_cancel()
            transfer._write_system({"state": "closed", "closed_by_id": self.env.uid})
        return True

    def _get_closing_problem(self):
        """Return in words what keeps the transfer from being closed, or None."""
        self.ensure_one()
        name = self.display_name
        if self.state != "approved" or not any(
            line.quantity_shipped > 0 for line in self.line_ids
        ):
            return self.env._(
                "%(transfer)s: nothing was shipped, so there is nothing to close.",
                transfer=name,
            )
        waiting = self.line_ids.filtered(lambda line: line.quantity_to_ship > 0)
        if waiting:
            return self.env._(
                "%(transfer)s: still to be shipped, or cancelled: %(products)s.",
                transfer=name,
                products=format_list(self.env, waiting.product_id.mapped("name")),
            )
        unexplained = self.line_ids.filtered(lambda line: line._differs())
        if not unexplained:
            return None
        contradicted = unexplained.filtered("is_contradicted")
        if contradicted:
            return contradicted._get_contradiction()
        return self.env._(
            "%(transfer)s cannot be closed. Shipped, but neither received nor "
            "explained:\n%(lines)s\nReceive it, or say that it is short, lost or sent "
            "back.",
            transfer=name,
            lines="\n".join(
                f"- {line.product_id.display_name}: {line.quantity_in_transit:g} "
                f"{line.product_id.uom_id.name}"
                for line in unexplained
            ),
        )

    def _reopen(self):
        """Open closed transfers again whose quantities do not agree any more."""
        for transfer in self.sudo():  # sudo: whoever corrects a picking
            if transfer.state != "closed" or not any(
                line._differs() for line in transfer.line_ids
            ):
                continue
            closer = transfer.closed_by_id
            transfer._write_system({"state": "approved"})
            words = transfer.env._(
                "Quantities were changed after it was closed: not everything is "
                "accounted for any more."
            )
            transfer._approval_post(Markup("<p>%s</p>") % words)
            transfer._approval_attention(
                closer, transfer.env._("Settle the difference"), words
            )

    def _tell_settled(self, settlement_sudo):
        """Note on the transfer what did not arrive, and why."""
        kinds = settlement_sudo._fields["kind"]._description_selection(self.env)
        self._approval_post(
            Markup("<p><b>%s</b><br/>%s</p>")
            % (
                self.env._(
                    "%(product)s: %(quantity)s %(unit)s – %(kind)s",
                    product=settlement_sudo.product_id.display_name,
                    quantity=f"{settlement_sudo.quantity:g}",
                    unit=settlement_sudo.product_id.uom_id.name,
                    kind=dict(kinds)[settlement_sudo.kind],
                ),
                settlement_sudo.reason,
            )
        )


class StockRegionTransferLine(models.Model):
    _inherit = "stock.region.transfer.line"

    def _reduce_receipts(self, quantity):
        """Expect less by ``quantity`` (superuser): it was explained otherwise.

        :return: the receipts that are still waited for, to be reserved again
        """
        self.ensure_one()
        transit = self.company_id.internal_transit_location_id
        waiting = self.move_ids.filtered(
            lambda move: (
                move.location_id == transit
                and move.state not in ("done", "cancel")
                and not move.region_settlement_id
            )
        ).sorted("id", reverse=True)
        waiting._do_unreserve()
        uom = self.product_id.uom_id
        for move in waiting:
            taken = min(quantity, move.product_qty)
            quantity -= taken
            if uom.compare(taken, move.product_qty) >= 0:
                move._action_cancel()
            elif taken:
                move.product_uom_qty -= uom._compute_quantity(
                    taken, move.product_uom, round=False
                )
        return waiting.filtered(lambda move: move.state != "cancel")
