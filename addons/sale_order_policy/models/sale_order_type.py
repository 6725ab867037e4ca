from odoo import fields, models


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

    def _get_default(self, company):
        """Return the order type that new orders of ``company`` start with."""
        return self.search(self._check_company_domain(company), limit=1)
