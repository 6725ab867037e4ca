from odoo import fields, models
from odoo.fields import Domain


class OrderShippingCheckItem(models.Model):
    """What the second person looks at before goods leave (SPEC H2)."""

    _name = "order.shipping.check.item"
    _inherit = ["document.approval.home.mixin"]
    _description = "Item to Check Before Goods Leave"
    _order = "sequence, id"
    _check_company_domain = models.check_company_domain_parent_of

    name = fields.Char(string="To Check", required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        index="btree_not_null",
        help="Empty: for all companies.",
    )

    def _get_for(self, company):
        """Return the items that count in ``company``."""
        # sudo: items of parent companies count for everybody
        items_sudo = self.sudo().search(
            Domain("company_id", "=", False)
            | Domain("company_id", "parent_of", company.ids)
        )
        return items_sudo.with_env(self.env)
