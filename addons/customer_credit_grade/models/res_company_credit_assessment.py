from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    """Who assesses, and how long before it is due (SPEC D1)."""

    _inherit = "res.company"

    credit_officer_id = fields.Many2one(
        comodel_name="res.users",
        string="Credit Officer",
        help="Is told which customers are to be assessed again.",
    )
    credit_review_days = fields.Integer(
        string="Prepare Reassessments (Days)",
        default=30,
        help="How many days before a review is due its assessment is prepared.",
    )

    @api.constrains("credit_review_days")
    def _check_credit_review_days(self):
        if any(not 0 <= company.credit_review_days <= 365 for company in self):
            raise ValidationError(
                self.env._("Reassessments are prepared 0 to 365 days before.")
            )
