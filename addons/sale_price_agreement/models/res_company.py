from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Command


class ResCompany(models.Model):
    """Who approves prices where nobody has set it up otherwise (SPEC C2, C3)."""

    _inherit = "res.company"

    def _sale_policy_get_default_departments(self):
        """EXTENDS 'sale_order_policy': marketing states the market (SPEC C3)."""
        return {
            **super()._sale_policy_get_default_departments(),
            "marketing": self.env._("Marketing"),
        }

    @api.model
    def _price_get_default_flows(self):
        """Return the usual flows: {model: (name, levels)}.

        A level is (sequence, name, department code, working days).
        """
        management = (30, self.env._("Management"), "management", 2.0)
        return {
            "sale.price.concession": (
                self.env._("Price concessions"),
                [
                    (10, self.env._("Sales supervisor"), "sales", 1.0),
                    (20, self.env._("Finance"), "finance", 1.0),
                    management,
                ],
            ),
            "sale.price.revision": (
                self.env._("Price revisions"),
                [
                    (10, self.env._("Finance"), "finance", 2.0),
                    (20, self.env._("Marketing"), "marketing", 2.0),
                    management,
                ],
            ),
        }

    def _price_create_default_flows(self):
        """Give these companies the flows they lack; what is there stays as it is.

        :return: the flows that were created
        """
        # sudo: who asks for it need not manage flows
        flows = self.env["document.approval.flow"].sudo()
        for company in self.sudo().filtered(lambda c: not c.parent_id):
            english = company.with_context(lang="en_US")
            departments = english._sale_policy_create_default_departments()
            for model_name, (
                name,
                levels,
            ) in english._price_get_default_flows().items():
                model = self.env["ir.model"]._get(model_name)
                if flows.with_context(active_test=False).search_count(
                    [("company_id", "=", company.id), ("model_id", "=", model.id)],
                    limit=1,
                ):
                    continue
                flows |= company._price_create_flow(
                    {
                        "name": name,
                        "company_id": company.id,
                        "model_id": model.id,
                        "fallback_department_id": departments["management"].id,
                        "level_ids": self._price_prepare_levels(levels, departments),
                    }
                )
        if flows:
            # sudo: as above
            self.sudo()._sale_policy_translate_defaults()
        return flows

    @api.model
    def _price_prepare_levels(self, levels, departments):
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
            for sequence, name, code, days in levels
        ]

    def _price_create_flow(self, values):
        """Create a flow; archived where departments have no members yet."""
        # sudo: who asks for it need not manage flows
        flows = self.env["document.approval.flow"].sudo().with_context(lang="en_US")
        try:
            with self.env.cr.savepoint():
                return flows.create(values)
        except ValidationError:
            return flows.create({**values, "active": False})

    def _sale_policy_get_default_names(self):
        """EXTENDS 'sale_order_policy': the names of these flows too."""
        flows = self._price_get_default_flows().values()
        return [
            *super()._sale_policy_get_default_names(),
            *(name for name, _levels in flows),
            *(name for _flow, levels in flows for _seq, name, *_rest in levels),
        ]
