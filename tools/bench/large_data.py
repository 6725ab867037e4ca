"""A company with years behind it: a million invoice lines, in Odoo without our add-ons.

Everything that there are many of is loaded in plain SQL, as Odoo would have written it
where our add-ons look at it. A year of invoices in the order of their dates; the
customers of an hour have nothing to do with each other, as with real ones.
"""

import contextlib
from collections.abc import Iterator

from odoo.tools import SQL

PARTNERS = 20_000
#: invoices of each customer, and lines of each invoice
INVOICES_EACH = 10
LINES = 5
#: the first ones of each customer come from an order
ORDERS_EACH = 2
PRODUCTS = 200
#: (from, to) of what was sold
YEAR = ("2026-01-01", "2026-12-31")
TAX = 13
CUSTOMER, GOOD = "Bench customer ", "Bench goods "
#: the categories that half of the goods are of
CATEGORIES = ("Bench series", "Bench rest")
#: loaded in bulk: faster without their indexes
LARGE = (
    "account_move",
    "account_move_line",
    "account_partial_reconcile",
    "sale_order",
    "sale_order_line",
    "sale_order_line_invoice_rel",
)


def make(env, scale: float = 1.0) -> None:
    """Make customers and goods, and a year of what was sold and paid."""
    company = env.ref("base.main_company")
    env = env(context={**env.context, "tracking_disable": True})
    values = _prepare(env, company, max(round(PARTNERS * scale), 10))
    env.flush_all()
    env.cr.execute("SET LOCAL session_replication_role = replica")
    with _without_indexes(env, LARGE):
        for statement in (PEOPLE, GOODS, LINES_TABLE, MOVES, ITEMS, MONEY, ORDERS):
            env.cr.execute(SQL(statement, **values))
    env.invalidate_all()
    env.cr.commit()
    env.cr.execute("ANALYZE")


def _prepare(env, company, partners: int) -> dict:
    """Return what the statements refer to; new rows get ids beyond those there are."""
    accounts = env["account.account"].with_company(company)
    journals = env["account.journal"].search([("company_id", "=", company.id)])
    bank = journals.filtered(lambda journal: journal.type == "bank")[:1]
    categories = env["product.category"].create([{"name": n} for n in CATEGORIES])
    values = {
        "company": company.id,
        "currency": company.currency_id.id,
        "uom": env.ref("uom.product_uom_unit").id,
        "category": categories[0].id,
        "rest": categories[1].id,
        "warehouse": env["stock.warehouse"].search([], limit=1).id,
        "sales": journals.filtered(lambda journal: journal.type == "sale")[:1].id,
        "bank": bank.id,
        "cash": bank.default_account_id.id,
        "receivable": accounts.search(
            [("account_type", "=", "asset_receivable")], limit=1
        ).id,
        "income": accounts.search([("account_type", "=", "income")], limit=1).id,
        "partners": partners,
        "invoices": partners * INVOICES_EACH,
        "orders": partners * ORDERS_EACH,
        "lines": LINES,
        "products": PRODUCTS,
        "tax": TAX,
        "year": YEAR[0],
        "customer": CUSTOMER,
        "goods": GOOD,
    }
    for table in ("res_partner", "product_template", "product_product", *LARGE[:-1]):
        name = SQL.identifier(table)
        ((values[f"{table}_0"],),) = env.execute_query(
            SQL("SELECT COALESCE(MAX(id), 0) + 1000 FROM %s", name)
        )
    return values


@contextlib.contextmanager
def _without_indexes(env, tables) -> Iterator[None]:
    """Take indexes off that only speed up reading, and put them back."""
    found = env.execute_query(
        SQL(
            """SELECT c.oid::regclass::text, pg_get_indexdef(c.oid)
                 FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
                WHERE NOT i.indisunique AND i.indrelid = ANY(%s::regclass[])""",
            list(tables),
        )
    )
    for name, _definition in found:
        env.cr.execute(SQL("DROP INDEX %s", SQL.identifier(name)))
    yield
    env.cr.execute("SET LOCAL maintenance_work_mem = '256MB'")
    for _name, definition in found:
        env.cr.execute(definition)
    for table in (*tables[:-1], "res_partner", "product_template", "product_product"):
        env.cr.execute(
            SQL(
                "SELECT setval(pg_get_serial_sequence(%s, 'id'),"
                " (SELECT MAX(id) FROM %s))",
                table,
                SQL.identifier(table),
            )
        )


