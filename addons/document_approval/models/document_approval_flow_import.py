import psycopg2

from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from ..flow_file import get_english
from ..translated import import_names

#: what a condition somebody wrote into a file may make Odoo raise
_CONDITION_ERRORS = (
    ArithmeticError,
    AttributeError,
    LookupError,
    MemoryError,
    NotImplementedError,
    RecursionError,
    TypeError,
    UserError,
    ValueError,
    psycopg2.DataError,
)


class DocumentApprovalFlow(models.Model):
    _inherit = "document.approval.flow"

    @api.model
    def _import_plan(self, data, company, on_existing):
        """Return what an import would do, and what is wrong with it.

        :param dict data: what a FlowFileReader returned without problems
        :param on_existing: ``update`` or ``skip`` flows of the same name and type
        :return: (steps, problems); steps is {"flows": [(what, data, flow)],
            "departments": [data of those to create]}
        """
        problems = []
        known = self._import_known_departments(company)
        listed = {entry["code"].lower() for entry in data["departments"]}
        steps = {"flows": []}
        needed = set()
        for flow in data["flows"]:
            existing = self._import_find(flow, company)
            what = "create"
            if existing:
                what = "skip" if on_existing == "skip" else "update"
            if what == "update" and len(existing) > 1:
                problems.append(
                    self.env._(
                        "%(where)s: %(company)s has several flows of this name and "
                        "document type. Rename them first.",
                        where=flow["where"],
                        company=company.name,
                    )
                )
            steps["flows"].append((what, flow, existing))
            if what != "skip":
                problems += self._import_check_flow(flow, company)
                needed |= self._import_codes(flow, known, listed, problems)
        steps["departments"] = self._import_missing(data, needed, known, problems)
        return steps, problems

    @api.model
    def _import_known_departments(self, company):
        """Return {code in small letters: department}, archived ones too."""
        return {
            department.code.lower(): department
            for department in self.env["document.approval.department"]
            .with_context(active_test=False)
            .search([("company_id", "=", company.id)])
        }

    @api.model
    def _import_find(self, flow, company):
        return (
            self.with_context(active_test=False, lang="en_US")
            .search([("company_id", "=", company.id), ("model", "=", flow["model"])])
            .filtered(lambda known: known.name.strip() == get_english(flow["name"]))
            .with_env(self.env)
        )

    @api.model
    def _import_check_flow(self, flow, company):
        """Return in words what of a flow does not fit this database."""
        if flow["model"] not in self._get_document_models():
            return [
                self.env._(
                    "%(where)s: documents of type %(type)s cannot be approved here. "
                    "The app they belong to is not installed, or they did not join "
                    "the approval engine.",
                    where=flow["where"],
                    type=flow["model"],
                )
            ]
        problems = self._import_check_condition(flow, flow, company)
        for level in flow["levels"]:
            problems += self._import_check_condition(flow, level, company)
            codes = [seat["department"].lower() for seat in level["seats"]]
            if len(set(codes)) < len(codes):
                problems.append(
                    self.env._(
                        "%(where)s: seats a department twice. Use one seat and its "
                        "rule instead.",
                        where=level["where"],
                    )
                )
            for seat in level["seats"]:
                problems += self._import_check_claims(flow, seat)
        return problems

    @api.model
    def _import_check_condition(self, flow, owner, company):
        """Return what is wrong with the condition of a flow or a level."""
        example = self.new(
            {
                "name": get_english(flow["name"]),
                "company_id": company.id,
                "model_id": self.env["ir.model"]._get_id(flow["model"]),
            }
        )
        try:
            with self.env.cr.savepoint(flush=False):
                example._try_domain(owner["domain"], owner["where"])
        except ValidationError as error:
            return [str(error)]
        except _CONDITION_ERRORS as error:
            return [str(example._make_domain_error(owner["where"], error))]
        return []

    @api.model
    def _import_check_claims(self, flow, seat):
        known = self._import_claimable(flow["model"])
        return [
            self.env._(
                "%(where)s: %(field)s is not among what is approved on %(type)s.",
                where=seat["where"],
                field=claim,
                type=self.env["ir.model"]._get(flow["model"]).name,
            )
            for claim in seat["claims"]
            if claim not in known
        ]

    @api.model
    def _import_claimable(self, model_name):
        """Return {name in the file: field}; those of lines have a dot."""
        seats = self.env["document.approval.flow.seat"]
        return {
            seats._get_claim_name(model_name, field): field
            for field in seats._get_claimable_fields(model_name)
        }

    @api.model
    def _import_codes(self, flow, known, listed, problems):
        """Return the codes a flow names; say which of them lead nowhere."""
        named = [(flow["where"], flow["fallback"])] + [
            (seat["where"], seat["department"])
            for level in flow["levels"]
            for seat in level["seats"]
        ]
        for where, code in named:
            if code and code.lower() not in known and code.lower() not in listed:
                problems.append(
                    self.env._(
                        "%(where)s: department %(code)s is neither in the file nor in "
                        "the company.",
                        where=where,
                        code=code,
                    )
                )
        return {code.lower() for _where, code in named if code}

    @api.model
    def _import_missing(self, data, needed, known, problems):
        """Return the data of the departments to create: those named and fallbacks."""
        by_code = {entry["code"].lower(): entry for entry in data["departments"]}
        missing, todo = [], sorted(needed)
        while todo:
            code = todo.pop(0)
            entry = by_code.get(code)
            if code in known or not entry or entry in missing:
                continue
            missing.append(entry)
            fallback = entry["fallback"].lower()
            if fallback and fallback not in known and fallback not in by_code:
                problems.append(
                    self.env._(
                        "%(where)s: its fallback department %(code)s is neither in the "
                        "file nor in the company.",
                        where=entry["where"],
                        code=entry["fallback"],
                    )
                )
            elif fallback:
                todo.append(fallback)
        return missing

    @api.model
    def _import_apply(self, steps, company):
        """Create and update what a plan without problems says.

        :return: the flows created or updated
        :raise ValidationError: what is imported breaks a rule, such as a seat nobody
            could fill while control is enforced
        """
        # in English first: every language translates from there
        english = self.with_context(lang="en_US")
        english._import_departments(steps["departments"], company)
        departments = english._import_known_departments(company)
        done = self.browse()
        for what, data, existing in steps["flows"]:
            if what == "skip":
                continue
            values = english._import_values(data, departments)
            flow = existing.with_env(english.env)
            replaced = flow.level_ids
            if flow:
                flow.write(values)
                replaced.unlink()
            else:
                model = self.env["ir.model"]._get(data["model"])
                flow = english.create(
                    {**values, "model_id": model.id, "company_id": company.id}
                )
            flow._import_translate(data)
            done |= flow
        return done.with_env(self.env)

    @api.model
    def _import_departments(self, entries, company):
        created = self.env["document.approval.department"].create(
            [
                {
                    "code": entry["code"],
                    "name": get_english(entry["name"]),
                    "sequence": entry["sequence"],
                    "company_id": company.id,
                }
                for entry in entries
            ]
        )
        departments = self._import_known_departments(company)
        for department, entry in zip(created, entries, strict=True):
            import_names(department, "name", entry["name"])
            if entry["fallback"]:
                department.fallback_id = departments[entry["fallback"].lower()]

    @api.model
    def _import_values(self, data, departments):
        none = self.env["document.approval.department"]
        claimable = self._import_claimable(data["model"])
        return {
            "name": get_english(data["name"]),
            "domain": data["domain"],
            "sequence": data["sequence"],
            "active": data["active"],
            "is_carry_over": data["carry_over"],
            "fallback_department_id": departments.get(
                data["fallback"].lower(), none
            ).id,
            "level_ids": [
                Command.create(
                    {
                        "name": get_english(level["name"]),
                        "sequence": number * 10,
                        "participation": level["participation"],
                        "domain": level["domain"],
                        "seat_ids": [
                            Command.create(
                                self._import_seat_values(
                                    seat, index, departments, claimable
                                )
                            )
                            for index, seat in enumerate(level["seats"], 1)
                        ],
                    }
                )
                for number, level in enumerate(data["levels"], 1)
            ],
        }

    @api.model
    def _import_seat_values(self, seat, index, departments, claimable):
        return {
            "department_id": departments[seat["department"].lower()].id,
            "sequence": index * 10,
            "rule": seat["rule"],
            "quorum": seat["quorum"],
            "is_required": seat["required"],
            "deadline_days": seat["deadline_days"],
            "claimed_field_ids": [
                Command.set([claimable[claim].id for claim in seat["claims"]])
            ],
            "check_ids": [
                Command.create(
                    {
                        "name": get_english(check["question"]),
                        "sequence": number * 10,
                        "must_be_yes": check["must_be_yes"],
                    }
                )
                for number, check in enumerate(seat["checks"], 1)
            ],
        }

    def _import_translate(self, data):
        """Name an imported flow and what it is made of in the installed languages."""
        self.ensure_one()
        import_names(self, "name", data["name"])
        for level, level_data in zip(
            self.level_ids.sorted(), data["levels"], strict=True
        ):
            import_names(level, "name", level_data["name"])
            for seat, seat_data in zip(
                level.seat_ids.sorted(), level_data["seats"], strict=True
            ):
                for check, check_data in zip(
                    seat.check_ids.sorted(), seat_data["checks"], strict=True
                ):
                    import_names(check, "name", check_data["question"])
