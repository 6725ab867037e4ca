from odoo import fields, models
from odoo.tools import SQL

from ..models.sale_contract import KINDS

#: every figure is summed before it is joined
_QUERY = """
WITH orders AS (%(orders)s), billed AS (%(billed)s), cash AS (%(cash)s),
bills AS (
    SELECT billed.contract_id, SUM(billed.amount) AS invoiced,
           SUM(COALESCE(cash.paid, 0) * billed.share) AS paid
      FROM billed LEFT JOIN cash ON cash.move_id = billed.move_id
     GROUP BY billed.contract_id
), figures AS (
    SELECT c.*, COALESCE(o.ordered, 0) AS f_ordered,
           COALESCE(o.delivered, 0) AS f_delivered,
           COALESCE(b.invoiced, 0) AS f_invoiced,
           COALESCE(b.paid, 0) AS f_paid, company.currency_id AS home_id,
           COALESCE(calendar.tz, own.tz, 'UTC') AS zone, (%(rate)s) AS rate
      FROM sale_contract c
      JOIN res_company company ON company.id = c.company_id
      JOIN res_partner own ON own.id = company.partner_id
      LEFT JOIN resource_calendar calendar
        ON calendar.id = company.resource_calendar_id
      LEFT JOIN orders o ON o.contract_id = c.id
      LEFT JOIN bills b ON b.contract_id = c.id
)
SELECT id, id AS contract_id, name, date, date_signed, kind, state,
       company_id, home_id AS currency_id, partner_id, user_id,
       ledger_date_delivery AS date_delivery, ledger_payment AS payment,
       ledger_amount / rate AS amount, f_ordered AS ordered,
       f_delivered AS delivered, f_invoiced AS invoiced, f_paid AS paid,
       CASE WHEN f_ordered > 0
            THEN 100.0 * f_delivered / f_ordered ELSE 0 END
           AS delivered_rate,
       CASE WHEN f_ordered > 0
            THEN 100.0 * f_paid / f_ordered ELSE 0 END AS paid_rate,
       CASE WHEN f_ordered <= 0 THEN 'none'
            WHEN f_delivered < f_ordered - 0.005 THEN
                CASE WHEN f_delivered > 0.005 THEN 'part'
                     ELSE 'ordered' END
            WHEN f_paid >= f_ordered - 0.005 THEN 'paid'
            ELSE 'delivered' END AS execution,
       (state = 'signed' AND kind = 'order'
        AND ledger_date_delivery < (now() AT TIME ZONE zone)::date
        AND f_delivered
            < GREATEST(f_ordered, ledger_amount / rate) - 0.005)
           IS TRUE AS is_overdue,
       entry_late_days
  FROM figures
 WHERE kind IN ('order', 'framework')
"""


