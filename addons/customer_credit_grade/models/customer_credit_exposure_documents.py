from odoo import api, models

#: component: select of (document id, amount, due) that adds up to it, per ``debtor``
_ITEMS_OF = {
    "receivable": "SELECT line_id, amount, due FROM items",
    "overdue": """
        SELECT line_id, LEAST(amount, rest), due FROM uncovered
         WHERE amount > 0 AND rest > 0 AND due < %(day)s""",
    "ordered": "SELECT id, amount, NULL::date FROM open_orders WHERE amount <> 0",
    "online": """
        SELECT t.id, ROUND(t.amount / known.text::numeric, %(digits)s), NULL::date
          FROM transactions t
          JOIN JSONB_EACH_TEXT(%(rates)s::jsonb) AS known (currency_id, text)
               ON known.currency_id = t.currency_id::text""",
    "extra": """
        SELECT id, ROUND(weight::numeric / 100 * CASE WHEN until_maturity
               THEN GREATEST(LEAST(balance, COALESCE(not_due, 0)), 0) ELSE balance END,
               %(digits)s), NULL::date
          FROM (
            SELECT e.id, e.weight, e.until_maturity, SUM(l.balance) AS balance,
                   SUM(l.balance) FILTER (WHERE l.balance > 0
                       AND COALESCE(l.date_maturity, %(day)s) >= %(day)s) AS not_due
              FROM customer_credit_extra_account e
              JOIN account_move_line l ON l.account_id = e.account_id
                   AND l.parent_state = 'posted' AND l.company_id = ANY(%(companies)s)
              JOIN parties x ON x.id = l.partner_id
             WHERE e.company_id = %(root)s
          GROUP BY e.id
          ) extras""",
}
#: what conditions need of the figures of all customers
_EXPOSURES = """
    SELECT debtor, SUM(amount) AS exposure, SUM(overdue) AS overdue
      FROM (
        SELECT debtor, total AS amount, GREATEST(late - unapplied, 0) AS overdue
          FROM receivables
     UNION ALL SELECT debtor, amount, 0 FROM open_orders
     UNION ALL SELECT debtor, -amount, 0 FROM online
     UNION ALL SELECT debtor, amount, 0 FROM extra
      ) part
  GROUP BY debtor
"""
#: accounts with what they are worth today, to be filtered by a condition
_ACCOUNTS = f"""
    SELECT id FROM (
        SELECT a.id, a.mode, COALESCE(f.overdue, 0) AS overdue,
               COALESCE(g.near_percent, 80) AS near,
               COALESCE(f.exposure, 0) AS exposure,
               COALESCE(e.amount, 0) AS limited,
               c.limit - SUM(COALESCE(f.exposure, 0))
                   FILTER (WHERE a.active) OVER (PARTITION BY a.group_id) AS headroom
          FROM customer_credit_account a
     LEFT JOIN ({_EXPOSURES}) f ON f.debtor = a.partner_id
     LEFT JOIN customer_credit_grade g ON g.id = a.grade_id
     LEFT JOIN customer_credit_group c ON c.id = a.group_id
     LEFT JOIN (
            SELECT account_id, SUM(CASE WHEN kind IN ('guarantee', 'insurance')
                   THEN ROUND(amount * cover::numeric / 100, %(digits)s)
                   ELSE amount END) AS amount
              FROM customer_credit_entitlement
             WHERE date_ended IS NULL AND COALESCE(date_from, %(day)s) <= %(day)s
               AND COALESCE(date_to, %(day)s) >= %(day)s
          GROUP BY account_id) e ON e.account_id = a.id
         WHERE a.company_id = %(root)s
    ) account
     WHERE
"""
_CONDITIONS = {
    "over": "mode = 'limited' AND LEAST(limited - exposure, headroom) < 0",
    "near": "mode = 'limited' AND LEAST(limited - exposure, headroom) >= 0"
    " AND limited > 0 AND exposure >= limited * near::numeric / 100",
    "overdue": "overdue > 0",
}


class CustomerCreditExposure(models.AbstractModel):
    """The documents figures are made of, and the customers they are true of (D4)."""

    _inherit = "customer.credit.exposure"

    @api.model
    def _get_items(self, company, partner, component):
        """Return the documents a component is made of; their sum is the component.

        Reads past all rules: callers show the result to whom it may be shown.

        :param company: any company; its root with all branches counts
        :param partner: any contact; the commercial partner counts
        :param str component: receivable, overdue (journal items), ordered (orders),
            online (transactions) or extra (extra accounts)
        :return: ``[(id, amount in company currency, due date or None)]``
        """
        self.env.flush_all()
        query = self._get_query(
            _ITEMS_OF[component],
            company,
            # sudo: as above, the caller may read the account
            debtors=partner.sudo().commercial_partner_id.ids,
            day=self.env["customer.credit.account"]._get_today(company),
        )
        return self.env.execute_query(query)

    @api.model
    def _get_open_orders(self, company, partner):
        """Return ``{order id: (open amount, prepayment needed)}`` of a customer.

        Company currency, taxes included; confirmed orders only, past all rules.
        """
        self.env.flush_all()
        # sudo: the caller has read the account
        query = self._get_query(
            "SELECT id, amount, prepay_need FROM open_orders",
            company,
            debtors=partner.sudo().commercial_partner_id.ids,
        )
        return {row[0]: row[1:] for row in self.env.execute_query(query)}

    @api.model
    def _get_account_ids(self, company, condition):
        """Return ids of the accounts something is true of today, in one statement.

        :param str condition: over (the limit), near (the limit) or overdue
        """
        self.env.flush_all()
        query = self._get_query(
            _ACCOUNTS + _CONDITIONS[condition],
            company,
            day=self.env["customer.credit.account"]._get_today(company),
        )
        return [account_id for (account_id,) in self.env.execute_query(query)]
