from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command


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

    def _region_create_transfer_flow(self):
        """Give these companies a flow for regional transfers: operations decides.

        Departments and flows that are there stay as they are. Without anybody who
        could decide, where approvals are enforced, the flow is archived and waits.

        :return: the flows that were created
        """
        # sudo: who throws the switch need not manage flows
        flows = self.env["document.approval.flow"].sudo()
        model = self.env["ir.model"]._get("stock.region.transfer")
        for company in self.sudo().filtered(lambda c: not c.parent_id):
            if flows.with_context(active_test=False).search_count(
                [("company_id", "=", company.id), ("model_id", "=", model.id)], limit=1
            ):
                continue
            english = company.with_context(lang="en_US")
            departments = english._sale_policy_create_default_departments()
            seat = {"department_id": departments["operations"].id, "deadline_days": 1.0}
            level = {
                "name": english.env._("Operations"),
                "sequence": 10,
                "participation": "always",
                "seat_ids": [Command.create(seat)],
            }
            flows |= company._region_create_flow(
                {
                    "name": english.env._("Regional transfers"),
                    "company_id": company.id,
                    "model_id": model.id,
                    "fallback_department_id": departments["management"].id,
                    "level_ids": [Command.create(level)],
                }
            )
        if flows:
            # sudo: who throws the switch need not manage flows
            self.sudo()._sale_policy_translate_defaults()
        return flows

    def _region_create_flow(self, values):
        """Create the flow; archived where enforced approvals would refuse it."""
        # sudo: who throws the switch need not manage flows
        flows = self.env["document.approval.flow"].sudo().with_context(lang="en_US")
        try:
            with self.env.cr.savepoint():
                return flows.create(values)
        except ValidationError:
            return flows.create({**values, "active": False})

    def _sale_policy_get_default_names(self):
        """EXTENDS 'sale_order_policy': the names of the transfers' flow too."""
        return [
            *super()._sale_policy_get_default_names(),
            self.env._("Operations"),
            self.env._("Regional transfers"),
        ]

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
