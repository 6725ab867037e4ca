from odoo import models
from odoo.tools import format_list


class SaleOrderChange(models.Model):
    """What keeps a change from being submitted or applied, in words (SPEC J1-J3)."""

    _inherit = "sale.order.change"

    def _get_problems(self):
        """Return in words what stands in the way; empty when nothing does.

        Hook: an add-on that knows of more (a manufacturing order that is running) adds
        to it.
        """
        self.ensure_one()
        change_sudo = self.sudo()  # sudo: deliveries and invoices need not be readable
        order_sudo = change_sudo.order_id
        if order_sudo.state != "sale":
            return [
                self.env._(
                    "%(order)s is not confirmed any more.",
                    order=order_sudo.display_name,
                )
            ]
        if self.kind == "cancel":
            return change_sudo._get_agreement_problems()
        return [
            *change_sudo._get_header_problems(order_sudo),
            *change_sudo._get_invoice_problems(order_sudo),
            *(
                problem
                for line in change_sudo.line_ids
                if line._is_changed()
                for problem in line._get_problems()
            ),
        ]

    def _get_header_problems(self, order_sudo):
        problems = []
        if not self.differences:
            problems.append(
                self.env._("Nothing would change: enter what shall be different.")
            )
        if not self.partner_shipping_id:
            problems.append(self.env._("Choose the delivery address."))
        elif (
            self.partner_shipping_id.property_stock_customer
            != order_sudo.partner_shipping_id.property_stock_customer
        ):
            problems.append(
                self.env._(
                    "%(address)s is supplied by way of another location. Take the "
                    "lines out and make a new order for it.",
                    address=self.partner_shipping_id.display_name,
                )
            )
        return problems

    def _get_invoice_problems(self, order_sudo):
        drafts = order_sudo.invoice_ids.filtered(lambda move: move.state == "draft")
        if not drafts:
            return []
        return [
            self.env._(
                "%(count)s draft invoices of %(order)s would not follow the change: "
                "post or delete them first.",
                count=len(drafts),
                order=order_sudo.name,
            )
        ]


class SaleOrderChangeLine(models.Model):
    _inherit = "sale.order.change.line"

    def _get_problems(self):
        """Return in words what stands in the way of this line."""
        self.ensure_one()
        line = self.order_line_id
        product = self.product_id.display_name
        if not line:
            if not self.product_id.active or not self.product_id.sale_ok:
                return [
                    self.env._("%(product)s is not sold any more.", product=product)
                ]
            return []
        problems = self._get_floor_problems()
        if line.qty_invoiced and any(
            self._approval_raw(name) != self._approval_raw(f"old_{name}")
            for name in ("price_unit", "discount")
        ):
            problems.append(
                self.env._(
                    "%(product)s: the price of what is invoiced stays. Correct it by a "
                    "credit note, or add a new line.",
                    product=product,
                )
            )
        return problems

    def _get_floor_problems(self):
        """Return in words what has gone so far that the quantity cannot be less."""
        self.ensure_one()
        line, product = self.order_line_id, self.product_id.display_name
        floors = [
            (line.qty_delivered, self.env._("delivered")),
            (line.qty_invoiced, self.env._("invoiced")),
            (self._get_shipped(), self.env._("shipped")),
        ]
        low = [
            f"{self._show('quantity', quantity)} {word}"
            for quantity, word in floors
            if self.product_uom_id.compare(self.quantity, quantity) < 0
        ]
        if not low:
            return []
        return [
            self.env._(
                "%(product)s: not less than %(floors)s. Goods come back by a return, "
                "invoices by a credit note.",
                product=product,
                floors=format_list(self.env, low),
            )
        ]

    def _get_shipped(self):
        """Return what has left, accepted by the customer or not, in the line's unit."""
        return self.order_line_id._change_get_moved()["shipped"]
