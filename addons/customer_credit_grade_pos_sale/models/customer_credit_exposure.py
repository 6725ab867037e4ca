from odoo import api, models
from odoo.tools import SQL

#: Sold on the customer's account, and not in the books before the session is closed:
#: the order line counts as open until then.
_BOOKED = """
    sold.state IN ('paid', 'done')
    AND (sold.account_move IS NOT NULL OR NOT EXISTS (
        SELECT 1
          FROM pos_payment payment
          JOIN pos_payment_method method ON method.id = payment.payment_method_id
          JOIN pos_session session ON session.id = sold.session_id
         WHERE payment.pos_order_id = sold.id AND method.journal_id IS NULL
           AND session.state <> 'closed'))
"""
#: Refunds at the counter open nothing: point of sale bills the line no second time.
_BILLED = f"""
        SELECT l.id AS line_id,
               p.qty * COALESCE(unit.factor, 1) / COALESCE(line_unit.factor, 1)
                   AS quantity
          FROM lines l
          JOIN pos_order_line p ON p.sale_order_line_id = l.id
          JOIN pos_order sold ON sold.id = p.order_id
     LEFT JOIN uom_uom unit ON unit.id = l.uom_id
     LEFT JOIN uom_uom line_unit ON line_unit.id = l.product_uom_id
         WHERE {_BOOKED}
"""
#: negative where the final sale at the counter deducts them
_DEPOSITS = f"""
        SELECT l.order_id,
               p.price_subtotal_incl
               * CASE WHEN config.currency_id = o.currency_id THEN 1
                 ELSE o.rate / COALESCE(NULLIF(sold.currency_rate, 0), 1)
                 END::numeric AS amount
          FROM orders o
          JOIN sale_order_line l ON l.order_id = o.id AND l.is_downpayment
          JOIN pos_order_line p ON p.sale_order_line_id = l.id
          JOIN pos_order sold ON sold.id = p.order_id
          JOIN pos_session shift ON shift.id = sold.session_id
          JOIN pos_config config ON config.id = shift.config_id
         WHERE l.display_type IS NULL AND {_BOOKED}
"""


class CustomerCreditExposure(models.AbstractModel):
    """Point of sale bills order lines past invoices (DESIGN 4)."""

    _inherit = "customer.credit.exposure"

    @api.model
    def _get_billed_sources(self):
        """EXTENDS 'customer_credit_grade': what was sold at the counter is billed."""
        return [*super()._get_billed_sources(), SQL(_BILLED)]

    @api.model
    def _get_deposit_sources(self):
        """EXTENDS 'customer_credit_grade': down payments taken at the counter."""
        return [*super()._get_deposit_sources(), SQL(_DEPOSITS)]
