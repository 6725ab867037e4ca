"""The statements that turn what was counted into rebates (DESIGN 5).

Everything is numeric. Amounts are rounded once, half away from zero; before that to
ten digits, so that a share such as a third leaves no trace. Texts are constant.
"""

from .rebate_engine_tables import tables

#: Terms of each balance. ``counted`` holds the sums of the measures by ``id``;
#: ``picked`` as in :data:`rebate_engine_scope.SLOTS`.
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
               COALESCE(t.extra_rate, 0) AS extra_rate,
               CASE WHEN EXISTS (SELECT FROM rebate_tier o WHERE o.version_id = v.id
                                    AND o.participant_id = x.participant_id)
                    THEN x.participant_id ELSE 0 END AS owner_id,
               CASE v.tier_by WHEN 'base' THEN 1
                    WHEN 'target' THEN NULLIF(t.target, 0)
                    ELSE CASE WHEN c.reference > 0 THEN c.reference END END AS unit,
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
         WHERE x.is_target
    ), ladder AS MATERIALIZED (
        -- tiers by lower bound, once for all balances that have the same: their rates,
        -- and what all parts below add up to
        SELECT version_id, owner_id, extra_rate, unit,
               ARRAY_AGG(low ORDER BY low) AS lows,
               ARRAY_AGG(rate ORDER BY low) AS rates,
               ARRAY_AGG(below ORDER BY low) AS below
          FROM (
            SELECT *, COALESCE(SUM(part) OVER (
                           PARTITION BY version_id, owner_id, extra_rate, unit
                           ORDER BY low
                           ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0
                       ) AS below
              FROM (
                SELECT *, rate * (LEAD(low) OVER (
                           PARTITION BY version_id, owner_id, extra_rate, unit
                           ORDER BY low) - low) AS part
                  FROM (
                    SELECT u.*, GREATEST(r.rate + u.extra_rate, 0) AS rate,
                           CASE u.tier_by WHEN 'base' THEN r.value_from
                                WHEN 'target' THEN r.value_from / 100 * u.unit
                                ELSE u.unit * (1 + r.value_from / 100) END AS low
                      FROM (SELECT DISTINCT version_id, owner_id, tier_by, extra_rate,
                                   unit
                              FROM term WHERE unit IS NOT NULL) u
                      JOIN rebate_tier r ON r.version_id = u.version_id
                           AND COALESCE(r.participant_id, 0) = u.owner_id
                  ) q
              ) q
          ) q
         GROUP BY version_id, owner_id, extra_rate, unit
    )
"""


def reward(reached, step, amount, quantity):
    """Return the text of the rebate of a balance, before rounding.

    The arguments are SQL as well.

    :param str reached: what decides
    :param str step: the number of the tier that is in, 0 for none
    :param str amount: what a percentage is of
    :param str quantity: what an amount per unit is for
    """
    return f"""
        CASE WHEN gate_target > 0
              AND (target = 0 OR {reached} * 100 < gate_target * target)
             THEN 0
             ELSE COALESCE(LEAST(
                 GREATEST(CASE tier_mode
                     WHEN 'marginal'
                     THEN below[{step}] + ({reached} - lows[{step}]) * rates[{step}]
                     ELSE rates[{step}]
                          * CASE reward WHEN 'unit' THEN {quantity} ELSE {amount} END
                     END, 0)
                 / CASE reward WHEN 'unit' THEN 1 ELSE 100 END,
                 NULLIF(cap_amount, 0)), 0)
        END
    """


#: What follows from a balance's own terms: what decides, by orders and by invoices, in
#: which tier that is, and which shares of it are paid and executed.
_STAND = """
    SELECT t.*, l.lows, l.rates, l.below, r.*,
           width_bucket(r.ordered_reached, l.lows) AS ordered_step,
           width_bucket(r.invoiced_reached, l.lows) AS invoiced_step,
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
      FROM term t
 LEFT JOIN ladder l ON l.version_id = t.version_id AND l.owner_id = t.owner_id
           AND l.extra_rate = t.extra_rate AND l.unit = t.unit
CROSS JOIN LATERAL (
        SELECT CASE measure WHEN 'quantity' THEN ordered_qty ELSE ordered
               END AS ordered_reached,
               CASE measure WHEN 'quantity' THEN invoiced_qty ELSE invoiced
               END AS invoiced_reached
     ) r
"""

#: both rebates, and the stage that counts
_REWARD = f"""
    SELECT *,
           {reward("ordered_reached", "ordered_step", "ordered", "ordered_qty")}
               AS ordered_value,
           {reward("invoiced_reached", "invoiced_step", "invoiced", "invoiced_qty")}
               AS invoiced_value,
           CASE stage WHEN 'order' THEN ordered_reached ELSE invoiced_reached END
               AS reached,
           CASE stage WHEN 'order' THEN ordered_step ELSE invoiced_step END AS step,
           CASE stage WHEN 'order' THEN ordered ELSE invoiced END AS base,
           CASE stage WHEN 'order' THEN ordered_qty ELSE invoiced_qty END AS base_qty
      FROM ({_STAND} OFFSET 0) stand
"""

#: each rounded, and the next tier above what has been reached, not below the gate
_AHEAD = f"""
    SELECT *,
           ROUND(ROUND(ordered_value, 10) / rounding) * rounding AS provisional,
           ROUND(ROUND(invoiced_value, 10) / rounding) * rounding AS earned,
           ROUND(ROUND(invoiced_value * LEAST(pay, done), 10) / rounding) * rounding
               AS releasable,
           CASE WHEN lows IS NOT NULL
                THEN GREATEST(lows[CASE WHEN reached * 100 < gate_target * target
                                        THEN 1 ELSE step + 1 END],
                     gate_target / 100 * target) END AS low
      FROM ({_REWARD} OFFSET 0) reward
"""

_NEXT_BASE = """
    CASE WHEN measure = 'amount' THEN low
         WHEN base_qty > 0 THEN base * low / base_qty ELSE 0 END
"""
_GAIN = f"""
    {reward("low", "width_bucket(low, lows)", f"({_NEXT_BASE})", "low")}
    - CASE stage WHEN 'order' THEN ordered_value ELSE invoiced_value END
"""

#: The amounts of each balance, rounded. One reads from the other, each with all that
#: is known by then; OFFSET 0 has it computed once, not wherever it is used.
FIGURES = f"""
    figure AS (
        SELECT id, version_id, target, prepayment_rate, rounding, ordered, ordered_qty,
               delivered, invoiced, invoiced_qty, cash, paid, reference, paid_share,
               executed_share, COALESCE(rates[step], 0) AS rate,
               CASE WHEN target > 0 THEN 100 * reached / target ELSE 0 END
                   AS target_share,
               CASE WHEN provisional < minimum_amount THEN 0 ELSE provisional
               END AS provisional_amount,
               CASE WHEN earned < minimum_amount THEN 0 ELSE earned
               END AS earned_amount,
               CASE WHEN earned < minimum_amount
                      OR ROUND(paid_share * 100, 8) < gate_paid
                      OR ROUND(executed_share * 100, 8) < gate_executed
                    THEN 0 ELSE releasable END AS releasable_amount,
               CASE WHEN low > reached THEN low - reached ELSE 0 END AS distance,
               CASE WHEN low > reached
                    THEN ROUND(ROUND({_GAIN}, 10) / rounding) * rounding END AS gain
          FROM ({_AHEAD} OFFSET 0) ahead
    )
"""

#: all of these as tables, each by its name, in the order they are made
FIGURE_TABLES = tables(f"{TERMS}, {FIGURES}")
