from odoo import api, fields, models


class SaleOrder(models.Model):
    """What a quotation promised its customer when it was sent (SPEC C2, C3).

    Per line: its price and concession, the day, and the validity date it was sent
    with. While that lasts, neither the end of a concession nor a price revision takes
    it back. A line that is changed afterwards has no promise any more.
    """

    _inherit = "sale.order"

    price_promise = fields.Json(
        readonly=True, copy=False, groups="base.group_user", exportable=False
    )

    @api.model
    def _approval_guarded_fields(self):
        """EXTENDS 'document_approval': kept by the system."""
        return super()._approval_guarded_fields() | {"price_promise"}

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        orders._price_keep_promise()
        return orders

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") == "sent":
            self._price_keep_promise()
        return result

    def message_post(self, **kwargs):
        """EXTENDS 'sale': a quotation mailed again promises what it says now."""
        message = super().message_post(**kwargs)
        if self.env.context.get("mark_so_as_sent"):
            self._price_keep_promise()
        return message

    def _price_keep_promise(self):
        """Keep what sent quotations say; what has not changed keeps its days."""
        # sudo: kept whoever sends it
        for order in self.sudo():
            if order.state != "sent":
                continue
            today = self.env["sale.price.concession"]._get_today(order.company_id)
            stamp = [str(today), str(order.validity_date or "")]
            before = order.price_promise or {}
            promise = {}
            for line in order.order_line:
                values = line._price_get_promised()
                old = before.get(str(line.id), {})
                same = old.get("values") == values
                days = old["days"] if same else []
                promise[str(line.id)] = {
                    "values": values,
                    "days": days if stamp in days else [*days, stamp],
                }
            if promise != before:
                order._approval_write({"price_promise": promise})

    def _price_is_promised(self, line, day, last_day):
        """Tell whether the line was sent by ``last_day`` and is still valid.

        :param day: the day it has to be valid on
        """
        self.ensure_one()
        order_sudo = self.sudo()  # sudo: the same whoever asks
        kept = (order_sudo.price_promise or {}).get(str(line.id))
        if not kept or kept["values"] != line.sudo()._price_get_promised():
            return False
        if order_sudo.validity_date and order_sudo.validity_date < day:
            return False
        return any(
            sent <= str(last_day) and str(day) <= validity
            for sent, validity in kept["days"]
        )
