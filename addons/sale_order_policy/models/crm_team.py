from odoo import fields, models


class CrmTeam(models.Model):
    _inherit = "crm.team"

    sale_region_id = fields.Many2one(
        comodel_name="sales.region",
        string="Region",
        index="btree_not_null",
        check_company=True,
        help="Customers without a region of their own count for their team's.",
    )
