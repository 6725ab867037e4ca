from odoo import api, fields, models
from odoo.exceptions import ValidationError


class SaleContractBriefingTemplate(models.Model):
    """What a department is told when a contract is signed (合同交底, SPEC E5)."""

    _name = "sale.contract.briefing.template"
    _inherit = ["document.approval.home.mixin"]
    _description = "Briefing Template"
    _order = "sequence, id"
    _check_company_auto = True

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    department_id = fields.Many2one(
        comodel_name="document.approval.department",
        required=True,
        check_company=True,
        ondelete="cascade",
        domain="[('company_id', 'parent_of', company_id)]",
    )
    with_amount = fields.Boolean(string="Amount")
    with_payment = fields.Boolean(string="Payment Terms")
    with_delivery = fields.Boolean(string="Delivery Date", default=True)
    with_demands = fields.Boolean(string="Customer Demands", default=True)
    with_articles = fields.Boolean(string="Articles")
    tasks = fields.Text(
        string="Its Own Tasks", required=True, translate=True, help="What it has to do."
    )
    days = fields.Float(
        string="Working Days",
        default=1.0,
        required=True,
        help="Within which the department acknowledges.",
    )

    _department_uniq = models.UniqueIndex(
        "(company_id, department_id) WHERE active IS TRUE",
        "This department has its briefing already.",
    )

    @api.constrains("days")
    def _check_days(self):
        for template in self:
            if not 0 <= template.days <= 365:  # nor NaN
                raise ValidationError(self.env._("Enter between 0 and 365 days."))

    @api.depends("department_id")
    def _compute_display_name(self):
        for template in self:
            template.display_name = template.department_id.name or ""
