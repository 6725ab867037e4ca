"""The same spreadsheet in several processes, for tests of the import's races."""

import base64
import csv
import io
import time

from odoo.fields import Command

ORDERS = 60
LINES = 2
HEADINGS = ("Registration Number", "Customer", "Product", "Quantity", "Unit Price")


def set_up(env, copies=2):
    """Make a seller, goods and so many imports of the same file, all checked."""
    seller = env["res.users"].create(
        {
            "name": "Importer",
            "login": "importer",
            "group_ids": [
                Command.link(env.ref("sales_team.group_sale_salesman_all_leads").id)
            ],
        }
    )
    env["res.partner"].create({"name": "Customer", "ref": "RACE-C"})
    env["product.product"].create(
        [{"name": code, "default_code": code} for code in ("RACE-0", "RACE-1")]
    )
    imports = env["sale.order.import"].with_user(seller)
    content = base64.b64encode(_write())
    jobs = imports.create([{"file": content, "file_name": "a.csv"}] * copies)
    for job in jobs:
        job.action_check()
    return {"seller": seller.id, "jobs": jobs.ids}


def _write():
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(HEADINGS)
    for number in range(ORDERS):
        for line in range(LINES):
            writer.writerow((f"RACE{number}", "RACE-C", f"RACE-{line}", 1 + line, 5))
    return stream.getvalue().encode()


def press(env, job_id):
    """Press the button."""
    env["sale.order.import"].browse(job_id).action_create_orders()


def queue(env, job_ids):
    """Leave the imports to the scheduled jobs."""
    env["sale.order.import"].browse(job_ids).state = "running"


def work(env, pause):
    """Work as a scheduled job does, in batches of few orders."""
    from odoo.addons.sale_order_policy.models import sale_order_import_run

    sale_order_import_run.ORDERS_PER_BATCH = 5
    time.sleep(pause)
    env["sale.order.import"]._cron_work()


def facts(env, job_ids):
    """Return what became of the imports and how many orders there are."""
    jobs = env["sale.order.import"].browse(job_ids)
    orders = env["sale.order"].search([("policy_external_number", "=like", "RACE%")])
    return {
        "states": [job.state for job in jobs],
        "done": [job.done_count for job in jobs],
        "exists": [job.exists_count for job in jobs],
        "orders": len(orders),
        "numbers": len({*orders.mapped("policy_external_number")}),
        "lines": len(orders.order_line),
    }
