from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    _inherit = "res.company"

    sale_policy_letter = fields.Boolean(
        string="Order Confirmation Letter",
        help="A confirmed order is confirmed to the customer by a letter, in place of "
        "Odoo's own confirmation mail.",
    )
    sale_policy_objection_days = fields.Integer(
        string="Objections Within (Days)",
        default=3,
        help="Within how many working days the customer is asked to say if anything "
        "in the letter differs.",
    )
    sale_policy_answer = fields.Boolean(
        string="Customers Answer in the Portal",
        help="Customers confirm the letter in the portal within these days, or object. "
        "They are reminded on the last day.",
    )
    sale_policy_answer_rule = fields.Selection(
        selection=[
            ("confirmed", "It counts as confirmed"),
            ("remind", "The salesperson is reminded"),
            ("both", "It counts as confirmed, and the salesperson is told"),
        ],
        string="Without an Answer",
        default="remind",
        required=True,
        help="What an unanswered letter means. The order itself never changes.",
    )
    sale_policy_tasks = fields.Boolean(
        string="Order Tasks",
        help="A confirmed order gives departments tasks with time limits.",
    )

    @api.constrains("sale_policy_objection_days")
    def _check_sale_policy_objection_days(self):
        for company in self:
            if not 1 <= company.sale_policy_objection_days <= 365:
                raise ValidationError(
                    self.env._("Customers may object within 1 to 365 days.")
                )

    def write(self, vals):
        """EXTENDS 'base': who wants tasks gets the usual ones to start with."""
        result = super().write(vals)
        if vals.get("sale_policy_tasks"):
            # sudo: who may set the switch need not set up departments
            self.sudo()._sale_policy_create_default_tasks()
        return result

    def _sale_policy_get_default_tasks(self):
        """Return the usual tasks of an order (SPEC F1).

        :return: list of (department code, what to do, which lines, how the time is
            counted, working days)
        """
        return [
            (
                "warehouse",
                self.env._("Prepare the shipment"),
                "goods",
                "before_delivery",
                1.0,
            ),
            (
                "production",
                self.env._("Plan production"),
                "make",
                "after_confirmation",
                2.0,
            ),
            (
                "purchasing",
                self.env._("Procure what is missing"),
                "buy",
                "after_confirmation",
                2.0,
            ),
        ]

    def _sale_policy_create_default_tasks(self):
        """Give companies without any task template the usual ones.

        Companies whose templates were archived have decided otherwise.
        """
        templates = self.env["sale.order.task.template"]
        # named in English first: every language translates from there
        for company in self.with_context(lang="en_US"):
            if templates.with_context(active_test=False).search_count(
                [("company_id", "=", company.id)], limit=1
            ):
                continue
            departments = company._sale_policy_create_default_departments()
            templates |= templates.with_env(company.env).create(
                [
                    {
                        "company_id": company.id,
                        "sequence": number * 10,
                        "department_id": departments[code].id,
                        "name": name,
                        "line_kind": kind,
                        "limit_from": start,
                        "limit_days": days,
                    }
                    for number, (code, name, kind, start, days) in enumerate(
                        company._sale_policy_get_default_tasks(), 1
                    )
                ]
            )
        if templates:
            self._sale_policy_translate_defaults()
        return templates.with_env(self.env)

    def _sale_policy_create_default_flow(self):
        """EXTENDS: the tasks that follow a confirmation belong to the usual flow."""
        flows = super()._sale_policy_create_default_flow()
        self._sale_policy_create_default_tasks()
        return flows

    def _sale_policy_get_default_names(self):
        """EXTENDS: what to do is translated like departments and questions."""
        return [
            *super()._sale_policy_get_default_names(),
            *(name for _code, name, *_rest in self._sale_policy_get_default_tasks()),
        ]

    @api.model
    def _sale_policy_get_default_models(self):
        """EXTENDS: the names of tasks."""
        return [
            *super()._sale_policy_get_default_models(),
            ("sale.order.task.template", "company_id"),
        ]
