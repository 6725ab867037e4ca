from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Command


class ResCompany(models.Model):
    """Who approves other documents where nobody has set it up otherwise (SPEC B8)."""

    _inherit = "res.company"

    @api.model
    def _sale_policy_get_usual_flows(self):
        """Return the usual flows of other documents than orders.

        Hook: an add-on adds those of its own.

        :return: ``{model: (name, [(sequence, name, department codes, working days each
            of them has, domain of the documents or None)])}``
        """
        return {}

    def _sale_policy_get_default_names(self):
        """Return the names of these flows, too."""
        flows = self._sale_policy_get_usual_flows().values()
        return [
            *super()._sale_policy_get_default_names(),
            *(name for name, _levels in flows),
            *(name for _flow, levels in flows for _seq, name, *_rest in levels),
        ]

    def _sale_policy_create_usual_flow(self, model_name):
        """Give these companies the usual flow for a kind of document, if they lack one.

        Departments and flows that are there stay as they are, archived ones too.

        :param str model_name: a key of :meth:`_sale_policy_get_usual_flows`
        :return: the flows that were created
        """
        # sudo: whoever needs the flow need not manage flows
        flows = self.env["document.approval.flow"].sudo()
        model = self.env["ir.model"]._get(model_name)
        present = flows.with_context(active_test=False).search(
            [("company_id", "in", self.ids), ("model_id", "=", model.id)]
        )
        # named in English first: every language translates from there
        english = (self - present.company_id).sudo().with_context(lang="en_US")
        for company in english:
            flows |= company._sale_policy_create_flow_of(model)
        if flows:
            english._sale_policy_translate_defaults()
        return flows

    def _sale_policy_create_flow_of(self, model):
        """Create a usual flow; archived where enforced approvals would refuse it.

        A department without members cannot decide: the flow waits for them.
        """
        self.ensure_one()
        name, levels = self._sale_policy_get_usual_flows()[model.model]
        departments = self._sale_policy_create_default_departments()
        values = {
            "name": name,
            "company_id": self.id,
            "model_id": model.id,
            "fallback_department_id": departments["management"].id,
            "level_ids": [
                self._sale_policy_prepare_usual_level(departments, *level)
                for level in levels
            ],
        }
        flows = self.env["document.approval.flow"]
        try:
            with self.env.cr.savepoint():
                return flows.create(values)
        except ValidationError:
            return flows.create({**values, "active": False})

    def _sale_policy_prepare_usual_level(
        self, departments, sequence, name, codes, days, domain
    ):
        return Command.create(
            {
                "sequence": sequence,
                "name": name,
                "participation": "domain" if domain else "always",
                "domain": domain or "[]",
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