class SaleContractLedger(models.Model):
    """The contract ledger (合同台账): one row per contract (SPEC E3).

    All figures with taxes, in the currency of the company. Paid is money that was
    reconciled with the invoices, in the share of the invoice the contract has. Days
    are those of the company's time zone.
    """

    _name = "sale.contract.ledger"
    _description = "Contract Ledger"
    _auto = False
    _rec_name = "contract_id"
    _order = "date desc, id desc"
    _depends = {
        "sale.contract": ["ledger_amount", "state", "kind", "date"],
        "sale.order": ["contract_id", "state", "amount_total", "currency_rate"],
        "sale.order.line": ["price_total", "qty_delivered", "product_uom_qty"],
        "account.move": ["state", "amount_total"],
        "account.move.line": ["price_total", "sale_line_ids"],
        "account.partial.reconcile": ["amount"],
    }

    contract_id = fields.Many2one(comodel_name="sale.contract", readonly=True)
    name = fields.Char(string="Number", readonly=True)
    date = fields.Date(readonly=True)
    date_signed = fields.Date(string="Signed On", readonly=True)
    kind = fields.Selection(selection=KINDS, readonly=True)
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("sent", "Being Signed"),
            ("signed", "Signed"),
            ("terminated", "Terminated"),
            ("cancel", "Cancelled"),
        ],
        readonly=True,
    )
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", readonly=True
    )
    user_id = fields.Many2one(
        comodel_name="res.users", string="Responsible", readonly=True
    )
    date_delivery = fields.Date(string="Delivery Date", readonly=True)
    payment = fields.Char(string="Payment Terms", readonly=True)
    amount = fields.Monetary(readonly=True)
    ordered = fields.Monetary(readonly=True)
    delivered = fields.Monetary(readonly=True)
    invoiced = fields.Monetary(readonly=True)
    paid = fields.Monetary(readonly=True)
    delivered_rate = fields.Float(
        string="Delivered (%)", readonly=True, aggregator="avg"
    )
    paid_rate = fields.Float(string="Paid (%)", readonly=True, aggregator="avg")
    execution = fields.Selection(
        selection=[
            ("none", "Not ordered"),
            ("ordered", "Ordered"),
            ("part", "Partly delivered"),
            ("delivered", "Delivered"),
            ("paid", "Delivered and paid"),
        ],
        readonly=True,
    )
    is_overdue = fields.Boolean(string="Delivery Overdue", readonly=True)
    entry_late_days = fields.Integer(
        string="Order Entered Late By", readonly=True, help="Working days."
    )

    @property
    def _table_query(self):
        """Return one row per contract."""
        return SQL(
            _QUERY,
            orders=self._get_orders_query(),
            billed=self._get_billed_query(),
            cash=self._get_cash_query(),
            rate=self._get_rate_query(),
        )

    def _get_orders_query(self):
        """Return (contract_id, ordered, delivered) of confirmed orders."""
        return SQL(
            """
            SELECT o.contract_id,
                   SUM(o.amount_total / COALESCE(NULLIF(o.currency_rate, 0), 1))
                       AS ordered,
                   SUM(COALESCE(l.delivered, 0)
                       / COALESCE(NULLIF(o.currency_rate, 0), 1)) AS delivered
              FROM sale_order o
              LEFT JOIN (
                  SELECT line.order_id,
                         SUM(line.price_total * line.qty_delivered
                             / NULLIF(line.product_uom_qty, 0)) AS delivered
                    FROM sale_order_line line
                    JOIN sale_order own ON own.id = line.order_id
                   WHERE own.contract_id IS NOT NULL AND line.display_type IS NULL
                   GROUP BY line.order_id
              ) l ON l.order_id = o.id
             WHERE o.contract_id IS NOT NULL AND o.state = 'sale'
             GROUP BY o.contract_id
            """
        )

    def _get_billed_query(self):
        """Return (contract_id, move_id, amount, share of the move) of invoices."""
        return SQL(
            """
            SELECT one.contract_id, m.id AS move_id,
                   SUM(CASE WHEN m.move_type = 'out_refund' THEN -1 ELSE 1 END
                       * aml.price_total
                       / COALESCE(NULLIF(m.invoice_currency_rate, 0), 1)) AS amount,
                   SUM(aml.price_total) / NULLIF(m.amount_total, 0) AS share
              FROM (
                  SELECT rel.invoice_line_id, MIN(o.contract_id) AS contract_id
                    FROM sale_order_line_invoice_rel rel
                    JOIN sale_order_line sol ON sol.id = rel.order_line_id
                    JOIN sale_order o ON o.id = sol.order_id
                   WHERE o.contract_id IS NOT NULL
                   GROUP BY rel.invoice_line_id
              ) one
              JOIN account_move_line aml ON aml.id = one.invoice_line_id
              JOIN account_move m ON m.id = aml.move_id
             WHERE m.state = 'posted' AND m.move_type IN ('out_invoice', 'out_refund')
             GROUP BY one.contract_id, m.id
            """
        )

    def _get_cash_query(self):
        """Return (move_id, paid): money only.

        Refunds and exchange differences do not pay, and of an entry only the part that
        reached a bank or cash account does: not a discount or write-off in it.
        """
        return SQL(
            """
            SELECT part.move_id, SUM(part.amount * money.share) AS paid
              FROM (
                  SELECT own.move_id, other.move_id AS other_id,
                         CASE WHEN p.debit_move_id = own.id THEN p.amount
                              ELSE -p.amount END AS amount
                    FROM account_move_line own
                    JOIN account_account a ON a.id = own.account_id
                         AND a.account_type = 'asset_receivable'
                    JOIN account_move m ON m.id = own.move_id AND m.state = 'posted'
                    JOIN account_partial_reconcile p
                      ON own.id IN (p.debit_move_id, p.credit_move_id)
                    JOIN account_move_line other ON other.id = CASE
                         WHEN p.debit_move_id = own.id THEN p.credit_move_id
                         ELSE p.debit_move_id END
                   WHERE own.move_id IN (SELECT move_id FROM billed)
              ) part
        CROSS JOIN LATERAL (
                  SELECT LEAST(1, ABS(COALESCE(SUM(l.balance) FILTER (
                             WHERE l.account_id IN (j.default_account_id,
                                                    pay.outstanding_account_id)
                                OR a.account_type = 'asset_cash'), 0))
                         / NULLIF(ABS(SUM(l.balance) FILTER (
                             WHERE a.account_type = 'asset_receivable')), 0)) AS share
                    FROM account_move om
                    JOIN account_move_line l ON l.move_id = om.id
                    JOIN account_account a ON a.id = l.account_id
                    JOIN account_journal j ON j.id = om.journal_id
                         AND j.type IN ('bank', 'cash', 'credit')
               LEFT JOIN account_payment pay ON pay.id = om.origin_payment_id
                   WHERE om.id = part.other_id AND om.state = 'posted'
                     AND om.move_type = 'entry'
              ) money
             GROUP BY part.move_id
            """
        )

    def _get_rate_query(self):
        """Return how many units of the contract's currency one of ours buys."""
        return SQL(
            """
            COALESCE((
                SELECT r.rate FROM res_currency_rate r
                 WHERE r.currency_id = c.currency_id AND r.name <= c.date
                   AND (r.company_id IS NULL
                        OR r.company_id = split_part(company.parent_path, '/', 1)::int)
                 ORDER BY r.company_id, r.name DESC LIMIT 1), 1)
            / COALESCE((
                SELECT r.rate FROM res_currency_rate r
                 WHERE r.currency_id = company.currency_id AND r.name <= c.date
                   AND (r.company_id IS NULL
                        OR r.company_id = split_part(company.parent_path, '/', 1)::int)
                 ORDER BY r.company_id, r.name DESC LIMIT 1), 1)
            """
        )

    def action_open(self):
        """Show the contract."""
        self.ensure_one()
        return self.contract_id._open_form()
