from odoo import api, fields, models

ANSWERS = [
    ("valid", "Still Valid"),
    ("wish", "Valid, With a Wish"),
    ("withdraw", "To Be Withdrawn"),
]


class SaleOrderEnquiryAnswer(models.Model):
    """What a customer said about the validity of an open order (SPEC A6)."""

    _name = "sale.order.enquiry.answer"
    _inherit = ["sale.answer.kept"]
    _description = "Answer About an Open Order"

    order_id = fields.Many2one(
        comodel_name="sale.order",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    line_id = fields.Many2one(
        comodel_name="sale.order.enquiry.line",
        string="Asked In",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Empty: the customer said so unasked.",
    )
    enquiry_id = fields.Many2one(related="line_id.enquiry_id")
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    user_order_id = fields.Many2one(
        related="order_id.user_id", string="Salesperson", store=True, index=True
    )
    kind = fields.Selection(
        selection=ANSWERS, string="Answer", required=True, readonly=True
    )
    wish_date = fields.Date(string="Wished Date", readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        """EXTENDS: orders show what was said."""
        answers = super().create(vals_list)
        self.env["sale.order"]._enquiry_forget()
        return answers
