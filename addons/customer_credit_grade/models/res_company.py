from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from .customer_credit_account import MODES


class ResCompany(models.Model):
    """The switch of credit control (DESIGN 4). Branches follow their root company."""

    _inherit = "res.company"

    credit_mode = fields.Selection(
        selection=[
            ("off", "Off"),
            ("observe", "Observe"),
            ("enforce", "Enforce"),
        ],
        string="Credit Control",
        default="off",
        required=True,
        help="Off: orders and deliveries behave as in plain Odoo.\n"
        "Observe: what would have been stopped is recorded, nothing is stopped.\n"
        "Enforce: nothing is confirmed or shipped beyond what the customer's credit "
        "allows.",
    )
    credit_default_mode = fields.Selection(
        selection=MODES,
        string="New Customers",
        default="prepay",
        required=True,
        help="How customers are treated until somebody has assessed them.",
    )

    @api.constrains("credit_default_mode")
    def _check_credit_default_mode(self):
        for company in self:
            if company.credit_default_mode == "unmanaged":
                raise ValidationError(
                    self.env._(
                        "New customers of %(company)s cannot be unmanaged: whoever "
                        "creates a customer would grant him unlimited credit.",
                        company=company.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        self.env["sale.order"]._credit_forget_controlled()
        return companies

    def write(self, vals):
        result = super().write(vals)
        if "credit_mode" in vals:
            self.env["sale.order"]._credit_forget_controlled()
        return result

    def _credit_get_mode(self):
        """Return off, observe or enforce for this company: its root's switch.

        Read with elevated rights: it counts for whoever acts.
        """
        self.ensure_one()
        return self.sudo().root_id.credit_mode

    def _credit_get_companies(self):
        """Return the root company of ``self`` with all its branches, archived too."""
        self.ensure_one()
        self.flush_model(["parent_path"])
        # sudo: the debt of a branch counts for whoever asks
        root = self.sudo().root_id
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM res_company WHERE parent_path LIKE %s ORDER BY id",
                f"{root.id}/%",
            )
        )
        return root.browse([company_id for (company_id,) in rows])
