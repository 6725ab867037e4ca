from odoo import api, fields, models


class SaleContractArticle(models.Model):
    """A clause as it stands in one contract, reviewed and signed with it (SPEC E1).

    Who may read or write a contract may do so with its articles.
    """

    _name = "sale.contract.article"
    _inherit = ["document.approval.line.mixin"]
    _description = "Article of a Contract"
    _order = "sequence, id"

    _approval_document_field = "contract_id"

    contract_id = fields.Many2one(
        comodel_name="sale.contract", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="contract_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Heading", required=True)
    body = fields.Html(string="Text", required=True)
    filled_body = fields.Html(string="As Printed", compute="_compute_filled_body")

    @api.depends("body", "contract_id.name", "contract_id.partner_id")
    def _compute_filled_body(self):
        for article in self:
            article.filled_body = article.contract_id._fill(article.body)

    # What is signed stays -----------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        articles = super().create(vals_list)
        articles.contract_id._check_open()
        return articles

    def write(self, vals):
        self.contract_id._check_open()
        result = super().write(vals)
        self.contract_id._check_open()
        return result

    @api.ondelete(at_uninstall=True)
    def _unlink_except_frozen(self):
        if self.contract_id:
            self.contract_id._check_open()
