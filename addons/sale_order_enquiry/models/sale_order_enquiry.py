from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

STATES = [
    ("queued", "Queued"),
    ("sent", "Sent"),
    ("no_address", "No Address"),
    ("failed", "Failed"),
    ("answered", "Answered"),
    ("unanswered", "Unanswered"),
    ("closed", "Closed"),
]


class SaleOrderEnquiry(models.Model):
    """One customer is asked whether his open orders are still valid (SPEC A6).

    One per customer and round, for all his open orders: one mail, one page. Made,
    mailed and followed up by jobs; no group may write. What is answered changes
    nothing on an order.
    """

    _name = "sale.order.enquiry"
    _inherit = ["sale.asked.document", "sale.order.policy.queue"]
    _description = "Validity Enquiry"
    _order = "id desc"

    _again_states = ("failed", "no_address")

    # identity
    name = fields.Char(string="Number", required=True, readonly=True, index="trigram")
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
        comodel_name="res.users",
        string="Salesperson",
        readonly=True,
        index="btree_not_null",
    )
    lang = fields.Char(string="Language", readonly=True)
    is_current = fields.Boolean(readonly=True, default=True)
    line_ids = fields.One2many(
        comodel_name="sale.order.enquiry.line",
        inverse_name="enquiry_id",
        string="Orders",
        readonly=True,
        groups="base.group_user",
    )
    # state
    state = fields.Selection(
        selection=STATES,
        default="queued",
        required=True,
        readonly=True,
        index=True,
        group_expand=True,
    )
    step = fields.Selection(
        selection=[("first", "Enquiry"), ("reminder", "Reminder")],
        string="Mail",
        default="first",
        required=True,
        readonly=True,
        groups="base.group_user",
    )
    asked_on = fields.Datetime(required=True, readonly=True, index=True)
    mailed_on = fields.Datetime(readonly=True, groups="base.group_user")
    due_on = fields.Datetime(
        readonly=True,
        index=True,
        help="When the customer is reminded, or counts as silent; by the company's "
        "working calendar.",
    )
    reminded_on = fields.Datetime(readonly=True, groups="base.group_user")
    recipients = fields.Text(string="Sent To", readonly=True, groups="base.group_user")
    # of the queue: not for customers
    attempts = fields.Integer(groups="base.group_user")
    error = fields.Text(groups="base.group_user")
    # figures
    line_count = fields.Integer(
        string="Orders Asked About",
        compute="_compute_counts",
        store=True,
        compute_sudo=True,
    )
    answered_count = fields.Integer(
        string="Answers", compute="_compute_counts", store=True, compute_sudo=True
    )
    withdrawn_count = fields.Integer(
        string="Withdrawals", compute="_compute_counts", store=True, compute_sudo=True
    )
    progress = fields.Float(
        compute="_compute_counts",
        store=True,
        compute_sudo=True,
        aggregator="avg",
        help="Answers in percent.",
    )

    _current_uniq = models.UniqueIndex(
        "(company_id, partner_id) WHERE is_current",
        "This customer is being asked already.",
    )

    @api.depends("line_ids.state")
    def _compute_counts(self):
        for enquiry in self:
            states = enquiry.line_ids.mapped("state")
            answered = [s for s in states if s in ("valid", "wish", "withdraw")]
            enquiry.line_count = len(states)
            enquiry.answered_count = len(answered)
            enquiry.withdrawn_count = answered.count("withdraw")
            enquiry.progress = 100.0 * len(answered) / len(states) if states else 0.0

    def _compute_access_url(self):
        result = super()._compute_access_url()
        for enquiry in self:
            enquiry.access_url = f"/my/order-enquiries/{enquiry.id}"
        return result

    # Guard ------------------------------------------------------------------------

    @api.model
    def _get_open_fields(self):
        """Return what is not the system's: history, activities, the portal's token.

        And how often the job has tried; no group may write at all.
        """
        names = {"access_token", "attempts"}
        for model in ("mail.thread", "mail.activity.mixin"):
            names |= set(self.env[model]._fields)
        return names - {"id", "display_name"}

    def write(self, vals):
        """Refuse what the system keeps, whoever asks.

        :raise AccessError: naming the field
        """
        for name in sorted(vals.keys() - self._get_open_fields()):
            raise AccessError(
                self.env._(
                    "%(field)s of an enquiry is kept by the system.",
                    field=self._fields[name]._description_string(self.env),
                )
            )
        return super().write(vals)

    def _write_system(self, vals):
        # sudo: by the jobs, and for those who answer
        return super(SaleOrderEnquiry, self.sudo()).write(vals)

    @api.ondelete(at_uninstall=True)
    def _unlink_never(self):
        """EXTENDS 'document_approval'."""
        raise UserError(self.env._("Enquiries and their answers are kept."))

    def action_retry(self):
        """EXTENDS 'sale_order_policy': for who may write the orders."""
        self.check_access("read")
        self.line_ids.order_id.check_access("write")
        again = self.filtered(lambda enquiry: enquiry.state in self._again_states)
        if again:
            again._write_system({"state": "queued", "attempts": 0, "error": False})
            self._wake()
        return True

    def action_preview(self):
        """Open the page the customer sees."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_url", "target": "self", "url": self.access_url}
