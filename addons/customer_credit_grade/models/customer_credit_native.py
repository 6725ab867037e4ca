from odoo import api, fields, models


class CustomerCreditNative(models.Model):
    """What stood in Odoo's own credit fields before they were ours (DESIGN 4)."""

    _name = "customer.credit.native"
    _description = "Credit Limit Before"

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner", required=True, index=True, ondelete="cascade"
    )
    credit_limit = fields.Float()

    _partner_uniq = models.UniqueIndex("(company_id, partner_id)")

    @api.model
    def _remember(self, root, partners):
        """Keep what stands in Odoo's own fields, once per company and customer."""
        companies = root._credit_get_companies()
        known = {
            (kept.company_id, kept.partner_id)
            for kept in self.search(
                [
                    ("company_id", "in", companies.ids),
                    ("partner_id", "in", partners.ids),
                ]
            )
        }
        self.create(
            [
                {
                    "company_id": company.id,
                    "partner_id": partner.id,
                    "credit_limit": partner.with_company(company).credit_limit,
                }
                for company in companies
                for partner in partners
                if (company, partner) not in known
            ]
        )

    def _restore(self):
        """Write back what stood there before."""
        for kept in self:
            partner = kept.partner_id.with_company(kept.company_id)
            partner.credit_limit = kept.credit_limit
        self.unlink()
