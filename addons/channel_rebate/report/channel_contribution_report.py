from odoo import fields, models
from odoo.tools import SQL

#: one row per channel partner, document and product category: what was ordered on the
#: day of the order, what was invoiced on the day of the invoice
ROWS = """
    SELECT channel.id AS channel_partner_id, channel.company_id, o.company_id AS branch,
           COALESCE(channel.user_id, customer.user_id) AS user_id,
           channel.partner_id, channel.sale_region_id,
           (o.date_order AT TIME ZONE 'UTC' AT TIME ZONE
               COALESCE(address.tz, 'UTC'))::date AS date,
           template.categ_id, o.id AS order_id, NULL::integer AS move_id,
           SUM(l.price_subtotal / COALESCE(NULLIF(o.currency_rate, 0), 1))
               AS ordered_amount,
           0::numeric AS invoiced_amount, 0::numeric AS cost_amount
      FROM channel_partner channel
      JOIN res_company company ON company.id = channel.company_id
      JOIN res_partner address ON address.id = company.partner_id
      JOIN res_partner customer ON customer.id = channel.partner_id
      JOIN res_partner p ON p.commercial_partner_id = channel.partner_id
      JOIN sale_order o ON o.partner_id = p.id AND o.state = 'sale'
      JOIN res_company branch ON branch.id = o.company_id
           AND branch.parent_path LIKE channel.company_id || '/%%'
      JOIN sale_order_line l ON l.order_id = o.id
           AND l.display_type IS NULL AND l.is_downpayment IS NOT TRUE
 LEFT JOIN product_product product ON product.id = l.product_id
 LEFT JOIN product_template template ON template.id = product.product_tmpl_id
  GROUP BY channel.id, customer.user_id, address.tz, template.categ_id, o.id
 UNION ALL
    SELECT channel.id, channel.company_id, m.company_id,
           COALESCE(channel.user_id, customer.user_id),
           channel.partner_id, channel.sale_region_id, m.invoice_date,
           template.categ_id, NULL, m.id,
           0, SUM(-l.balance),
           SUM(CASE WHEN m.move_type = 'out_refund' THEN -1 ELSE 1 END
               * l.quantity * COALESCE(uom.factor, 1)
               / COALESCE(NULLIF(own_uom.factor, 0), 1)
               * COALESCE(product.standard_price ->> l.company_id::text,
                          product.standard_price ->> channel.company_id::text,
                          '0')::numeric)
      FROM channel_partner channel
      JOIN res_partner customer ON customer.id = channel.partner_id
      JOIN res_partner p ON p.commercial_partner_id = channel.partner_id
      JOIN account_move m ON m.partner_id = p.id AND m.state = 'posted'
           AND m.move_type IN ('out_invoice', 'out_refund')
           AND m.rebate_settlement_id IS NULL
      JOIN res_company branch ON branch.id = m.company_id
           AND branch.parent_path LIKE channel.company_id || '/%%'
      JOIN account_move_line l ON l.move_id = m.id AND l.display_type = 'product'
 LEFT JOIN product_product product ON product.id = l.product_id
 LEFT JOIN product_template template ON template.id = product.product_tmpl_id
 LEFT JOIN uom_uom uom ON uom.id = l.product_uom_id
 LEFT JOIN uom_uom own_uom ON own_uom.id = template.uom_id
  GROUP BY channel.id, customer.user_id, template.categ_id, m.id
"""


class ChannelContributionReport(models.Model):
    """What channel partners ordered, bought and left as margin (SPEC L5).

    One row per partner, document and product category, in the company's currency
    without taxes: orders by their day, posted invoices net of credit notes by theirs.
    """

    _name = "channel.contribution.report"
    _description = "Contribution of Channel Partners"
    _auto = False
    _order = "date desc, id"
    _rec_name = "partner_id"
    _depends = {
        "channel.partner": ["company_id", "partner_id", "user_id", "sale_region_id"],
        "res.partner": ["commercial_partner_id", "user_id", "tz"],
        "sale.order": ["company_id", "date_order", "partner_id", "state"],
        "sale.order.line": [
            "display_type",
            "is_downpayment",
            "order_id",
            "price_subtotal",
            "product_id",
        ],
        "account.move": [
            "company_id",
            "invoice_date",
            "move_type",
            "partner_id",
            "state",
        ],
        "account.move.line": [
            "balance",
            "display_type",
            "move_id",
            "product_id",
            "product_uom_id",
            "quantity",
        ],
        "product.product": ["product_tmpl_id", "standard_price"],
        "product.template": ["categ_id", "uom_id"],
    }

    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    channel_partner_id = fields.Many2one(comodel_name="channel.partner", readonly=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Partner", readonly=True
    )
    user_id = fields.Many2one(
        comodel_name="res.users", string="Salesperson", readonly=True
    )
    sale_region_id = fields.Many2one(
        comodel_name="sales.region", string="Region", readonly=True
    )
    date = fields.Date(readonly=True)
    categ_id = fields.Many2one(
        comodel_name="product.category", string="Product Category", readonly=True
    )
    order_id = fields.Many2one(comodel_name="sale.order", readonly=True)
    move_id = fields.Many2one(
        comodel_name="account.move", string="Invoice", readonly=True
    )
    order_number = fields.Integer(
        string="Orders",
        readonly=True,
        aggregator="count_distinct",
        help="An order counts once, however many categories are in it.",
    )
    ordered_amount = fields.Monetary(
        string="Ordered", readonly=True, help="Confirmed orders, untaxed."
    )
    invoiced_amount = fields.Monetary(
        string="Sales",
        readonly=True,
        help="Posted invoices less credit notes, untaxed.",
    )
    margin_amount = fields.Monetary(
        string="Margin",
        readonly=True,
        help="Sales less the invoiced quantity at the present cost of the product; no "
        "freight, rebates or overheads.",
    )

    @property
    def _table_query(self):
        """Return the rows with their numbers."""
        return SQL(
            f"""
            SELECT ROW_NUMBER() OVER (
                       ORDER BY channel_partner_id, order_id, move_id, categ_id) AS id,
                   channel_partner_id, company_id, user_id, partner_id, sale_region_id,
                   date, categ_id, order_id, move_id, order_id AS order_number,
                   ordered_amount, invoiced_amount,
                   invoiced_amount - cost_amount AS margin_amount
              FROM ({ROWS}) documents
            """
        )

    def action_open_document(self):
        """Open the order or invoice of the row, as the reader's rights allow."""
        self.ensure_one()
        document = self.order_id or self.move_id
        return {
            "type": "ir.actions.act_window",
            "res_model": document._name,
            "res_id": document.id,
            "view_mode": "form",
        }
