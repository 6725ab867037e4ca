from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.stock_region_transfer_settlement import KINDS


class StockRegionTransferSettle(models.TransientModel):
    """Say what became of goods that did not arrive (SPEC G4)."""

    _name = "stock.region.transfer.settle"
    _description = "Settle a Difference"

    transfer_id = fields.Many2one(
        comodel_name="stock.region.transfer",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    line_id = fields.Many2one(
        comodel_name="stock.region.transfer.line",
        string="What",
        required=True,
        domain="[('transfer_id', '=', transfer_id), ('quantity_in_transit', '>', 0)]",
        ondelete="cascade",
    )
    product_id = fields.Many2one(related="line_id.product_id")
    tracking = fields.Selection(related="product_id.tracking")
    product_uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    quantity_in_transit = fields.Float(related="line_id.quantity_in_transit")
    kind = fields.Selection(
        selection=KINDS, string="What Happened", required=True, default="shortage"
    )
    quantity = fields.Float(
        digits="Product Unit",
        compute="_compute_quantity",
        store=True,
        readonly=False,
        required=True,
    )
    lot_id = fields.Many2one(
        comodel_name="stock.lot",
        string="Lot/Serial Number",
        domain="[('product_id', '=', product_id)]",
    )
    reason = fields.Text(required=True)

    @api.model
    def default_get(self, fields):
        """Begin with the first line that differs."""
        values = super().default_get(fields)
        transfer = self.env["stock.region.transfer"].browse(
            values.get("transfer_id") or self.env.context.get("active_id")
        )
        if "transfer_id" in fields:
            values["transfer_id"] = transfer.id
        open_lines = transfer.line_ids.filtered(
            lambda line: line.quantity_in_transit > 0
        )
        if "line_id" in fields and open_lines and not values.get("line_id"):
            values["line_id"] = open_lines[0].id
        return values

    @api.depends("line_id")
    def _compute_quantity(self):
        for wizard in self:
            line = wizard.line_id
            wizard.quantity = line.quantity_in_transit - line.quantity_returning

    def action_settle(self):
        """Settle the difference as said.

        :raise AccessError: for others than the warehouse and coordinators
        :raise UserError: for more than is in transit
        """
        for wizard in self:
            if wizard.line_id.transfer_id != wizard.transfer_id:
                raise UserError(self.env._("Choose a line of this transfer."))
            self.env["stock.region.transfer.settlement"]._settle(
                wizard.line_id,
                wizard.kind,
                wizard.quantity,
                wizard.reason,
                wizard.lot_id,
            )
        return True
