from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    """How receivables are aged, and who is told of them when (SPEC D6, H4)."""

    _inherit = "res.company"

    credit_ageing_bounds = fields.Char(
        string="Ageing Periods (Days)",
        default="30,60,90",
        required=True,
        help="Last days of the first three periods, such as 30,60,90.",
    )
    credit_debt_mail = fields.Selection(
        selection=[("off", "Never"), ("weekly", "Weekly"), ("monthly", "Monthly")],
        string="Mail Debts to Sales",
        default="off",
        required=True,
        help="Every salesperson gets a list of what his own customers owe: on a day of "
        "the week, or on the first day of the month.",
    )
    credit_debt_weekday = fields.Selection(
        selection=[
            ("0", "Monday"),
            ("1", "Tuesday"),
            ("2", "Wednesday"),
            ("3", "Thursday"),
            ("4", "Friday"),
            ("5", "Saturday"),
            ("6", "Sunday"),
        ],
        string="Day of the Week",
        default="0",
        required=True,
        help="When the weekly list of debts is mailed.",
    )
    credit_payment_mail = fields.Boolean(
        string="Tell Sales of Payments",
        help="Once a day every salesperson is told what his own customers have paid.",
    )
    credit_payment_mail_since = fields.Datetime(
        string="Tells Sales of Payments Since",
        compute="_compute_credit_payment_mail_since",
        store=True,
        help="Payments booked before are not told.",
    )

    @api.depends("credit_payment_mail")
    def _compute_credit_payment_mail_since(self):
        for company in self:
            company.credit_payment_mail_since = (
                company.credit_payment_mail and self.env.cr.now()
            )

    @api.constrains("credit_ageing_bounds")
    def _check_credit_ageing_bounds(self):
        for company in self:
            try:
                first, second, third = company._credit_get_ageing_bounds()
            except ValueError:
                first = second = third = 0
            if not 0 < first < second < third <= 3650:
                raise ValidationError(
                    self.env._(
                        "The periods of the ageing are three rising numbers of days, "
                        "such as 30,60,90."
                    )
                )

    def _credit_get_ageing_bounds(self):
        """Return the last days of the first three periods.

        :raise ValueError: when they are no three numbers
        """
        self.ensure_one()
        # sudo: the periods are shown to whoever reads the report
        first, second, third = (self.sudo().credit_ageing_bounds or "").split(",")
        return int(first), int(second), int(third)
