from odoo import fields, models

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
