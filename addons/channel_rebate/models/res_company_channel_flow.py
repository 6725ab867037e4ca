from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Command


class ResCompany(models.Model):
    """Who approves assessments where nobody has set it up otherwise (SPEC L4)."""

    _inherit = "res.company"

    @api.model
    def _channel_get_default_levels(self):
        """Return the usual levels: list of (sequence, name, department code, days)."""
        return [
            (10, self.env._("Sales"), "sales", 3.0),
            (20, self.env._("Management"), "management", 3.0),
        ]

    def _channel_create_default_flow(self):
        """Give these companies a flow for assessments: sales, then management.

        Departments and flows that are there stay as they are.

        :return: the flows that were created
        """
        # sudo: who throws the switch need not manage flows
        flows = self.env["document.approval.flow"].sudo()
        model = self.env["ir.model"]._get("channel.assessment")
        for company in self.sudo().filtered(lambda c: not c.parent_id):
            if flows.with_context(active_test=False).search_count(
                [("company_id", "=", company.id), ("model_id", "=", model.id)], limit=1
            ):
                continue
            english = company.with_context(lang="en_US")
            departments = english._sale_policy_create_default_departments()
            flows |= english._channel_create_flow(model, departments)
        if flows:
            # sudo: who throws the switch need not manage flows
            self.sudo()._sale_policy_translate_defaults()
        return flows

    def _channel_create_flow(self, model, departments):
        """Create the flow; archived where a department has nobody to decide yet.

        :param departments: ``{code: department}``
        """
        self.ensure_one()
        levels = [
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
            for sequence, name, code, days in self._channel_get_default_levels()
        ]
        values = {
            "name": self.env._("Channel assessments"),
            "company_id": self.id,
            "model_id": model.id,
            "fallback_department_id": departments["management"].id,
            "level_ids": levels,
        }
        # sudo: who throws the switch need not manage flows
        flows = self.env["document.approval.flow"].sudo().with_context(lang="en_US")
        try:
            with self.env.cr.savepoint():
                return flows.create(values)
        except ValidationError:
            return flows.create({**values, "active": False})

    def _sale_policy_get_default_names(self):
        """EXTENDS 'sale_order_policy': the names of this flow too."""
        return [
            *super()._sale_policy_get_default_names(),
            *(name for _seq, name, *_rest in self._channel_get_default_levels()),
            self.env._("Channel assessments"),
        ]

    @api.model_create_multi
    def create(self, vals_list):
        """EXTENDS 'base': a company may have them approved from its first day."""
        companies = super().create(vals_list)
        self.env["document.approval.flow"]._forget_gated_companies()
        companies.filtered(
            lambda company: company.channel_assessment_mode == "enforce"
        )._channel_create_default_flow()
        return companies

    def write(self, vals):
        """EXTENDS 'base': whoever has them approved needs somebody to do it."""
        result = super().write(vals)
        if {"channel_assessment_mode", "parent_id"}.intersection(vals):
            self.env["document.approval.flow"]._forget_gated_companies()
        if vals.get("channel_assessment_mode") == "enforce":
            self._channel_create_default_flow()
        return result
