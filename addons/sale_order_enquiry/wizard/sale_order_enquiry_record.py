from odoo import api, fields, models

from ..models.sale_answer_kept import STAFF_WAYS
from ..models.sale_order_enquiry_answer import ANSWERS


class SaleOrderEnquiryRecord(models.TransientModel):
    """What a customer said about an open order by other means (SPEC A6)."""

    _name = "sale.order.enquiry.record"
    _description = "Record an Answer About an Open Order"

    order_id = fields.Many2one(comodel_name="sale.order", required=True, readonly=True)
    kind = fields.Selection(
        selection=ANSWERS, string="Answer", required=True, default="valid"
    )
    wish_date = fields.Date(string="Wished Date")
    way = fields.Selection(
        selection=STAFF_WAYS, string="How", required=True, default="phone"
    )
    name = fields.Char(
        string="Who Said So",
        compute="_compute_name",
        store=True,
        readonly=False,
        required=True,
    )
    said_on = fields.Date(string="When", required=True)
    words = fields.Text(help="As the customer said it.")
    attachment_ids = fields.Many2many(
        comodel_name="ir.attachment",
        string="Original",
        help="The mail or chat record, if there is one. It is kept.",
    )

    @api.depends("order_id")
    def _compute_name(self):
        for record in self:
            record.name = record.order_id.policy_contact_id.name

    def action_record(self):
        """Keep the answer; for who may write the order.

        :raise AccessError: for everybody else
        """
        self.ensure_one()
        order = self.order_id
        order.action_record_enquiry_answer()  # checks who may, and the state
        answers = self.env["sale.order.enquiry.answer"]
        self.env["sale.order.enquiry"]._answer_order(
            order,
            {"kind": self.kind, "words": self.words, "wish_date": self.wish_date},
            self.name,
            self.way,
            said_on=self.said_on,
            files=answers._read_files(self.attachment_ids),
        )
        return True