PEOPLE = """
INSERT INTO res_partner (id, name, complete_name, active, is_company,
       commercial_partner_id, customer_rank, autopost_bills, group_rfq, group_on, type,
       create_date, write_date)
SELECT %(res_partner_0)s + p, %(customer)s || p, %(customer)s || p, TRUE,
       TRUE, %(res_partner_0)s + p, 1, 'ask', 'default', 'default', 'contact',
       NOW() AT TIME ZONE 'UTC', NOW() AT TIME ZONE 'UTC'
  FROM generate_series(0, %(partners)s - 1) p
"""

GOODS = """
INSERT INTO product_template (id, name, type, categ_id, uom_id, active, sale_ok,
       service_tracking, tracking, publish_date, base_unit_count, list_price,
       create_date, write_date, is_storable, invoice_policy)
SELECT %(product_template_0)s + g, jsonb_build_object('en_US', %(goods)s || g),
       'consu', CASE g %% 2 WHEN 0 THEN %(category)s ELSE %(rest)s END, %(uom)s, TRUE,
       TRUE, 'no', 'none', NOW(), 0, 10, NOW() AT TIME ZONE 'UTC',
       NOW() AT TIME ZONE 'UTC', FALSE, 'order'
  FROM generate_series(0, %(products)s - 1) g;
INSERT INTO product_product (id, product_tmpl_id, active, base_unit_count, create_date,
       write_date)
SELECT %(product_product_0)s + g, %(product_template_0)s + g, TRUE, 0,
       NOW() AT TIME ZONE 'UTC', NOW() AT TIME ZONE 'UTC'
  FROM generate_series(0, %(products)s - 1) g
"""

#: what was sold: invoice n of so many, line k of it
LINES_TABLE = """
CREATE TEMPORARY TABLE sold ON COMMIT DROP AS
SELECT n, k, %(res_partner_0)s + (n::bigint * 7919 %% %(partners)s)::int AS partner_id,
       n / %(partners)s AS turn, day, %(product_product_0)s + g AS product_id,
       q AS quantity, price, q * price AS subtotal,
       ROUND(q * price * (100 + %(tax)s) / 100, 2) AS total
  FROM generate_series(0, %(invoices)s - 1) n
 CROSS JOIN generate_series(0, %(lines)s - 1) k
 CROSS JOIN LATERAL (
       SELECT (n * 7 + k * 3) %% %(products)s AS g, 1 + (n + k) %% 12 AS q,
              ROUND(10 + (n * 31 + k * 17) %% 9973 / 100.0, 2) AS price,
              %(year)s::date + (n::bigint * 365 / %(invoices)s)::int AS day) x;
ANALYZE sold
"""

MOVES = """
INSERT INTO account_move (id, journal_id, company_id, currency_id, state, move_type,
       auto_post, date, invoice_date, invoice_date_due, partner_id,
       commercial_partner_id, partner_shipping_id, name, payment_state, amount_untaxed,
       amount_tax, amount_total, amount_residual, amount_untaxed_signed,
       amount_total_signed, amount_residual_signed, amount_total_in_currency_signed,
       invoice_currency_rate, posted_before, create_date, write_date)
SELECT %(account_move_0)s + n, %(sales)s, %(company)s, %(currency)s, 'posted',
       'out_invoice', 'no', day, day, day + 30, partner_id, partner_id, partner_id,
       'BENCH/2026/' || n, CASE n %% 10 WHEN 0 THEN 'not_paid' WHEN 1 THEN 'partial'
       ELSE 'paid' END, untaxed, total - untaxed, total, open, untaxed, total, open,
       total, 1, TRUE, NOW() AT TIME ZONE 'UTC', NOW() AT TIME ZONE 'UTC'
  FROM (SELECT n, partner_id, day, SUM(subtotal) AS untaxed, SUM(total) AS total
          FROM sold GROUP BY n, partner_id, day ORDER BY n) s
 CROSS JOIN LATERAL (SELECT CASE n %% 10 WHEN 0 THEN total WHEN 1
       THEN total - ROUND(total / 2, 2) ELSE 0 END AS open) o
"""

