from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import models
from odoo.tools import SQL

#: goods of confirmed orders due in the period: the date agreed, else the order's with
#: the customer lead time; services, sections and down payments are none
_GOODS = """
      FROM res_partner p
      JOIN sale_order o ON o.partner_id = p.id
      JOIN sale_order_line l ON l.order_id = o.id
      JOIN product_product product ON product.id = l.product_id
      JOIN product_template template ON template.id = product.product_tmpl_id
           AND template.type = 'consu'
"""
_GOODS_DUE = """
     WHERE p.commercial_partner_id = ANY(%(partners)s)
       AND o.company_id = ANY(%(companies)s) AND o.state = 'sale'
       AND l.display_type IS NULL AND l.is_downpayment IS NOT TRUE
       AND l.product_uom_qty > 0
       AND (COALESCE(o.commitment_date, o.date_order
                + make_interval(days => COALESCE(l.customer_lead, 0)::int))
            AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date
           BETWEEN %(date_from)s AND %(date_to)s
"""
#: installments of posted invoices due in the period
_DUE = """
      FROM res_partner p
      JOIN account_move_line l ON l.partner_id = p.id
      JOIN account_account a ON a.id = l.account_id
           AND a.account_type = 'asset_receivable'
      JOIN account_move m ON m.id = l.move_id AND m.move_type = 'out_invoice'
"""
_DUE_WHERE = """
     WHERE p.commercial_partner_id = ANY(%(partners)s)
       AND l.company_id = ANY(%(companies)s)
       AND l.parent_state = 'posted' AND l.balance > 0
       AND l.date_maturity BETWEEN %(date_from)s AND %(date_to)s
"""
_INVOICED = """
      FROM res_partner p
      JOIN account_move m ON m.partner_id = p.id
     WHERE p.commercial_partner_id = ANY(%(partners)s)
       AND m.company_id = ANY(%(companies)s) AND m.state = 'posted'
       AND m.move_type IN ('out_invoice', 'out_refund') AND NOT %(excluded)s
       AND (m.invoice_date BETWEEN %(date_from)s AND %(date_to)s
            OR m.invoice_date BETWEEN %(before_from)s AND %(before_to)s)
"""
#: (partner, value, part, whole) of each partner there is data of
_STATEMENTS = {
    "order_completion": f"""
        SELECT partner, ROUND(100 * SUM(delivered) / SUM(ordered), 2),
               ROUND(SUM(delivered), 2), ROUND(SUM(ordered), 2)
          FROM (
            SELECT p.commercial_partner_id AS partner, amount AS ordered,
                   amount * LEAST(1, GREATEST(0,
                       l.qty_delivered / l.product_uom_qty)) AS delivered
              {_GOODS}
        CROSS JOIN LATERAL (
                SELECT l.price_subtotal / COALESCE(NULLIF(o.currency_rate, 0), 1)
              ) company (amount)
              {_GOODS_DUE}
          ) goods GROUP BY partner HAVING SUM(ordered) > 0
    """,
    # money: what the entry of the counterpart brought to a bank or cash account, or
    # through a payment to an outstanding one; not discounts, write-offs, offsets
    "payment_on_time": f"""
        WITH parts AS (
            SELECT p.commercial_partner_id AS partner, l.id, l.date_maturity AS due,
                   l.balance, part.amount, other.date AS paid,
                   (m2.move_type = 'out_refund' OR EXISTS (
                       SELECT 1 FROM account_partial_reconcile x
                        WHERE x.exchange_move_id = m2.id)) AS is_credit,
                   COALESCE(money.share, 0) AS share
              {_DUE}
         LEFT JOIN account_partial_reconcile part ON part.debit_move_id = l.id
         LEFT JOIN account_move_line other ON other.id = part.credit_move_id
                   AND other.parent_state = 'posted'
         LEFT JOIN account_move m2 ON m2.id = other.move_id
         LEFT JOIN LATERAL (
                SELECT LEAST(1, GREATEST(0, SUM(x.balance) FILTER (
                           WHERE y.account_type IN
                                 ('asset_cash', 'liability_credit_card')
                              OR y.account_type = 'asset_current'
                             AND (m2.origin_payment_id IS NOT NULL
                                  OR m2.statement_line_id IS NOT NULL))
                       / NULLIF(-SUM(x.balance) FILTER (
                           WHERE y.account_type = 'asset_receivable'), 0))) AS share
                  FROM account_move_line x
                  JOIN account_account y ON y.id = x.account_id
                 WHERE x.move_id = m2.id
              ) money ON m2.move_type = 'entry'
              {_DUE_WHERE}
        ), installments AS (
            SELECT partner, id, due,
                   balance - COALESCE(SUM(amount) FILTER (WHERE is_credit), 0)
                       AS amount,
                   COALESCE(SUM(amount * share) FILTER (
                       WHERE NOT is_credit), 0) AS paid,
                   COALESCE(SUM(amount * share) FILTER (
                       WHERE NOT is_credit AND paid <= due), 0) AS on_time
              FROM parts GROUP BY partner, id, due, balance
        )
        SELECT partner, ROUND(100 * SUM(LEAST(on_time, amount)) / SUM(amount), 2),
               ROUND(SUM(LEAST(on_time, amount)), 2), ROUND(SUM(amount), 2)
          FROM installments
            -- due today or later and not yet paid: neither on time nor late
         WHERE amount > 0 AND (due < %(day)s OR paid >= amount)
      GROUP BY partner
    """,
    "growth": f"""
        SELECT partner, ROUND(100 * (now - before) / NULLIF(before, 0), 2), now, before
          FROM (
            SELECT p.commercial_partner_id AS partner,
                   COALESCE(SUM(m.amount_untaxed_signed) FILTER (
                       WHERE m.invoice_date >= %(date_from)s), 0) AS now,
                   COALESCE(SUM(m.amount_untaxed_signed) FILTER (
                       WHERE m.invoice_date < %(date_from)s), 0) AS before
              {_INVOICED}
          GROUP BY p.commercial_partner_id
          ) sales WHERE before > 0
    """,
}
#: the documents of one partner's figure: model and statement of their ids
_DOCUMENTS = {
    "order_completion": ("sale.order", f"SELECT DISTINCT o.id {_GOODS} {_GOODS_DUE}"),
    "payment_on_time": (
        "account.move",
        f"SELECT DISTINCT m.id {_DUE} {_DUE_WHERE}",
    ),
    "growth": ("account.move", f"SELECT DISTINCT m.id {_INVOICED}"),
}


