from odoo import fields, models


class CustomerCreditGrade(models.Model):
    """What is done about customers of this grade who get worse (SPEC D5)."""

    _inherit = "customer.credit.grade"

    measure_ids = fields.One2many(
        comodel_name="customer.credit.measure",
        inverse_name="grade_id",
        string="Measures",
        copy=True,
    )
