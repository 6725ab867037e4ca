from odoo import fields, models


class SaleServiceLevel(models.Model):
    """What service a customer needs with the goods (SPEC A7)."""

    _name = "sale.service.level"
    _inherit = ["document.approval.home.mixin"]
    _description = "Service Level"
    _order = "sequence, id"
    _check_company_domain = models.check_company_domain_parent_of

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        index="btree_not_null",
        help="Empty: for all companies.",
    )
