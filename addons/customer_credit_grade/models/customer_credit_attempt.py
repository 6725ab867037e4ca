from odoo import api, fields, models


class CustomerCreditAttempt(models.Model):
    """One refused attempt to confirm or ship (SPEC D4). Append-only."""

    _name = "customer.credit.attempt"
    _inherit = ["document.approval.frozen"]
    _description = "Refused Attempt"
    _order = "hold_id, id desc"

    hold_id = fields.Many2one(
        comodel_name="customer.credit.hold",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="hold_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Datetime(required=True, readonly=True)
    user_id = fields.Many2one(comodel_name="res.users", string="By", readonly=True)
    amount = fields.Monetary(string="Value", readonly=True)
    excess = fields.Monetary(string="Exceeded By", readonly=True)
    objections = fields.Json(readonly=True)
    reasons = fields.Text(compute="_compute_reasons")

    @api.depends("objections")
    @api.depends_context("lang")
    def _compute_reasons(self):
        accounts = self.env["customer.credit.account"]
        for attempt in self:
            attempt.reasons = "\n".join(
                accounts._get_objection_text(
                    objection["code"], objection["values"], attempt.currency_id
                )
                or objection["code"]
                for objection in attempt.objections or ()
            )
