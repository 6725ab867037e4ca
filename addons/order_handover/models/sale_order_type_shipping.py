from odoo import api, fields, models

#: key in the cursor's cache: whether any order type stops deliveries
_CONTROLLED = "order_handover.shipping_controlled"


class SaleOrderType(models.Model):
    """What has to happen before goods of an order of this type leave (SPEC H2)."""

    _inherit = "sale.order.type"

    handover_confirm_shipping = fields.Boolean(
        string="Shipping Data Confirmed",
        help="Nothing leaves for the customer before the salesperson has confirmed "
        "address, contact, date, products and quantities of the delivery.",
    )
    handover_check_delivery = fields.Boolean(
        string="Delivery Checked by a Second Person",
        help="Nothing leaves for the customer before somebody who neither confirmed "
        "nor prepared the delivery has checked it.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        self.env.cr.cache.pop(_CONTROLLED, None)
        return super().create(vals_list)

    def write(self, vals):
        self.env.cr.cache.pop(_CONTROLLED, None)
        return super().write(vals)

    @api.model
    def _handover_is_controlled(self):
        """Tell whether any order type stops deliveries: one query a transaction."""
        cache = self.env.cr.cache
        if _CONTROLLED not in cache:
            # sudo: who ships need not read order types
            types_sudo = self.sudo().with_context(active_test=False)
            cache[_CONTROLLED] = bool(
                types_sudo.search_count(
                    [
                        "|",
                        ("handover_confirm_shipping", "=", True),
                        ("handover_check_delivery", "=", True),
                    ],
                    limit=1,
                )
            )
        return cache[_CONTROLLED]
