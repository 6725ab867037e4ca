from odoo.tools import SQL

from .letter_hooks import export_answers


def pre_init_hook(env):
    """Add the columns of orders without reading or rewriting a single order.

    Existing orders are "before control" and need no values; left to the ORM, all of
    them would be computed and written.
    """
    env.cr.execute(
        SQL(
            "ALTER TABLE sale_order"
            " ADD COLUMN IF NOT EXISTS approval_state varchar DEFAULT 'none',"
            " ADD COLUMN IF NOT EXISTS policy_type_id int4,"
            " ADD COLUMN IF NOT EXISTS policy_contact_id int4,"
            " ADD COLUMN IF NOT EXISTS sale_region_id int4"
        )
    )
    env.cr.execute(
        SQL("ALTER TABLE sale_order ALTER COLUMN approval_state DROP DEFAULT")
    )


def post_init_hook(env):
    """Give every company the usual departments and levels, control staying off.

    Nothing is stopped by that: the switch of a company decides (DESIGN 2). Open
    quotations get the type that new ones start with.
    """
    companies = env["res.company"].search([])
    companies._sale_policy_create_default_flow()
    for company in companies:
        env["sale.order"].search(
            [("company_id", "=", company.id), ("state", "in", ("draft", "sent"))]
        ).policy_type_id = env["sale.order.type"]._get_default(company)


def uninstall_hook(env):
    """Leave the originals with their orders as ordinary files, saying what they were.

    Nothing is read or deleted but the classification itself. What customers answered
    to letters becomes a file of the order.
    """
    export_answers(env)
    env.flush_all()
    env.cr.execute(
        SQL(
            "UPDATE ir_attachment a SET description = concat_ws(E'\n', a.description,"
            " concat_ws(', ', kind.code, o.note, 'SHA-256 ' || o.sha256, o.date::text,"
            " CASE WHEN o.is_internal THEN 'internal' END,"
            " 'replaced: ' || o.replace_reason))"
            " FROM sale_order_original o JOIN sale_original_kind kind"
            " ON kind.id = o.kind_id WHERE a.id = o.attachment_id"
        )
    )
    env.cr.execute(SQL("DELETE FROM sale_order_original"))
    env.invalidate_all(flush=False)
