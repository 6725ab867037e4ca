from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import float_round


class StockRegionTransferLine(models.Model):
    """What the goods' own moves say became of a line (SPEC G4)."""

    _inherit = "stock.region.transfer.line"

    @api.depends(
        "move_ids.state",
        "move_ids.product_qty",
        "move_ids.location_id",
        "move_ids.location_dest_id",
        "move_ids.date",
        "move_ids.region_settlement_id",
        "move_ids.move_line_ids.quantity_product_uom",
        "move_ids.move_line_ids.location_id",
        "move_ids.move_line_ids.location_dest_id",
        "transfer_id.company_id.internal_transit_location_id",
    )
    def _compute_moved(self):
        for line in self:
            sums = dict.fromkeys(
                ("to_ship", "shipped", "received", "short", "lost", "returned"), 0.0
            )
            sums["returning"] = 0.0
            dates = []
            # sudo: what became of the goods, whoever asks
            for move in line.sudo().move_ids:
                for kind, quantity in line._classify(move):
                    sums[kind] += quantity
                    if kind == "shipped" and quantity > 0:
                        dates.append(move.date)
            gone = sums["received"] + sums["short"] + sums["lost"] + sums["returned"]
            uom = line.product_id.uom_id
            for kind, quantity in sums.items():
                line[f"quantity_{kind}"] = quantity
            in_transit = sums["shipped"] - gone
            line.quantity_in_transit = uom.round(in_transit) if uom else 0.0
            line.quantity_expected = max(
                0.0, sums["to_ship"] + in_transit - sums["returning"]
            )
            line.date_shipped = min(dates) if dates else False

    def _classify(self, move):
        """Return what a move of this line means: [(key of a sum, quantity)].

        Quantities are in the product's unit. What is done counts by its move lines:
        they say where the goods really went.
        """
        self.ensure_one()
        if move.state == "cancel":
            return []
        if move.state != "done":
            kind, _sign = self._get_kind(move.location_id, move.location_dest_id)
            open_kinds = {"shipped": "to_ship", "returned": "returning"}
            return [(open_kinds[kind], move.product_qty)] if kind in open_kinds else []
        settled = move.region_settlement_id.kind
        result = []
        for part in move.move_line_ids:
            kind, sign = self._get_kind(
                part.location_id, part.location_dest_id, settled
            )
            if kind:
                result.append((kind, sign * part.quantity_product_uom))
        return result

    def _get_kind(self, source, target, settled=None):
        """Return the sum that goods between two places count for, and their sign.

        Shipped is what the donor sent and received what arrived in a place of the
        receiving warehouse; whatever else leaves transit is not explained by it.
        """
        transfer = self.transfer_id
        transit = transfer.company_id.internal_transit_location_id
        if (source == transit) == (target == transit):
            return None, 0
        place = source if target == transit else target
        holder = place.usage in ("internal", "transit") and place.warehouse_id
        if target == transit:  # a receipt that is sent back has not been received
            if holder == transfer.from_warehouse_id:
                return "shipped", 1
            return ("received", -1) if holder == transfer.to_warehouse_id else (None, 0)
        if holder == transfer.to_warehouse_id:
            return "received", 1
        if holder == transfer.from_warehouse_id:
            return ("short" if settled == "shortage" else "returned"), 1
        if place.usage == "inventory" and settled == "loss":
            return "lost", 1
        return None, 0

    @api.depends(
        "quantity_short",
        "quantity_lost",
        "settlement_ids.kind",
        "settlement_ids.quantity",
    )
    def _compute_is_contradicted(self):
        for line in self:
            uom = line.product_id.uom_id
            line.is_contradicted = bool(uom) and any(
                uom.compare(moved, line._get_explained(kind))
                for kind, moved in (
                    ("shortage", line.quantity_short),
                    ("loss", line.quantity_lost),
                )
            )

    def _get_explained(self, *kinds):
        """Return how much people said was of these kinds, in the product's unit."""
        # sudo: what became of the goods, whoever asks
        settled_sudo = self.sudo().settlement_ids
        return sum(
            settled_sudo.filtered(lambda said: said.kind in kinds).mapped("quantity")
        )

    def _differs(self):
        """Tell whether not all that was shipped is explained, or not by its moves."""
        self.ensure_one()
        uom = self.product_id.uom_id
        return bool(uom) and (
            self.is_contradicted or not uom.is_zero(self.quantity_in_transit)
        )

    def _get_lot_in_transit(self, lot):
        """Return how much of a lot this line has in transit, in the product's unit."""
        self.ensure_one()
        transit = self.company_id.internal_transit_location_id
        # sudo: what became of the goods, whoever asks
        parts_sudo = self.sudo().move_ids.move_line_ids.filtered(
            lambda part: part.state == "done" and part.lot_id == lot
        )
        return sum(
            part.quantity_product_uom
            * ((part.location_dest_id == transit) - (part.location_id == transit))
            for part in parts_sudo
        )

    def _check_shipped(self):
        """Refuse to ship more than was approved; what came back may go again.

        :raise UserError: naming the transfer and the quantities
        """
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        for line in self:
            back = line.quantity_returned + line.quantity_short
            shipped = float_round(line.quantity_shipped - back, digits)
            uom = line.product_id.uom_id
            if uom.compare(shipped, line.product_qty) > 0:
                raise UserError(
                    self.env._(
                        "%(transfer)s: %(approved)s %(unit)s of %(product)s are "
                        "approved, not %(shipped)s. Ship what was approved, and "
                        "propose another transfer for more.",
                        transfer=line.transfer_id.name,
                        approved=f"{line.product_qty:g}",
                        unit=uom.name,
                        product=line.product_id.display_name,
                        shipped=f"{shipped:g}",
                    )
                )

    def _get_contradiction(self):
        """Return in words which moves do not agree with what was explained."""
        return self.env._(
            "%(transfer)s cannot be closed. Moved as short or lost, but explained "
            "otherwise:\n%(lines)s\nCorrect the quantities of those moves.",
            transfer=self.transfer_id.display_name,
            lines="\n".join(
                self.env._(
                    "- %(product)s: %(moved)s %(unit)s moved, %(explained)s explained",
                    product=line.product_id.display_name,
                    moved=f"{line.quantity_short + line.quantity_lost:g}",
                    unit=line.product_id.uom_id.name,
                    explained=f"{line._get_explained('shortage', 'loss'):g}",
                )
                for line in self
            ),
        )
