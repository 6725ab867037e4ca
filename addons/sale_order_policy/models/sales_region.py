from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL, format_list


class SalesRegion(models.Model):
    """A region owns sales teams, customers and warehouses (SPEC G1).

    Price limit rules may be for one region; stock is later shared out between them.
    """

    _name = "sales.region"
    _inherit = ["document.approval.home.mixin"]
    _description = "Sales Region"
    _order = "sequence, id"
    _check_company_domain = models.check_company_domain_parent_of

    name = fields.Char(required=True, translate=True)
    code = fields.Char(help="A short word for imports and interfaces.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        index="btree_not_null",
        help="Empty: for all companies.",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Regional Manager",
        domain=[("share", "=", False)],
    )
    team_ids = fields.One2many(
        comodel_name="crm.team",
        inverse_name="sale_region_id",
        string="Sales Teams",
        domain="[('sale_region_id', '=', False)]",
    )
    warehouse_ids = fields.Many2many(
        comodel_name="stock.warehouse",
        relation="sales_region_warehouse_rel",
        column1="region_id",
        column2="warehouse_id",
        string="Warehouses",
        help="A warehouse belongs to one region.",
    )
    partner_count = fields.Integer(
        string="Number of Customers", compute="_compute_partner_count"
    )

    _code_uniq = models.UniqueIndex(
        "(COALESCE(company_id, 0), lower(code))",
        "Another region of this company has this code already.",
    )

    def _compute_partner_count(self):
        counts = dict(
            self.env["res.partner"]._read_group(
                [("sale_region_id", "in", self.ids)],
                groupby=["sale_region_id"],
                aggregates=["__count"],
            )
        )
        for region in self:
            region.partner_count = counts.get(region._origin, 0)

    @api.constrains("company_id", "warehouse_ids", "team_ids")
    def _check_company_of_owned(self):
        """Refuse warehouses and teams of companies the region is not for."""
        for region in self.filtered("company_id"):
            # sudo: only compared
            region_sudo = region.sudo()
            for owned in (*region_sudo.warehouse_ids, *region_sudo.team_ids):
                company = owned.company_id
                if company and region_sudo.company_id not in company.parent_ids:
                    raise ValidationError(
                        self.env._(
                            "%(record)s belongs to %(company)s, region %(region)s to "
                            "%(own)s.",
                            record=owned.display_name,
                            company=company.name,
                            region=region.name,
                            own=region_sudo.company_id.name,
                        )
                    )

    @api.constrains("warehouse_ids")
    def _check_warehouse_ids(self):
        """Refuse a warehouse that another region has already."""
        if self.warehouse_ids:
            # of two who give it away at once, one is rerun and sees the other's
            self.env.execute_query(
                SQL(
                    "UPDATE stock_warehouse SET write_uid = write_uid WHERE id IN %s"
                    " RETURNING id",
                    tuple(sorted(self.warehouse_ids.ids)),
                )
            )
        # sudo: regions of other companies count as well
        others_sudo = (
            self.sudo()
            .with_context(active_test=False)
            .search([("warehouse_ids", "in", self.warehouse_ids.ids)])
        )
        for warehouse in self.warehouse_ids:
            owners = others_sudo.filtered(
                lambda region, warehouse=warehouse: warehouse in region.warehouse_ids
            )
            if len(owners) > 1:
                raise ValidationError(
                    self.env._(
                        "Warehouse %(warehouse)s would belong to two regions: "
                        "%(regions)s. Take it away from one of them first.",
                        warehouse=warehouse.name,
                        regions=format_list(self.env, owners.mapped("name")),
                    )
                )

    def action_open_partners(self):
        """Show the customers of the region."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Customers of %(region)s", region=self.name),
            "res_model": "res.partner",
            "view_mode": "list,kanban,form",
            "domain": [("sale_region_id", "=", self.id)],
            "context": {"default_sale_region_id": self.id},
        }
