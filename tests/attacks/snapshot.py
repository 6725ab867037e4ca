"""What an attack may not change, as the database has it, byte for byte."""

#: columns that say who touched a row last, or count how often
NOT_CONTENT = {
    "write_date",
    "write_uid",
    "approval_revision",
    "revision",
    "access_token",
    # an activity may go; that decides nothing
    "activity_id",
    "last_website_so_id",
}

ROWS = {
    "orders": "SELECT * FROM sale_order WHERE id = ANY(%(orders)s)",
    "lines": """
        SELECT l.*, ARRAY(SELECT account_tax_id FROM account_tax_sale_order_line_rel
                           WHERE sale_order_line_id = l.id ORDER BY 1) AS taxes
          FROM sale_order_line l WHERE order_id = ANY(%(orders)s)""",
    "moves": """
        SELECT m.id, m.product_id, m.product_uom_qty, m.state, m.sale_line_id
          FROM stock_move m JOIN sale_order_line l ON l.id = m.sale_line_id
         WHERE l.order_id = ANY(%(orders)s)""",
    "rounds": """
        SELECT * FROM document_approval_round
         WHERE res_model = 'sale.order' AND res_id = ANY(%(orders)s)""",
    "seats": """
        SELECT s.*, ARRAY(SELECT user_id FROM document_approval_seat_candidate_rel
                           WHERE seat_id = s.id ORDER BY 1) AS candidates,
               ARRAY(SELECT user_id FROM document_approval_seat_deputy_rel
                      WHERE seat_id = s.id ORDER BY 1) AS deputies
          FROM document_approval_seat s JOIN document_approval_round r
            ON r.id = s.round_id
         WHERE r.res_model = 'sale.order' AND r.res_id = ANY(%(orders)s)""",
    "findings": """
        SELECT f.* FROM document_approval_finding f JOIN document_approval_round r
            ON r.id = f.round_id
         WHERE r.res_model = 'sale.order' AND r.res_id = ANY(%(orders)s)""",
    "decisions": """
        SELECT d.*, ARRAY(SELECT user_id FROM document_approval_decision_person_rel
                           WHERE decision_id = d.id ORDER BY 1) AS people
          FROM document_approval_decision d JOIN document_approval_round r
            ON r.id = d.round_id
         WHERE r.res_model = 'sale.order' AND r.res_id = ANY(%(orders)s)""",
    "questions": """
        SELECT c.* FROM document_approval_check c
          JOIN document_approval_seat s ON s.id = c.seat_id
         WHERE s.res_model = 'sale.order' AND s.res_id = ANY(%(orders)s)""",
    "answers": """
        SELECT a.* FROM document_approval_answer a
          JOIN document_approval_check c ON c.id = a.check_id
          JOIN document_approval_seat s ON s.id = c.seat_id
         WHERE s.res_model = 'sale.order' AND s.res_id = ANY(%(orders)s)""",
    "delegations": "SELECT * FROM document_approval_delegation",
    "order count": "SELECT 0 AS id, count(*), max(id) FROM sale_order",
    "companies": """
        SELECT id, document_approval_mode, document_approval_same_person,
               document_approval_validity_days FROM res_company""",
    "departments": """
        SELECT d.*, ARRAY(SELECT user_id FROM document_approval_department_member_rel
                           WHERE department_id = d.id ORDER BY 1) AS members
          FROM document_approval_department d""",
    "flows": "SELECT * FROM document_approval_flow",
    "levels": "SELECT * FROM document_approval_flow_level",
    "places": "SELECT * FROM document_approval_flow_seat",
    "questions of flows": "SELECT * FROM document_approval_flow_check",
    "kinds of reasons": "SELECT * FROM document_approval_reason",
}


def tables(cursor):
    """Return what the database calls its tables by."""
    cursor.execute(
        """SELECT array_agg(oid::int8) FROM pg_class
            WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"""
    )
    return cursor.fetchone()[0]


def count_writes(cursor, tables):
    """Return how many rows this transaction has written so far, of any table.

    The database counts what was rolled back too: as long as the number stays the same,
    nothing can differ, and nothing has to be looked at.
    """
    cursor.execute(
        """SELECT sum(pg_stat_get_xact_tuples_inserted(oid)
                      + pg_stat_get_xact_tuples_updated(oid)
                      + pg_stat_get_xact_tuples_deleted(oid))
             FROM unnest(%s::oid[]) oid""",
        [tables],
    )
    return cursor.fetchone()[0]


def mark(cursor, orders, rows=ROWS):
    """Return one short text that differs as soon as any snapshot would."""
    parts = [
        "SELECT md5(string_agg(row::text, ',' ORDER BY row->>'id')) AS mark FROM ("
        f"SELECT to_jsonb(whole) - %(ignored)s AS row FROM ({query}) whole) part"
        for query in rows.values()
    ]
    query = f"SELECT string_agg(mark, ',') FROM ({' UNION ALL '.join(parts)}) marks"
    ignored = sorted(NOT_CONTENT)
    cursor.execute(query, {"orders": list(orders), "ignored": ignored})
    return cursor.fetchone()[0]


def take(cursor, orders, rows=ROWS):
    """Return {what: {id: row}} of these orders and of the set-up."""
    return {
        what: _rows(cursor, query, {"orders": list(orders)})
        for what, query in rows.items()
    }


def differences(before, after):
    """Return in words what differs between two snapshots."""
    found = []
    for what in before:
        old, new = before[what], after[what]
        for row_id in sorted(old.keys() | new.keys()):
            if row_id not in new:
                found.append(f"{what} {row_id} is gone")
            elif row_id not in old:
                found.append(f"{what} {row_id} is new")
            else:
                found += [
                    f"{what} {row_id}: {name} {old[row_id][name]!r} -> {value!r}"
                    for name, value in new[row_id].items()
                    if value != old[row_id][name]
                ]
    return found


def _rows(cursor, query, parameters):
    cursor.execute(query, parameters)
    return {
        row["id"]: {k: v for k, v in row.items() if k not in NOT_CONTENT}
        for row in cursor.dictfetchall()
    }
