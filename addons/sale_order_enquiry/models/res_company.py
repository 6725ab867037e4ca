from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    _inherit = "res.company"

    sale_enquiry_days = fields.Integer(
        string="Ask About Open Orders Every",
        help="Working days after which customers are asked whether their open orders "
        "are still valid. 0: they are not asked.",
    )
    sale_enquiry_reminder_days = fields.Integer(
        string="Remind After",
        default=3,
        help="Working days after which who has not answered is reminded, once. After "
        "as many days again the order counts as unanswered.",
    )

    @api.constrains("sale_enquiry_days", "sale_enquiry_reminder_days")
    def _check_sale_enquiry_days(self):
        for company in self:
            if not 0 <= company.sale_enquiry_days <= 365:
                raise ValidationError(
                    self.env._("Enter a number of days from 0 to 365.")
                )
            if not 1 <= company.sale_enquiry_reminder_days <= 365:
                raise ValidationError(
                    self.env._("Customers are reminded after 1 to 365 working days.")
                )

    def _sale_enquiry_zone(self):
        """Return the time zone of the company's working days."""
        self.ensure_one()
        company_sudo = self.sudo()  # sudo: calendar, for whoever asks
        calendar_sudo = company_sudo.resource_calendar_id
        return pytz.timezone(calendar_sudo.tz or company_sudo.partner_id.tz or "UTC")

    def _sale_enquiry_today(self, moment=None):
        """Return the date where the company is."""
        moment = pytz.utc.localize(moment or fields.Datetime.now())
        return moment.astimezone(self._sale_enquiry_zone()).date()

    def _sale_enquiry_get_due(self, moment, days):
        """Return the end of the last of so many working days after ``moment``, in UTC.

        Working days are those of the company's calendar; the day itself counts not.
        """
        self.ensure_one()
        return self._sale_enquiry_end_of_day(
            self._sale_enquiry_count(days, self._sale_enquiry_today(moment))
        )

    def _sale_enquiry_get_due_before(self, moment, days):
        """Return up to which moment what was asked is due again, in UTC.

        What was confirmed or asked on a day is due on the working day ``days`` later;
        nothing becomes due on a day off.
        """
        self.ensure_one()
        tomorrow = self._sale_enquiry_today(moment) + timedelta(days=1)
        last_working_day = self._sale_enquiry_count(-1, tomorrow)
        return self._sale_enquiry_end_of_day(
            self._sale_enquiry_count(-days, last_working_day)
        )

    def _sale_enquiry_count(self, days, today):
        """Return the date so many working days after or before ``today``."""
        zone = self._sale_enquiry_zone()
        # sudo: calendar, for whoever asks
        calendar_sudo = self.sudo().resource_calendar_id
        first = today + timedelta(days=1) if days > 0 else today
        start = zone.localize(datetime.combine(first, time.min))
        found = calendar_sudo and calendar_sudo.plan_days(
            days, start, compute_leaves=True
        )
        return found.astimezone(zone).date() if found else today + timedelta(days=days)

    def _sale_enquiry_end_of_day(self, day):
        end = datetime.combine(day, time(23, 59, 59))
        local = self._sale_enquiry_zone().localize(end)
        return local.astimezone(pytz.utc).replace(tzinfo=None)
