from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command

MODEL = "sale.contract"


class ResCompany(models.Model):
    """Who reviews contracts where nobody has set it up otherwise (SPEC E1)."""

    _inherit = "res.company"

    contract_entry_days = fields.Integer(
        string="Orders Entered Within",
        default=1,
        help="Working days after the signing of a contract within which its order is "
        "entered.",
    )
    contract_major_amount = fields.Monetary(
        string="Major From",
        help="Contracts of this amount or more, in company currency with taxes, are "
        "reviewed jointly. 0: only those marked as major.",
    )
    contract_signer_ids = fields.Many2many(
        comodel_name="res.users",
        relation="res_company_contract_signer_rel",
        column1="company_id",
        column2="user_id",
        string="Who Signs for Us",
        domain=[("share", "=", False)],
        help="Only they can be named to sign contracts. Empty: every internal user.",
    )

    @api.constrains("contract_entry_days", "contract_major_amount")
    def _check_contract_numbers(self):
        for company in self:
            if not (
                0 <= company.contract_entry_days <= 365
                and 0 <= company.contract_major_amount <= 1e13
            ):  # nor NaN
                raise ValidationError(
                    self.env._("The days and the amount of contracts are not negative.")
                )

    def _contract_prepare(self):
        """Give these companies what contracts need; what is there stays."""
        self._contract_create_default_flow()

    @api.model
    def _contract_get_default_levels(self):
        """Return the usual levels of a contract's review (SPEC E1, E4).

        :return: list of (sequence, name, condition or None, department codes, days)
        """
        return [
            (10, self.env._("Sales manager"), None, ["sales"], 1.0),
            (20, self.env._("Legal"), None, ["legal"], 2.0),
            (
                30,
                self.env._("Joint review of major contracts"),
                "[('is_major', '=', True)]",
                ["finance", "operations", "technical"],
                2.0,
            ),
        ]

    def _contract_get_departments(self):
        """Return ``{code: department}`` of the usual ones and legal."""
        self.ensure_one()
        departments = self._sale_policy_create_default_departments()
        if "legal" not in departments:
            departments["legal"] = self.env["document.approval.department"].create(
                {
                    "code": "legal",
                    "name": self.env._("Legal"),
                    "company_id": self.id,
                    "fallback_id": departments["management"].id,
                }
            )
        return departments

    def _sale_policy_get_default_names(self):
        """EXTENDS 'sale_order_policy': the names of the contract flow too."""
        return [
            *super()._sale_policy_get_default_names(),
            *(name for _seq, name, *_rest in self._contract_get_default_levels()),
            self.env._("Contracts"),
        ]

    def _contract_create_default_flow(self):
        """Create the flow for contracts: sales manager, legal, jointly when major.

        :return: the flows that were created
        """
        # sudo: who creates a company need not manage flows
        flows = self.env["document.approval.flow"].sudo()
        model = self.env["ir.model"]._get(MODEL)
        for company in self.sudo().filtered(lambda c: not c.parent_id):
            if flows.with_context(active_test=False).search_count(
                [("company_id", "=", company.id), ("model_id", "=", model.id)], limit=1
            ):
                continue
            english = company.with_context(lang="en_US")
            departments = english._contract_get_departments()
            flows |= company._contract_create_flow(
                {
                    "name": english.env._("Contracts"),
                    "company_id": company.id,
                    "model_id": model.id,
                    "fallback_department_id": departments["management"].id,
                    "level_ids": english._contract_prepare_levels(departments),
                }
            )
        if flows:
            # sudo: as above
            self.sudo()._sale_policy_translate_defaults()
        return flows

    def _contract_create_flow(self, values):
        """Create the flow; archived where enforced approvals would refuse it.

        A department without members cannot decide: the flow waits for them.
        """
        # sudo: who creates a company need not manage flows
        flows = self.env["document.approval.flow"].sudo().with_context(lang="en_US")
        try:
            with self.env.cr.savepoint():
                return flows.create(values)
        except ValidationError:
            return flows.create({**values, "active": False})

    def _contract_prepare_levels(self, departments):
        """Return the commands that create the usual levels.

        :param departments: ``{code: department}``
        """
        return [
            Command.create(
                {
                    "name": name,
                    "sequence": sequence,
                    "participation": "domain" if condition else "always",
                    "domain": condition or "[]",
                    "seat_ids": [
                        Command.create(
                            {
                                "department_id": departments[code].id,
                                "deadline_days": days,
                            }
                        )
                        for code in codes
                    ],
                }
            )
            for sequence, name, condition, codes, days in (
                self._contract_get_default_levels()
            )
        ]
