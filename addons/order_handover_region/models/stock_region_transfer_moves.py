from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

#: what corrections of a done move line change
_WATCHED = frozenset({"quantity", "product_uom_id", "location_id", "location_dest_id"})


class StockMove(models.Model):
    _inherit = "stock.move"

    region_transfer_line_id = fields.Many2one(
        comodel_name="stock.region.transfer.line",
        string="Regional Transfer",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    region_settlement_id = fields.Many2one(
        comodel_name="stock.region.transfer.settlement",
        string="Difference",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """EXTENDS 'stock': what is sent back belongs to the same transfer."""
        moves = super().create(vals_list)
        for move in moves:
            # sudo: a warehouse's people need not read transfers
            returned_sudo = move.sudo().origin_returned_move_id.region_transfer_line_id
            if returned_sudo and not move.region_transfer_line_id:
                super(StockMove, move).write(
                    {"region_transfer_line_id": returned_sudo.id}
                )
        moves._check_region_transfer()
        return moves

    def write(self, vals):
        """EXTENDS 'stock': to which transfer goods belong is never said anew.

        :raise AccessError: whoever asks
        """
        for name in ("region_transfer_line_id", "region_settlement_id"):
            if name in vals:
                raise AccessError(
                    self.env._(
                        "%(field)s of a stock move is kept by the system.",
                        field=self._fields[name]._description_string(self.env),
                    )
                )
        return super().write(vals)

    def _check_region_transfer(self):
        """Refuse moves that only pretend to belong to a transfer."""
        # sudo: a warehouse's people need not read transfers
        for move_sudo in self.sudo().filtered("region_transfer_line_id"):
            line = move_sudo.region_transfer_line_id
            transit = line.company_id.internal_transit_location_id
            settled = move_sudo.region_settlement_id
            if (
                line.transfer_id.state not in ("approved", "closed")
                or move_sudo.product_id != line.product_id
                or transit not in (move_sudo.location_id | move_sudo.location_dest_id)
                or (settled and settled.line_id != line)
            ):
                raise ValidationError(
                    self.env._(
                        "%(product)s: this move is none of transfer %(transfer)s.",
                        product=move_sudo.product_id.display_name,
                        transfer=line.transfer_id.name,
                    )
                )

    def _prepare_move_split_vals(self, qty):
        """EXTENDS 'stock': a backorder belongs to the same transfer."""
        return {
            **super()._prepare_move_split_vals(qty),
            "region_transfer_line_id": self.region_transfer_line_id.id,
            "region_settlement_id": self.region_settlement_id.id,
        }

    @api.model
    def _prepare_merge_moves_distinct_fields(self):
        """EXTENDS 'stock': lines of a transfer stay apart."""
        return [
            *super()._prepare_merge_moves_distinct_fields(),
            "region_transfer_line_id",
            "region_settlement_id",
        ]

    def _action_done(self, cancel_backorder=False):
        """EXTENDS 'stock': only what was approved is shipped.

        What happens to a closed transfer opens it again.

        :raise UserError: for other goods, or more of them
        """
        self._check_region_strays()
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        moves._region_transfer_check()
        return moves

    def _region_transfer_check(self):
        """Look again at transfers whose goods moved, closed ones too.

        :raise UserError: when more was shipped than was approved
        """
        # sudo: a warehouse's people need not plan transfers
        lines_sudo = self.sudo().region_transfer_line_id
        lines_sudo._check_shipped()
        lines_sudo.transfer_id._reopen()

    def _check_region_strays(self):
        """Refuse goods on a transfer's picking that belong to no transfer.

        :raise UserError: naming them
        """
        for move in self:
            if (
                not move.picking_id
                or move.region_transfer_line_id
                or not (move.picked or move.state == "done")
                or move.state == "cancel"
                or not move.quantity > 0
            ):
                continue
            # sudo: a warehouse's people need not read transfers
            lines_sudo = move.sudo().picking_id.move_ids.region_transfer_line_id
            if lines_sudo:
                raise UserError(
                    self.env._(
                        "%(picking)s moves what transfer %(transfer)s approved: "
                        "%(product)s was added to it. Take it off, and propose a "
                        "transfer for it.",
                        picking=move.picking_id.name,
                        transfer=lines_sudo.transfer_id[:1].name,
                        product=move.product_id.display_name,
                    )
                )


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        """EXTENDS 'stock': quantities may be corrected after a picking is done."""
        lines = super().create(vals_list)
        lines._region_transfer_check()
        return lines

    def write(self, vals):
        """EXTENDS 'stock'."""
        result = super().write(vals)
        if not _WATCHED.isdisjoint(vals):
            self._region_transfer_check()
        return result

    def _region_transfer_check(self):
        """Look again at done moves whose lines were corrected."""
        done = self.move_id.filtered(lambda move: move.state == "done")
        done._check_region_strays()
        done.filtered("region_transfer_line_id")._region_transfer_check()


class StockPicking(models.Model):
    _inherit = "stock.picking"

    region_transfer_id = fields.Many2one(
        comodel_name="stock.region.transfer",
        string="Regional Transfer",
        compute="_compute_region_transfer_id",
        store=True,
        index="btree_not_null",
    )

    @api.depends("move_ids.region_transfer_line_id")
    def _compute_region_transfer_id(self):
        for picking in self:
            # sudo: shown to the warehouse, whose people need not read transfers
            lines_sudo = picking.sudo().move_ids.region_transfer_line_id
            picking.region_transfer_id = lines_sudo.transfer_id[:1]


class StockScrap(models.Model):
    _inherit = "stock.scrap"

    region_settlement_id = fields.Many2one(
        comodel_name="stock.region.transfer.settlement",
        string="Difference",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )

    def _prepare_move_values(self):
        """EXTENDS 'stock': what was lost on the way belongs to its transfer."""
        values = super()._prepare_move_values()
        settlement = self.region_settlement_id
        if settlement:
            values["region_transfer_line_id"] = settlement.line_id.id
            values["region_settlement_id"] = settlement.id
        return values


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    region_transfer_line_ids = fields.One2many(
        comodel_name="stock.region.transfer.line",
        inverse_name="sale_line_id",
        string="Regional Transfers",
        groups="base.group_user",
    )
