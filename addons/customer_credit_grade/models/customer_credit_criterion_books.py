from odoo import models
from odoo.tools import SQL, float_round

#: installments of posted invoices that fell due in (day - months, day], with what was
#: paid of them by that day. What a credit note or an exchange difference took off
#: was never to be paid; a counterpart reset to draft pays nothing.
_INSTALLMENTS = """
    parts AS (
        SELECT p.commercial_partner_id AS debtor, l.id, l.date_maturity AS due,
               l.balance, part.amount, other.date AS paid,
               (m2.move_type = 'out_refund' OR EXISTS (
                   SELECT 1 FROM account_partial_reconcile x
                    WHERE x.exchange_move_id = m2.id)) AS is_credit
          FROM res_partner p
          JOIN account_move_line l ON l.partner_id = p.id
          JOIN account_account a ON a.id = l.account_id
               AND a.account_type = 'asset_receivable'
          JOIN account_move m ON m.id = l.move_id AND m.move_type = 'out_invoice'
     LEFT JOIN account_partial_reconcile part ON part.debit_move_id = l.id
     LEFT JOIN account_move_line other ON other.id = part.credit_move_id
               AND other.parent_state = 'posted' AND other.date <= %(day)s
     LEFT JOIN account_move m2 ON m2.id = other.move_id
         WHERE p.commercial_partner_id = ANY(%(debtors)s)
           AND l.company_id = ANY(%(companies)s)
           AND l.parent_state = 'posted' AND l.balance > 0
           AND l.date_maturity <= %(day)s
           AND l.date_maturity > %(day)s::date - make_interval(months => %(months)s)
    ), installments AS (
        SELECT debtor, id, due,
               balance - COALESCE(SUM(amount) FILTER (WHERE is_credit), 0) AS amount,
               COALESCE(SUM(amount) FILTER (WHERE NOT is_credit), 0) AS paid_amount,
               MAX(paid) FILTER (WHERE NOT is_credit) AS paid,
               COALESCE(SUM(amount * GREATEST(paid - due, 0))
                   FILTER (WHERE NOT is_credit), 0) AS paid_days
          FROM parts GROUP BY debtor, id, due, balance
    ), decided AS (
        -- due today and not yet paid: neither on time nor late
        SELECT *, paid_amount >= amount AS is_paid FROM installments
         WHERE amount > 0 AND (due < %(day)s OR paid_amount >= amount)
    )
"""
_STATEMENTS = {
    "on_time": f"""
        WITH {_INSTALLMENTS}
        SELECT debtor, 100 * COALESCE(
                   SUM(amount) FILTER (WHERE is_paid AND paid <= due), 0) / SUM(amount)
          FROM decided GROUP BY debtor
    """,
    "days_late": f"""
        WITH {_INSTALLMENTS}
        SELECT debtor, SUM(paid_days + GREATEST(amount - paid_amount, 0)
                           * (%(day)s::date - due)) / SUM(amount)
          FROM decided GROUP BY debtor
    """,
    "turnover": """
        SELECT p.commercial_partner_id, SUM(m.amount_untaxed_signed)
          FROM res_partner p
          JOIN account_move m ON m.partner_id = p.id
         WHERE p.commercial_partner_id = ANY(%(debtors)s)
           AND m.company_id = ANY(%(companies)s) AND m.state = 'posted'
           AND m.move_type IN ('out_invoice', 'out_refund')
           AND m.invoice_date <= %(day)s
           AND m.invoice_date > %(day)s::date - make_interval(months => %(months)s)
      GROUP BY p.commercial_partner_id
    """,
    "relationship": """
        SELECT debtor, EXTRACT(YEAR FROM AGE(%(day)s::date, MIN(since))) * 12
                     + EXTRACT(MONTH FROM AGE(%(day)s::date, MIN(since)))
          FROM (
            SELECT p.commercial_partner_id AS debtor, m.invoice_date AS since
              FROM res_partner p
              JOIN account_move m ON m.partner_id = p.id
             WHERE p.commercial_partner_id = ANY(%(debtors)s)
               AND m.company_id = ANY(%(companies)s) AND m.state = 'posted'
               AND m.move_type = 'out_invoice' AND m.invoice_date <= %(day)s
         UNION ALL
            SELECT p.commercial_partner_id,
                   (o.date_order AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date
              FROM res_partner p
              JOIN sale_order o ON o.partner_invoice_id = p.id
             WHERE p.commercial_partner_id = ANY(%(debtors)s)
               AND o.company_id = ANY(%(companies)s) AND o.state = 'sale'
          ) business
         WHERE since <= %(day)s GROUP BY debtor
    """,
}
_FIGURES = {
    "use": lambda figures: figures.use_percent if figures.limit else None,
    "overdue_amount": lambda figures: figures.overdue,
    "overdue_days": lambda figures: figures.overdue_days,
}


class CustomerCreditCriterion(models.Model):
    """What the books say about customers; one statement per figure (SPEC D1)."""

    _inherit = "customer.credit.criterion"

    def _get_values(self, accounts):
        """Return ``{criterion id: {account id: value or None}}`` as of today.

        Child contacts and branches count; amounts in the company's currency; values
        rounded to 2 digits. None: the books say nothing.

        :param accounts: of one company, any number
        """
        company = accounts.company_id
        company.ensure_one()
        self.env.flush_all()
        # sudo: the books count for whoever assesses
        accounts_sudo = accounts.sudo()
        figures = (
            accounts_sudo._get_figures()
            if any(criterion.kind in _FIGURES for criterion in self)
            else {}
        )
        found = {}
        for criterion in self:
            if criterion.kind in _FIGURES:
                read = _FIGURES[criterion.kind]
                values = {key: read(each) for key, each in figures.items()}
            else:
                key = (criterion.kind, criterion.window_months)
                if key not in found:
                    found[key] = self._read_books(*key, company, accounts_sudo)
                values = found[key]
            found[criterion.id] = {
                account.id: self._round(values.get(account.id)) for account in accounts
            }
        return {criterion.id: found[criterion.id] for criterion in self}

    def _read_books(self, kind, months, company, accounts_sudo):
        by_partner = {account.partner_id.id: account.id for account in accounts_sudo}
        rows = self.env.execute_query(
            SQL(
                _STATEMENTS[kind],
                debtors=list(by_partner),
                companies=company._credit_get_companies().ids,
                day=accounts_sudo._get_today(company),
                months=months,
                zone=company.sudo().partner_id.tz or "UTC",
            )
        )
        return {by_partner[partner_id]: value for partner_id, value in rows}

    def _round(self, value):
        if value is None:
            return None
        return float_round(float(value), precision_digits=2)
