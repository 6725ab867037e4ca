from odoo.fields import Command

from odoo.addons.order_handover.tests.common import HandoverCommon


class RegionTransferCommon(HandoverCommon):
    """North has the 100 shirts of the first warehouse; South and East have none.

    The salesperson sells for South. The company's days to keep are 14, its window 30.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.north = cls.warehouse
        cls.north.name = "North"
        cls.south = cls._create_warehouse("South", "RTS")
        cls.east = cls._create_warehouse("East", "RTE")
        teams = cls.env["crm.team"].sudo()
        team = teams.create(
            {
                "name": "Team South",
                "company_id": cls.company.id,
                "crm_team_member_ids": [Command.create({"user_id": cls.salesman.id})],
            }
        )
        regions = cls.env["sales.region"].sudo()
        regions.search([]).warehouse_ids = [Command.clear()]
        cls.region_north = regions.create(
            {"name": "Region North", "warehouse_ids": [Command.set(cls.north.ids)]}
        )
        cls.region_south = regions.create(
            {
                "name": "Region South",
                "warehouse_ids": [Command.set(cls.south.ids)],
                "team_ids": [Command.set(team.ids)],
            }
        )

    @classmethod
    def _create_warehouse(cls, name, code):
        return (
            cls.env["stock.warehouse"]
            .sudo()
            .create({"name": name, "code": code, "company_id": cls.company.id})
        )

    @classmethod
    def _create_goods(cls, name, **values):
        return (
            cls.env["product.product"]
            .sudo()
            .create(
                {"name": name, "is_storable": True, "standard_price": 60.0, **values}
            )
        )

    def _transfer(self, quantity=10.0, user=None, **line):
        """Return a draft transfer from North to South."""
        return (
            self.env["stock.region.transfer"]
            .with_user(user or self.coordinator)
            .create(
                {
                    "from_warehouse_id": self.north.id,
                    "to_warehouse_id": self.south.id,
                    "reason": "South sells more.",
                    "line_ids": [
                        Command.create(
                            {
                                "product_id": self.goods.id,
                                "quantity": quantity,
                                **line,
                            }
                        )
                    ],
                }
            )
        )

    def _release(self, quantity=10.0, **line):
        """Return a released transfer, its picking out and its receipt."""
        transfer = self._transfer(quantity, **line)
        transfer.action_release()
        out, receipt = self._pickings(transfer)
        return transfer, out, receipt

    def _pickings(self, transfer):
        pickings = transfer.sudo().picking_ids
        transit = self.company.internal_transit_location_id
        out = pickings.filtered(lambda p: p.location_dest_id == transit)
        return out, pickings - out

    def _process(self, picking, quantity=None):
        """Validate a picking as the keeper, without a backorder being asked for."""
        return self._ship(picking, None if quantity is None else [quantity])

    def _sell(self, quantity, warehouse=None, product=None, **values):
        """Confirm an order of goods from ``warehouse``, South by default."""
        return self._confirm_order(
            {
                "product_id": (product or self.goods).id,
                "product_uom_qty": quantity,
                **values.pop("line", {}),
            },
            warehouse_id=(warehouse or self.south).id,
            **values,
        )

    def _plan(self, **values):
        """Return the proposals: [(from, to, quantity, explanation)]."""
        plan = self.env["stock.region.transfer.plan"].sudo()
        return plan._plan(self.company, self.goods, **values)

    def _short(self, proposals):
        warehouses = self.env["stock.warehouse"]
        return [
            (
                warehouses.browse(proposal["from_warehouse_id"]).name,
                warehouses.browse(proposal["to_warehouse_id"]).name,
                proposal["quantity"],
            )
            for proposal in proposals
        ]