class ChannelScorecardCriterion(models.Model):
    """What the books say about channel partners; one statement a figure (SPEC L4)."""

    _inherit = "channel.scorecard.criterion"

    def _get_values(self, channels, date_from, date_to):
        """Return ``{criterion id: {channel partner id: (value, part, whole)}}``.

        The books as they are now, of a period, both days included. Child contacts
        and branches count, amounts are in the company's currency. The value is None
        where there is no data; entered criteria are left out. One statement per
        figure, whatever the number of partners.

        :param channels: channel partners of one company
        """
        company = channels.company_id
        company.ensure_one()
        self.env.flush_all()
        found = {}
        for criterion in self:
            kind = criterion.indicator
            if kind != "manual" and kind not in found:
                found[kind] = self._read_books(
                    kind, company, channels.partner_id.ids, date_from, date_to
                )
        none = (None, 0.0, 0.0)
        return {
            criterion.id: {
                channel.id: found[criterion.indicator].get(channel.partner_id.id, none)
                for channel in channels
            }
            for criterion in self
            if criterion.indicator != "manual"
        }

    def _read_books(self, kind, company, partner_ids, date_from, date_to):
        """Return ``{customer id: (value, part, whole)}`` of one figure."""
        if kind == "complaints":
            counts = self._read_complaints(company, partner_ids, date_from, date_to)
            if counts is None:
                return {}
            return {
                partner_id: (float(counts.get(partner_id, 0)), 0.0, 0.0)
                for partner_id in partner_ids
            }
        values = self._prepare_books(company, partner_ids, date_from, date_to)
        rows = self.env.execute_query(SQL(_STATEMENTS[kind], **values))
        return {
            partner_id: tuple(None if each is None else float(each) for each in row)
            for partner_id, *row in rows
        }

    def _prepare_books(self, company, partner_ids, date_from, date_to):
        """Return the parameters of the statements."""
        accounts = self.env["customer.credit.account"]
        return {
            "partners": partner_ids,
            "companies": company._credit_get_companies().ids,
            "date_from": date_from,
            "date_to": date_to,
            "before_from": date_from - relativedelta(years=1),
            # the day before the same day a year ago: right in leap years too
            "before_to": date_to
            + timedelta(days=1)
            - relativedelta(years=1)
            - timedelta(days=1),
            "day": accounts._get_today(company),
            # sudo: the time zone of the company's address
            "zone": company.sudo().partner_id.tz or "UTC",
            "excluded": self._get_excluded_sql(),
        }

    def _get_excluded_sql(self):
        """Hook: return which entries ``m`` are no business: our own rebates.

        :return: a condition on ``account_move m`` as SQL
        """
        return SQL("m.rebate_settlement_id IS NOT NULL")

    def _read_complaints(self, company, partner_ids, date_from, date_to):
        """Hook: return ``{customer id: number of complaints in the period}``.

        Customers that are left out have none. One statement for all of them.

        :return: None where nobody counts complaints: there is no data then
        """
        return None

    def _get_complaints_action(self, channel, date_from, date_to):
        """Hook: return the action that shows the complaints that were counted."""
        return None

    def _get_documents(self, channel, date_from, date_to):
        """Return model name and ids of the documents a figure rests on."""
        self.ensure_one()
        self.env.flush_all()
        model, statement = _DOCUMENTS[self.indicator]
        values = self._prepare_books(
            channel.company_id, channel.partner_id.ids, date_from, date_to
        )
        rows = self.env.execute_query(SQL(statement, **values))
        return model, [document_id for (document_id,) in rows]
