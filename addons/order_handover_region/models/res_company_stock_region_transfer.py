from odoo import api, fields, models


class ResCompany(models.Model):
    """What a company's regional transfers go by, and who approves them (SPEC G3)."""

    _inherit = "res.company"

    region_transfer_window_days = fields.Integer(
        string="Sell-Through Window",
        default=30,
        help="Over how many days sell-through is counted.",
    )
    region_transfer_keep_days = fields.Integer(
        string="Days to Keep",
        default=14,
        help="A region that gives goods keeps what it sells itself in so many days.",
    )
    region_transfer_transit_days = fields.Integer(
        string="Days in Transit",
        default=3,
        help="After so many days a transfer counts as late.",
    )
    region_transfer_size_attribute_id = fields.Many2one(
        comodel_name="product.attribute",
        string="Size Attribute",
        help="Of products with this attribute a region never gives away the last "
        "pieces of a size, so that its sets stay whole.",
    )
    region_transfer_size_pieces = fields.Float(
        string="Pieces to Keep per Size", digits="Product Unit", default=1.0
    )
    region_transfer_approval = fields.Boolean(
        string="Transfers Need Approval",
        help="Makes a flow for regional transfers where there is none. It counts while "
        "the company's approvals are switched on.",
    )

    _region_transfer_days_check = models.Constraint(
        "CHECK (region_transfer_window_days > 0 AND region_transfer_keep_days >= 0"
        " AND region_transfer_transit_days >= 0 AND region_transfer_size_pieces >= 0)",
        "Days and pieces are not negative, and the window has at least one day.",
    )

    @api.model
    def _sale_policy_get_usual_flows(self):
        """EXTENDS 'sale_order_policy': regional transfers, operations decides."""
        return {
            **super()._sale_policy_get_usual_flows(),
            "stock.region.transfer": (
                self.env._("Regional transfers"),
                [(10, self.env._("Operations"), ["operations"], 1.0, None)],
            ),
        }

    def _region_create_transfer_flow(self):
        """Give these companies a flow for regional transfers, where they lack one.

        :return: the flows that were created
        """
        return self.filtered(
            lambda company: not company.parent_id
        )._sale_policy_create_usual_flow("stock.region.transfer")

    @api.model_create_multi
    def create(self, vals_list):
        """EXTENDS 'base': a company may control transfers from its first day."""
        companies = super().create(vals_list)
        companies.filtered("region_transfer_approval")._region_create_transfer_flow()
        return companies

    def write(self, vals):
        """EXTENDS 'base': who wants approval needs somebody who approves."""
        result = super().write(vals)
        if vals.get("region_transfer_approval"):
            self._region_create_transfer_flow()
        return result