#: eight items in an invoice's range of ids: its lines, the tax, what is due
ITEMS = """
INSERT INTO account_move_line (id, move_id, journal_id, company_id, company_currency_id,
       currency_id, account_id, partner_id, product_id, product_uom_id, move_name,
       parent_state, name, display_type, date, invoice_date, debit, credit, balance,
       amount_currency, quantity, price_unit, price_subtotal, price_total, sequence,
       reconciled, create_date, write_date)
SELECT %(account_move_line_0)s + n * 8 + k, %(account_move_0)s + n, %(sales)s,
       %(company)s, %(currency)s, %(currency)s, %(income)s, partner_id, product_id,
       %(uom)s, 'BENCH/2026/' || n, 'posted', %(goods)s, 'product', day, day, 0,
       subtotal, -subtotal, -subtotal, quantity, price, subtotal, total, 100, FALSE,
       NOW() AT TIME ZONE 'UTC', NOW() AT TIME ZONE 'UTC'
  FROM sold ORDER BY n, k;
INSERT INTO account_move_line (id, move_id, journal_id, company_id, company_currency_id,
       currency_id, account_id, partner_id, move_name, parent_state, name, display_type,
       date, invoice_date, date_maturity, debit, credit, balance, amount_currency,
       amount_residual, amount_residual_currency, reconciled, sequence, create_date,
       write_date)
SELECT %(account_move_line_0)s + (id - %(account_move_0)s) * 8 + 5 + due, id, %(sales)s,
       %(company)s, %(currency)s, %(currency)s,
       CASE due WHEN 1 THEN %(receivable)s ELSE %(income)s END, partner_id, name,
       'posted', CASE due WHEN 1 THEN NULL ELSE 'Tax' END,
       CASE due WHEN 1 THEN 'payment_term' ELSE 'tax' END, date, date,
       CASE due WHEN 1 THEN invoice_date_due END, GREATEST(amount, 0),
       GREATEST(-amount, 0), amount, amount, open, open, due = 1 AND open = 0, 10000,
       NOW() AT TIME ZONE 'UTC', NOW() AT TIME ZONE 'UTC'
  FROM account_move m
 CROSS JOIN generate_series(0, 1) due
 CROSS JOIN LATERAL (SELECT
       CASE due WHEN 1 THEN amount_total ELSE - amount_tax END AS amount,
       CASE due WHEN 1 THEN amount_residual ELSE 0 END AS open) x
 WHERE m.id >= %(account_move_0)s
 ORDER BY m.id
"""

