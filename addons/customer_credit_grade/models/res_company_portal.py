from odoo import fields, models


class ResCompany(models.Model):
    """Whether customers see their own credit."""

    _inherit = "res.company"

    credit_portal = fields.Boolean(
        string="Customers See Their Credit",
        help="In the portal: their own limit, what of it is used, and what they have "
        "to pay when. Never grades or notes.",
    )
