from odoo import api, fields, models
from odoo.fields import Command


class OrderShippingCheck(models.TransientModel):
    """The checklist of the second person (SPEC H2)."""

    _name = "order.shipping.check"
    _description = "Check a Delivery"

    picking_id = fields.Many2one(
        comodel_name="stock.picking", required=True, readonly=True
    )
    fingerprint = fields.Char(readonly=True)
    content = fields.Text(string="What Leaves", readonly=True)
    line_ids = fields.One2many(
        comodel_name="order.shipping.check.line",
        inverse_name="wizard_id",
        string="Checklist",
    )

    @api.model
    def _create_for(self, picking):
        """Return a checklist for ``picking`` as it is now."""
        data = picking._handover_get_data_to_release()
        items = self.env["order.shipping.check.item"]._get_for(picking.company_id)
        return self.create(
            {
                "picking_id": picking.id,
                "fingerprint": picking._handover_hash(data),
                "content": picking._handover_describe(data),
                "line_ids": [Command.create({"item_id": item.id}) for item in items],
            }
        )

    def action_check(self):
        """Keep the check.

        :raise UserError: when an item is not ticked or the user must not check it
        """
        self.ensure_one()
        ticked = self.line_ids.filtered("is_checked").item_id
        self.picking_id._handover_check(ticked, self.fingerprint)
        return {"type": "ir.actions.act_window_close"}


class OrderShippingCheckLine(models.TransientModel):
    _name = "order.shipping.check.line"
    _description = "Item of a Checklist"

    wizard_id = fields.Many2one(
        comodel_name="order.shipping.check", required=True, ondelete="cascade"
    )
    item_id = fields.Many2one(
        comodel_name="order.shipping.check.item", required=True, ondelete="cascade"
    )
    name = fields.Char(related="item_id.name", related_sudo=False)
    is_checked = fields.Boolean(string="Checked")
