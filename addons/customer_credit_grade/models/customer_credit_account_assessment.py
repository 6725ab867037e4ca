from odoo import fields, models


class CustomerCreditAccount(models.Model):
    """The assessments of a customer (SPEC D1)."""

    _inherit = "customer.credit.account"

    assessment_ids = fields.One2many(
        comodel_name="customer.credit.assessment",
        inverse_name="account_id",
        string="Assessments",
        readonly=True,
        copy=False,
    )
