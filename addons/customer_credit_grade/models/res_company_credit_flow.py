from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Command


class ResCompany(models.Model):
    """Who approves credit requests where nobody has set it up otherwise (SPEC D3)."""

    _inherit = "res.company"

    @api.model
    def _credit_get_default_levels(self):
        """Return the usual levels: list of (sequence, name, department code, days)."""
        return [
            (10, self.env._("Finance"), "finance", 2.0),
            (20, self.env._("Management"), "management", 2.0),
        ]

    def _credit_create_default_flow(self):
        """Give these companies a flow for credit requests: finance, then management.

        Departments and flows that are there stay as they are.

        :return: the flows that were created
        """
        # sudo: who throws the switch need not manage flows
        flows = self.env["document.approval.flow"].sudo()
        model = self.env["ir.model"]._get("customer.credit.request")
        for company in self.sudo().filtered(lambda c: not c.parent_id):
            if flows.with_context(active_test=False).search_count(
                [("company_id", "=", company.id), ("model_id", "=", model.id)], limit=1
            ):
                continue
            english = company.with_context(lang="en_US")
            departments = english._sale_policy_create_default_departments()
            flows |= company._credit_create_flow(
                {
                    "name": english.env._("Credit requests"),
                    "company_id": company.id,
                    "model_id": model.id,
                    "fallback_department_id": departments["management"].id,
                    "level_ids": english._credit_prepare_levels(departments),
                }
            )
        if flows:
            # sudo: who throws the switch need not manage flows
            self.sudo()._sale_policy_translate_defaults()
        return flows

    def _credit_prepare_levels(self, departments):
        """Return the commands that create the usual levels, one seat each.

        :param departments: ``{code: department}``
        """
        return [
            Command.create(
                {
                    "name": name,
                    "sequence": sequence,
                    "participation": "always",
                    "seat_ids": [
                        Command.create(
                            {
                                "department_id": departments[code].id,
                                "deadline_days": days,
                            }
                        )
                    ],
                }
            )
            for sequence, name, code, days in self._credit_get_default_levels()
        ]

    def _credit_create_flow(self, values):
        """Create the flow; archived where enforced approvals would refuse it.

        A department without members cannot decide: the flow waits for them.
        """
        # sudo: who throws the switch need not manage flows
        flows = self.env["document.approval.flow"].sudo().with_context(lang="en_US")
        try:
            with self.env.cr.savepoint():
                return flows.create(values)
        except ValidationError:
            return flows.create({**values, "active": False})

    def _sale_policy_get_default_names(self):
        """EXTENDS 'sale_order_policy': the names of the credit flow too."""
        return [
            *super()._sale_policy_get_default_names(),
            *(name for _seq, name, *_rest in self._credit_get_default_levels()),
            self.env._("Credit requests"),
        ]

    @api.model_create_multi
    def create(self, vals_list):
        """EXTENDS 'base': a company may control credit from its first day."""
        companies = super().create(vals_list)
        companies.filtered(
            lambda company: company.credit_mode != "off"
        )._credit_create_default_flow()
        return companies

    def write(self, vals):
        """EXTENDS 'base': whoever controls credit needs somebody to approve it."""
        result = super().write(vals)
        if vals.get("credit_mode", "off") != "off":
            self._credit_create_default_flow()
        return result
