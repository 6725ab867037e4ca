"""Orders from before get no region, and are not read or rewritten for it."""


def migrate(cr, version):
    """Add the column, so that the ORM does not compute it for every order."""
    cr.execute("ALTER TABLE sale_order ADD COLUMN IF NOT EXISTS sale_region_id int4")
