from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError


class ResPartner(models.Model):
    _inherit = "res.partner"

    sale_region_id = fields.Many2one(
        comodel_name="sales.region",
        string="Region",
        index="btree_not_null",
        copy=False,
        help="The region the customer belongs to; of a contact person, the company's "
        "counts. Price limits may depend on it: sales administrators set it.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        partners.filtered("sale_region_id")._policy_check_region_rights()
        return partners

    def write(self, vals):
        if "sale_region_id" in vals:
            region = vals["sale_region_id"] or False
            self.filtered(
                lambda partner: partner.sale_region_id.id != region
            )._policy_check_region_rights()
        if not {"parent_id", "is_company"} & vals.keys() or self._policy_sets_regions():
            return super().write(vals)
        before = self._policy_get_regions_of_customers()
        result = super().write(vals)
        moved = before.keys() - {
            partner
            for partner, region in before.items()
            if partner._policy_get_region() == region
        }
        self.browse([partner.id for partner in moved])._policy_check_region_rights()
        return result

    def _policy_get_regions_of_customers(self):
        """Return {partner: region} of those here, and below, who have orders.

        Who is put below another company takes over its region, and its price limits.
        """
        # sudo: addresses and orders of other people count as well
        family_sudo = self.sudo().with_context(active_test=False)
        family_sudo = family_sudo.search([("id", "child_of", self.ids)])
        orders_sudo = self.env["sale.order"].sudo()
        customers = orders_sudo._read_group(
            [("partner_id", "in", family_sudo.ids)], groupby=["partner_id"]
        )
        return {partner: partner._policy_get_region() for (partner,) in customers}

    def _policy_check_region_rights(self):
        """Keep salespeople from choosing their customers' price limits (SPEC C1).

        :raise AccessError: for users who are not sales administrators
        """
        if self and not self._policy_sets_regions():
            raise AccessError(
                self.env._(
                    "%(customer)s: only a sales administrator sets the region of a "
                    "customer, since price limits depend on it.",
                    # sudo: a name only
                    customer=self[:1].sudo().display_name,
                )
            )

    @api.model
    def _policy_sets_regions(self):
        """Tell whether the user may set regions; elevated rights alone do not.

        Customers, for whom Odoo writes addresses with elevated rights, have no way to
        name a region.
        """
        user = self.env.user
        return (
            self.env.uid == SUPERUSER_ID
            or (self.env.su and user.share)
            or user.has_group("sales_team.group_sale_manager")
        )

    def _policy_get_region(self):
        """Return the region this customer belongs to: its company's."""
        # sudo: the company may not be readable, and the limits count all the same
        return self.sudo().commercial_partner_id.sale_region_id
