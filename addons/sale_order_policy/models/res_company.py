from odoo import models
from odoo.fields import Command


class ResCompany(models.Model):
    _inherit = "res.company"

    def _sale_policy_get_default_departments(self):
        """Return the departments an order usually meets: {code: name}."""
        return {
            "sales": self.env._("Sales"),
            "finance": self.env._("Finance"),
            "operations": self.env._("Operations"),
            "technical": self.env._("Technical"),
            "production": self.env._("Production"),
            "management": self.env._("Management"),
        }

    def _sale_policy_get_default_levels(self):
        """Return the usual levels of an order's review (SPEC B1, B2).

        :return: list of (sequence, name, participation, department codes)
        """
        return [
            (10, self.env._("Sales supervisor"), "always", ["sales"]),
            (
                15,
                self.env._("Joint review"),
                "finding",
                ["technical", "finance", "production"],
            ),
            (20, self.env._("Finance"), "always", ["finance"]),
            (30, self.env._("Operations"), "always", ["operations"]),
        ]

    def _sale_policy_create_default_flow(self):
        """Give these companies the usual departments and an approval flow for orders.

        Departments and flows that are there already stay as they are, archived ones
        too. The switch is not touched.

        :return: the flows that were created
        """
        flows = self.env["document.approval.flow"]
        model = self.env["ir.model"]._get("sale.order")
        for company in self:
            departments = company._sale_policy_create_default_departments()
            if flows.with_context(active_test=False).search_count(
                [("company_id", "=", company.id), ("model_id", "=", model.id)], limit=1
            ):
                continue
            flows |= flows.create(
                company._sale_policy_prepare_flow_values(model, departments)
            )
        return flows

    def _sale_policy_prepare_flow_values(self, model, departments):
        """Return the values of the usual flow of this company."""
        self.ensure_one()
        return {
            "name": self.env._("Sales orders"),
            "company_id": self.id,
            "model_id": model.id,
            "fallback_department_id": departments["management"].id,
            "level_ids": [
                Command.create(
                    {
                        "sequence": sequence,
                        "name": name,
                        "participation": participation,
                        "seat_ids": [
                            Command.create({"department_id": departments[code].id})
                            for code in codes
                        ],
                    }
                )
                for sequence, name, participation, codes in (
                    self._sale_policy_get_default_levels()
                )
            ],
        }

    def _sale_policy_create_default_departments(self):
        """Create the usual departments this company lacks.

        :return: {code: department}
        """
        self.ensure_one()
        departments = {
            department.code.lower(): department
            for department in self.env["document.approval.department"]
            .with_context(active_test=False)
            .search([("company_id", "=", self.id)])
        }
        missing = {
            code: name
            for code, name in self._sale_policy_get_default_departments().items()
            if code not in departments
        }
        created = self.env["document.approval.department"].create(
            [
                {"code": code, "name": name, "company_id": self.id}
                for code, name in missing.items()
            ]
        )
        return departments | dict(zip(missing, created, strict=True))
