from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import formatLang

LINE_STATES = [
    ("waiting", "Waiting"),
    ("valid", "Still Valid"),
    ("wish", "Valid, With a Wish"),
    ("withdraw", "To Be Withdrawn"),
    ("silent", "No Answer"),
]


class SaleOrderEnquiryLine(models.Model):
    """One open order a customer is asked about, and what he said last (SPEC A6)."""

    _name = "sale.order.enquiry.line"
    _inherit = ["document.approval.frozen"]
    _description = "Order in a Validity Enquiry"
    _order = "enquiry_id desc, id"
    _rec_name = "order_id"

    enquiry_id = fields.Many2one(
        comodel_name="sale.order.enquiry",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    order_id = fields.Many2one(
        comodel_name="sale.order",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    user_id = fields.Many2one(
        related="order_id.user_id", string="Salesperson", store=True, index=True
    )
    # as it was asked
    order_name = fields.Char(string="Order Number", required=True, readonly=True)
    order_reference = fields.Char(string="Customer Reference", readonly=True)
    delivery_date = fields.Date(readonly=True)
    goods = fields.Json(
        readonly=True, help="Open goods: name, open and ordered quantity, unit."
    )
    goods_text = fields.Text(string="Open Quantities", compute="_compute_goods_text")
    asked_on = fields.Datetime(required=True, readonly=True, index=True)
    # what came back
    state = fields.Selection(
        selection=LINE_STATES,
        string="Answer",
        default="waiting",
        required=True,
        readonly=True,
        index=True,
        group_expand=True,
    )
    answer_ids = fields.One2many(
        comodel_name="sale.order.enquiry.answer",
        inverse_name="line_id",
        string="Answers",
        readonly=True,
    )
    answered_on = fields.Datetime(readonly=True)
    days_to_answer = fields.Float(readonly=True, aggregator="avg", digits=(16, 1))
    words = fields.Text(readonly=True)
    wish_date = fields.Date(string="Wished Date", readonly=True)

    _order_uniq = models.UniqueIndex(
        "(enquiry_id, order_id)", "This order is asked about in the enquiry already."
    )

    @api.depends("goods")
    @api.depends_context("lang")
    def _compute_goods_text(self):
        for line in self:
            line.goods_text = "\n".join(
                f"{item['name']}: {item['open_text']}" for item in line._prepare_goods()
            )

    def _prepare_goods(self):
        """Return the open goods with their quantities as texts."""
        self.ensure_one()

        def number(value):
            return formatLang(self.env, value, dp="Product Unit")

        return [
            {
                "name": item["name"],
                "open_text": self.env._(
                    "%(open)s of %(ordered)s %(unit)s",
                    open=number(item["open"]),
                    ordered=number(item["ordered"]),
                    unit=item["unit"],
                ),
            }
            for item in self.goods or []
        ]

    def write(self, vals):
        """Refuse it, whoever asks.

        :raise AccessError: always
        """
        if vals:
            raise AccessError(
                self.env._("What customers were asked and answered is kept.")
            )
        return super().write(vals)

    @api.model_create_multi
    def create(self, vals_list):
        """EXTENDS: orders show that they are asked about."""
        lines = super().create(vals_list)
        self.env["sale.order"]._enquiry_forget()
        return lines

    def _write_system(self, vals):
        # sudo: by the jobs, and for those who answer
        result = super(SaleOrderEnquiryLine, self.sudo()).write(vals)
        self.env["sale.order"]._enquiry_forget()
        return result

    @api.ondelete(at_uninstall=True)
    def _unlink_never(self):
        """EXTENDS 'document_approval'."""
        raise UserError(self.env._("What customers were asked and answered is kept."))

    def action_record_answer(self):
        """Open the dialog for what the customer said by other means."""
        self.ensure_one()
        return self.order_id.action_record_enquiry_answer()

    def action_open_order(self):
        """Open the order."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": self.order_id.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }
