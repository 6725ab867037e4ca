import math

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .stock_replenishment_facts import FIGURES

KINDS = ("size_fill", "own_judgement", "end_customer")


def _figure(label, **options):
    return fields.Float(
        string=label, digits="Product Unit", readonly=True, copy=False, **options
    )


class StockReplenishmentLine(models.Model):
    """One variant of a replenishment sheet, in the product's own unit (SPEC G5)."""

    _name = "stock.replenishment.line"
    _inherit = "stock.region.kept"
    _description = "Line of a Replenishment Sheet"
    _order = "sheet_id desc, product_tmpl_id, id"
    _check_company_auto = True

    # identity
    sheet_id = fields.Many2one(
        comodel_name="stock.replenishment.sheet",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="sheet_id.company_id", store=True)
    state = fields.Selection(related="sheet_id.state", store=True)
    product_id = fields.Many2one(
        comodel_name="product.product",
        required=True,
        index=True,
        domain=[("is_storable", "=", True)],
        check_company=True,
        ondelete="restrict",
    )
    product_tmpl_id = fields.Many2one(
        related="product_id.product_tmpl_id", store=True, string="Style"
    )
    product_uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    size_id = fields.Many2one(
        comodel_name="product.attribute.value",
        string="Size",
        compute="_compute_matrix",
        store=True,
    )
    colour_id = fields.Many2one(
        comodel_name="product.attribute.value",
        string="Colour",
        compute="_compute_matrix",
        store=True,
    )
    is_new_style = fields.Boolean(related="product_tmpl_id.is_new_style")
    # supply
    on_hand = _figure("In Stock")
    in_transit = _figure("In Transit")
    in_production = _figure("In Production", help="What is left to be made.")
    on_order = _figure("On Order", help="Drafts included.")
    supply = fields.Float(digits="Product Unit", compute="_compute_need", store=True)
    # need
    demand = _figure("Customers' Orders", help="Ordered and not delivered yet.")
    other_demand = _figure("Other Needs", help="Of productions and other warehouses.")
    stock_up = fields.Float(
        string="Stock-Up",
        digits="Product Unit",
        help="To have in stock; at first the minimum of the reordering rules.",
    )
    spread_customers = fields.Integer(
        string="Customers without It", readonly=True, copy=False
    )
    spread_units = fields.Float(string="Pieces per New Customer", digits="Product Unit")
    spread_qty = fields.Float(
        string="Spread", digits="Product Unit", compute="_compute_need", store=True
    )
    reorder_size_fill = _figure("Size Fill-Ins")
    reorder_own_judgement = _figure("Own Judgement")
    reorder_end_customer = _figure("End-Customer Reorders")
    reorder_weighted = _figure("Reorders, Weighted")
    need = fields.Float(digits="Product Unit", compute="_compute_need", store=True)
    # result
    multiple = _figure("Pack", help="Orders are multiples of it.")
    minimum = _figure("Minimum Order")
    suggested = fields.Float(digits="Product Unit", compute="_compute_need", store=True)
    quantity = fields.Float(
        string="To Order",
        digits="Product Unit",
        compute="_compute_quantity",
        store=True,
        readonly=False,
    )
    reason = fields.Char(help="Why another quantity than suggested is ordered.")
    explanation = fields.Text(string="Why", compute="_compute_explanation")
    move_ids = fields.One2many(
        comodel_name="stock.move",
        inverse_name="replenishment_line_id",
        groups="stock.group_stock_user",
    )
    document_names = fields.Char(
        string="Orders Made", compute="_compute_document_names", compute_sudo=True
    )

    _product_uniq = models.Constraint(
        "UNIQUE (sheet_id, product_id)", "This variant is on the sheet already."
    )
    _quantity_check = models.Constraint(
        "CHECK (stock_up >= 0 AND spread_units >= 0)",
        "Quantities are not negative.",
    )

    @api.depends("product_id", "company_id")
    def _compute_matrix(self):
        for line in self:
            values = line.product_id.product_template_attribute_value_ids
            company = line.company_id
            for name, attribute in (
                ("size_id", company.region_transfer_size_attribute_id),
                ("colour_id", company.replenishment_colour_attribute_id),
            ):
                chosen = values.filtered(
                    lambda value, attribute=attribute: (
                        attribute and value.attribute_id == attribute
                    )
                )
                line[name] = chosen[:1].product_attribute_value_id

    @api.depends(
        *FIGURES,
        "spread_customers",
        "spread_units",
        "reorder_weighted",
        "multiple",
        "minimum",
    )
    def _compute_need(self):
        for line in self:
            line.supply = (
                line.on_hand + line.in_transit + line.in_production + line.on_order
            )
            line.spread_qty = line.spread_customers * line.spread_units
            line.need = (
                line.demand
                + line.other_demand
                + line.stock_up
                + line.spread_qty
                + line.reorder_weighted
            )
            line.suggested = line._round_up(line.need - line.supply)

    def _round_up(self, quantity):
        """Return what to order for at least ``quantity``: whole packs, the minimum."""
        self.ensure_one()
        uom = self.product_id.uom_id
        if not uom or uom.compare(quantity, 0.0) <= 0:
            return 0.0
        quantity = max(quantity, self.minimum)
        if self.multiple > 0:
            quantity = math.ceil(round(quantity / self.multiple, 6)) * self.multiple
        return uom.round(quantity, rounding_method="UP")

    @api.depends("suggested")
    def _compute_quantity(self):
        for line in self:
            line.quantity = line.suggested

    @api.depends("need", "supply", "suggested")
    @api.depends_context("lang")
    def _compute_explanation(self):
        for line in self:
            line.explanation = line._explain() if line.product_id else False

    def _explain(self):
        """Return in words how the suggestion came about."""
        self.ensure_one()
        numbers = {
            name: f"{self[name]:g}"
            for name in (
                *FIGURES,
                "need",
                "supply",
                "spread_qty",
                "spread_units",
                "spread_customers",
                "reorder_weighted",
                "suggested",
                "multiple",
                "minimum",
            )
        }
        parts = [
            self.env._(
                "Needed %(need)s: customers' orders %(demand)s, other needs "
                "%(other_demand)s, stock-up %(stock_up)s, spread %(spread_qty)s "
                "(%(spread_customers)s customers × %(spread_units)s), reorders "
                "%(reorder_weighted)s.",
                **numbers,
            ),
            self.env._(
                "There are %(supply)s: in stock %(on_hand)s, in transit "
                "%(in_transit)s, in production %(in_production)s, on order "
                "%(on_order)s.",
                **numbers,
            ),
        ]
        if self.suggested:
            parts.append(
                self.env._(
                    "So %(suggested)s, in packs of %(multiple)s, at least %(minimum)s.",
                    **numbers,
                )
            )
        return "\n".join(parts)

    def _is_changed(self):
        """Tell whether somebody wants another quantity than suggested."""
        self.ensure_one()
        return self.product_id.uom_id.compare(self.quantity, self.suggested) != 0

    def _compute_document_names(self):
        for line in self:
            line.document_names = ", ".join(line._get_document_names()) or False

    def _get_document_names(self):
        """Return the names of what was created for this line. Made to be extended."""
        self.ensure_one()
        return [name for name in self.move_ids.picking_id.mapped("name") if name]

    # Who writes what ------------------------------------------------------------

    @api.model
    def _get_open_fields(self):
        """EXTENDS: planners write the wish, the quantity and why."""
        return {
            "sheet_id",
            "product_id",
            "stock_up",
            "spread_units",
            "quantity",
            "reason",
        }

    @api.model_create_multi
    def create(self, vals_list):
        """Count what planners add; what they wrote stays."""
        self._kept_refuse(vals_list)
        lines = super().create(vals_list)
        lines.sheet_id._check_draft()
        written = dict(zip(lines, vals_list, strict=True))
        for sheet, of_sheet in lines.grouped("sheet_id").items():
            products = of_sheet.product_id
            values = self._prepare_figures(sheet, products, *sheet._count(products))
            for line in of_sheet:
                line._write_system(values[line.product_id])
                kept = {
                    name: written[line][name]
                    for name in ("stock_up", "spread_units", "quantity")
                    if name in written[line]
                }
                line._write_system(kept)
        return lines

    @api.model
    def _create_system(self, vals_list):
        """Create lines with their figures, past our own refusal."""
        return super().create(vals_list)

    def write(self, vals):
        self._kept_refuse([vals])
        self.sheet_id._check_draft()
        result = super().write(vals)
        if "sheet_id" in vals or "product_id" in vals:
            raise UserError(self.env._("Add a new line instead."))
        return result

    def _write_system(self, vals):
        # sudo: what the system keeps
        return super(StockReplenishmentLine, self.sudo()).write(vals)

    @api.constrains("quantity")
    def _check_quantity(self):
        for line in self:
            if not line.quantity >= 0:  # nor NaN
                raise ValidationError(self.env._("Order at least nothing."))

    @api.ondelete(at_uninstall=True)
    def _unlink_except_confirmed(self):
        self.sheet_id._check_draft()

    # Figures ----------------------------------------------------------------------

    @api.model
    def _prepare_figures(self, sheet, products, figures, reorders):
        """Return ``{product: values}`` of lines, in a constant number of queries.

        :param figures: as of ``stock.replenishment.facts._get_figures``
        :param reorders: as of ``_get_reorders``
        """
        company = sheet.company_id
        packs = products._get_replenishment_packs(sheet)
        never_had = {}
        if sheet.region_ids and sheet.spread_units:
            never_had = self.env["stock.replenishment.facts"]._get_never_had(
                company, sheet.region_ids, products.product_tmpl_id
            )
        weights = {kind: company[f"replenishment_weight_{kind}"] for kind in KINDS}
        nothing = dict.fromkeys(FIGURES, 0.0)
        result = {}
        for product in products:
            kinds = reorders.get(product.id, {})
            weighted = sum(kinds.get(kind, 0.0) * weights[kind] for kind in KINDS)
            multiple, minimum = packs[product]
            result[product] = {
                **figures.get(product.id, nothing),
                **{f"reorder_{kind}": kinds.get(kind, 0.0) for kind in KINDS},
                "reorder_weighted": product.uom_id.round(weighted),
                "spread_customers": never_had.get(product.product_tmpl_id.id, 0),
                "spread_units": sheet.spread_units,
                "multiple": multiple,
                "minimum": minimum,
            }
        return result

    def _get_covered_meanwhile(self):
        """Return the products of which less is lacking than when it was counted."""
        figures, _reorders = self.sheet_id._count(self.product_id)
        covered = self.env["product.product"]
        for line in self:
            now = figures.get(line.product_id.id) or dict.fromkeys(FIGURES, 0.0)
            lacking = (
                now["demand"]
                + now["other_demand"]
                - sum(
                    now[name]
                    for name in ("on_hand", "in_transit", "in_production", "on_order")
                )
            )
            before = line.demand + line.other_demand - line.supply
            if line.product_id.uom_id.compare(lacking, before) < 0:
                covered |= line.product_id
        return covered

    def _procure(self):
        """Have Odoo's rules create what is ordered."""
        lines_sudo = self.sudo()  # planners need neither buy, make nor move stock
        references = {
            sheet: lines_sudo.env["stock.reference"].create({"name": sheet.name})
            for sheet in lines_sudo.sheet_id
        }
        rules = lines_sudo.env["stock.rule"]
        rules.run(
            [
                rules.Procurement(
                    line.product_id,
                    line.quantity,
                    line.product_id.uom_id,
                    line.sheet_id.warehouse_id.lot_stock_id,
                    line.sheet_id.name,
                    line.sheet_id.name,
                    line.company_id,
                    {
                        "warehouse_id": line.sheet_id.warehouse_id,
                        "date_planned": line.sheet_id.date_planned,
                        "date_deadline": line.sheet_id.date_planned,
                        "reference_ids": references[line.sheet_id],
                        "replenishment_line_id": line.id,
                    },
                )
                for line in lines_sudo
            ]
        )
