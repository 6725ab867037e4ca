from odoo import fields, models

from .sale_contract import KINDS


class SaleContractTemplate(models.Model):
    """Which clauses a kind of contract starts with, in order (SPEC E1)."""

    _name = "sale.contract.template"
    _inherit = ["document.approval.home.mixin"]
    _description = "Contract Template"
    _order = "sequence, id"
    _check_company_auto = True
    _check_company_domain = models.check_company_domain_parent_of

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(
        default=10, help="The first template of a kind is the one drafts start with."
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        index="btree_not_null",
        help="Empty: for all companies.",
    )
    kind = fields.Selection(selection=KINDS, required=True, default="order")
    title = fields.Char(
        translate=True, help="What is printed above the contract, e.g. Sales Contract."
    )
    line_ids = fields.One2many(
        comodel_name="sale.contract.template.line",
        inverse_name="template_id",
        string="Clauses",
        copy=True,
    )


class SaleContractTemplateLine(models.Model):
    """A clause of a template, in its place."""

    _name = "sale.contract.template.line"
    _inherit = ["document.approval.home.mixin"]
    _description = "Clause of a Contract Template"
    _order = "sequence, id"
    _check_company_auto = True
    _home_fields = frozenset({"template_id"})

    template_id = fields.Many2one(
        comodel_name="sale.contract.template",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="template_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    clause_id = fields.Many2one(
        comodel_name="sale.contract.clause",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
    )
