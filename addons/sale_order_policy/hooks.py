from odoo.tools import SQL


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
            " ADD COLUMN IF NOT EXISTS policy_contact_id int4"
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
