from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command


class ResCompany(models.Model):
    """How confirmed orders are changed, and who agrees (SPEC J1-J3)."""

    _inherit = "res.company"

    sale_change_control = fields.Boolean(
        string="Cancel Confirmed Orders by Request Only",
        help="Confirmed orders that were approved are cancelled by an approved "
        "cancellation request only, by whatever route. Needs enforced approvals.",
    )
    sale_change_portal = fields.Boolean(
        string="Customers Ask for Changes Online",
        help="On the page of their confirmed order customers propose other quantities, "
        "another delivery date, or to cancel it.",
    )

    @api.model
    def _change_get_default_levels(self):
        """Return the usual levels: (sequence, name, department codes, days)."""
        return [
            (
                10,
                self.env._("Evaluation by the departments"),
                ["production", "warehouse", "finance", "operations"],
                1.0,
            ),
            (20, self.env._("Management"), ["management"], 1.0),
        ]

    def _change_create_default_flow(self):
        """Give these companies a flow for change requests: evaluation, management.

        Departments and flows that are there stay as they are.

        :return: the flows that were created
        """
        # sudo: who asks for a change need not manage flows
        flows = self.env["document.approval.flow"].sudo()
        model = self.env["ir.model"]._get("sale.order.change")
        for company in self.sudo():
            if flows.with_context(active_test=False).search_count(
                [("company_id", "=", company.id), ("model_id", "=", model.id)], limit=1
            ):
                continue
            english = company.with_context(lang="en_US")
            departments = english._sale_policy_create_default_departments()
            flows |= english._change_create_flow(model, departments)
        if flows:
            # sudo: as above
            self.sudo()._sale_policy_translate_defaults()
        return flows

    def _change_create_flow(self, model, departments):
        """Create the flow; archived where enforced approvals would refuse it."""
        self.ensure_one()
        # sudo: who asks for a change need not manage flows
        flows = self.env["document.approval.flow"].sudo()
        values = {
            "name": self.env._("Order changes"),
            "company_id": self.id,
            "model_id": model.id,
            "fallback_department_id": departments["management"].id,
            "level_ids": [
                Command.create(
                    {
                        "name": name,
                        "sequence": sequence,
                        "participation": "always",
                        "seat_ids": [
                            Command.create(
                                {
                                    "department_id": departments[code].id,
                                    "sequence": number * 10,
                                    "deadline_days": days,
                                }
                            )
                            for number, code in enumerate(codes, 1)
                        ],
                    }
                )
                for sequence, name, codes, days in self._change_get_default_levels()
            ],
        }
        try:
            with self.env.cr.savepoint():
                return flows.create(values)
        except ValidationError:
            return flows.create({**values, "active": False})

    def _sale_policy_get_default_names(self):
        """EXTENDS 'sale_order_policy': the names of the flow of changes too."""
        return [
            *super()._sale_policy_get_default_names(),
            *(name for _seq, name, *_rest in self._change_get_default_levels()),
            self.env._("Order changes"),
        ]

    def write(self, vals):
        """EXTENDS 'base': whoever wants requests needs somebody to approve them."""
        result = super().write(vals)
        if vals.get("sale_change_control") or vals.get("sale_change_portal"):
            self._change_create_default_flow()
        return result
