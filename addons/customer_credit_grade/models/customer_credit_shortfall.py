from odoo import api, fields, models
from odoo.exceptions import UserError


class CustomerCreditShortfall(models.Model):
    """Funds that do not cover shipments planned soon (SPEC D8).

    One per customer and set of shipments with their days: salesperson and customer
    are told once. Amounts are those of the last look, in company currency, taxes
    included.
    """

    _name = "customer.credit.shortfall"
    _inherit = ["document.approval.frozen", "mail.thread", "mail.activity.mixin"]
    _description = "Funds Missing for Shipments"
    _order = "state desc, date_first, id"
    _rec_name = "partner_id"
    _rec_names_search = ["partner_id"]

    account_id = fields.Many2one(
        comodel_name="customer.credit.account",
        string="Customer Credit",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        related="account_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        related="account_id.partner_id", string="Customer", store=True, index=True
    )
    user_id = fields.Many2one(
        related="account_id.user_id", string="Salesperson", store=True, index=True
    )
    mode = fields.Selection(related="account_id.mode")
    state = fields.Selection(
        selection=[("covered", "Covered"), ("open", "Missing")],
        default="open",
        required=True,
        readonly=True,
        index=True,
        tracking=True,
    )
    date = fields.Date(string="Found On", required=True, readonly=True)
    date_first = fields.Date(string="First Shipment", readonly=True)
    amount_planned = fields.Monetary(
        string="Planned Shipments",
        readonly=True,
        help="Value of the planned shipments that is not invoiced yet.",
    )
    amount_owed = fields.Monetary(
        string="Owed Already",
        readonly=True,
        help="Receivables and what was shipped and not invoiced, less credits and "
        "payments on their way; for limited customers their exposure.",
    )
    limit = fields.Monetary(string="Credit Limit", readonly=True)
    amount_missing = fields.Monetary(string="Missing", readonly=True, tracking=True)
    picking_ids = fields.Many2many(
        comodel_name="stock.picking",
        relation="customer_credit_shortfall_picking_rel",
        column1="shortfall_id",
        column2="picking_id",
        string="Transfers",
        readonly=True,
    )
    shipments = fields.Json(string="Shipment Data", readonly=True)
    shipments_text = fields.Text(string="Shipments", compute="_compute_shipments_text")
    key = fields.Char(readonly=True, required=True)
    message_id = fields.Many2one(
        comodel_name="mail.message", string="Mail", readonly=True, ondelete="set null"
    )
    contact_id = fields.Many2one(
        comodel_name="res.partner", compute="_compute_contact", compute_sudo=True
    )
    sender = fields.Char(compute="_compute_contact", compute_sudo=True)
    bank_details = fields.Text(compute="_compute_contact", compute_sudo=True)

    _key_uniq = models.UniqueIndex("(account_id, key)")

    @api.depends("shipments")
    @api.depends_context("lang")
    def _compute_shipments_text(self):
        for shortfall in self:
            shortfall.shipments_text = ", ".join(
                f"{shipment['name']} ({shipment['date']})"
                for shipment in shortfall.shipments or ()
            )

    @api.depends("account_id")
    def _compute_contact(self):
        """Say who at the customer is written to, from whom, and where he pays."""
        for shortfall in self:
            shortfall.contact_id = shortfall.partner_id._credit_get_billing_contact()
            user, company = shortfall.user_id, shortfall.company_id
            shortfall.sender = (user if user.email else company).email_formatted
            shortfall.bank_details = company._credit_get_bank_details()

    @api.ondelete(at_uninstall=True)
    def _unlink_never(self):
        """EXTENDS document.approval.frozen: in the words of this model."""
        raise UserError(self.env._("What a customer was told is kept."))

    def action_open_account(self):
        """Open the customer's credit."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "customer.credit.account",
            "res_id": self.account_id.id,
            "view_mode": "form",
        }
