from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

_KEPT = frozenset({"old_price", "item_id", "item_stamp", "stated_cost", "market_price"})


class SalePriceRevisionLine(models.Model):
    """One price that changes (SPEC C3): of a variant, a product or a category."""

    _name = "sale.price.revision.line"
    _inherit = ["document.approval.line.mixin"]
    _description = "Price That Changes"
    _order = "sequence, id"
    _approval_document_field = "revision_id"

    revision_id = fields.Many2one(
        comodel_name="sale.price.revision",
        required=True,
        index=True,
        ondelete="cascade",
    )
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(related="revision_id.company_id", store=True)
    currency_id = fields.Many2one(related="revision_id.currency_id")
    product_tmpl_id = fields.Many2one(
        comodel_name="product.template",
        string="Product",
        index="btree_not_null",
        ondelete="restrict",
    )
    product_id = fields.Many2one(
        comodel_name="product.product",
        string="Variant",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('product_tmpl_id', '=', product_tmpl_id)]",
        help="Empty: all variants of the product.",
    )
    categ_id = fields.Many2one(
        comodel_name="product.category", string="Category", ondelete="restrict"
    )
    min_quantity = fields.Float(
        digits="Product Unit", help="In the unit of the product, as on the pricelist."
    )
    old_price = fields.Float(digits="Product Price", readonly=True, copy=False)
    new_price = fields.Float(digits="Product Price", required=True)
    change = fields.Float(
        string="Change (%)", compute="_compute_change", digits=(16, 2)
    )
    item_id = fields.Many2one(
        comodel_name="product.pricelist.item",
        string="Present Rule",
        readonly=True,
        copy=False,
        ondelete="set null",
    )
    item_stamp = fields.Char(readonly=True, copy=False)
    stated_cost = fields.Float(
        digits="Product Price",
        string="Cost",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    market_price = fields.Float(digits="Product Price", readonly=True, copy=False)
    margin = fields.Float(
        string="New Margin (%)",
        compute="_compute_margin",
        groups="base.group_user",
        digits=(16, 2),
    )

    @api.depends("product_tmpl_id", "product_id", "categ_id")
    def _compute_display_name(self):
        for line in self:
            what = line.product_id or line.product_tmpl_id or line.categ_id
            line.display_name = what.display_name or ""

    @api.depends("old_price", "new_price")
    def _compute_change(self):
        for line in self:
            old = line.old_price
            line.change = 100 * (line.new_price - old) / old if old else 0.0

    @api.depends("stated_cost", "new_price")
    def _compute_margin(self):
        for line in self:
            new = line.new_price
            has_cost = new and line.stated_cost
            line.margin = 100 * (new - line.stated_cost) / new if has_cost else 0.0

    def _get_key(self):
        """Return what the price is for, comparable."""
        self.ensure_one()
        return (
            self.product_id.id,
            self.product_tmpl_id.id if not self.product_id else False,
            self.categ_id.id,
            self.min_quantity,
        )

    @api.constrains(
        "product_tmpl_id", "product_id", "categ_id", "new_price", "min_quantity"
    )
    def _check_target(self):
        """Refuse a price for nothing, for two things at once, or below zero."""
        for line in self:
            product, category = line.product_tmpl_id, line.categ_id
            if bool(product) == bool(category):
                raise ValidationError(
                    self.env._("Name either a product or a category on each line.")
                )
            if line.product_id and line.product_id.product_tmpl_id != product:
                raise ValidationError(
                    self.env._("%(line)s is another product.", line=line.display_name)
                )
            if not line.revision_id.pricelist_id and (
                category or line.product_id or line.min_quantity
            ):
                raise ValidationError(
                    self.env._(
                        "Without a pricelist the sales price of whole products is "
                        "revised: no variants, categories or quantities."
                    )
                )
            if not (0 <= line.new_price <= 1e12 and 0 <= line.min_quantity <= 1e12):
                raise ValidationError(self.env._("Prices are not negative."))

    # What users may write ------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_kept(vals)
        lines = super().create(vals_list)
        lines._refuse_settled()
        lines.filtered("revision_id.id")._freeze()
        return lines

    def write(self, vals):
        self._refuse_kept(vals)
        self._refuse_settled()
        result = super().write(vals)
        self._refuse_settled()
        if set(vals) - {"sequence", "new_price"}:
            self._freeze()
        return result

    def unlink(self):
        self._refuse_settled()
        return super().unlink()

    @api.model
    def _refuse_kept(self, vals):
        for name in _KEPT.intersection(vals):
            if self.ids or vals[name]:
                raise AccessError(
                    self.env._(
                        "%(field)s is filled in by the system or on its sheet.",
                        field=self._fields[name]._description_string(self.env),
                    )
                )

    @api.model
    def default_get(self, fields):
        """Give nobody's own default to what the system keeps."""
        values = super().default_get(fields)
        return {name: value for name, value in values.items() if name not in _KEPT}

    def _refuse_settled(self):
        # sudo: the state counts whoever writes
        if any(line.sudo().revision_id.state != "draft" for line in self):
            raise UserError(self.env._("What was approved stays as it is."))

    def _keep(self, vals):
        # sudo: reviewers and jobs need not have the rights of a salesperson
        return super(SalePriceRevisionLine, self.sudo()).write(vals)

    # Old price -------------------------------------------------------------------

    def _freeze(self):
        """Take down the rule and price in force on the day, of drafts."""
        # sudo: rules are read whoever applies
        lines_sudo = self.sudo().filtered(
            lambda line: line.revision_id.state == "draft"
        )
        for line_sudo, item in lines_sudo._find_items().items():
            values = line_sudo._get_present(item)
            values["stated_cost"] = line_sudo.stated_cost or line_sudo._get_cost()
            changed = {
                name: value
                for name, value in values.items()
                if (line_sudo[name].id if name == "item_id" else line_sudo[name])
                != value
            }
            if changed:
                line_sudo._keep(changed)

    def _get_cost(self):
        """Return the cost of the product in the currency of the revision."""
        self.ensure_one()
        company = self.revision_id.company_id
        product = (self.product_id or self.product_tmpl_id).with_company(company)
        return company.currency_id._convert(
            product.standard_price if product else 0.0,
            self.currency_id,
            company,
            fields.Date.context_today(self),
            round=False,
        )

    def _get_present(self, item):
        """Return rule, its stamp and the price that would be in force on the day.

        :param item: the rule of :meth:`_find_items`
        """
        self.ensure_one()
        revision = self.revision_id
        if not revision.pricelist_id:
            return {
                "item_id": False,
                "item_stamp": "",
                "old_price": self.product_tmpl_id.list_price,
            }
        if item.compute_price == "fixed":
            price = item.fixed_price
        else:
            product = self.product_id or self.product_tmpl_id
            price = (
                revision.pricelist_id._get_product_price(
                    product, self.min_quantity or 1.0, date=revision._get_start()
                )
                if product
                else 0.0
            )
        digits = self.env["decimal.precision"].precision_get("Product Price")
        return {
            "item_id": item.id,
            "item_stamp": self._get_stamp(item),
            "old_price": round(price, digits),
        }

    def _find_items(self):
        """Return ``{line: the rule for exactly this}``, empty where there is none.

        In force at the moment the new prices begin; one query for each revision.
        """
        items = self.env["product.pricelist.item"]
        found = dict.fromkeys(self, items)
        for revision, lines in self.grouped("revision_id").items():
            start = revision._get_start()
            rules = {}
            for item in items.search(
                [
                    ("pricelist_id", "=", revision.pricelist_id.id),
                    "|",
                    ("date_start", "=", False),
                    ("date_start", "<", start),
                    "|",
                    ("date_end", "=", False),
                    ("date_end", ">=", start),
                    "|",
                    "|",
                    ("product_id", "in", lines.product_id.ids),
                    ("product_tmpl_id", "in", lines.product_tmpl_id.ids),
                    ("categ_id", "in", lines.categ_id.ids),
                ]
            ):
                rules.setdefault(self._get_rule_key(item), item)
            for line in lines:
                found[line] = rules.get(self._get_rule_key(line), items)
        return found

    @api.model
    def _get_rule_key(self, record):
        """Return what a line or a rule is for, to be compared."""
        target = record.product_id or record.product_tmpl_id or record.categ_id
        return target._name, target.id, round(record.min_quantity, 6)

    @api.model
    def _get_stamp(self, item):
        """Return what must not change of a rule until the day, as text."""
        if not item:
            return ""
        names = (
            "date_start",
            "date_end",
            "compute_price",
            "fixed_price",
            "percent_price",
            "price_discount",
            "price_surcharge",
            "base",
        )
        return "|".join(str(item[name]) for name in names)
