"""What is open of confirmed orders, as parts of the statement in ``exposure.py``.

All in the currency of the order and the unit of the order line. What counts:

- by ordered quantity; goods that were returned for credit count no more;
- lines invoiced by delivery: what was delivered and what is on its way or will be;
- less what *posted* invoices bill, by quantity, at the net price of the order, taxes
  included. Drafts bill nothing: the order counts on;
- less down payments posted and not deducted yet; more of them than is open means that
  the customer has been billed too much so far, and lowers the exposure;
- an order of which nothing is invoiced counts with exactly its total.

Parts end in OFFSET 0 to be planned one by one: drawn into one another their expressions
would multiply. Kept for all customers (MATERIALIZED), they would be written to disk;
for a few they are, see ``exposure.keep``.
"""

ORDERS_OF_PARTIES = """
    orders AS (
        SELECT o.id, x.debtor, o.amount_total, o.currency_id, TRUE AS is_confirmed,
               COALESCE(NULLIF(o.currency_rate, 0), 1)::numeric AS rate
          FROM parties x
          JOIN sale_order o ON o.partner_invoice_id = x.id
         WHERE o.state = 'sale' AND o.company_id = ANY(%(companies)s)
    )
"""
#: orders by their ids, as if they were confirmed
ORDERS_BY_ID = """
    orders AS (
        SELECT o.id, p.commercial_partner_id AS debtor, o.amount_total, o.currency_id,
               o.state = 'sale' AS is_confirmed,
               COALESCE(NULLIF(o.currency_rate, 0), 1)::numeric AS rate
          FROM sale_order o
          JOIN res_partner p ON p.id = o.partner_invoice_id
         WHERE o.id = ANY(%(orders)s)
    )
"""
LINES = """
    lines AS (
        SELECT l.id, l.order_id, l.product_id, l.product_uom_id, l.company_id,
               COALESCE(l.product_uom_qty, 0) AS ordered,
               COALESCE(l.qty_delivered, 0) AS delivered,
               COALESCE(l.price_total, 0) AS price_total,
               COALESCE(l.price_subtotal, 0) AS price_subtotal,
               COALESCE(l.price_unit, 0) AS price_unit,
               COALESCE(l.discount, 0) AS discount,
               COALESCE(t.invoice_policy = 'delivery', FALSE) AS by_delivery,
               t.uom_id, o.currency_id, o.is_confirmed
          FROM orders o
          JOIN sale_order_line l ON l.order_id = o.id
     LEFT JOIN product_product p ON p.id = l.product_id
     LEFT JOIN product_template t ON t.id = p.product_tmpl_id
         WHERE l.display_type IS NULL
           -- a down payment orders nothing; what orders something is none
           AND (l.is_downpayment IS NOT TRUE OR COALESCE(l.product_uom_qty, 0) <> 0)
    )
"""
#: What the moves of a line say. The last step of a chain counts, whether later steps
#: are there already (pulled) or come when the earlier are done (pushed), as with goods
#: that wait in transit for the customer's signature. As in Odoo's delivered quantity,
#: returns count when they are to be refunded, and so do replacements of those. A kit
#: moves its parts. A cancelled dropship is no cancelled demand: it is bought anew.
#: Lines invoiced by order count what was ordered, unless some of it came back.
DEMAND = """
    moves AS (
        SELECT l.id AS line_id, m.product_id = l.product_id AS is_own, m.state,
               CASE WHEN m.state = 'done' THEN m.quantity ELSE m.product_uom_qty END
               * ratio.value AS quantity,
               CASE WHEN m.state = 'done'
                    THEN GREATEST(m.product_uom_qty - m.quantity, 0) ELSE 0 END
               * ratio.value AS given_up,
               POWER(10::numeric, -%(unit_digits)s)
               * GREATEST(ratio.value, 1) AS tolerance,
               source.usage AS source_usage, way.is_outward,
               way.is_outward AND way.is_last AS at_once,
               way.is_outward AND NOT way.is_last AND NOT EXISTS (
                   SELECT 1 FROM stock_move_move_rel r
                    WHERE r.move_orig_id = m.id) AS later,
               m.to_refund IS TRUE AND (source.usage = 'customer' OR
                   source.usage = 'transit' AND source.company_id IS NULL) AS is_return
          FROM lines l
          JOIN stock_move m ON m.sale_line_id = l.id
          JOIN stock_location source ON source.id = m.location_id
          JOIN stock_location dest ON dest.id = m.location_dest_id
     LEFT JOIN stock_location final ON final.id = m.location_final_id
          JOIN uom_uom unit ON unit.id = m.product_uom
          JOIN uom_uom line_unit ON line_unit.id = l.product_uom_id
    CROSS JOIN LATERAL (
               SELECT CASE WHEN unit.id = line_unit.id THEN 1
                      ELSE unit.factor / line_unit.factor END AS value) ratio
    CROSS JOIN LATERAL (
               SELECT dest.usage = 'customer'
                      OR dest.usage = 'transit' AND dest.company_id IS NULL AS is_last,
                      final.usage = 'customer' OR final.usage = 'transit'
                      AND final.company_id IS NULL AS is_chain) step
    CROSS JOIN LATERAL (
               SELECT (m.origin_returned_move_id IS NULL OR m.to_refund IS TRUE)
                      AND (step.is_last OR step.is_chain IS TRUE) AS is_outward,
                      step.is_last) way
         WHERE l.is_confirmed AND (
               l.by_delivery OR l.delivered < l.ordered AND EXISTS (
                   SELECT FROM stock_move r
                     JOIN stock_location place ON place.id = r.location_id
                      AND place.usage IN ('customer', 'transit')
                    WHERE r.sale_line_id = l.id AND r.to_refund))
        OFFSET 0
    ), demand AS (
        SELECT line_id, MAX(tolerance) AS tolerance,
               COALESCE(SUM(quantity) FILTER (WHERE is_own AND at_once
                   AND state = 'done'), 0) AS gone,
               COALESCE(SUM(quantity) FILTER (WHERE is_own AND (at_once OR later)
                   AND state NOT IN ('done', 'cancel')), 0) AS open,
               COALESCE(SUM(quantity) FILTER (WHERE is_own AND (at_once OR later)
                   AND (state = 'cancel' AND source_usage <> 'supplier'
                        OR state = 'done' AND later)), 0)
               + COALESCE(SUM(given_up) FILTER (WHERE is_own AND is_outward), 0)
                   AS dropped,
               COALESCE(SUM(quantity) FILTER (WHERE is_own AND is_return
                   AND state = 'done'), 0) AS returned,
               COALESCE(BOOL_OR(NOT is_own), FALSE) AS has_parts,
               COALESCE(BOOL_OR(NOT is_own AND (at_once OR later)
                   AND state NOT IN ('done', 'cancel')), FALSE) AS part_is_open
          FROM moves GROUP BY line_id
    )
"""
#: ``committed`` is what will have been invoiced in the end. What is delivered otherwise
#: than by moves of the line, such as at a counter, needs no more of them.
COMMITTED = """
    committed AS (
        SELECT l.id AS line_id,
               CASE WHEN d.line_id IS NULL OR l.ordered < 0
                    THEN CASE WHEN l.by_delivery AND l.ordered >= 0
                         THEN GREATEST(l.ordered, l.delivered) ELSE l.ordered END
                    WHEN NOT l.by_delivery
                    THEN LEAST(l.ordered,
                               GREATEST(d.gone + d.open, l.ordered) - d.returned)
                    WHEN d.has_parts
                    THEN CASE WHEN d.part_is_open
                         THEN GREATEST(l.ordered, l.delivered) ELSE l.delivered END
                    WHEN w.quantity > 0 AND
                         ABS(l.delivered + w.quantity - l.ordered) < d.tolerance
                    THEN l.ordered
                    ELSE l.delivered + w.quantity
               END AS quantity
          FROM lines l
     LEFT JOIN demand d ON d.line_id = l.id
    CROSS JOIN LATERAL (
               SELECT GREATEST(d.gone, l.delivered + d.returned) AS quantity) gone
    CROSS JOIN LATERAL (
               SELECT l.ordered - gone.quantity - d.open - d.dropped AS quantity) more
    CROSS JOIN LATERAL (
               SELECT d.open + CASE WHEN more.quantity >= d.tolerance
                      THEN more.quantity ELSE 0 END AS quantity) w
        OFFSET 0
    )
"""
#: The price of a line without ordered quantity, such as one for goods delivered on top,
#: is computed from its taxes: percentages and fixed amounts, groups of them too.
OPEN_LINES = """
    billed AS (
        SELECT line_id, SUM(quantity) AS quantity
          FROM (%(billed_sources)s) source GROUP BY line_id
    ), rest AS (
        SELECT l.order_id, l.id AS line_id, l.ordered, l.price_total, l.currency_id,
               c.quantity AS committed, u.price,
               COALESCE(b.quantity, 0) AS billed,
               CASE WHEN c.quantity >= 0
                    THEN GREATEST(c.quantity - COALESCE(b.quantity, 0), 0)
                    ELSE LEAST(c.quantity - COALESCE(b.quantity, 0), 0)
               END AS quantity,
               GREATEST(l.delivered - COALESCE(b.quantity, 0), 0) AS shipped
          FROM lines l
          JOIN committed c ON c.line_id = l.id
     LEFT JOIN billed b ON b.line_id = l.id
    CROSS JOIN LATERAL (
               SELECT CASE WHEN l.ordered <> 0 THEN l.price_total / l.ordered
                      ELSE l.price_unit * (1 - l.discount / 100) + COALESCE((
                           SELECT SUM(CASE tax.amount_type WHEN 'fixed' THEN tax.amount
                                      WHEN 'percent' THEN l.price_unit
                                      * (1 - l.discount / 100) * tax.amount / 100
                                      ELSE 0 END)
                             FROM account_tax_sale_order_line_rel r
                        LEFT JOIN account_tax_filiation_rel f
                                  ON f.parent_tax = r.account_tax_id
                             JOIN account_tax tax
                                  ON tax.id = COALESCE(f.child_tax, r.account_tax_id)
                             JOIN res_company own ON own.id = tax.company_id
                            WHERE r.sale_order_line_id = l.id
                              AND COALESCE(tax.price_include_override,
                                           own.account_price_include,
                                           '') <> 'tax_included'), 0)
                      END AS price) u
        OFFSET 0
    )
"""
#: Digits are looked up once for each currency there is: logarithms for every line, or
#: of all the currencies of the world, would take longer than all the rest.
ORDER_SUMS = """
    currencies AS MATERIALIZED (
        SELECT id, CASE WHEN rounding >= 1 THEN 0
                   ELSE CEIL(-LOG(rounding)) END::int AS decimal_places
          FROM res_currency WHERE id IN (SELECT currency_id FROM orders)
    ), order_sums AS (
        SELECT o.id, o.debtor, o.rate,
               CASE WHEN s.is_untouched THEN o.amount_total ELSE s.gross END AS gross,
               CASE WHEN s.is_as_ordered THEN o.amount_total
                    ELSE s.committed END AS committed,
               s.shipped
          FROM orders o
          JOIN (
            SELECT r.order_id,
                   BOOL_AND(r.quantity = r.ordered) AS is_untouched,
                   BOOL_AND(r.committed = r.ordered) AS is_as_ordered,
                   SUM(CASE WHEN r.quantity = r.ordered THEN r.price_total
                       WHEN r.quantity = 0 THEN 0
                       ELSE ROUND(r.quantity * r.price, cur.decimal_places)
                       END) AS gross,
                   SUM(CASE WHEN r.committed = r.ordered THEN r.price_total
                       ELSE ROUND(r.committed * r.price, cur.decimal_places)
                       END) AS committed,
                   SUM(CASE WHEN r.shipped = 0 THEN 0
                       ELSE ROUND(r.shipped * r.price, cur.decimal_places)
                       END) AS shipped
              FROM rest r
              JOIN currencies cur ON cur.id = r.currency_id
          GROUP BY r.order_id
          ) s ON s.order_id = o.id
    ), deposits AS (
        SELECT order_id, SUM(amount) AS amount
          FROM (%(deposit_sources)s) source GROUP BY order_id
    )
"""
#: Down payments that posted invoices ask for, in the currency of the order: negative
#: where they are deducted or refunded.
DEPOSITS_BY_INVOICES = """
        SELECT l.order_id,
               CASE WHEN v.move_type = 'out_refund' THEN -1 ELSE 1 END
               * i.price_total
               * CASE WHEN v.currency_id = o.currency_id THEN 1
                 ELSE o.rate / COALESCE(NULLIF(v.invoice_currency_rate, 0), 1)
                 END::numeric AS amount
          FROM orders o
          JOIN sale_order_line l ON l.order_id = o.id AND l.is_downpayment
          JOIN sale_order_line_invoice_rel r ON r.order_line_id = l.id
          JOIN account_move_line i ON i.id = r.invoice_line_id
               AND i.parent_state = 'posted'
          JOIN account_move v ON v.id = i.move_id
         WHERE l.display_type IS NULL
"""
#: What posted invoices bill of the lines. A refund opens a line again by the quantity
#: it takes back, to be billed anew, when it is at the price of the order or of an
#: invoice of the line; at another price it is an allowance and opens nothing. Items are
#: fetched one by one: reading the whole ledger for all customers would take longer.
BILLED_BY_INVOICES = """
        SELECT l.id AS line_id,
               CASE WHEN v.move_type = 'out_refund' THEN -1 ELSE 1 END
               * i.quantity * ratio.value AS quantity
          FROM lines l
          JOIN sale_order_line_invoice_rel r ON r.order_line_id = l.id
    CROSS JOIN LATERAL (
               SELECT own.* FROM account_move_line own
                WHERE own.id = r.invoice_line_id OFFSET 0) i
          JOIN account_move v ON v.id = i.move_id
     LEFT JOIN uom_uom unit ON unit.id = i.product_uom_id
     LEFT JOIN uom_uom line_unit ON line_unit.id = l.product_uom_id
    CROSS JOIN LATERAL (
               SELECT CASE WHEN unit.id = line_unit.id THEN 1
                      ELSE COALESCE(unit.factor / line_unit.factor, 1)
                      END AS value) ratio
         WHERE v.move_type IN ('out_invoice', 'out_receipt', 'out_refund')
           AND (i.parent_state = 'posted' OR v.payment_state = 'invoicing_legacy')
           AND (v.move_type <> 'out_refund' OR i.quantity = 0
                OR v.currency_id <> l.currency_id
                OR l.ordered <> 0
                   AND ABS(i.price_subtotal / i.quantity / ratio.value
                           - l.price_subtotal / l.ordered)
                       <= ABS(l.price_subtotal / l.ordered) * 0.01
                OR EXISTS (
                    SELECT 1 FROM sale_order_line_invoice_rel r2
                      JOIN account_move_line i2 ON i2.id = r2.invoice_line_id
                      JOIN account_move v2 ON v2.id = i2.move_id
                     WHERE r2.order_line_id = l.id AND i2.quantity <> 0
                       AND v2.move_type <> 'out_refund'
                       AND ABS(i.price_subtotal / i.quantity
                               - i2.price_subtotal / i2.quantity)
                           <= ABS(i2.price_subtotal / i2.quantity) * 0.01))
"""
#: ``prepay_need`` is the share that has to be prepaid, by the customer's grade. What is
#: open is never less than nothing before down payments: neither a negative order nor a
#: discount not yet billed makes room for others.
OPEN_ORDERS = """
    open_orders AS (
        SELECT s.id, s.debtor,
               ROUND(s.committed / s.rate, %(digits)s) AS committed,
               ROUND((GREATEST(s.gross, 0) - COALESCE(d.amount, 0)) / s.rate,
                     %(digits)s) AS amount,
               ROUND(GREATEST(s.gross * CASE a.mode
                   WHEN 'prepay' THEN COALESCE(NULLIF(g.prepayment_share, 0), 100)
                   WHEN 'limited' THEN COALESCE(g.prepayment_share, 0)
                   ELSE 0 END::numeric / 100 - COALESCE(d.amount, 0), 0) / s.rate,
                   %(digits)s) AS prepay_need,
               ROUND(GREATEST(s.shipped - COALESCE(d.amount, 0), 0) / s.rate,
                   %(digits)s) AS shipped
          FROM order_sums s
     LEFT JOIN deposits d ON d.order_id = s.id
     LEFT JOIN customer_credit_account a
               ON a.company_id = %(root)s AND a.partner_id = s.debtor
     LEFT JOIN customer_credit_grade g ON g.id = a.grade_id
    )
"""
#: the parts, after ``orders``
OPEN = (LINES, DEMAND, COMMITTED, OPEN_LINES, ORDER_SUMS, OPEN_ORDERS)
