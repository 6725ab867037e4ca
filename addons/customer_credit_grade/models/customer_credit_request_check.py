from odoo import models
from odoo.exceptions import ValidationError
from odoo.tools import format_amount, format_date


class CustomerCreditRequest(models.Model):
    """What a request has to say, and how it was before."""

    _inherit = "customer.credit.request"

    def _get_old_value(self):
        """Return in words how it is now what the request changes."""
        self.ensure_one()
        kind = self.kind
        if kind == "group_limit":
            return self._show_amount(self.group_id.limit)
        account = self._find_account()
        modes = dict(account._fields["mode"]._description_selection(self.env))
        limit = account.standing_limit
        values = {
            "grade": [account.grade_id.name, modes.get(account.mode)],
            "mode": [modes.get(account.mode)],
            "standing": [modes.get(account.mode), self._show_amount(limit)],
            "temporary": [self._show_amount(account.limit)],
            "guarantee": [self._show_amount(account.guarantee_limit)],
            "insurance": [self._show_amount(account.guarantee_limit)],
            "group": [account.group_id.name],
            "end": [self._show_entitlement(self.entitlement_id)],
        }
        return ", ".join(value for value in values.get(kind, ()) if value)

    def _show_amount(self, amount):
        currency = self.company_id.currency_id
        return format_amount(self.env, amount, currency) if currency else str(amount)

    def _show_entitlement(self, entitlement):
        if not entitlement:
            return False
        kinds = dict(entitlement._fields["kind"]._description_selection(self.env))
        parts = [kinds[entitlement.kind], self._show_amount(entitlement.amount)]
        if entitlement.date_to:
            parts.append(
                self.env._("until %s", format_date(self.env, entitlement.date_to))
            )
        return " ".join(parts)

    def _check_request(self):
        """Refuse a request that could not be applied, saying what is missing.

        :raise ValidationError: in words
        """
        for request in self.sudo():
            problem = request._get_problem()
            if problem:
                raise ValidationError(problem)

    def _get_problem(self):
        """Return in words what is wrong with the request, or None."""
        return (
            self._get_problem_missing()
            or self._get_problem_figures()
            or self._get_problem_company()
        )

    def _get_problem_missing(self):
        missing = {
            "grade": ("new_grade_id",),
            "mode": ("new_mode",),
            "temporary": ("date_from", "date_to"),
            "guarantee": ("date_to", "reference"),
            "insurance": ("date_to", "reference"),
            "end": ("entitlement_id",),
            "group_limit": ("group_id",),
        }
        for name in (*missing.get(self.kind, ()), "reason"):
            if not self[name]:
                return self.env._(
                    "Please fill in %(field)s.",
                    field=self._fields[name]._description_string(self.env),
                )
        return None

    def _get_problem_figures(self):
        raises = ("temporary", "guarantee", "insurance")
        if not 0 <= self.amount <= 1e12:  # nor NaN
            return self.env._("The amount is between 0 and 1,000,000,000,000.")
        if self.kind in raises and not self.amount:
            return self.env._("Please fill in the amount.")
        if not 0 <= self.cover <= 100:
            return self.env._("The cover is between 0 and 100 %.")
        if self.date_from and self.date_to and self.date_from > self.date_to:
            return self.env._("It cannot end before it begins.")
        today = self.env["customer.credit.account"]._get_today(self.company_id)
        if self.kind in raises and self.date_to < today:
            return self.env._("It would have ended already: choose a later day.")
        return None

    def _get_problem_company(self):
        company = self.company_id
        if self.kind == "end" and (
            self.entitlement_id.account_id != self.account_id
            or self.entitlement_id.date_ended
        ):
            return self.env._("Choose a limit or guarantee of this customer in force.")
        if self.new_group_id and self.new_group_id.company_id != company:
            return self.env._("The credit group belongs to another company.")
        if self.new_grade_id.company_id not in (company, company.browse()):
            return self.env._("The grade belongs to another company.")
        return None
