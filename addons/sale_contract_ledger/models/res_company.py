from odoo import api, fields, models
from odoo.exceptions import ValidationError

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

    def _sale_policy_get_default_departments(self):
        """EXTENDS 'sale_order_policy': legal reviews contracts (SPEC E1)."""
        return {
            **super()._sale_policy_get_default_departments(),
            "legal": self.env._("Legal"),
        }

    @api.model
    def _sale_policy_get_usual_flows(self):
        """EXTENDS 'sale_order_policy': manager, legal, jointly when major (SPEC E1)."""
        return {
            **super()._sale_policy_get_usual_flows(),
            MODEL: (
                self.env._("Contracts"),
                [
                    (10, self.env._("Sales manager"), ["sales"], 1.0, None),
                    (20, self.env._("Legal"), ["legal"], 2.0, None),
                    (
                        30,
                        self.env._("Joint review of major contracts"),
                        ["finance", "operations", "technical"],
                        2.0,
                        "[('is_major', '=', True)]",
                    ),
                ],
            ),
        }

    def _contract_prepare(self):
        """Give these companies a flow for contracts, where they lack one.

        :return: the flows that were created
        """
        return self.filtered(
            lambda company: not company.parent_id
        )._sale_policy_create_usual_flow(MODEL)
