"""What is derived: balances, their customers, and products (DESIGN 5).

Texts of this file are constant; values come in as parameters.
"""

#: Balances in scope with the rules that count for them. ``picked`` comes before, with
#: the columns balance_id, participant_id, partner_id, programme_id, version_id,
#: date_from and date_to.
SLOTS = """
    branch AS (
        SELECT c.id, r.id AS company_id, r.currency_id AS company_currency_id,
               COALESCE(p.tz, 'UTC') AS tz
          FROM res_company c
          JOIN res_company r ON r.id = split_part(c.parent_path, '/', 1)::int
          JOIN res_partner p ON p.id = r.partner_id
    ), slot AS MATERIALIZED (
        SELECT x.*, CASE WHEN has_speed THEN v.id ELSE 0 END AS speed_id, has_speed,
               v.stage, v.measure, v.is_taxed, v.returns_to,
               v.speed_from, pr.company_id,
               pr.currency_id, cur.rounding::numeric AS rounding, pr.stack_group,
               pr.sequence,
               CASE WHEN EXISTS (SELECT FROM rebate_version_product_rel e
                                  WHERE e.version_id = v.id)
                      OR EXISTS (SELECT FROM rebate_version_category_rel e
                                  WHERE e.version_id = v.id)
                    THEN v.id ELSE 0 END AS filter_id,
               CASE WHEN v.tier_by = 'growth' THEN CASE v.reference
                    WHEN 'year' THEN (x.date_from - interval '1 year')::date
                    ELSE (x.date_from - age(x.date_to + 1, x.date_from))::date END
               END AS ref_from,
               CASE WHEN v.tier_by = 'growth' THEN CASE v.reference
                    WHEN 'year' THEN (x.date_to + 1 - interval '1 year')::date - 1
                    ELSE x.date_from - 1 END
               END AS ref_to
          FROM picked x
          JOIN rebate_version v ON v.id = x.version_id
    CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM rebate_speed e
               WHERE e.version_id = v.id) AS has_speed) y
          JOIN rebate_programme pr ON pr.id = x.programme_id
          JOIN res_currency cur ON cur.id = pr.currency_id
    ), slot_speed AS MATERIALIZED (
        -- versions for which it matters how soon was paid, and one row for the others
        SELECT DISTINCT speed_id, CASE WHEN has_speed THEN speed_from END AS speed_from,
               has_speed
          FROM slot
    ), slot_partner AS MATERIALIZED (
        SELECT DISTINCT partner_id, company_id FROM slot
    ), slot_product AS MATERIALIZED (
        -- what counts for versions that say so
        SELECT r.version_id AS filter_id, pp.id AS product_id
          FROM rebate_version_product_rel r
          JOIN product_product pp ON pp.id = r.product_id
         WHERE r.version_id IN (SELECT filter_id FROM slot) AND %(products)s
         UNION
        SELECT r.version_id, pp.id
          FROM rebate_version_category_rel r
          JOIN product_category top ON top.id = r.category_id
          JOIN product_category c ON c.parent_path LIKE top.parent_path || '%%'
          JOIN product_template pt ON pt.categ_id = c.id
          JOIN product_product pp ON pp.product_tmpl_id = pt.id
         WHERE r.version_id IN (SELECT filter_id FROM slot) AND %(products)s
    ), good AS MATERIALIZED (
        -- what lines are matched with: for all other versions, whose filter is 0,
        -- everything counts, and a line without a product, which is 0 as well
        SELECT f.filter_id, pp.id AS product_id, pt.uom_id,
               pt.type = 'service' AS is_service
          FROM slot_product f
          JOIN product_product pp ON pp.id = f.product_id
          JOIN product_template pt ON pt.id = pp.product_tmpl_id
         UNION ALL
        SELECT 0, pp.id, pt.uom_id, pt.type = 'service'
          FROM product_product pp
          JOIN product_template pt ON pt.id = pp.product_tmpl_id
         WHERE %(products)s
         UNION ALL
        SELECT 0, 0, NULL, TRUE
    )
"""

#: products of some invoices and orders; all others need not be looked at
PRODUCTS = """
    pp.id IN (SELECT product_id FROM account_move_line WHERE move_id = ANY(%(moves)s)
               UNION ALL
              SELECT product_id FROM sale_order_line WHERE order_id = ANY(%(orders)s))
"""

#: lines of some invoices, by what ties them to order lines
LINES = """
    r.invoice_line_id IN (SELECT l.id FROM account_move_line l
                           WHERE l.move_id = ANY(%(moves)s))
"""
