from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Command

#: what may change the claim of an order on the credit
_RELEVANT = frozenset(
    {
        "order_id",
        "product_id",
        "product_uom_qty",
        "product_uom_id",
        "price_unit",
        "discount",
        "tax_ids",
        "qty_delivered",
        "display_type",
        "is_downpayment",
    }
)
_COMPUTED = frozenset(
    {
        "price_subtotal",
        "price_tax",
        "price_total",
        "price_reduce_taxexcl",
        "price_reduce_taxinc",
        # what bills a line is said by its invoice
        "invoice_lines",
    }
)


class SaleOrderLine(models.Model):
    """Changes of lines are changes of their order (SPEC D4)."""

    _inherit = "sale.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._credit_refuse_computed(vals, is_new=True)
        orders = self._approval_documents(vals_list)
        if not orders._credit_is_controlled():
            return super().create(vals_list)
        with orders._credit_guard():
            return super().create(vals_list)

    def write(self, vals):
        self._credit_refuse_computed(vals)
        orders = self.env["sale.order"]
        if not _RELEVANT.intersection(vals) or not orders._credit_is_controlled():
            return super().write(vals)
        self._credit_refuse_downpayment(vals)
        self._credit_refuse_delivered(vals)
        with self._approval_documents([vals])._credit_guard():
            return super().write(vals)

    def unlink(self):
        orders = self.order_id
        if not self or not orders._credit_is_controlled():
            return super().unlink()
        with orders._credit_guard():
            return super().unlink()

    @api.model
    def _credit_refuse_computed(self, vals, is_new=False):
        """Refuse what nobody enters: the exposure would believe it.

        The web client says of a new line that it has no invoices: that is let through.

        :raise AccessError: naming the field
        """
        for name in _COMPUTED.intersection(vals):
            if name == "invoice_lines" and self._credit_is_empty(vals[name], is_new):
                continue
            raise AccessError(
                self.env._(
                    "%(field)s comes from elsewhere and cannot be written.",
                    field=self._fields[name]._description_string(self.env),
                )
            )

    @api.model
    def _credit_is_empty(self, commands, is_new):
        """Tell whether commands change nothing; emptying a new line does not."""
        return not commands or (
            is_new
            and all(
                command[0] == Command.CLEAR
                or (command[0] == Command.SET and not command[2])
                for command in commands
            )
        )

    def _credit_refuse_downpayment(self, vals):
        """Refuse to turn what was billed into a down payment, which is deducted.

        :raise AccessError: when it differs from what is there
        """
        if "is_downpayment" not in vals:
            return
        if any(line.is_downpayment != bool(vals["is_downpayment"]) for line in self):
            raise AccessError(
                self.env._("A line becomes a down payment by its invoice only.")
            )

    def _credit_refuse_delivered(self, vals):
        """Refuse a delivered quantity that comes from transfers.

        :raise AccessError: when it differs from what is there
        """
        if "qty_delivered" not in vals:
            return
        for line in self:
            if (
                line.qty_delivered_method not in ("manual", False)
                and line.state == "sale"
                and abs(line.qty_delivered - (vals["qty_delivered"] or 0)) > 1e-9
            ):
                raise AccessError(
                    self.env._(
                        "%(line)s: the delivered quantity comes from its transfers.",
                        line=line.display_name,
                    )
                )
