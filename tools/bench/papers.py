"""What Odoo's own documents say, so that a loss shows; and taking add-ons out."""

from psycopg2 import sql

from tools import databases

#: tables of documents, and of what they are about
TABLES = (
    *(
        "account_move",
        "account_move_line",
        "account_partial_reconcile",
        "product_product",
    ),
    *("product_template", "res_partner", "sale_order", "sale_order_line"),
    *("sale_order_line_invoice_rel", "stock_move", "stock_picking", "stock_quant"),
)
#: who wrote a row last, and when, is no part of what it says
ASIDE = ("write_date", "write_uid")


def columns(database: str) -> set[tuple[str, str]]:
    """Return all (table, column) of the database."""
    with databases.connection(database) as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " JOIN information_schema.tables USING (table_schema, table_name)"
            " WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        )
        return set(cursor.fetchall())


def sums(database: str, columns: set[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Return for each of these columns, in TABLES, a sum over what all rows say."""
    found = {}
    with databases.connection(database) as cursor:
        for table in TABLES:
            names = sorted(
                column
                for other, column in columns
                if other == table and column not in ASIDE
            )
            cursor.execute(_statement(table, names))
            sums_of_table = cursor.fetchone()
            keys = [(table, name) for name in names]
            found |= dict(zip(keys, map(str, sums_of_table), strict=True))
    return found


def changed(
    database: str, columns: set[tuple[str, str]], before: dict[tuple[str, str], str]
) -> list[tuple[str, str]]:
    """Return the columns of which some row says something else than before."""
    after = sums(database, columns)
    return [key for key, value in before.items() if after[key] != value]


def _statement(table: str, names: list[str]) -> sql.Composed:
    # the id as the seed: the same value in another row is something else
    seed = sql.SQL("id" if "id" in names else "hashtext((t.*)::text)")
    part = sql.SQL("SUM(hashtextextended(COALESCE({}::text, ''), {})::numeric)")
    parts = [part.format(sql.Identifier(name), seed) for name in names]
    return sql.SQL("SELECT {} FROM {} t").format(
        sql.SQL(", ").join(parts), sql.Identifier(table)
    )


def uninstall(env, names: list[str]) -> None:
    """Take add-ons out, as an administrator does."""
    modules = env["ir.module.module"].search(
        [("name", "in", names), ("state", "=", "installed")]
    )
    modules.button_immediate_uninstall()
