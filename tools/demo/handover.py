"""After confirmation: handovers, acceptance, an exception, a second region's stock."""

from odoo.fields import Command

#: who signs for every delivery
ACCEPTS = "waterworks"
NORTH = "North 华北"
WAREHOUSE = {"name": "Shenyang 沈阳仓", "code": "SY"}
#: what the second warehouse has: product: pieces
STOCK = {"ball_valve": 40, "flange": 15, "pump": 2}


def prepare(env, shop) -> None:
    """Switch on what follows confirmations; orders confirmed from now on take part."""
    env.company.write(
        {
            "handover_lists": True,
            "handover_progress_portal": True,
            "handover_progress_api": True,
        }
    )
    shop.customers[ACCEPTS].handover_acceptance = "always"
    _open_warehouse(env, shop)


def _open_warehouse(env, shop) -> None:
    """Give the region in the north a warehouse with a little stock."""
    warehouse = env["stock.warehouse"].create(WAREHOUSE)
    region = env["sales.region"].search([("name", "=", NORTH)], limit=1)
    region.warehouse_ids = [Command.link(warehouse.id)]
    env["stock.quant"].with_context(inventory_mode=True).create(
        [
            {
                "product_id": shop.products[key].id,
                "location_id": warehouse.lot_stock_id.id,
                "inventory_quantity": pieces,
            }
            for key, pieces in STOCK.items()
        ]
    )._apply_inventory()


def complain(stage) -> None:
    """Two pieces were missing from a delivery; sales has entered it."""
    dealer = stage.shop.customers["dealer"]
    order = stage.env["sale.order"].search(
        [("partner_id", "=", dealer.id), ("state", "=", "sale")], limit=1
    )
    line = order.order_line[:1]
    kind = stage.env["order.exception.kind"].search([("code", "=", "short")], limit=1)
    stage.env["order.exception"].with_user(stage.users["sales"]).create(
        {
            "order_id": order.id,
            "kind_id": kind.id,
            "description": "少发两件。 Two pieces were missing.",
            "line_ids": [
                Command.create(
                    {
                        "sale_line_id": line.id,
                        "product_id": line.product_id.id,
                        "quantity": 2,
                    }
                )
            ],
        }
    )
