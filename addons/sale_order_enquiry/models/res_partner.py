from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    sale_enquiry_rule = fields.Selection(
        selection=[("always", "Always"), ("never", "Never")],
        string="Validity Enquiries",
        help="Whether this customer is asked now and then if open orders are still "
        "valid. Empty: as the type of the order says.",
    )
