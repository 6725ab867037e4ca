from odoo import api, models
from odoo.tools import SQL

#: Items that have reached a level nobody has followed up yet, with all other items of
#: their customers. Unapplied credits cover the items due first, so a customer whose
#: credits cover all is left alone.
_DUE = """
    WITH base AS (
        SELECT debtor, line_id, due, SUM(amount) AS amount
          FROM (%(items)s) item GROUP BY debtor, line_id, due
    ), uncovered AS (
        SELECT debtor, line_id, due, %(day)s - due AS days,
               LEAST(amount, rest) AS rest
          FROM (
            SELECT b.*, SUM(GREATEST(b.amount, 0)) OVER (PARTITION BY b.debtor
                                                        ORDER BY b.due, b.line_id)
                   + SUM(LEAST(b.amount, 0)) OVER (PARTITION BY b.debtor) AS rest
              FROM base b
          ) item
         WHERE amount > 0
    ), rung AS (
        SELECT * FROM UNNEST(
               %(levels)s::int[], %(days)s::int[], %(minimums)s::numeric[])
               WITH ORDINALITY AS level (id, days, minimum, place)
    ), dunned AS (
        SELECT u.debtor, u.line_id, u.due, u.days, u.rest
          FROM uncovered u
          JOIN account_move_line l
               ON l.id = u.line_id AND l.no_followup IS NOT TRUE
     LEFT JOIN customer_credit_account a
               ON a.company_id = %(root)s AND a.partner_id = u.debtor
     LEFT JOIN customer_credit_collection c
               ON c.account_id = a.id AND c.state <> 'closed'
     LEFT JOIN customer_credit_delay_cause cause ON cause.id = c.cause_id
         WHERE u.rest > 0 AND COALESCE(c.state, 'open') = 'open'
           AND NOT EXISTS (
               SELECT 1 FROM customer_credit_collection_disputed_rel r
                WHERE r.collection_id = c.id AND r.line_id = u.line_id)
           AND (cause.is_dispute IS NOT TRUE OR EXISTS (
               SELECT 1 FROM customer_credit_collection_disputed_rel r
                WHERE r.collection_id = c.id))
           AND NOT EXISTS (
               SELECT 1 FROM customer_credit_collection_step s
                WHERE s.account_id = a.id AND s.day = %(day)s
                  AND s.kind IN ('notice', 'planned'))
    ), reached AS (
        SELECT d.debtor, r.id, r.days, r.place
          FROM dunned d JOIN rung r ON r.days <= d.days
      GROUP BY d.debtor, r.id, r.days, r.place, r.minimum
        HAVING SUM(d.rest) >= r.minimum
    ), at_level AS (
        SELECT DISTINCT ON (d.line_id, d.due) d.*, r.id AS level_id, r.place
          FROM dunned d
          JOIN reached r ON r.debtor = d.debtor AND r.days <= d.days
      ORDER BY d.line_id, d.due, r.place DESC
    ), marked AS (
        SELECT a.*, i.id IS NULL AS is_new
          FROM at_level a
     LEFT JOIN customer_credit_collection_item i
               ON i.line_id = a.line_id AND i.level_id = a.level_id
               AND i.date_due = a.due
    )
    SELECT debtor, line_id, due, days, rest, level_id, is_new
      FROM (SELECT *, BOOL_OR(is_new) OVER (PARTITION BY debtor) AS has_new
              FROM marked) m
     WHERE has_new
  ORDER BY debtor, due, line_id
"""
#: what is demanded of one customer now, whatever was sent before
_DEMAND = """
    WITH base AS (
        SELECT debtor, line_id, due, SUM(amount) AS amount
          FROM (%(items)s) item GROUP BY debtor, line_id, due
    ), uncovered AS (
        SELECT b.line_id, b.due, %(day)s - b.due AS days,
               LEAST(b.amount, SUM(b.amount) OVER (ORDER BY b.due, b.line_id)
                   + COALESCE((SELECT SUM(amount) FROM base WHERE amount < 0), 0)
               ) AS rest
          FROM base b WHERE b.amount > 0
    )
    SELECT line_id, due, days, rest FROM uncovered u
     WHERE rest > 0 AND days >= %(from_days)s
       AND NOT EXISTS (
           SELECT 1 FROM customer_credit_collection_disputed_rel r
            WHERE r.collection_id = %(collection)s AND r.line_id = u.line_id)
  ORDER BY due, line_id
"""
_ITEMS = "SELECT debtor, line_id, due, amount FROM items"


class CustomerCreditCollection(models.Model):
    """Who is to be followed up, and for what: one statement for all (SPEC D7)."""

    _inherit = "customer.credit.collection"

    @api.model
    def _get_due(self, company, day, levels):
        """Return what has reached a level that was not followed up yet.

        Customers who are paused, have promised, are with legal or dispute what they
        owe are left out, and those who got a notice that day.

        :param company: its root with all branches counts
        :param levels: of the company, the earliest first
        :return: ``{commercial partner id: [(line id, due, days, amount, level id,
            is new)]}``, amounts in company currency
        """
        if not levels:
            return {}
        self.env.flush_all()
        exposures = self.env["customer.credit.exposure"]
        rows = self.env.execute_query(
            SQL(
                _DUE,
                items=exposures._get_query(_ITEMS, company, day=day),
                day=day,
                root=company.root_id.id,
                levels=levels.ids,
                days=levels.mapped("days"),
                minimums=levels.mapped("minimum_amount"),
            )
        )
        due = {}
        for debtor, line_id, date_due, days, rest, level_id, is_new in rows:
            due.setdefault(debtor, []).append(
                (line_id, date_due, days, rest, level_id, is_new)
            )
        return due

    def _get_demand(self, day, from_days=1):
        """Return what the customer of a case is to pay now: rows as a notice has them.

        :param int from_days: 1 for what is overdue, less for what is due soon as well
        :return: ``[(line id, due, days, amount)]``
        """
        self.ensure_one()
        self.env.flush_all()
        exposures = self.env["customer.credit.exposure"]
        return self.env.execute_query(
            SQL(
                _DEMAND,
                items=exposures._get_query(
                    _ITEMS, self.company_id, debtors=self.partner_id.ids, day=day
                ),
                day=day,
                from_days=from_days,
                collection=self.id,
            )
        )
