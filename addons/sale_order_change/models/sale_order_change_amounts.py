from odoo import api, fields, models

_NAMES = (
    "old_amount_untaxed",
    "old_amount_total",
    "new_amount_untaxed",
    "new_amount_total",
)


class SaleOrderChange(models.Model):
    """What the change does to the amount of the order, to the cent (SPEC J1)."""

    _inherit = "sale.order.change"

    totals = fields.Json(readonly=True, copy=False)
    old_amount_untaxed = fields.Monetary(
        string="Untaxed Before", compute="_compute_amounts"
    )
    old_amount_total = fields.Monetary(
        string="Total Before", compute="_compute_amounts"
    )
    new_amount_untaxed = fields.Monetary(
        string="Untaxed Afterwards", compute="_compute_amounts"
    )
    new_amount_total = fields.Monetary(
        string="Total Afterwards", compute="_compute_amounts"
    )
    untaxed_difference = fields.Monetary(compute="_compute_amounts")
    total_difference = fields.Monetary(
        string="Difference of the Total", compute="_compute_amounts"
    )

    @api.depends(
        "kind",
        "state",
        "approval_state",
        "totals",
        "payment_term_id",
        "line_ids.quantity",
        "line_ids.price_unit",
        "line_ids.discount",
        "line_ids.product_id",
    )
    def _compute_amounts(self):
        for change in self:
            kept = change.totals and (
                change.state in ("applied", "cancel")
                or change.approval_state in ("pending", "approved")
            )
            totals = change.totals if kept else change._get_totals()
            for name in _NAMES:
                change[name] = totals[name]
            change.untaxed_difference = (
                change.new_amount_untaxed - change.old_amount_untaxed
            )
            change.total_difference = change.new_amount_total - change.old_amount_total

    def _get_totals(self):
        """Return the order's amounts before and after, in its currency.

        By Odoo's own tax computation over all lines, so that they are what the order
        shows before and will show afterwards.
        """
        self.ensure_one()
        if not self.order_id:
            return dict.fromkeys(_NAMES, 0.0)
        # sudo: who reviews need not read the order
        order_sudo = self.sudo().order_id._origin
        before = order_sudo.amount_untaxed, order_sudo.amount_total
        after = (0.0, 0.0) if self.kind == "cancel" else self._sum_up(order_sudo)
        return dict(zip(_NAMES, (*before, *after), strict=True))

    def _sum_up(self, order_sudo):
        """Return (untaxed, total) of the order with the changes of this request."""
        taxes = self.env["account.tax"]
        changed = {
            line.order_line_id._origin: line
            for line in self.line_ids
            if line.order_line_id
        }
        bases = []
        for line in order_sudo._get_priced_lines():
            asked = changed.get(line)
            bases.append(
                line._prepare_base_line_for_taxes_computation(
                    **(asked._prepare_amounts() if asked else {})
                )
            )
        for asked in self.line_ids:
            if not asked.order_line_id and asked.product_id:
                bases.append(asked._prepare_base_line(order_sudo))
        company = order_sudo.company_id
        taxes._add_tax_details_in_base_lines(bases, company)
        taxes._round_base_lines_tax_details(bases, company)
        totals = taxes._get_tax_totals_summary(
            base_lines=bases, currency=order_sudo.currency_id, company=company
        )
        return totals["base_amount_currency"], totals["total_amount_currency"]


class SaleOrderChangeLine(models.Model):
    _inherit = "sale.order.change.line"

    def _prepare_amounts(self):
        """Return what differs from the line of the order, for the tax computation."""
        self.ensure_one()
        return {
            "quantity": self.quantity,
            "price_unit": self.price_unit,
            "discount": self.discount,
        }

    def _prepare_base_line(self, order_sudo, **values):
        self.ensure_one()
        line_sudo = self.sudo()  # sudo: taxes need not be readable
        return self.env["account.tax"]._prepare_base_line_for_taxes_computation(
            line_sudo,
            tax_ids=line_sudo.tax_ids,
            partner_id=order_sudo.partner_id,
            currency_id=order_sudo.currency_id,
            rate=order_sudo.currency_rate,
            **{**self._prepare_amounts(), **values},
        )

    def _get_amount_difference(self):
        """Return what the line adds to the untaxed amount of the order."""
        self.ensure_one()
        order_sudo = self.change_id.sudo().order_id  # sudo: as above
        if not order_sudo or not self.product_id:
            return 0.0
        taxes = self.env["account.tax"]
        old = {
            "quantity": self.old_quantity,
            "price_unit": self.old_price_unit,
            "discount": self.old_discount,
        }
        amounts = []
        for values in ({}, old):
            base = self._prepare_base_line(order_sudo, **values)
            taxes._add_tax_details_in_base_line(base, order_sudo.company_id)
            taxes._round_base_lines_tax_details([base], order_sudo.company_id)
            amounts.append(base["tax_details"]["total_excluded_currency"])
        return amounts[0] - amounts[1]
