"""The statements that turn what was counted into rebates (DESIGN 5).

Everything is numeric. Amounts are rounded once, half away from zero; before that to
ten digits, so that a share such as a third leaves no trace. Texts are constant.
"""

from .rebate_engine_tables import tables

#: Terms of each balance. ``counted`` holds the sums of the measures by ``id``;
#: ``picked`` as in :data:`rebate_engine_sources.SLOTS`.
TERMS = """
    term AS MATERIALIZED (
        SELECT x.balance_id AS id, v.id AS version_id, v.stage, v.measure, v.reward,
               v.tier_mode, v.tier_by, v.payment_rule, v.execution_rule,
               v.cap_amount, v.minimum_amount, cur.rounding::numeric AS rounding,
               v.gate_target::numeric AS gate_target,
               v.gate_paid::numeric AS gate_paid,
               v.gate_executed::numeric AS gate_executed,
               COALESCE(NULLIF(t.prepayment_rate, 0), v.prepayment_rate, 0)::numeric
                   AS prepayment_rate,
               COALESCE(t.target, 0) AS target,
               COALESCE(t.extra_rate, 0) AS extra_rate, x.participant_id,
               EXISTS (SELECT FROM rebate_tier o WHERE o.version_id = v.id
                          AND o.participant_id = x.participant_id) AS has_own,
               COALESCE(c.ordered, 0) AS ordered,
               COALESCE(c.ordered_qty, 0) AS ordered_qty,
               COALESCE(c.delivered, 0) AS delivered,
               COALESCE(c.invoiced, 0) AS invoiced,
               COALESCE(c.invoiced_qty, 0) AS invoiced_qty,
               COALESCE(c.cash, 0) AS cash, COALESCE(c.paid, 0) AS paid,
               COALESCE(c.reference, 0) AS reference
          FROM picked x
          JOIN rebate_version v ON v.id = x.version_id
          JOIN rebate_programme pr ON pr.id = v.programme_id
          JOIN res_currency cur ON cur.id = pr.currency_id
     LEFT JOIN rebate_target t ON t.version_id = v.id
               AND t.participant_id = x.participant_id
     LEFT JOIN counted c ON c.id = x.balance_id
    ), step AS MATERIALIZED (
        SELECT id, rate, low, LEAD(low) OVER (PARTITION BY id ORDER BY low) AS high
          FROM (
            SELECT t.id, GREATEST(r.rate + t.extra_rate, 0) AS rate,
                   CASE t.tier_by WHEN 'base' THEN r.value_from
                        WHEN 'target' THEN r.value_from / 100 * NULLIF(t.target, 0)
                        ELSE t.reference * (1 + r.value_from / 100) END AS low
              FROM term t
              JOIN rebate_tier r ON r.version_id = t.version_id
                   AND CASE WHEN t.has_own THEN r.participant_id = t.participant_id
                            ELSE r.participant_id IS NULL END
             WHERE t.tier_by <> 'growth' OR t.reference > 0
          ) q
         WHERE low IS NOT NULL
    )
"""


def rewards(name, cases):
    """Return the text of CTEs that give each case its rebate, before rounding.

    :param str name: of the resulting CTE: columns id, kind, reached, rate, value
    :param str cases: a CTE with id, kind, reached (what decides), amount, quantity
    """
    return f"""
    {name}_tier AS (
        SELECT c.id, c.kind,
               (ARRAY_AGG(s.rate ORDER BY s.low DESC) FILTER (WHERE s.low <= c.reached)
               )[1] AS rate,
               SUM(GREATEST(LEAST(c.reached, COALESCE(s.high, c.reached)) - s.low, 0)
                   * s.rate) AS parts
          FROM {cases} c
          JOIN step s ON s.id = c.id
         GROUP BY c.id, c.kind
    ), {name} AS (
        SELECT c.id, c.kind, c.reached, COALESCE(x.rate, 0) AS rate,
               CASE WHEN t.gate_target > 0
                     AND (t.target = 0 OR c.reached * 100 < t.gate_target * t.target)
                    THEN 0
                    ELSE LEAST(
                        GREATEST(CASE t.tier_mode WHEN 'marginal' THEN x.parts
                            ELSE x.rate * CASE t.reward WHEN 'unit' THEN c.quantity
                                               ELSE c.amount END END, 0)
                        / CASE t.reward WHEN 'unit' THEN 1 ELSE 100 END,
                        NULLIF(t.cap_amount, 0))
               END AS value
          FROM {cases} c
          JOIN term t ON t.id = c.id
     LEFT JOIN {name}_tier x ON x.id = c.id AND x.kind = c.kind
    )
    """


