import csv
import io
import logging

from odoo.tools import SQL

_logger = logging.getLogger(__name__)


def uninstall_acceptance(env):
    """Leave Odoo's own documents whole, and what was signed with the orders,
    or with the customers where there is no order.

    Goods that wait in 待签收 have left the house: their deliveries are completed. What
    is still to be shipped goes to the customer directly again. Rejected goods keep
    their returns. Routes and operation types are archived.
    """
    companies = (
        env["res.company"]
        .with_context(active_test=False)
        .search([("handover_acceptance_location_id", "!=", False)])
    )
    _complete_waiting(env)
    _export_history(env)
    locations = companies.handover_acceptance_location_id
    routes = companies.handover_acceptance_route_id
    env.flush_all()
    env.cr.execute(SQL("UPDATE sale_order SET handover_requires_acceptance = FALSE"))
    env.invalidate_all()
    _send_on(env, locations)
    env.flush_all()
    env.cr.execute(
        SQL(
            "UPDATE res_company SET handover_acceptance_location_id = NULL,"
            " handover_acceptance_route_id = NULL"
        )
    )
    env.invalidate_all()
    warehouses = env["stock.warehouse"].with_context(active_test=False).search([])
    types = warehouses.handover_acceptance_type_id
    routes.rule_ids.action_archive()
    routes.action_archive()
    types.action_archive()
    for location in locations:
        if not location.quant_ids.filtered("quantity") and not _has_open(env, location):
            location.action_archive()


def _has_open(env, location):
    return env["stock.move"].search_count(
        [
            ("state", "not in", ("done", "cancel")),
            "|",
            ("location_id", "=", location.id),
            ("location_dest_id", "=", location.id),
        ],
        limit=1,
    )


def _complete_waiting(env):
    """Deliver what waits; what cannot be is left as an ordinary open transfer."""
    orders = env["sale.order"]
    slips = env["order.acceptance"].search(
        [("state", "=", "waiting"), ("kind", "=", "goods")]
    )
    for slip in slips:
        error = orders._approval_attempt(slip._accept_by_default)
        if error:
            _logger.warning("%s stays open: %s", slip.name, error)


def _send_on(env, locations):
    """Let transfers that have not left go to the customer directly."""
    moves = env["stock.move"].search(
        [
            ("location_dest_id", "in", locations.ids),
            ("location_id", "not in", locations.ids),
            ("state", "not in", ("done", "cancel")),
        ]
    )
    customers = env.ref("stock.stock_location_customers", raise_if_not_found=False)
    for move in moves:
        final = move.location_final_id or customers
        if final.usage != "customer":
            continue
        if move.picking_id.location_dest_id in locations:
            move.picking_id.location_dest_id = final
        move.location_dest_id = final
        move.move_line_ids.location_dest_id = final


def _export_history(env):
    """Keep papers, signatures and a table of all slips as ordinary files."""
    env.flush_all()
    env.cr.execute(
        SQL(
            "UPDATE ir_attachment a SET res_model = CASE WHEN s.order_id IS NULL"
            " THEN 'res.partner' ELSE 'sale.order' END,"
            " res_id = COALESCE(s.order_id, s.partner_id),"
            " res_field = NULL, name = CASE WHEN a.res_field IS NULL THEN a.name"
            " ELSE replace(s.name, '/', '-') || '.png' END,"
            " description = concat_ws(' ', s.name, s.result, s.signed_by,"
            " s.signed_on::text, s.sha256)"
            " FROM order_acceptance s"
            " WHERE a.res_model = 'order.acceptance' AND a.res_id = s.id"
        )
    )
    env.cr.execute(
        SQL("UPDATE order_acceptance SET paper_id = NULL WHERE paper_id IS NOT NULL")
    )
    env.invalidate_all(flush=False)
    slips = env["order.acceptance"].search([], order="company_id, id")
    for company in slips.company_id:
        of_company = slips.filtered(lambda slip, c=company: slip.company_id == c)
        env["ir.attachment"].create(
            {
                "name": "acceptance_slips.csv",
                "raw": _get_table(of_company).encode("utf-8-sig"),
                "res_model": "res.company",
                "res_id": company.id,
                "company_id": company.id,
            }
        )


def _get_table(slips):
    """Return the slips as comma-separated text."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(
        ["slip", "order", "customer", "product", "lot", "quantity", "accepted"]
        + ["rejected", "remark", "state", "result", "way", "signed by", "signed on"]
    )
    for line in slips.line_ids:
        slip = line.acceptance_id
        writer.writerow(
            [
                *(slip.name, slip.order_id.name or "", slip.partner_id.display_name),
                *(line.product_id.display_name, line.lot_id.name or ""),
                *(line.quantity, line.accepted_qty, line.rejected_qty),
                *(line.remark or "", slip.state, slip.result or "", slip.way or ""),
                *(slip.signed_by or "", slip.signed_on or ""),
            ]
        )
    return text.getvalue()
