from odoo import fields, models


class SaleContractClause(models.Model):
    """A clause of the library; contracts take copies of it (SPEC E1).

    The text may name values as ``{customer}``, ``{amount}`` and so on: a fixed list,
    nothing is evaluated.
    """

    _name = "sale.contract.clause"
    _inherit = ["document.approval.home.mixin"]
    _description = "Contract Clause"
    _order = "sequence, name, id"
    _check_company_domain = models.check_company_domain_parent_of

    name = fields.Char(string="Heading", required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        index="btree_not_null",
        help="Empty: for all companies.",
    )
    body = fields.Html(
        string="Text",
        required=True,
        translate=True,
        help="Values are filled in for {number}, {company}, {customer}, {amount}, "
        "{currency}, {date}, {date_start}, {date_end}, {date_delivery}, "
        "{payment_terms}, {orders}, {framework}, {responsible} and {signer}.",
    )
