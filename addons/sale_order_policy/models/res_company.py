from odoo import api, models
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
            "purchasing": self.env._("Purchasing"),
            "warehouse": self.env._("Warehouse"),
            "management": self.env._("Management"),
        }

    def _sale_policy_get_default_levels(self):
        """Return the usual levels of an order's review (SPEC B1, B2).

        :return: list of (sequence, name, participation, department codes, working
            days each of them has)
        """
        return [
            (10, self.env._("Sales supervisor"), "always", ["sales"], 1.0),
            (
                15,
                self.env._("Joint review"),
                "finding",
                ["technical", "finance", "production"],
                2.0,
            ),
            (20, self.env._("Finance"), "always", ["finance"], 1.0),
            (30, self.env._("Operations"), "always", ["operations"], 1.0),
        ]

    def _sale_policy_get_default_checks(self):
        """Return what departments answer at a joint review (SPEC B2).

        :return: {department code: list of (question, has to be yes)}
        """
        return {
            "technical": [
                (self.env._("Specification complete and clear?"), True),
                (self.env._("Technically feasible?"), True),
            ],
            "production": [
                (
                    self.env._("Capacity and material available by the delivery date?"),
                    True,
                ),
                (self.env._("Special processes or tools needed?"), False),
            ],
            "finance": [
                (self.env._("Price covers the cost?"), False),
                (self.env._("Payment terms acceptable?"), True),
            ],
        }

    def _sale_policy_create_default_flow(self):
        """Give these companies the usual departments and an approval flow for orders.

        Departments and flows that are there already stay as they are, archived ones
        too. The switch is not touched.

        :return: the flows that were created
        """
        flows = self.env["document.approval.flow"]
        model = self.env["ir.model"]._get("sale.order")
        # named in English first: every language translates from there
        for company in self.with_context(lang="en_US"):
            departments = company._sale_policy_create_default_departments()
            if flows.with_context(active_test=False).search_count(
                [("company_id", "=", company.id), ("model_id", "=", model.id)], limit=1
            ):
                continue
            flows |= flows.with_env(company.env).create(
                company._sale_policy_prepare_flow_values(model, departments)
            )
        self._sale_policy_translate_defaults()
        return flows.with_env(self.env)

    def _sale_policy_translate_defaults(self, langs=None):
        """Name the usual departments, flows, levels and questions in other languages.

        What somebody named otherwise stays as it is.

        :param langs: codes of languages; by default all that are active
        """
        active = {code for code, _name in self.env["res.lang"].get_installed()}
        english = self.with_context(lang="en_US")._sale_policy_get_default_names()
        terms = {
            lang: dict(
                zip(
                    english,
                    self.with_context(lang=lang)._sale_policy_get_default_names(),
                    strict=True,
                )
            )
            for lang in active.intersection(langs or active) - {"en_US"}
        }
        for model, company_field in self._sale_policy_get_default_models():
            records = (
                self.env[model]
                .with_context(active_test=False, lang="en_US")
                .search([(company_field, "in", self.ids), ("name", "in", english)])
            )
            for record in records:
                names = {
                    lang: term[record.name]
                    for lang, term in terms.items()
                    if record.with_context(lang=lang).name == record.name
                }
                record.update_field_translations("name", names)

    @api.model
    def _sale_policy_get_default_models(self):
        """Return the models with names of the usual flow, and the way to a company."""
        return [
            ("document.approval.department", "company_id"),
            ("document.approval.flow", "company_id"),
            ("document.approval.flow.level", "flow_id.company_id"),
            ("document.approval.flow.check", "seat_id.level_id.flow_id.company_id"),
        ]

    def _sale_policy_get_default_names(self):
        """Return all names the usual flow is made with."""
        return [
            *self._sale_policy_get_default_departments().values(),
            *(name for _seq, name, *_rest in self._sale_policy_get_default_levels()),
            *(
                question
                for checks in self._sale_policy_get_default_checks().values()
                for question, _must_be_yes in checks
            ),
            self.env._("Sales orders"),
        ]

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
                            Command.create(
                                {
                                    "department_id": departments[code].id,
                                    "sequence": number * 10,
                                    "deadline_days": days,
                                    "check_ids": self._sale_policy_prepare_checks(
                                        code if len(codes) > 1 else None
                                    ),
                                }
                            )
                            for number, code in enumerate(codes, 1)
                        ],
                    }
                )
                for sequence, name, participation, codes, days in (
                    self._sale_policy_get_default_levels()
                )
            ],
        }

    def _sale_policy_prepare_checks(self, code):
        """Return the commands that make the checklist of a joint seat, if any."""
        checks = self._sale_policy_get_default_checks().get(code, ())
        return [
            Command.create(
                {
                    "sequence": number * 10,
                    "name": question,
                    "must_be_yes": must_be_yes,
                }
            )
            for number, (question, must_be_yes) in enumerate(checks, 1)
        ]

    def _sale_policy_create_default_departments(self):
        """Create the usual departments this company lacks.

        Management is whom the new ones fall back to, and their time limits lead to.

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
        departments |= dict(zip(missing, created, strict=True))
        management = departments["management"]
        (created - management).fallback_id = management
        return departments
