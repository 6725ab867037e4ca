from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

_WATCHED = frozenset(
    {
        "state",
        "date_order",
        "partner_id",
        "partner_invoice_id",
        "currency_id",
        "currency_rate",
        "company_id",
    }
)


class SaleOrder(models.Model):
    """Confirmed orders are counted for rebates as soon as they are placed (SPEC M2)."""

    _inherit = "sale.order"

    rebate_move_id = fields.Many2one(
        comodel_name="account.move",
        string="Paid by Rebate",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The credit note its invoice is offset against.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """EXTENDS 'sale': which rebate pays an order is said by its settlement."""
        for vals in vals_list:
            self._rebate_refuse(vals)
        return super().create(vals_list)

    def write(self, vals):
        """EXTENDS 'sale': nor is an order moved into another period of a rebate."""
        self._rebate_refuse(vals)
        if "date_order" not in vals:
            return super().write(vals)
        placed = self.filtered(lambda order: order.state == "sale")
        before = placed._rebate_get_periods()
        result = super().write(vals)
        if before != placed._rebate_get_periods():
            raise UserError(
                self.env._(
                    "Confirmed orders count for a rebate by their date, which stays in "
                    "its period: %(orders)s",
                    orders=", ".join(placed[:5].mapped("name")),
                )
            )
        return result

    @api.model
    def default_get(self, fields):
        """EXTENDS 'base': give nobody's own default to what settlements write."""
        return super().default_get(
            [name for name in fields if name != "rebate_move_id"]
        )

    @api.model
    def _rebate_refuse(self, vals):
        if "rebate_move_id" in vals:
            raise AccessError(
                self.env._("Which rebate pays an order is said by its settlement.")
            )

    def _rebate_get_periods(self):
        """Return ``[(order id, balance id)]``: the rebates these orders count for."""
        if not self:
            return []
        self.flush_recordset(["date_order", "partner_invoice_id", "company_id"])
        return self.env.execute_query(
            SQL(
                """
                SELECT so.id, b.id
                  FROM sale_order so
                  JOIN res_partner p ON p.id = so.partner_invoice_id
                  JOIN res_company c ON c.id = so.company_id
                  JOIN res_company r ON r.id = split_part(c.parent_path, '/', 1)::int
                  JOIN res_partner rp ON rp.id = r.partner_id
                  JOIN rebate_balance b ON b.partner_id = p.commercial_partner_id
                       AND b.company_id = r.id
                       AND (so.date_order AT TIME ZONE 'UTC'
                            AT TIME ZONE COALESCE(rp.tz, 'UTC'))::date
                           BETWEEN b.date_from AND b.date_to
                 WHERE so.id = ANY(%s)
                 ORDER BY so.id, b.id
                """,
                self.ids,
            )
        )

    def _channel_get_partner(self):
        """Return the channel partner's file of the customer, with elevated rights."""
        self.ensure_one()
        return self.env["channel.partner"]._channel_get(
            self.company_id, self.partner_id
        )

    def _write_multi(self, vals_list):
        """EXTENDS 'base': whatever reaches the database is counted anew."""
        result = super()._write_multi(vals_list)
        changed = [
            order.id
            for order, vals in zip(self, vals_list, strict=True)
            if not _WATCHED.isdisjoint(vals)
            and (order.state == "sale" or "state" in vals)
        ]
        if changed:
            self.env["rebate.queue"]._push_orders(self.browse(changed))
        return result
