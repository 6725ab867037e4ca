from odoo import api, fields, models
from odoo.exceptions import AccessError


class SalePriceConcessionDraw(models.Model):
    """What an order took of a concession, or gave back (SPEC C2).

    The ledger: rows are added by confirmations, changes and cancellations of orders
    only, each the difference to what the order line had taken before. Nobody changes
    or deletes one. Unit and currency are those of the concession.
    """

    _name = "sale.price.concession.draw"
    _description = "Use of a Price Concession"
    _order = "id desc"
    _rec_name = "order_name"

    concession_id = fields.Many2one(
        comodel_name="sale.price.concession",
        required=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, index=True, ondelete="restrict"
    )
    order_id = fields.Many2one(
        comodel_name="sale.order", index="btree_not_null", ondelete="set null"
    )
    order_name = fields.Char(string="Order Number", required=True)
    line_ref = fields.Integer(string="Line", index=True, required=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", ondelete="set null", index=True
    )
    product_id = fields.Many2one(
        comodel_name="product.product", ondelete="set null", index=True
    )
    user_id = fields.Many2one(
        comodel_name="res.users", string="Salesperson", ondelete="set null"
    )
    date = fields.Date(required=True, help="Where the company is.")
    quantity = fields.Float(digits="Product Unit")
    uom_id = fields.Many2one(related="concession_id.uom_id", string="Unit")
    amount = fields.Monetary(help="Untaxed, in the currency of the concession.")
    currency_id = fields.Many2one(comodel_name="res.currency", required=True)

    @api.model_create_multi
    def create(self, vals_list):
        """Only the system writes here, on behalf of an order that is confirmed."""
        if not self.env.su:
            raise AccessError(self.env._("Uses are written by orders only."))
        return super().create(vals_list)

    def write(self, vals):
        if vals:
            raise AccessError(self.env._("Uses are never changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=True)
    def _unlink_never(self):
        raise AccessError(self.env._("Uses of a price concession are kept."))

    @api.model
    def _get_current(self, orders):
        """Return what orders have taken so far.

        :return: ``{(concession id, line id): (quantity, amount, first day, order)}``
        """
        # sudo: the ledger is the same whoever acts
        groups = self.sudo()._read_group(
            [("order_id", "in", orders.ids)],
            groupby=["concession_id", "line_ref"],
            aggregates=["quantity:sum", "amount:sum", "date:min", "order_id:recordset"],
        )
        return {
            (concession.id, line_ref): (quantity, amount, date, drawn)
            for concession, line_ref, quantity, amount, date, drawn in groups
        }
