from odoo import api, models
from odoo.tools import float_compare, float_is_zero


class Collector(list):
    """Gathers values of move lines that are created together a moment later."""


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        """EXTENDS 'stock': let an allocation create the lines of many moves at once.

        The collector is no value that could come from outside the process.
        """
        collector = self.env.context.get("stock_allocation_collector")
        if isinstance(collector, Collector):
            collector.extend(vals_list)
            return self.browse()
        return super().create(vals_list)

    def _allocation_open_packages(self):
        """Let packages that something is taken of not be shipped as a whole."""
        whole = self.filtered(
            lambda line: line.package_id and line.result_package_id == line.package_id
        )
        opened = whole.package_id
        whole.picking_id.move_line_ids.filtered(
            lambda line: (
                line.package_id in opened and line.result_package_id == line.package_id
            )
        ).write({"result_package_id": False, "is_entire_pack": False})


class StockMove(models.Model):
    _inherit = "stock.move"

    def _allocation_apply(self, quantities, ranks):
        """Make reservations what an allocation says, in sets.

        Odoo's own methods choose the goods (removal strategy, lots, packages, expiry)
        and keep the quants. First what is taken away, then what is given: claims on
        inner locations before those on outer ones, better ranks before worse.

        :param quantities: {id of move: quantity it shall hold}, in the product's unit
        :param ranks: {id of move: rank}
        """
        moves = self.browse(quantities)
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        moves._allocation_take(quantities, digits)
        missing = {}
        for move in moves:
            held = sum(move.move_line_ids.mapped("quantity_product_uom"))
            need = quantities[move.id] - held
            if float_compare(need, 0.0, precision_digits=digits) > 0:
                missing[move] = need
        winners = self.browse([move.id for move in missing]).sorted(
            lambda move: (-move.location_id.parent_path.count("/"), ranks[move.id])
        )
        for wave in winners._allocation_get_waves():
            wave._allocation_give(missing)
        winners.picking_id._check_entire_pack()
        winners.move_line_ids._apply_putaway_strategy()

    def _allocation_take(self, quantities, digits):
        """Take away what the moves hold beyond their quantities.

        Of moves in another unit than the product's, or in packs, all is taken: rounding
        twice would give them less than they are due.
        """
        gone = less = self.env["stock.move.line"]
        for move in self:
            excess = (
                sum(move.move_line_ids.mapped("quantity_product_uom"))
                - quantities[move.id]
            )
            if float_is_zero(excess, precision_digits=digits):
                continue
            units = move.product_uom | move.packaging_uom_id
            units |= move.move_line_ids.product_uom_id
            if units - move.product_id.uom_id:
                gone |= move.move_line_ids
                continue
            for line in reversed(move.move_line_ids):
                if float_compare(excess, 0.0, precision_digits=digits) <= 0:
                    break
                taken = min(line.quantity_product_uom, excess)
                excess -= taken
                if taken == line.quantity_product_uom:
                    gone |= line
                else:
                    less |= line
                    line.quantity = line.product_id.uom_id._compute_quantity(
                        line.quantity_product_uom - taken, line.product_uom_id
                    )
        (gone | less)._allocation_open_packages()
        gone.unlink()

    def _allocation_get_waves(self):
        """Return sets of moves of which no two want the same goods."""
        waves, seen = [], {}
        for move in self:
            key = move.product_id, move.location_id.warehouse_id
            place = seen[key] = seen.get(key, -1) + 1
            if place == len(waves):
                waves.append([])
            waves[place].append(move.id)
        return [self.browse(ids) for ids in waves]

    def _allocation_give(self, missing):
        """Reserve what the moves are due; their lines are created together."""
        collector = Collector()
        for move in self:
            move.with_company(move.company_id).with_context(
                stock_allocation_collector=collector
            )._update_reserved_quantity(missing[move], move.location_id, strict=False)
        self.env["stock.move.line"].create(list(collector))
