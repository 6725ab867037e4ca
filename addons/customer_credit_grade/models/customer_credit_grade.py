from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CustomerCreditGrade(models.Model):
    """What a class of customers is granted (SPEC D2)."""

    _name = "customer.credit.grade"
    _inherit = ["document.approval.home.mixin"]
    _description = "Credit Grade"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="A short word for imports and findings.")
    sequence = fields.Integer(
        string="Rank", default=10, help="The best grade has the lowest rank."
    )
    active = fields.Boolean(default=True)
    color = fields.Integer()
    company_id = fields.Many2one(
        comodel_name="res.company",
        index="btree_not_null",
        domain=[("parent_id", "=", False)],
        help="Empty: for all companies.",
    )
    limit_method = fields.Selection(
        selection=[
            ("fixed", "Fixed amount"),
            ("turnover", "Share of turnover"),
            ("none", "No credit: prepay only"),
        ],
        default="fixed",
        required=True,
        help="How the limit is proposed for a customer of this grade.",
    )
    limit_amount = fields.Float(
        string="Limit",
        digits="Product Price",
        help="Fixed amount, or the most a share of turnover gives; in the currency "
        "of the customer's company. 0: no cap on the share.",
    )
    turnover_share = fields.Float(
        string="Share of Turnover (%)",
        help="Of the invoiced turnover of the trailing months, taxes included.",
    )
    turnover_months = fields.Integer(string="Trailing Months", default=12)
    payment_term_id = fields.Many2one(
        comodel_name="account.payment.term",
        string="Payment Terms",
        help="Given to the customer when the grade takes effect.",
    )
    overdue_days = fields.Integer(
        string="Tolerated Overdue Days",
        help="Invoices overdue by more days than this stop new orders.",
    )
    overdue_stops_shipping = fields.Boolean(
        string="Overdue Stops Shipping Too", default=True
    )
    prepayment_share = fields.Float(
        string="Prepayment (%)",
        help="Share of every order, taxes included, that has to be paid before it is "
        "confirmed.",
    )
    near_percent = fields.Float(
        string="Near the Limit From (%)",
        default=80.0,
        help="From this use of the limit on, sales and finance are warned.",
    )
    shipping_priority = fields.Integer(
        default=10,
        help="Scarce stock goes to the lower number first.",
    )
    review_months = fields.Integer(
        string="Reviewed Every (Months)",
        default=12,
        help="How long an assessment holds before the customer is assessed again.",
    )

    _code_uniq = models.UniqueIndex(
        "(COALESCE(company_id, 0), lower(code))",
        "Another grade of this company has this code already.",
    )

    @api.constrains(
        "limit_amount",
        "turnover_share",
        "turnover_months",
        "overdue_days",
        "prepayment_share",
        "near_percent",
        "review_months",
    )
    def _check_figures(self):
        """Refuse what cannot be meant."""
        bounds = {
            "limit_amount": (0.0, 1e12),
            "turnover_share": (0.0, 1000.0),
            "turnover_months": (1, 120),
            "overdue_days": (0, 3650),
            "prepayment_share": (0.0, 100.0),
            "near_percent": (0.0, 100.0),
            "review_months": (1, 120),
        }
        for grade in self:
            for name, (lowest, highest) in bounds.items():
                if not lowest <= grade[name] <= highest:  # nor NaN
                    raise ValidationError(
                        self.env._(
                            "Grade %(grade)s: %(field)s is between %(lowest)s and "
                            "%(highest)s.",
                            grade=grade.name,
                            field=self._fields[name]._description_string(self.env),
                            lowest=lowest,
                            highest=highest,
                        )
                    )