#: The amounts of each balance, rounded: CTE ``figure``.
FIGURES = f"""
    stage_case AS (
        SELECT id, 'ordered' AS kind, ordered AS amount, ordered_qty AS quantity,
               CASE measure WHEN 'quantity' THEN ordered_qty ELSE ordered END AS reached
          FROM term
         UNION ALL
        SELECT id, 'invoiced', invoiced, invoiced_qty,
               CASE measure WHEN 'quantity' THEN invoiced_qty ELSE invoiced END
          FROM term
    ), {rewards("reward", "stage_case")}, ahead AS (
        -- the next tier above what has been reached, and not below the gate
        SELECT c.id, c.reached, c.amount, c.quantity,
               GREATEST(MIN(s.low) FILTER (WHERE s.low > c.reached
                    OR c.reached * 100 < t.gate_target * t.target),
                    t.gate_target / 100 * t.target) AS low
          FROM stage_case c
          JOIN term t ON t.id = c.id
               AND c.kind = CASE t.stage WHEN 'order' THEN 'ordered' ELSE 'invoiced' END
          JOIN step s ON s.id = c.id
         GROUP BY c.id, c.reached, c.amount, c.quantity, t.gate_target, t.target
    ), next_case AS (
        SELECT a.id, 'next' AS kind, a.low AS reached,
               CASE WHEN t.measure = 'amount' THEN a.low
                    WHEN a.quantity > 0 THEN a.amount * a.low / a.quantity
                    ELSE 0 END AS amount,
               a.low AS quantity
          FROM ahead a
          JOIN term t ON t.id = a.id
         WHERE a.low > a.reached
    ), {rewards("upcoming", "next_case")}, share AS (
        SELECT id,
               CASE WHEN invoiced > 0 THEN LEAST(1, GREATEST(0, cash / invoiced))
                    ELSE 0 END AS paid_share,
               CASE WHEN ordered > 0 THEN LEAST(1, GREATEST(0, delivered / ordered))
                    ELSE 1 END AS executed_share,
               CASE WHEN payment_rule = 'none' THEN 1
                    WHEN invoiced <= 0 THEN 0
                    WHEN payment_rule = 'all' AND ROUND(cash, 6) < ROUND(invoiced, 6)
                    THEN 0
                    ELSE LEAST(1, GREATEST(0, paid / invoiced)) END AS pay,
               CASE WHEN execution_rule = 'none' OR ordered <= 0 THEN 1
                    WHEN execution_rule = 'all'
                     AND ROUND(delivered, 6) < ROUND(ordered, 6) THEN 0
                    ELSE LEAST(1, GREATEST(0, delivered / ordered)) END AS done
          FROM term
    ), figure AS (
        SELECT t.*, s.paid_share, s.executed_share, g.target_share,
               CASE WHEN g.provisional < t.minimum_amount THEN 0 ELSE g.provisional
               END AS provisional_amount,
               CASE WHEN g.earned < t.minimum_amount THEN 0 ELSE g.earned
               END AS earned_amount,
               CASE WHEN g.earned < t.minimum_amount
                      OR ROUND(s.paid_share * 100, 8) < t.gate_paid
                      OR ROUND(s.executed_share * 100, 8) < t.gate_executed
                    THEN 0 ELSE g.releasable END AS releasable_amount,
               g.rate, GREATEST(u.reached - g.reached, 0) AS distance,
               ROUND(ROUND(u.value - g.value, 10) / t.rounding) * t.rounding AS gain
          FROM term t
          JOIN share s ON s.id = t.id
          JOIN reward o ON o.id = t.id AND o.kind = 'ordered'
          JOIN reward i ON i.id = t.id AND i.kind = 'invoiced'
     LEFT JOIN upcoming u ON u.id = t.id
    CROSS JOIN LATERAL (
            SELECT ROUND(ROUND(COALESCE(o.value, 0), 10) / t.rounding) * t.rounding
                       AS provisional,
                   ROUND(ROUND(COALESCE(i.value, 0), 10) / t.rounding) * t.rounding
                       AS earned,
                   ROUND(ROUND(COALESCE(i.value, 0) * LEAST(s.pay, s.done), 10)
                         / t.rounding) * t.rounding AS releasable,
                   CASE t.stage WHEN 'order' THEN o.rate ELSE i.rate END AS rate,
                   CASE t.stage WHEN 'order' THEN o.reached ELSE i.reached END
                       AS reached,
                   COALESCE(CASE t.stage WHEN 'order' THEN o.value ELSE i.value END, 0)
                       AS value,
                   CASE WHEN t.target > 0 THEN 100
                        * CASE t.stage WHEN 'order' THEN o.reached ELSE i.reached END
                        / t.target ELSE 0 END AS target_share
         ) g
    )
"""

#: all of these as tables, each by its name, in the order they are made
FIGURE_TABLES = tables(f"{TERMS}, {FIGURES}")
