from odoo import fields, models


class CustomerCreditDelayCause(models.Model):
    """Why a customer does not pay (SPEC D7)."""

    _name = "customer.credit.delay.cause"
    _description = "Cause of Delay"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    is_dispute = fields.Boolean(
        string="Dispute",
        help="While this is the cause, the disputed items are left out of notices, or "
        "the customer gets none at all if no items are named.",
    )
