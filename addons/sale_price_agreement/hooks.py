import base64
import json

from odoo.tools import SQL

#: children before parents
_TABLES = (
    "sale_price_revision_effect",
    "sale_price_revision_line",
    "sale_price_revision",
    "sale_price_concession_draw",
    "sale_price_concession",
)


def pre_init_hook(env):
    """Add the column of order lines without reading or rewriting one of them."""
    env.cr.execute(
        SQL(
            "ALTER TABLE sale_order_line"
            " ADD COLUMN IF NOT EXISTS price_concession_id int4"
        )
    )


def uninstall_hook(env):
    """Leave orders with their prices, and the history of concessions as files.

    What is kept for good would stand in Odoo's way when it deletes record by record.
    """
    concessions = env["sale.price.concession"].search(
        [("state", "in", ("active", "closed"))]
    )
    env["ir.attachment"].create([_prepare_file(one) for one in concessions])
    env.flush_all()
    env.cr.execute(SQL("UPDATE sale_order_line SET price_concession_id = NULL"))
    for table in _TABLES:
        env.cr.execute(SQL("DELETE FROM %s", SQL.identifier(table)))
    env.invalidate_all(flush=False)


def _prepare_file(concession):
    rows = concession.draw_ids.read(
        ["date", "order_name", "partner_id", "product_id", "quantity", "amount"]
    )
    (terms,) = concession.read([*concession._approval_material_fields, "state"])
    content = json.dumps(
        {"terms": terms, "uses": rows}, ensure_ascii=False, indent=2, default=str
    )
    name = concession.name.replace("/", "-")
    return {
        "name": f"price-concession-{name}.json",
        "mimetype": "application/json",
        "datas": base64.b64encode(content.encode()),
    }
