from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class StockRegionTransferPropose(models.TransientModel):
    """Plan transfers between all regions of a company (SPEC G3)."""

    _name = "stock.region.transfer.propose"
    _description = "Propose Regional Transfers"

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
    )
    to_warehouse_ids = fields.Many2many(
        comodel_name="stock.warehouse",
        relation="stock_region_transfer_propose_to_rel",
        string="For Warehouses",
        domain="[('company_id', '=', company_id)]",
        help="Empty: for all you may plan for.",
    )
    from_warehouse_ids = fields.Many2many(
        comodel_name="stock.warehouse",
        relation="stock_region_transfer_propose_from_rel",
        string="From Warehouses",
        domain="[('company_id', '=', company_id)]",
        help="Empty: from all.",
    )
    category_ids = fields.Many2many(
        comodel_name="product.category",
        string="Product Categories",
        help="Empty: all products.",
    )
    product_ids = fields.Many2many(
        comodel_name="product.product",
        string="Products",
        domain=[("is_storable", "=", True)],
        help="Empty: all products.",
    )
    keep_days = fields.Integer(related="company_id.region_transfer_keep_days")
    window_days = fields.Integer(related="company_id.region_transfer_window_days")

    @api.model
    def _get_own_warehouses(self, company):
        """Return the warehouses the user plans for; None for all of them."""
        user = self.env.user
        if user.has_group("order_handover.group_officer"):
            return None
        if not user.has_group("sales_team.group_sale_salesman"):
            raise AccessError(
                self.env._(
                    "Transfers are proposed by salespeople for their region, and by "
                    "order coordinators for all."
                )
            )
        # sudo: only which regions the user works for
        regions_sudo = self.env["sales.region"].sudo()
        own = regions_sudo.search(
            [
                "|",
                ("user_id", "=", user.id),
                ("team_ids.crm_team_member_ids.user_id", "=", user.id),
            ]
        )
        return own.warehouse_ids.filtered(
            lambda warehouse: warehouse.company_id == company
        ).with_env(self.env)

    def action_propose(self):
        """Make draft transfers of everything that is short and can be spared.

        :raise AccessError: for who plans for no region
        :raise UserError: when there is nothing to propose, saying why
        """
        self.ensure_one()
        transfers = self._propose()
        if not transfers:
            raise UserError(
                self.env._(
                    "Nothing to propose: no warehouse lacks anything another one can "
                    "spare. What is on its way and what has been proposed already is "
                    "counted."
                )
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Proposed Transfers"),
            "res_model": "stock.region.transfer",
            "view_mode": "list,form",
            "domain": [("id", "in", transfers.ids)],
        }

    def _propose(self):
        """Return the draft transfers made of the plan, one per pair of warehouses."""
        company = self.company_id
        if company not in self.env.companies:
            raise AccessError(self.env._("Plan for a company you work in."))
        own = self._get_own_warehouses(company)
        receivers = self.to_warehouse_ids
        if own is not None:
            if receivers - own or not own:
                raise AccessError(
                    self.env._("You may propose transfers to your own region only.")
                )
            receivers = receivers or own
        # sudo: the plan looks at all regions; what comes of it is the user's
        plan = self.env["stock.region.transfer.plan"].sudo()
        proposals = plan._plan(
            company, self._get_products(), receivers, self.from_warehouse_ids
        )
        return self._create_transfers(company, proposals)

    def _get_products(self):
        """Return the products to plan, or None for all."""
        if not self.product_ids and not self.category_ids:
            return None
        products = self.product_ids
        if self.category_ids:
            products |= products.search(
                [("categ_id", "child_of", self.category_ids.ids)]
            )
        return products

    @api.model
    def _create_transfers(self, company, proposals):
        """Create the drafts as the user, in three statements or so."""
        by_pair = {}
        for proposal in proposals:
            pair = (proposal["from_warehouse_id"], proposal["to_warehouse_id"])
            by_pair.setdefault(pair, []).append(proposal)
        reason = self.env._("Proposed from stock, orders and sell-through.")
        transfers = self.env["stock.region.transfer"].create(
            [
                {
                    "company_id": company.id,
                    "from_warehouse_id": source,
                    "to_warehouse_id": target,
                    "reason": reason,
                }
                for source, target in by_pair
            ]
        )
        self.env["stock.region.transfer.line"]._create_system(
            [
                {
                    "transfer_id": transfer.id,
                    "product_id": proposal["product_id"],
                    "quantity": proposal["quantity"],
                    "sale_line_id": proposal["sale_line_id"],
                    "explanation": proposal["explanation"],
                }
                for transfer, pair in zip(transfers, by_pair, strict=True)
                for proposal in by_pair[pair]
            ]
        )
        return transfers
