from odoo import api, fields, models
from odoo.fields import Command


class OrderAcceptanceService(models.TransientModel):
    """Have a part of the services on site accepted (SPEC I1)."""

    _name = "order.acceptance.service"
    _description = "Acceptance of Services"

    order_id = fields.Many2one(
        comodel_name="sale.order", required=True, ondelete="cascade"
    )
    line_ids = fields.One2many(
        comodel_name="order.acceptance.service.line",
        inverse_name="wizard_id",
        string="Services",
    )

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        order = self.env["sale.order"].browse(values.get("order_id") or ())
        if order.exists() and "line_ids" in fields:
            order.check_access("read")
            values["line_ids"] = [
                Command.create({"sale_line_id": line.id, "quantity": quantity})
                for line, quantity in order._handover_get_open_services().items()
            ]
        return values

    def action_create(self):
        """Make the slip and open it.

        :raise UserError: when there is nothing to accept, or more than is open
        """
        self.ensure_one()
        slip = self.order_id._handover_create_service_slip(
            {line.sale_line_id: line.quantity for line in self.line_ids}
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": "order.acceptance",
            "res_id": slip.id,
            "view_mode": "form",
        }


class OrderAcceptanceServiceLine(models.TransientModel):
    """How much of one service has been done."""

    _name = "order.acceptance.service.line"
    _description = "Service to Be Accepted"

    wizard_id = fields.Many2one(
        comodel_name="order.acceptance.service", required=True, ondelete="cascade"
    )
    sale_line_id = fields.Many2one(
        comodel_name="sale.order.line", required=True, ondelete="cascade"
    )
    name = fields.Text(related="sale_line_id.name", related_sudo=False)
    product_uom_id = fields.Many2one(
        related="sale_line_id.product_uom_id", related_sudo=False
    )
    quantity = fields.Float(
        string="Done Now",
        digits="Product Unit",
        help="What the customer is asked to accept now.",
    )
