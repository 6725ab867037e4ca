from odoo import fields, models


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
