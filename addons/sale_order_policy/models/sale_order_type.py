from odoo import fields, models
from odoo.exceptions import UserError


class SaleOrderType(models.Model):
    """What kind of order this is, and what it must contain (SPEC A1, A2)."""

    _name = "sale.order.type"
    _inherit = ["document.approval.home.mixin"]
    _description = "Order Type"
    _order = "sequence, id"
    _check_company_domain = models.check_company_domain_parent_of

    name = fields.Char(required=True, translate=True)
    code = fields.Char(help="A short word for imports and interfaces.")
    sequence = fields.Integer(
        default=10, help="The first type of a company is the default of new orders."
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        index="btree_not_null",
        help="Empty: for all companies.",
    )
    sending_rule = fields.Selection(
        selection=[
            ("subject", "Before approval too, marked “subject to approval”"),
            ("approved", "Only once approved"),
        ],
        string="Send to the Customer",
        default="subject",
        required=True,
        help="Whether a quotation of this type may be sent, signed or paid before it "
        "is approved.",
    )
    # what an order of this type has to state before it can be submitted
    require_contact = fields.Boolean(
        string="Contact Person",
        help="The order names a person at the customer.",
    )
    require_phone_or_email = fields.Boolean(
        string="Phone or E-mail",
        help="The contact person, or else the customer, has a phone number or an "
        "e-mail address.",
    )
    require_commitment_date = fields.Boolean(string="Delivery Date")
    require_delivery_place = fields.Boolean(
        string="Delivery Place", help="The delivery address has a street."
    )
    require_payment_term = fields.Boolean(string="Payment Terms")
    require_client_order_ref = fields.Boolean(string="Customer Reference")
    require_user = fields.Boolean(
        string="Person Responsible", help="The order has a salesperson."
    )
    require_source = fields.Boolean(
        string="Channel Source", help="The order says where it came from."
    )
    require_external_number = fields.Boolean(
        string="Registration Number",
        help="The number on the order registration form.",
    )
    require_line_price = fields.Boolean(
        string="Prices Above Zero",
        default=True,
        help="Every product line has a price. Free goods then need an order type "
        "of their own.",
    )

    _code_uniq = models.UniqueIndex(
        "(COALESCE(company_id, 0), lower(code))",
        "Another order type of this company has this code already.",
    )

    def action_open_flows(self):
        """Show the approval flows for orders; their conditions may name the type."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Approval Flows for Orders"),
            "res_model": "document.approval.flow",
            "view_mode": "list,form",
            "domain": [("model", "=", "sale.order")],
        }

    def action_create_flow(self):
        """Make a flow of its own for this type, a copy of the usual one, and open it.

        Both lead orders of this type through the same levels until it is changed.

        :raise UserError: when there is no flow for orders to start from
        """
        self.ensure_one()
        company = self.company_id or self.env.company
        flows = self.env["document.approval.flow"].search(
            [("model", "=", "sale.order"), ("company_id", "=", company.id)]
        )
        condition = f"[('policy_type_id', '=', {self.id})]"
        flow = flows.filtered(lambda flow: flow.domain == condition)[:1]
        if not flows:
            raise UserError(
                self.env._(
                    "%(company)s has no approval flow for orders yet. Create the usual "
                    "one in the settings first.",
                    company=company.name,
                )
            )
        if not flow:
            usual = flows.filtered(lambda flow: flow.domain in ("[]", "", False))[:1]
            flow = (usual or flows[-1:]).copy(
                {
                    "name": self.name,
                    "domain": condition,
                    "sequence": min(flows.mapped("sequence")) - 1,
                }
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": "document.approval.flow",
            "res_id": flow.id,
            "view_mode": "form",
        }

    def _get_default(self, company):
        """Return the order type that new orders of ``company`` start with."""
        return self.search(self._check_company_domain(company), limit=1)
