from odoo import api, fields, models
from odoo.exceptions import ValidationError

SCHEDULES = [
    ("off", "Off"),
    ("propose", "Propose every day"),
    ("apply", "Propose and apply every day"),
]


class ResCompany(models.Model):
    """How a company shares out its stock (SPEC G1, G2)."""

    _inherit = "res.company"

    allocation_schedule = fields.Selection(
        selection=SCHEDULES,
        string="Daily Allocation",
        default="off",
        required=True,
        help="Whether all open deliveries are proposed stock anew every day, and "
        "whether that is applied without anybody looking at it.",
    )
    allocation_soon_days = fields.Integer(
        string="Due Soon (Days)",
        default=3,
        help="Deliveries that are overdue or due within so many days come right after "
        "those marked with a star, before the grade of the customer counts.",
    )
    stock_region_days = fields.Integer(
        string="Sell-Through of the Last (Days)",
        default=90,
        help="What was delivered to customers in so many days, net of returns, beside "
        "what is on hand.",
    )

    @api.constrains("allocation_soon_days", "stock_region_days")
    def _check_allocation_days(self):
        for company in self:
            if not 0 <= company.allocation_soon_days <= 365:
                raise ValidationError(self.env._("Due soon: between 0 and 365 days."))
            if not 1 <= company.stock_region_days <= 3650:
                raise ValidationError(
                    self.env._("Sell-through: between 1 and 3,650 days.")
                )
