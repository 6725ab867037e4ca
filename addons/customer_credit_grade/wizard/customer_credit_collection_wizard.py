from odoo import api, fields, models


class CustomerCreditCollectionWizard(models.TransientModel):
    """Asks what came of following up a debt (SPEC D7)."""

    _name = "customer.credit.collection.wizard"
    _description = "Collection Step Dialog"

    collection_id = fields.Many2one(
        comodel_name="customer.credit.collection",
        string="Case",
        required=True,
        readonly=True,
    )
    company_id = fields.Many2one(related="collection_id.company_id")
    currency_id = fields.Many2one(related="collection_id.currency_id")
    partner_id = fields.Many2one(related="collection_id.partner_id")
    amount_overdue = fields.Monetary(related="collection_id.amount_overdue")
    overdue_days = fields.Integer(related="collection_id.overdue_days")
    kind = fields.Selection(
        selection=[
            ("call", "Called"),
            ("visit", "Visited"),
            ("letter", "Letter sent"),
            ("note", "Noted"),
            ("promise", "Promise to pay"),
            ("pause", "Pause"),
            ("legal", "Hand over to legal"),
        ],
        required=True,
        default="call",
    )
    result = fields.Text()
    cause_id = fields.Many2one(
        comodel_name="customer.credit.delay.cause",
        string="Cause of Delay",
        compute="_compute_from_case",
        store=True,
        readonly=False,
    )
    next_date = fields.Date(string="Next Action")
    amount = fields.Monetary(
        string="Promised",
        compute="_compute_from_case",
        store=True,
        readonly=False,
        help="What the customer says he will pay.",
    )
    date = fields.Date(string="By", help="The last day on which a payment keeps it.")
    given_by = fields.Char(help="Who at the customer promised it.")
    until = fields.Date(string="Paused Until")

    @api.depends("collection_id", "kind")
    def _compute_from_case(self):
        for wizard in self:
            wizard.cause_id = wizard.collection_id.cause_id
            wizard.amount = max(wizard.amount_overdue, 0.0)

    def action_done(self):
        """Do it: the case checks who may and what is missing."""
        self.ensure_one()
        case = self.collection_id
        if self.kind == "promise":
            case.promise(self.amount, self.date, self.given_by, self.result)
        elif self.kind == "pause":
            case.pause(self.until, self.result)
        elif self.kind == "legal":
            case.hand_over(self.result)
        else:
            case.log_contact(self.kind, self.result, self.cause_id, self.next_date)
        return {"type": "ir.actions.act_window_close"}
