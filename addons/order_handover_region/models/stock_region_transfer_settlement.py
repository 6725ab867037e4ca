from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

KINDS = [
    ("shortage", "Short: it was never sent"),
    ("loss", "Lost or broken on the way"),
    ("return", "Sent back"),
]


class StockRegionTransferSettlement(models.Model):
    """What explains goods that did not arrive: who says so, and why (SPEC G4).

    Written by its own method only, never changed. What is short or sent back goes to
    the giving warehouse, what is lost is scrapped; all by Odoo's own moves.
    """

    _name = "stock.region.transfer.settlement"
    _description = "Difference of a Regional Transfer"
    _order = "id desc"

    line_id = fields.Many2one(
        comodel_name="stock.region.transfer.line",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    transfer_id = fields.Many2one(related="line_id.transfer_id", store=True, index=True)
    company_id = fields.Many2one(related="line_id.company_id", store=True)
    product_id = fields.Many2one(related="line_id.product_id", store=True)
    kind = fields.Selection(
        selection=KINDS, string="What Happened", required=True, readonly=True
    )
    quantity = fields.Float(
        digits="Product Unit",
        required=True,
        readonly=True,
        help="In the unit of the product.",
    )
    lot_id = fields.Many2one(
        comodel_name="stock.lot",
        string="Lot/Serial Number",
        readonly=True,
        ondelete="restrict",
    )
    reason = fields.Text(required=True, readonly=True)
    user_id = fields.Many2one(
        comodel_name="res.users", string="Who", required=True, readonly=True
    )
    date = fields.Datetime(required=True, readonly=True)

    @api.model_create_multi
    def create(self, vals_list):  # pylint: disable=method-required-super
        raise AccessError(
            self.env._("Differences are settled on the transfer: use “Settle”.")
        )

    def write(self, vals):  # pylint: disable=method-required-super
        raise AccessError(self.env._("What explains a difference is never changed."))

    @api.ondelete(at_uninstall=True)
    def _unlink_except_kept(self):
        raise UserError(self.env._("What explains a difference is kept."))

    @api.model
    def _settle(self, line, kind, quantity, reason, lot=None):
        """Explain ``quantity`` of a line that is in transit, and move it natively.

        :param float quantity: in the unit of the product
        :raise UserError: without a reason, or for more than is in transit
        """
        transfer = line.transfer_id
        transfer._check_mover()
        transfer.check_access("read")
        transfer._approval_touch(editor=False)  # of two at once, one is rerun
        line.invalidate_recordset()
        self._check_settles(line, kind, quantity, reason, lot)
        # sudo: its own refusal is for everybody; rights were checked
        settlement_sudo = super(StockRegionTransferSettlement, self.sudo()).create(
            [
                {
                    "line_id": line.id,
                    "kind": kind,
                    "quantity": quantity,
                    "lot_id": lot.id if lot else False,
                    "reason": reason.strip(),
                    "user_id": self.env.uid,
                    "date": fields.Datetime.now(),
                }
            ]
        )
        # sudo: coordinators need not move stock
        waiting_sudo = line.sudo()._reduce_receipts(quantity)
        settlement_sudo._move()
        waiting_sudo._action_assign()
        transfer._tell_settled(settlement_sudo)
        return settlement_sudo

    @api.model
    def _check_settles(self, line, kind, quantity, reason, lot):
        """Refuse what cannot be meant."""
        uom = line.product_id.uom_id
        if kind not in dict(KINDS) or not (reason or "").strip():
            raise UserError(self.env._("Say what happened, and why."))
        left = line.quantity_in_transit - line.quantity_returning
        if not quantity > 0 or uom.compare(quantity, left) > 0:
            raise UserError(
                self.env._(
                    "%(product)s: %(quantity)s %(unit)s cannot be explained: "
                    "%(left)s are in transit.",
                    product=line.product_id.display_name,
                    quantity=f"{quantity:g}",
                    unit=uom.name,
                    left=f"{max(0.0, left):g}",
                )
            )
        self._check_lot(line, quantity, lot)

    @api.model
    def _check_lot(self, line, quantity, lot):
        """Refuse lots that are not in transit, or not that much of them."""
        uom = line.product_id.uom_id
        if lot:
            left = line._get_lot_in_transit(lot)
            if uom.compare(quantity, left) > 0:
                raise UserError(
                    self.env._(
                        "%(product)s: of lot %(lot)s only %(left)s %(unit)s are in "
                        "transit.",
                        product=line.product_id.display_name,
                        lot=lot.display_name,
                        left=f"{max(0.0, left):g}",
                        unit=uom.name,
                    )
                )
        elif line.product_id.tracking != "none":
            raise UserError(
                self.env._(
                    "%(product)s: say which lot or serial number it was.",
                    product=line.product_id.display_name,
                )
            )

    def _move(self):
        """Move the goods as the settlement says (superuser)."""
        self.ensure_one()
        transit = self.company_id.internal_transit_location_id
        if self.kind == "loss":
            scrap = self.env["stock.scrap"].create(
                {
                    "company_id": self.company_id.id,
                    "product_id": self.product_id.id,
                    "product_uom_id": self.product_id.uom_id.id,
                    "scrap_qty": self.quantity,
                    "location_id": transit.id,
                    "lot_id": self.lot_id.id,
                    "origin": self.transfer_id.name,
                    "region_settlement_id": self.id,
                }
            )
            scrap.do_scrap()
            return
        transfer = self.transfer_id
        picking = transfer._create_picking(transfer.from_warehouse_id, into=True)
        move = self.env["stock.move"].create(
            transfer._prepare_move_values(
                self.line_id, picking, self.quantity, region_settlement_id=self.id
            )
        )
        picking.action_confirm()
        move._action_assign()
        if self.lot_id:
            move._do_unreserve()
            move._update_reserved_quantity(self.quantity, transit, lot_id=self.lot_id)
        if self.kind == "shortage":
            move.quantity = self.quantity
            move.picked = True
            move._action_done()
