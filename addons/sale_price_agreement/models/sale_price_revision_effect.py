from odoo import api, fields, models
from odoo.exceptions import AccessError


class SalePriceRevisionEffect(models.Model):
    """A line of an open quotation whose price in force a revision changed (SPEC C3).

    Prices are those of the pricelist per unit of the line, in the order's currency and
    the tax convention of the product. Written by the revision only.
    """

    _name = "sale.price.revision.effect"
    _description = "Quotation With a Revised Price"
    _order = "id desc"

    revision_id = fields.Many2one(
        comodel_name="sale.price.revision",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, index=True, ondelete="cascade"
    )
    order_id = fields.Many2one(
        comodel_name="sale.order", required=True, index=True, ondelete="cascade"
    )
    line_id = fields.Many2one(
        comodel_name="sale.order.line",
        string="Order Line",
        required=True,
        index=True,
        ondelete="cascade",
    )
    product_id = fields.Many2one(related="line_id.product_id")
    product_uom_id = fields.Many2one(related="line_id.product_uom_id", string="Unit")
    currency_id = fields.Many2one(related="order_id.currency_id")
    old_price = fields.Float(digits="Product Price")
    new_price = fields.Float(digits="Product Price")
    is_taken = fields.Boolean(
        string="New Price Taken", index=True, help="The quotation has the new price."
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Only a revision writes here."""
        if not self.env.su:
            raise AccessError(self.env._("These are written by price revisions only."))
        return super().create(vals_list)

    def write(self, vals):
        """Only the button of the quotation changes them."""
        if vals:
            raise AccessError(self.env._("These are kept by price revisions."))
        return super().write(vals)

    def _take(self):
        # sudo: the salesperson has taken the new prices into his own quotation
        return super(SalePriceRevisionEffect, self.sudo()).write({"is_taken": True})

    def _is_promised(self):
        """Tell whether the line was sent before the revision and is still valid."""
        self.ensure_one()
        today = self.env["sale.price.concession"]._get_today(self.company_id)
        applied = self.revision_id.date_applied
        day = self.env["sale.order.feasibility"]._get_day(self.company_id, applied)
        last = fields.Date.subtract(day, days=1)
        return self.order_id._price_is_promised(self.line_id, today, last)

    @api.model
    def _get_lines(self, revision):
        """Return the lines of open quotations with a product of the revision."""
        products = revision.line_ids.product_id
        templates = revision.line_ids.filtered(lambda line: not line.product_id)
        categories = templates.categ_id.ids
        return (
            self.env["sale.order.line"]
            # sudo: quotations of everybody
            .sudo()
            .search(
                [
                    ("company_id", "child_of", revision.company_id.id),
                    ("order_id.state", "in", ("draft", "sent")),
                    ("display_type", "=", False),
                    "|",
                    "|",
                    ("product_id", "in", products.ids),
                    ("product_id.product_tmpl_id", "in", templates.product_tmpl_id.ids),
                    ("product_id.categ_id", "child_of", categories),
                ]
            )
            .filtered(lambda line: line._policy_has_list_price())
        )

    @api.model
    def _get_prices(self, revision):
        """Return ``{line: price in force now}`` of open quotations."""
        now = fields.Datetime.now()
        prices = {}
        lines = self._get_lines(revision)
        for (company, pricelist), group in lines.grouped(
            lambda line: (line.company_id, line.order_id.pricelist_id)
        ).items():
            rules = pricelist._get_applicable_rules(group.product_id, now)
            for line in group.with_company(company):
                prices[line] = line._policy_get_list_price(rules, now)
        return prices

    @api.model
    def _note(self, revision, before):
        """Keep the lines whose price in force is another one now."""
        digits = self.env["decimal.precision"].precision_get("Product Price")
        after = {line.id: price for line, price in self._get_prices(revision).items()}
        # sudo: written by the system
        self.sudo().create(
            [
                {
                    "revision_id": revision.id,
                    "company_id": line.company_id.id,
                    "order_id": line.order_id.id,
                    "line_id": line.id,
                    "old_price": price,
                    "new_price": after[line.id],
                }
                for line, price in before.items()
                if line.id in after and round(price - after[line.id], digits)
            ]
        )
