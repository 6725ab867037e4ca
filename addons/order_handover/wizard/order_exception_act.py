from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class OrderExceptionAct(models.TransientModel):
    """Choose what is done about an exception (SPEC I2)."""

    _name = "order.exception.act"
    _description = "Take a Step"

    exception_id = fields.Many2one(
        comodel_name="order.exception", required=True, readonly=True
    )
    kind = fields.Selection(
        selection=lambda self: self._selection_kind(),
        string="What to Do",
        required=True,
        default="replacement",
    )
    note = fields.Char(string="Remarks")
    currency_id = fields.Many2one(
        comodel_name="res.currency", string="Currency", readonly=True
    )
    amount = fields.Monetary(string="Reduction without Taxes")
    line_ids = fields.One2many(
        comodel_name="order.exception.act.line",
        inverse_name="wizard_id",
        string="Goods",
    )

    @api.model
    def _selection_kind(self):
        """Return the kinds of steps there are, bridges included."""
        steps = self.env["order.exception.step"]
        return steps._fields["kind"]._description_selection(self.env)

    @api.model
    def _create_for(self, exception):
        """Return a choice with the goods of ``exception``, else of its delivery."""
        exception_sudo = exception.sudo()  # sudo: goods of the order, to choose from
        values = [
            {
                "sale_line_id": line.sale_line_id.id,
                "move_id": line.move_id.id,
                "product_id": line.product_id.id,
                "quantity": line.quantity,
                "product_uom_id": line.product_uom_id.id,
            }
            for line in exception_sudo.line_ids
        ]
        if not values:
            values = [
                {
                    "sale_line_id": move.sale_line_id.id,
                    "move_id": move.id,
                    "product_id": move.product_id.id,
                    "quantity": 0.0,
                    "product_uom_id": move.product_uom.id,
                }
                for move in exception_sudo.picking_id.move_ids
                if move.state == "done"
            ]
        return self.create(
            {
                "exception_id": exception.id,
                "currency_id": exception_sudo.order_id.currency_id.id,
                "line_ids": [Command.create(line) for line in values],
            }
        )

    def action_take(self):
        """Take the step with the goods that have a quantity.

        :raise UserError: without goods or amount
        """
        self.ensure_one()
        lines = [
            {
                "sale_line_id": line.sale_line_id.id,
                "move_id": line.move_id.id,
                "product_id": line.product_id.id,
                "quantity": line.quantity,
                "product_uom_id": line.product_uom_id.id,
            }
            for line in self.line_ids
            if line.quantity
        ]
        if not lines and self.kind != "price":
            raise UserError(self.env._("Say which goods, and how many."))
        self.exception_id._take_step(
            self.kind, lines, amount=self.amount, note=self.note
        )
        return {"type": "ir.actions.act_window_close"}


class OrderExceptionActLine(models.TransientModel):
    _name = "order.exception.act.line"
    _description = "Goods of a Step to Take"

    wizard_id = fields.Many2one(
        comodel_name="order.exception.act", required=True, ondelete="cascade"
    )
    sale_line_id = fields.Many2one(comodel_name="sale.order.line", readonly=True)
    move_id = fields.Many2one(comodel_name="stock.move", readonly=True)
    product_id = fields.Many2one(
        comodel_name="product.product", required=True, readonly=True
    )
    quantity = fields.Float(digits="Product Unit")
    product_uom_id = fields.Many2one(
        comodel_name="uom.uom", string="Unit", readonly=True
    )
