from odoo import fields, models


class CustomerCreditEntitlement(models.Model):
    """What a customer's limit is made of, with its history (SPEC D3).

    Append-only: written by approved requests, never changed; what ends early gets a
    ``date_ended``. Amounts are in the currency of the company. Dates are days in the
    time zone of the company; both ends are included.
    """

    _name = "customer.credit.entitlement"
    _inherit = ["document.approval.frozen"]
    _description = "Part of a Credit Limit"
    _order = "account_id, id desc"

    account_id = fields.Many2one(
        comodel_name="customer.credit.account",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="account_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(
        selection=[
            ("standing", "Standing limit"),
            ("temporary", "Temporary limit"),
            ("guarantee", "Guarantee"),
            ("insurance", "Credit insurance"),
        ],
        required=True,
        readonly=True,
    )
    amount = fields.Monetary(required=True, readonly=True)
    cover = fields.Float(
        string="Cover (%)",
        default=100.0,
        readonly=True,
        help="Share of a guarantee or an insurance that raises the limit.",
    )
    date_from = fields.Date(string="Valid From", readonly=True)
    date_to = fields.Date(string="Valid To", readonly=True)
    date_ended = fields.Datetime(
        string="Replaced or Ended On",
        readonly=True,
        help="A new standing limit replaces the one before.",
    )
    reference = fields.Char(
        readonly=True, help="Number of the guarantee, policy or request."
    )
    note = fields.Text(readonly=True)
    request_id = fields.Many2one(
        comodel_name="customer.credit.request",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The approved request it comes from.",
    )
