"""Transfers entered and released, by us and by OCA's add-on: measured inside Odoo."""

from odoo.fields import Command

from .inside import measured


def documents(env, count: int, lines: int) -> list[list]:
    """Return what to transfer: what the next warehouse can spare.

    :return: ``[from warehouse id, to warehouse id, [[product id, quantity], ...]]`` for
        each, the same ones in every database with the same stock
    """
    warehouses = env["stock.warehouse"].search([("code", "=like", "R_")], order="id")
    found = []
    for number in range(count):
        source = warehouses[number % len(warehouses)]
        turn = number // len(warehouses)
        quants = env["stock.quant"].search(
            [
                ("location_id", "=", source.lot_stock_id.id),
                ("reserved_quantity", "=", 0),
                ("quantity", ">", 0),
            ],
            order="product_id",
            limit=lines,
            offset=lines * turn,
        )
        if quants:
            target = warehouses[(number + 1) % len(warehouses)]
            lines_of = [[quant.product_id.id, quant.quantity] for quant in quants]
            found.append([source.id, target.id, lines_of])
    return found


def ours(env, wanted: list[list]) -> dict:
    """Measure entering these transfers and releasing them."""
    env.company.document_approval_mode = "off"
    return _release(env, "stock.region.transfer", _prepare_ours, wanted)


def peer(env, wanted: list[list]) -> dict:
    """Measure entering them with OCA's add-on and confirming them."""
    for warehouse in env["stock.warehouse"].search([("code", "=like", "R_")]):
        warehouse._ensure_inter_wh_op_types()  # once for all, as in a running company
    return _release(env, "stock.interwarehouse.transfer", _prepare_peer, wanted)


def _prepare_ours(source: int, target: int, lines: list[list]) -> dict:
    return {
        "from_warehouse_id": source,
        "to_warehouse_id": target,
        "reason": "Measured",
        "line_ids": [
            Command.create({"product_id": product, "quantity": quantity})
            for product, quantity in lines
        ],
    }


def _prepare_peer(source: int, target: int, lines: list[list]) -> dict:
    return {
        "warehouse_from_id": source,
        "warehouse_to_id": target,
        "line_ids": [
            Command.create({"product_id": product, "product_uom_qty": quantity})
            for product, quantity in lines
        ],
    }


def _release(env, model: str, prepare, wanted: list[list]) -> dict:
    """Measure both steps; tell what moves there are then, and what they hold."""
    action = "action_release" if model == "stock.region.transfer" else "action_confirm"
    env.flush_all()
    env.invalidate_all()
    with measured(env) as found:
        transfers = env[model].create([prepare(*values) for values in wanted])
        getattr(transfers, action)()
        env.flush_all()
    moves = transfers.picking_ids.move_ids
    found["answers"] = [
        len(transfers.picking_ids),
        len(moves),
        sum(moves.mapped("product_qty")),
        sum(moves.move_line_ids.mapped("quantity")),
        sum(bool(move.move_orig_ids) for move in moves),
    ]
    env.cr.rollback()
    return found
