from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, format_list

from .stock_replenishment_facts import FIGURES


class StockReplenishmentSheet(models.Model):
    """What to order or make of which variant, and why (SPEC G5, 下单建议表).

    Figures are those of the moment they were computed; confirming creates the
    purchase or manufacturing orders by Odoo's own rules, once.
    """

    _name = "stock.replenishment.sheet"
    _inherit = ["stock.region.kept", "mail.thread"]
    _description = "Replenishment Sheet"
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(
        string="Number", required=True, readonly=True, copy=False, default="/"
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    warehouse_id = fields.Many2one(
        comodel_name="stock.warehouse",
        string="Goods Go To",
        required=True,
        check_company=True,
        default=lambda self: self.env["stock.warehouse"].search(
            [("company_id", "=", self.env.company.id)], limit=1
        ),
        ondelete="restrict",
    )
    warehouse_ids = fields.Many2many(
        comodel_name="stock.warehouse",
        string="Counted Warehouses",
        check_company=True,
        help="Whose stock and orders are counted. Empty: all of the company.",
    )
    region_ids = fields.Many2many(
        comodel_name="sales.region",
        string="Spread to Regions",
        check_company=True,
        help="Customers of these regions who never had a style get some of it.",
    )
    spread_units = fields.Float(
        string="Pieces per New Customer",
        digits="Product Unit",
        help="Of each variant, for every customer of the regions who never had the "
        "style.",
    )
    category_ids = fields.Many2many(
        comodel_name="product.category",
        string="Product Categories",
        help="Empty: all.",
    )
    product_tmpl_ids = fields.Many2many(
        comodel_name="product.template",
        string="Products",
        domain=[("is_storable", "=", True)],
        check_company=True,
        help="Empty: everything somebody wants.",
    )
    date_planned = fields.Datetime(
        string="Wanted By", required=True, default=fields.Datetime.now
    )
    note = fields.Text(string="Remarks")
    line_ids = fields.One2many(
        comodel_name="stock.replenishment.line", inverse_name="sheet_id", string="Lines"
    )
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("done", "Confirmed"),
            ("cancel", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    date_computed = fields.Datetime(string="Figures Of", readonly=True, copy=False)
    confirmed_by_id = fields.Many2one(
        comodel_name="res.users", readonly=True, copy=False
    )
    date_confirmed = fields.Datetime(string="Confirmed On", readonly=True, copy=False)
    revision = fields.Integer(readonly=True, copy=False)
    missing_text = fields.Text(
        string="Incomplete New Styles", compute="_compute_missing_text"
    )

    @api.depends("line_ids.quantity", "line_ids.supply", "line_ids.product_id")
    def _compute_missing_text(self):
        """Say which sizes and colours new styles lack: neither there nor ordered."""
        for sheet in self:
            sheet.missing_text = "\n".join(sheet._get_missing()) or False

    def _get_missing(self):
        """Return in words what each new style of the sheet lacks."""
        self.ensure_one()
        texts = []
        covered = {
            line.product_id
            for line in self.line_ids
            if line.quantity > 0 or line.supply > 0
        }
        for template in self.line_ids.product_id.product_tmpl_id:
            if not template.is_new_style:
                continue
            missing = template.product_variant_ids.filtered(
                lambda product: product not in covered
            )
            if missing:
                texts.append(
                    self.env._(
                        "%(style)s lacks %(variants)s",
                        style=template.name,
                        variants=format_list(
                            self.env,
                            [
                                product.product_template_attribute_value_ids._get_combination_name()
                                or product.display_name
                                for product in missing
                            ],
                        ),
                    )
                )
        return texts

    # Who writes what ------------------------------------------------------------

    @api.model
    def _get_open_fields(self):
        """EXTENDS: planners write what is looked at, and their remarks."""
        thread = set(self.env["mail.thread"]._fields)
        own = {
            "company_id",
            "warehouse_id",
            "warehouse_ids",
            "region_ids",
            "spread_units",
            "category_ids",
            "product_tmpl_ids",
            "date_planned",
            "note",
            "line_ids",
        }
        return own | thread - {"id", "display_name"}

    @api.model_create_multi
    def create(self, vals_list):
        self._kept_refuse(vals_list)
        for vals in vals_list:
            company = vals.get("company_id") or self.env.company.id
            # sudo: numbers are drawn by whoever plans
            numbers = self.env["ir.sequence"].sudo().with_company(company)
            vals["name"] = numbers.next_by_code("stock.replenishment.sheet") or "/"
        return super().create(vals_list)

    def write(self, vals):
        self._kept_refuse([vals])
        if set(vals) - set(self.env["mail.thread"]._fields) - {"note"}:
            self._check_draft()
        return super().write(vals)

    def _write_system(self, vals):
        # sudo: states are moved by those who may, as their methods have checked
        return super(StockReplenishmentSheet, self.sudo()).write(vals)

    def _check_draft(self):
        """Refuse changes of what was confirmed already."""
        for sheet in self:
            if sheet.state != "draft":
                raise UserError(
                    self.env._(
                        "%(sheet)s is confirmed or cancelled and stays as it is.",
                        sheet=sheet.name,
                    )
                )

    @api.ondelete(at_uninstall=True)
    def _unlink_except_kept(self):
        for sheet in self:
            if sheet.state == "done":
                raise UserError(
                    self.env._(
                        "%(sheet)s is kept: orders came from it.", sheet=sheet.name
                    )
                )

    # Figures ----------------------------------------------------------------------

    def _get_warehouses(self):
        """Return the warehouses whose stock and orders count."""
        self.ensure_one()
        # sudo: every warehouse of the company counts
        return self.warehouse_ids or self.env["stock.warehouse"].sudo().search(
            [("company_id", "=", self.company_id.id)]
        )

    def _get_scope(self):
        """Return the products the sheet is limited to, or None."""
        self.ensure_one()
        if not self.product_tmpl_ids and not self.category_ids:
            return None
        products = self.product_tmpl_ids.product_variant_ids
        if self.category_ids:
            of_categories = [
                ("categ_id", "child_of", self.category_ids.ids),
                ("is_storable", "=", True),
            ]
            products |= products.search(of_categories)
        return products

    def action_compute(self):
        """Count everything anew; what was changed by hand is forgotten.

        :raise UserError: for sheets that are confirmed
        """
        self.check_access("write")
        self._check_draft()
        for sheet in self:
            scope = sheet._get_scope()
            figures, reorders = sheet._count(scope)
            wanted = {
                product_id
                for product_id, figure in figures.items()
                if figure["demand"] or figure["other_demand"] or figure["stock_up"]
            }
            products = self.env["product.product"].browse(
                sorted(wanted | set(reorders))
            )
            if scope is not None:
                products = scope
            storable = products.filtered("is_storable").ids
            sheet.line_ids.unlink()
            products = products.browse(storable)  # to be read all at once again
            lines = self.env["stock.replenishment.line"]
            values = lines._prepare_figures(sheet, products, figures, reorders)
            lines._create_system(
                [
                    {"sheet_id": sheet.id, "product_id": product.id, **values[product]}
                    for product in products
                ]
            )
            sheet._write_system({"date_computed": fields.Datetime.now()})
        return True

    def _count(self, products):
        """Return the figures and the reorders of ``products``; None for all."""
        self.ensure_one()
        # sudo: the figures are the same whoever plans
        facts = self.env["stock.replenishment.facts"].sudo()
        warehouses = self._get_warehouses()
        return (
            facts._get_figures(self.company_id, warehouses, products),
            facts._get_reorders(self.company_id, warehouses, products),
        )

    # Confirmation -----------------------------------------------------------------

    def action_confirm(self):
        """Create the purchase or manufacturing orders, once; for coordinators.

        :raise AccessError: for others
        :raise UserError: when it was done already, when something changed by hand
            has no reason, or when less is needed by now
        """
        self.check_access("write")
        if not self.env.user.has_group("order_handover.group_officer"):
            raise AccessError(
                self.env._("Only order coordinators confirm replenishment sheets.")
            )
        for sheet in self:
            sheet._bump()
            sheet._check_confirmable()
            lines = sheet.line_ids.filtered(lambda line: line.quantity > 0)
            sheet._write_system(
                {
                    "state": "done",
                    "confirmed_by_id": self.env.uid,
                    "date_confirmed": fields.Datetime.now(),
                }
            )
            lines._procure()
        return True

    def _bump(self):
        """Write the rows rivals write too: the sheet's, and its products'."""
        self.ensure_one()
        self.env.flush_all()
        self.env.execute_query(
            SQL(
                "UPDATE stock_replenishment_sheet"
                " SET revision = COALESCE(revision, 0) + 1 WHERE id = %s RETURNING id",
                self.id,
            )
        )
        warehouses = self._get_warehouses() | self.warehouse_id
        self.env["stock.region.transfer.revision"]._bump(
            (warehouse, product)
            for warehouse in warehouses.ids
            for product in self.line_ids.product_id.ids
        )
        self.env.invalidate_all()

    def _check_confirmable(self):
        """Refuse what was confirmed already, is unexplained, or too much by now."""
        self.ensure_one()
        if self.state != "draft":
            raise UserError(
                self.env._(
                    "%(sheet)s was confirmed already by %(user)s.",
                    sheet=self.name,
                    user=self.confirmed_by_id.name or "",
                )
            )
        lines = self.line_ids.filtered(lambda line: line.quantity > 0)
        if not lines:
            raise UserError(self.env._("%(sheet)s orders nothing.", sheet=self.name))
        silent = self.line_ids.filtered(
            lambda line: line._is_changed() and not (line.reason or "").strip()
        )
        if silent:
            raise UserError(
                self.env._(
                    "Say why you order another quantity than suggested: %(products)s.",
                    products=format_list(
                        self.env, silent.product_id.mapped("display_name")
                    ),
                )
            )
        covered = lines._get_covered_meanwhile()
        if covered:
            raise UserError(
                self.env._(
                    "Since the figures were counted, somebody else ordered or "
                    "received: %(products)s. Count again before you confirm.",
                    products=format_list(self.env, covered.mapped("display_name")),
                )
            )

    def action_cancel(self):
        """Give drafts up."""
        self.check_access("write")
        self._check_draft()
        return self._write_system({"state": "cancel"})

    def action_open_matrix(self):
        """Show the sheet by size and colour."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Matrix of %(sheet)s", sheet=self.name),
            "res_model": "stock.replenishment.line",
            "view_mode": "pivot,list",
            "domain": [("sheet_id", "=", self.id)],
        }

    @api.model
    def _get_figure_names(self):
        """Return the names of the figures that lines keep."""
        return FIGURES
