from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Command


class ResCompany(models.Model):
    """The usual approval flow for credit requests (SPEC D3)."""

    _inherit = "res.company"

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        companies.filtered(
            lambda company: not company.parent_id
        )._credit_create_default_flow()
        self.env["document.approval.flow"]._forget_gated_companies()
        return companies

    def write(self, vals):
        result = super().write(vals)
        if "credit_mode" in vals:
            self.env["document.approval.flow"]._forget_gated_companies()
        return result

    def _credit_create_default_flow(self):
        """Give these companies a flow for credit requests: finance, then management.

        A company that has one, an archived one too, keeps it. Where approvals are
        enforced and a department has nobody yet, the new flow waits archived.

        :return: the flows that were created
        """
        flows = self.env["document.approval.flow"].sudo()
        model = self.env["ir.model"]._get("customer.credit.request")
        if not model:
            return flows
        for company in self.sudo().with_context(lang="en_US"):
            if flows.with_context(active_test=False).search_count(
                [("company_id", "=", company.id), ("model_id", "=", model.id)], limit=1
            ):
                continue
            values = company._credit_prepare_flow_values(model)
            try:
                with self.env.cr.savepoint():
                    flow = flows.with_env(company.env).create(values)
            except ValidationError:  # enforced, and a department has no members
                flow = flows.with_env(company.env).create({**values, "active": False})
            flows |= flow
        return flows.with_env(self.env)

    def _credit_prepare_flow_values(self, model):
        """Return the values of the usual flow of this company."""
        self.ensure_one()
        departments = self._sale_policy_create_default_departments()
        return {
            "name": self.env._("Credit requests"),
            "company_id": self.id,
            "model_id": model.id,
            "fallback_department_id": departments["management"].id,
            "level_ids": [
                Command.create(
                    {
                        "sequence": sequence,
                        "name": name,
                        "participation": "always",
                        "seat_ids": [
                            Command.create(
                                {
                                    "department_id": departments[code].id,
                                    "sequence": 10,
                                    "deadline_days": 2.0,
                                }
                            )
                        ],
                    }
                )
                for sequence, name, code in (
                    (10, self.env._("Finance"), "finance"),
                    (20, self.env._("Management"), "management"),
                )
            ],
        }

    def _sale_policy_get_default_names(self):
        """EXTENDS 'sale_order_policy': translated together with the other flows."""
        return [
            *super()._sale_policy_get_default_names(),
            self.env._("Credit requests"),
        ]
