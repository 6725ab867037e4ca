from odoo import api, fields, models
from odoo.exceptions import ValidationError

#: what makes a customer's credit deteriorate (SPEC D5)
TRIGGERS = [
    ("near", "Near the limit"),
    ("over", "Over the limit"),
    ("overdue", "Overdue"),
    ("downgrade", "Downgrade"),
    ("event", "External event"),
    ("expiring", "Guarantee or limit ends"),
]
STOPS = [
    ("none", "Nothing"),
    ("orders", "Orders"),
    ("shipping", "Shipments"),
    ("both", "Orders and shipments"),
]


class CustomerCreditMeasure(models.Model):
    """What is done about a customer of a grade whose credit deteriorates (SPEC D5).

    One per grade and trigger. An alert freezes it when it is raised, so a change
    here counts for alerts to come.
    """

    _name = "customer.credit.measure"
    _inherit = ["document.approval.home.mixin"]
    _description = "Credit Measure"
    _order = "grade_id, id"
    _rec_name = "trigger"

    _home_fields = frozenset({"grade_id"})

    grade_id = fields.Many2one(
        comodel_name="customer.credit.grade",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="grade_id.company_id", store=True, index=True)
    trigger = fields.Selection(selection=TRIGGERS, string="When", required=True)
    stops = fields.Selection(
        selection=STOPS,
        required=True,
        default="none",
        help="What is not let pass while the alert is open.",
    )
    prepayment = fields.Float(
        string="Prepayment (%)",
        help="Share of what is ordered that has to be prepaid while the alert is "
        "open, when it is more than the grade asks for.",
    )
    demands_guarantee = fields.Boolean(
        string="Guarantee",
        help="A guarantee is demanded. As soon as one given after the alert is valid, "
        "the alert neither stops anything nor asks for a prepayment.",
    )
    tells_salesperson = fields.Boolean(default=True)
    tells_finance = fields.Boolean(
        help="The head of the finance department, or a member."
    )
    tells_management = fields.Boolean(
        help="The head of the management department, or a member.",
    )
    note = fields.Text(
        string="What to Do",
        translate=True,
        help="Stands in the activity of the people told.",
    )

    _grade_trigger_uniq = models.UniqueIndex(
        "(grade_id, trigger)", "This grade has a measure for this case already."
    )

    @api.constrains("prepayment")
    def _check_prepayment(self):
        for measure in self:
            if not 0 <= measure.prepayment <= 100:  # nor NaN
                raise ValidationError(
                    self.env._("The prepayment is between 0 and 100 %.")
                )
