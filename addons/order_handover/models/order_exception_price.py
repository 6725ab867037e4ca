from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command


class OrderExceptionStep(models.Model):
    """A price reduction is a draft credit note; accounting posts it (SPEC H3)."""

    _inherit = "order.exception.step"

    def _make_credit_note(self):
        """Make the draft: the amount spread over the goods, quantities untouched.

        :raise UserError: when nothing was invoiced, or the goods are not worth that
        """
        order = self.exception_id.order_id
        invoice = order.invoice_ids.filtered(
            lambda move: move.move_type == "out_invoice" and move.state == "posted"
        ).sorted("id")[-1:]
        if not invoice:
            raise UserError(
                self.env._(
                    "Order %(order)s has not been invoiced yet: there is no invoice to "
                    "reduce. Change the price on the order instead.",
                    order=order.name,
                )
            )
        worth = self._get_worth()
        self._check_amount(worth)
        parts = self._split_amount(worth)
        self._write_system(
            {
                "credit_note_id": self.env["account.move"]
                .with_context(default_move_type="out_refund")
                .create(
                    {
                        "move_type": "out_refund",
                        "company_id": self.company_id.id,
                        "journal_id": invoice.journal_id.id,
                        "partner_id": invoice.partner_id.id,
                        "currency_id": order.currency_id.id,
                        "fiscal_position_id": invoice.fiscal_position_id.id,
                        "reversed_entry_id": invoice.id,
                        "invoice_origin": order.name,
                        "invoice_user_id": order.user_id.id,
                        "ref": f"{self.exception_id.name} ({invoice.name})",
                        "invoice_line_ids": [
                            Command.create(self._prepare_credit_line(line, amount))
                            for line, amount in parts.items()
                        ],
                    }
                )
                .id
            }
        )

    def _get_worth(self):
        """Return ``{order line: untaxed worth of the goods concerned}``.

        Without goods on the step, of all lines of the order.
        """
        worth = {}
        for line in self.line_ids:
            sale_line = line.sale_line_id or line.move_id.sale_line_id
            if not sale_line or not sale_line.product_uom_qty:
                continue
            quantity = line.product_uom_id._compute_quantity(
                line.quantity, sale_line.product_uom_id, round=False
            )
            share = min(quantity / sale_line.product_uom_qty, 1.0)
            worth[sale_line] = worth.get(sale_line, 0.0) + (
                sale_line.price_subtotal * share
            )
        if not worth:
            lines = self.exception_id.order_id.order_line
            worth = {
                line: line.price_subtotal
                for line in lines
                if not line.display_type and not line.is_downpayment
            }
        return {line: amount for line, amount in worth.items() if amount > 0}

    def _check_amount(self, worth):
        """Refuse amounts that are not above zero, or above what the goods are worth.

        Earlier reductions of this exception count, and those of the same order lines
        by other exceptions of the order.
        """
        currency = self.exception_id.order_id.currency_id
        earlier = sum(
            step.amount
            for step in self.exception_id.step_ids - self
            if step.kind == "price" and step.state != "cancelled"
        )
        left = currency.round(sum(worth.values())) - earlier
        left = max(min(left, self._get_room(worth)), 0.0)
        if (
            currency.compare_amounts(self.amount, 0.0) <= 0
            or currency.compare_amounts(self.amount, left) > 0
        ):
            raise UserError(
                self.env._(
                    "The price can be reduced by more than 0 and at most %(most)s "
                    "without taxes, which is what the goods concerned cost.",
                    most=currency.format(left),
                )
            )

    def _get_room(self, worth):
        """Return what the order lines of ``worth`` still cost, all reductions off."""
        order = self.exception_id.order_id
        reduced = dict.fromkeys(worth, 0.0)
        for step in order.handover_exception_ids.step_ids - self:
            if step.kind != "price" or step.state == "cancelled":
                continue
            for line, amount in step._split_amount(step._get_worth()).items():
                if line in reduced:
                    reduced[line] += amount
        return sum(line.price_subtotal - amount for line, amount in reduced.items())

    def _split_amount(self, worth):
        """Return ``{order line: amount}``: by worth, in whole cents, to the cent."""
        currency = self.exception_id.order_id.currency_id
        unit = currency.rounding
        total = sum(worth.values())
        cents = round(self.amount / unit)
        exact = {line: cents * value / total for line, value in worth.items()}
        shares = {line: int(value) for line, value in exact.items()}
        rest = cents - sum(shares.values())
        by_remainder = sorted(
            exact, key=lambda line: (shares[line] - exact[line], line.id)
        )
        for line in by_remainder[:rest]:
            shares[line] += 1
        return {
            line: currency.round(share * unit)
            for line, share in shares.items()
            if share
        }

    def _prepare_credit_line(self, line, amount):
        """Return a line of the credit note that leaves invoiced quantities alone."""
        taxes = line.tax_ids
        price = amount
        if any(taxes.mapped("price_include")) and line.price_subtotal:
            price = amount * line.price_total / line.price_subtotal
        return {
            "product_id": line.product_id.id,
            "name": self.env._(
                "Price reduction: %(product)s (%(exception)s)",
                product=line.product_id.display_name or line.name,
                exception=self.exception_id.name,
            ),
            "quantity": 1.0,
            "price_unit": line.currency_id.round(price),
            "discount": 0.0,
            "tax_ids": [Command.set(taxes.ids)],
        }
