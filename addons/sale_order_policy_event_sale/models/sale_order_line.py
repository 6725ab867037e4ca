from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _policy_get_list_price(self, rules, date):
        """EXTENDS 'sale_order_policy': a ticket has a price of its own."""
        ticket = self.event_ticket_id
        if not ticket or ticket.product_id != self.product_id:
            return super()._policy_get_list_price(rules, date)
        company = ticket.company_id or self.company_id
        price = ticket.with_context(
            **{**self._get_pricelist_price_context(), "date": date}
        ).price_reduce
        return company.currency_id._convert(
            price, self.currency_id, self.company_id, date, round=False
        )
