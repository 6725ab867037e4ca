from odoo import api, fields, models
from odoo.exceptions import ValidationError


class OrderExceptionKind(models.Model):
    """What can go wrong with an order, and who owns it (SPEC I3, H3)."""

    _name = "order.exception.kind"
    _inherit = ["document.approval.home.mixin"]
    _description = "Kind of Exception"
    _order = "sequence, id"
    _check_company_domain = models.check_company_domain_parent_of

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        help="The system looks for: late, defective, wrong, short, other.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        index="btree_not_null",
        help="Empty: for all companies.",
    )
    department_code = fields.Char(
        string="Owner Department",
        required=True,
        default="sales",
        help="Code of the department that owns exceptions of this kind, in each "
        "company: sales, warehouse, logistics, production, purchasing …",
    )
    informed_codes = fields.Char(
        string="Departments Told at Once",
        help="Codes of departments that get an activity when such an exception is "
        "entered, separated by commas.",
    )
    is_portal = fields.Boolean(
        string="In the Portal", help="Customers may report it themselves."
    )

    _code_uniq = models.UniqueIndex(
        "(COALESCE(company_id, 0), lower(code))",
        "Another kind of this company has this code already.",
    )

    @api.constrains("department_code", "informed_codes")
    def _check_codes(self):
        for kind in self:
            codes = {kind.department_code.strip(), *kind._get_informed_codes()}
            codes -= set(self._usual_codes())
            # sudo: departments of other companies count as well
            departments_sudo = self.env["document.approval.department"].sudo()
            known = departments_sudo.search([("code", "in", list(codes))])
            if unknown := codes - set(known.mapped("code")):
                raise ValidationError(
                    self.env._(
                        "There is no department with the code %(codes)s.",
                        codes=", ".join(sorted(unknown)),
                    )
                )

    @api.model
    def _usual_codes(self):
        """Return codes that companies have once they are set up."""
        return (
            "sales",
            "finance",
            "operations",
            "technical",
            "production",
            "purchasing",
            "warehouse",
            "logistics",
            "marketing",
            "legal",
            "management",
        )

    def _get_informed_codes(self):
        """Return the codes of the departments that are told at once."""
        self.ensure_one()
        return [
            code.strip()
            for code in (self.informed_codes or "").split(",")
            if code.strip()
        ]

    @api.model
    def _get_by_code(self, company, code):
        """Return the kind of that code in ``company``, else the first kind there is.

        Kinds out of use before none at all; none when all were deleted.
        """
        domain = [("company_id", "in", [False, *company.ids])]
        # sudo: set-up, for whoever enters an exception
        kinds_sudo = self.sudo()
        used_before_sudo = kinds_sudo.with_context(active_test=False)
        found = kinds_sudo.search([*domain, ("code", "=ilike", code)], limit=1)
        found = found or kinds_sudo.search(domain, limit=1)
        found = found or used_before_sudo.search(domain, limit=1)
        return found.with_env(self.env)
