from odoo import api, fields, models
from odoo.exceptions import ValidationError


class SaleRequirementLine(models.Model):
    """One thing a customer needs: a product, or what he describes (SPEC A7)."""

    _name = "sale.requirement.line"
    _inherit = ["document.approval.home.mixin"]
    _description = "Customer Requirement"
    _order = "list_id, sequence, id"
    _check_company_auto = True
    _home_fields = frozenset({"list_id"})

    list_id = fields.Many2one(
        comodel_name="sale.requirement.list",
        string="Requirement List",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="list_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    product_id = fields.Many2one(
        comodel_name="product.product",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain=[("sale_ok", "=", True)],
        help="Empty: something we do not have yet, as described.",
    )
    name = fields.Char(
        string="Description",
        compute="_compute_name",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    specification = fields.Char(help="Model, size, material, colour, standard.")
    quantity = fields.Float(digits="Product Unit", default=1.0, required=True)
    uom_id = fields.Many2one(
        comodel_name="uom.uom",
        string="Unit",
        compute="_compute_uom_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
    )
    date_wanted = fields.Date(string="Wanted On")
    customisation = fields.Char(help="What differs from what we sell.")
    service_level_id = fields.Many2one(
        comodel_name="sale.service.level", ondelete="restrict", check_company=True
    )
    remark = fields.Char()

    _quantity_check = models.Constraint(
        "CHECK (quantity > 0 AND quantity < 1e12)",
        "The quantity of a requirement is a number above 0.",
    )

    @api.depends("product_id")
    def _compute_name(self):
        for line in self:
            if line.product_id:
                line.name = line.product_id.with_context(
                    lang=line.list_id.lang
                ).display_name

    @api.depends("product_id")
    def _compute_uom_id(self):
        for line in self:
            if line.product_id or not line.uom_id:
                line.uom_id = line.product_id.uom_id

    @api.constrains("product_id", "uom_id")
    def _check_unit(self):
        for line in self:
            unit = line.product_id.uom_id
            if line.product_id and not (
                line.uom_id and line.uom_id._has_common_reference(unit)
            ):
                raise ValidationError(
                    self.env._(
                        "%(product)s is counted in %(unit)s or a unit of that kind.",
                        product=line.product_id.display_name,
                        unit=unit.name,
                    )
                )

    # Guard: as the list -----------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """:raise UserError: when a list is no draft"""
        self._get_named_lists(vals_list)._check_draft()
        lines = super().create(vals_list)
        lines.list_id._check_draft()
        return lines

    def write(self, vals):
        """:raise UserError: when a list is no draft"""
        (self.list_id | self._get_named_lists([vals]))._check_draft()
        result = super().write(vals)
        if "list_id" in vals:
            self.list_id._check_draft()
        return result

    @api.model
    def _get_named_lists(self, vals_list):
        """Return the lists new values name: refused before anything is written.

        Code that goes on after the refusal must not be left with a line more.
        """
        default = self.env.context.get("default_list_id")
        ids = {vals.get("list_id", default) for vals in vals_list}
        lists = self.env["sale.requirement.list"]
        return lists.browse([i for i in ids if isinstance(i, int) and i]).exists()

    @api.ondelete(at_uninstall=True)
    def _unlink_except_draft(self):
        self.list_id._check_draft()