#: nine invoices of ten are paid at the bank, one of them by half
MONEY = """
CREATE TEMPORARY TABLE money ON COMMIT DROP AS
SELECT id - %(account_move_0)s AS n, partner_id, date + (id %% 60)::int AS day,
       amount_total - amount_residual AS amount
  FROM account_move
 WHERE id >= %(account_move_0)s AND amount_residual < amount_total ORDER BY id;
INSERT INTO account_move (id, journal_id, company_id, currency_id, state, move_type,
       auto_post, date, partner_id, commercial_partner_id, name, amount_total,
       posted_before, create_date, write_date)
SELECT %(account_move_0)s + %(invoices)s + n, %(bank)s, %(company)s, %(currency)s,
       'posted', 'entry', 'no', day, partner_id, partner_id, 'BENCHBANK/2026/' || n,
       amount, TRUE, NOW() AT TIME ZONE 'UTC', NOW() AT TIME ZONE 'UTC'
  FROM money ORDER BY n;
INSERT INTO account_move_line (id, move_id, journal_id, company_id, company_currency_id,
       currency_id, account_id, partner_id, move_name, parent_state, name, display_type,
       date, debit, credit, balance, amount_currency, amount_residual,
       amount_residual_currency, reconciled, sequence, create_date, write_date)
SELECT %(account_move_line_0)s + %(invoices)s * 8 + n * 2 + side,
       %(account_move_0)s + %(invoices)s + n, %(bank)s, %(company)s, %(currency)s,
       %(currency)s, CASE side WHEN 1 THEN %(receivable)s ELSE %(cash)s END, partner_id,
       'BENCHBANK/2026/' || n, 'posted', 'Payment', 'product', day,
       CASE side WHEN 0 THEN amount ELSE 0 END, CASE side WHEN 1 THEN amount ELSE 0 END,
       CASE side WHEN 0 THEN amount ELSE - amount END,
       CASE side WHEN 0 THEN amount ELSE - amount END, 0, 0, side = 1, 10,
       NOW() AT TIME ZONE 'UTC', NOW() AT TIME ZONE 'UTC'
  FROM money CROSS JOIN generate_series(0, 1) side ORDER BY n, side;
INSERT INTO account_partial_reconcile (id, debit_move_id, credit_move_id,
       debit_currency_id, credit_currency_id, company_id, max_date, amount,
       debit_amount_currency, credit_amount_currency, create_date, write_date)
SELECT %(account_partial_reconcile_0)s + n, %(account_move_line_0)s + n * 8 + 6,
       %(account_move_line_0)s + %(invoices)s * 8 + n * 2 + 1, %(currency)s,
       %(currency)s, %(company)s, day, amount, amount, amount,
       NOW() AT TIME ZONE 'UTC', NOW() AT TIME ZONE 'UTC'
  FROM money ORDER BY n
"""

#: the first invoices of each customer come from orders, of which one in four was
#: delivered by half
ORDERS = """
INSERT INTO sale_order (id, name, state, company_id, partner_id, partner_invoice_id,
       partner_shipping_id, date_order, picking_policy, warehouse_id, currency_id,
       currency_rate, amount_untaxed, amount_total, invoice_status, create_date,
       write_date)
SELECT %(sale_order_0)s + n, 'BENCH' || n, 'sale', %(company)s, partner_id, partner_id,
       partner_id, day - 3 + TIME '08:00', 'direct', %(warehouse)s, %(currency)s, 1,
       SUM(subtotal), SUM(total), 'invoiced', NOW() AT TIME ZONE 'UTC',
       NOW() AT TIME ZONE 'UTC'
  FROM sold WHERE n < %(orders)s GROUP BY n, partner_id, day ORDER BY n;
INSERT INTO sale_order_line (id, order_id, name, product_id, product_uom_id,
       product_uom_qty, qty_delivered, qty_invoiced, price_unit, price_subtotal,
       price_total, customer_lead, state, company_id, currency_id, order_partner_id,
       invoice_status, create_date, write_date)
SELECT %(sale_order_line_0)s + n * %(lines)s + k, %(sale_order_0)s + n, %(goods)s,
       product_id, %(uom)s, quantity,
       CASE n %% 4 WHEN 0 THEN quantity / 2.0 ELSE quantity END, quantity, price,
       subtotal, total, 0, 'sale', %(company)s, %(currency)s, partner_id, 'invoiced',
       NOW() AT TIME ZONE 'UTC', NOW() AT TIME ZONE 'UTC'
  FROM sold WHERE n < %(orders)s ORDER BY n, k;
INSERT INTO sale_order_line_invoice_rel (order_line_id, invoice_line_id)
SELECT %(sale_order_line_0)s + n * %(lines)s + k, %(account_move_line_0)s + n * 8 + k
  FROM sold WHERE n < %(orders)s ORDER BY n, k
"""


def customers(env) -> tuple[int, int]:
    """Return the id of the first customer, and how many there are; ids follow on."""
    found = env.execute_query(
        SQL(
            "SELECT MIN(id), COUNT(*) FROM res_partner WHERE name LIKE %s",
            f"{CUSTOMER}%",
        )
    )
    return found[0]
