from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .document_approval_flow_seat import MOST_DAYS


class ResCompany(models.Model):
    _inherit = "res.company"

    document_approval_mode = fields.Selection(
        selection=[
            ("off", "Off"),
            ("observe", "Observe"),
            ("enforce", "Enforce"),
        ],
        string="Approval Control",
        default="off",
        required=True,
        help="Off: documents behave as in plain Odoo.\n"
        "Observe: findings and rounds are recorded, nothing is stopped.\n"
        "Enforce: a document without its approvals cannot be confirmed.",
    )
    document_approval_same_person = fields.Boolean(
        string="One Person on Several Levels",
        help="A person who decided on one level may decide on a later level of the "
        "same round too. On one level nobody ever fills two seats.",
    )
    document_approval_validity_days = fields.Integer(
        string="Approval Valid For (Days)",
        help="An approval that was not used within this many days lapses and the "
        "document is submitted again. 0: it does not lapse.",
    )

    document_approval_emergency_department_id = fields.Many2one(
        comodel_name="document.approval.department",
        string="Told of Emergency Releases",
        help="Its members are told of every emergency release. Empty: the department "
        "with the code management.",
    )

    @api.constrains("document_approval_mode")
    def _check_document_approval_mode(self):
        """Refuse "enforce" while a seat has nobody who could fill it (DESIGN 2)."""
        for company in self.filtered(lambda c: c.document_approval_mode == "enforce"):
            flows = (
                self.env["document.approval.flow"]
                # sudo: who throws the switch need not read flows
                .sudo()
                .search([("company_id", "=", company.id)])
            )
            problems = flows._get_setup_problems()
            if problems:
                raise ValidationError(
                    self.env._(
                        "Approval control cannot be enforced in %(company)s yet:\n"
                        "%(problems)s\nAdd members to these departments, or give "
                        "them a fallback department, then switch again.",
                        company=company.name,
                        problems="\n".join(f"- {problem}" for problem in problems),
                    )
                )

    @api.constrains("document_approval_validity_days")
    def _check_document_approval_validity_days(self):
        for company in self:
            if not 0 <= company.document_approval_validity_days <= MOST_DAYS:
                raise ValidationError(
                    self.env._(
                        "The validity of approvals is between 0 and %s days.",
                        MOST_DAYS,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        self.env["document.approval.flow"]._forget_gated_companies()
        return companies

    def write(self, vals):
        result = super().write(vals)
        if "document_approval_mode" in vals:
            self.env["document.approval.flow"]._forget_gated_companies()
        return result
