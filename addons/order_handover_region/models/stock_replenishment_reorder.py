from odoo import api, fields, models
from odoo.exceptions import ValidationError


class StockReplenishmentReorder(models.Model):
    """What a customer says he will order again, before there is an order (SPEC A8).

    Once an order line takes it up it counts there, and here no more: by the line that
    is named, or as soon as the customer's order lines of this kind cover it.
    """

    _name = "stock.replenishment.reorder"
    _description = "Announced Reorder"
    _order = "id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
    )
    warehouse_id = fields.Many2one(
        comodel_name="stock.warehouse",
        required=True,
        check_company=True,
        default=lambda self: self.env["stock.warehouse"].search(
            [("company_id", "=", self.env.company.id)], limit=1
        ),
        ondelete="restrict",
    )
    product_id = fields.Many2one(
        comodel_name="product.product",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
    )
    kind = fields.Selection(
        selection=lambda self: (
            self.env["sale.order.line"]._fields["policy_reorder_kind"].selection
        ),
        required=True,
        default="end_customer",
    )
    quantity = fields.Float(
        digits="Product Unit",
        required=True,
        default=1.0,
        help="In the unit of the product.",
    )
    sale_line_id = fields.Many2one(
        comodel_name="sale.order.line",
        string="Became Order Line",
        domain="[('product_id', '=', product_id)]",
        index="btree_not_null",
        check_company=True,
        ondelete="set null",
    )
    active = fields.Boolean(default=True, help="Archive what came to nothing.")
    note = fields.Text(string="Remarks")

    _quantity_check = models.Constraint(
        "CHECK (quantity > 0)", "Announce more than nothing."
    )

    @api.constrains("sale_line_id", "product_id", "partner_id")
    def _check_sale_line(self):
        """Refuse an order line that is about something or somebody else."""
        for reorder in self.filtered("sale_line_id"):
            # sudo: only compared
            line_sudo = reorder.sale_line_id.sudo()
            buyer = line_sudo.order_id.partner_id.commercial_partner_id
            if (
                line_sudo.product_id != reorder.product_id
                or buyer != reorder.sudo().partner_id.commercial_partner_id
            ):
                raise ValidationError(
                    self.env._(
                        "%(order)s: this order line is of another customer or product.",
                        order=line_sudo.order_id.name,
                    )
                )

    @api.depends("partner_id", "product_id", "quantity")
    def _compute_display_name(self):
        for reorder in self:
            reorder.display_name = (
                f"{reorder.partner_id.name or ''}: {reorder.quantity:g} "
                f"{reorder.product_id.display_name or ''}"
            )
