from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import float_compare

#: differences in one message
_MOST = 5


class ResCompany(models.Model):
    _inherit = "res.company"

    channel_invoice_match = fields.Boolean(
        string="Invoices Equal Orders",
        help="A customer invoice of an order is posted only with the products, prices "
        "and taxes of the order, and no more than was ordered or delivered.",
    )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    channel_invoice_match = fields.Boolean(
        related="company_id.channel_invoice_match", readonly=False
    )


class AccountMove(models.Model):
    """An invoice says what the order says, where the company wants that (SPEC H6)."""

    _inherit = "account.move"

    def _channel_check_content(self):
        """:raise UserError: with what differs from the orders, line by line"""
        for move in self.filtered("company_id.root_id.channel_invoice_match"):
            orders = move._channel_get_orders()
            lines = move.invoice_line_ids.filtered(
                lambda line: line.display_type == "product"
            )
            texts = [text for line in lines for text in line._channel_differences()]
            if orders.currency_id - move.currency_id:
                texts.insert(0, self.env._("The currency is another one."))
            if texts:
                raise UserError(
                    self.env._(
                        "The invoice differs from %(orders)s:\n%(differences)s",
                        orders=", ".join(orders.mapped("name")),
                        differences="\n".join(texts[:_MOST]),
                    )
                )


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _channel_differences(self):
        """Return in words what differs from the order; nothing when all is equal.

        Quantities count with all posted invoices of the order line.
        """
        self.ensure_one()
        ordered = self.sale_line_ids
        label = (self.name or self.product_id.display_name or "").split("\n")[0]
        if not ordered:
            return [self.env._("%(line)s: it is not on the order.", line=label)]
        if any(ordered.mapped("is_downpayment")):
            return []
        texts = []
        if self.product_id != ordered.product_id:
            texts.append(self.env._("%(line)s: another product.", line=label))
        if self.tax_ids != ordered.tax_ids:
            texts.append(self.env._("%(line)s: other taxes.", line=label))
        for line in ordered:
            texts += self._channel_compare(line, label)
        return texts

    def _channel_compare(self, line, label):
        """Return in words what differs from one order line in price and quantity."""
        texts = []
        price = self.price_unit * (1 - self.discount / 100)
        if self.product_uom_id and line.product_uom_id:
            price = self.product_uom_id._compute_price(price, line.product_uom_id)
        agreed = line.price_unit * (1 - line.discount / 100)
        digits = self.env["decimal.precision"].precision_get("Product Price")
        if float_compare(price, agreed, precision_digits=digits):
            texts.append(
                self.env._(
                    "%(line)s: price %(price)s, ordered at %(agreed)s.",
                    line=label,
                    price=round(price, digits),
                    agreed=round(agreed, digits),
                )
            )
        most = line.qty_delivered
        if line.product_id.invoice_policy != "delivery":
            most = max(most, line.product_uom_qty)
        unit = line.product_uom_id
        if unit and unit.compare(line.qty_invoiced_posted, most) > 0:
            texts.append(
                self.env._(
                    "%(line)s: %(invoiced)s invoiced in all, at most %(most)s %(unit)s "
                    "ordered or delivered.",
                    line=label,
                    invoiced=line.qty_invoiced_posted,
                    most=most,
                    unit=unit.name,
                )
            )
        return texts
