from odoo import api, models
from odoo.tools import SQL

#: per balance: payments not applied to an invoice, and down payments as far as paid
_PREPAYMENTS = """
    WITH scope AS (
        SELECT b.id, b.partner_id, b.company_id, b.date_from, b.date_to
          FROM rebate_balance b
          JOIN res_company c ON c.id = b.company_id
         WHERE b.id = ANY(%(ids)s) AND b.currency_id = c.currency_id
    ), branch AS (
        SELECT c.id, split_part(c.parent_path, '/', 1)::int AS root_id
          FROM res_company c
    ), free AS (
        SELECT s.id, - SUM(l.amount_residual) AS amount
          FROM scope s
          JOIN res_partner p ON p.commercial_partner_id = s.partner_id
          JOIN account_move_line l ON l.partner_id = p.id
               AND l.reconciled IS NOT TRUE AND l.parent_state = 'posted'
               AND l.amount_residual < 0
          JOIN account_account a ON a.id = l.account_id
               AND a.account_type = 'asset_receivable'
          JOIN branch br ON br.id = l.company_id
               AND br.root_id = s.company_id
          JOIN account_move m ON m.id = l.move_id AND m.move_type = 'entry'
         GROUP BY s.id
    ), down AS (
        SELECT s.id, SUM(- aml.balance
                   * (1 - m.amount_residual / NULLIF(m.amount_total, 0)))
                   AS amount
          FROM scope s
          JOIN res_partner p ON p.commercial_partner_id = s.partner_id
          JOIN sale_order so ON so.partner_invoice_id = p.id
               AND so.state = 'sale'
               AND so.date_order::date BETWEEN s.date_from AND s.date_to
          JOIN branch br ON br.id = so.company_id
               AND br.root_id = s.company_id
          JOIN sale_order_line sol ON sol.order_id = so.id
               AND sol.is_downpayment
          JOIN sale_order_line_invoice_rel r ON r.order_line_id = sol.id
          JOIN account_move_line aml ON aml.id = r.invoice_line_id
               AND aml.balance < 0
          JOIN account_move m ON m.id = aml.move_id AND m.state = 'posted'
               AND m.move_type = 'out_invoice'
         GROUP BY s.id
    )
    SELECT s.id, COALESCE(f.amount, 0) + COALESCE(d.amount, 0)
      FROM scope s LEFT JOIN free f USING (id) LEFT JOIN down d USING (id)
"""


class RebateEngine(models.AbstractModel):
    _inherit = "rebate.engine"

    @api.model
    def _get_prepayments(self, balances):
        """Return ``{balance id: what the customer has paid in advance}`` (SPEC M3).

        Payments not applied to any invoice, in the programme's currency only where it
        is the company's; down payments of orders in the period, as far as paid.
        """
        ids = [balance_id for balance_id in balances.ids if balance_id]
        if not ids:
            return {}
        self.env["account.move.line"].flush_model()
        rows = self.env.execute_query(SQL(_PREPAYMENTS, ids=ids))
        return {balance_id: float(amount) for balance_id, amount in rows}
