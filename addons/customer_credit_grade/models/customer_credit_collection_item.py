from odoo import fields, models
from odoo.tools import SQL

_CLAIM = """
    INSERT INTO customer_credit_collection_item (
        step_id, company_id, line_id, level_id, name, date, date_due, days, amount,
        amount_currency, item_currency_id, create_uid, create_date, write_uid,
        write_date)
    SELECT row.step_id, s.company_id, row.line_id,
           CASE WHEN NOT EXISTS (
                SELECT 1 FROM customer_credit_collection_item i
                 WHERE i.line_id = row.line_id AND i.level_id = row.level_id
                   AND i.date_due = row.due) THEN row.level_id END,
           COALESCE(NULLIF(m.name, '/'), l.name), COALESCE(m.invoice_date, l.date),
           row.due, row.days, row.amount,
           CASE WHEN l.amount_residual <> 0
                THEN ROUND(l.amount_residual_currency * row.amount
                           / l.amount_residual, c.decimals)
                ELSE row.amount END,
           l.currency_id, %(uid)s, %(now)s, %(uid)s, %(now)s
      FROM UNNEST(%(steps)s::int[], %(lines)s::int[], %(levels)s::int[],
                  %(dues)s::date[], %(days)s::int[], %(amounts)s::numeric[])
           AS row (step_id, line_id, level_id, due, days, amount)
      JOIN customer_credit_collection_step s ON s.id = row.step_id
      JOIN account_move_line l ON l.id = row.line_id
      JOIN account_move m ON m.id = l.move_id
      JOIN (SELECT id, GREATEST(CEIL(-LOG(rounding)), 0)::int AS decimals
              FROM res_currency) c ON c.id = l.currency_id
  ORDER BY row.due, row.line_id
        ON CONFLICT DO NOTHING
"""


class CustomerCreditCollectionItem(models.Model):
    """An open item as a notice named it (SPEC D7). Append-only.

    With a level it says that the item has been followed up at that level, which
    happens once per due date.
    """

    _name = "customer.credit.collection.item"
    _inherit = ["document.approval.frozen"]
    _description = "Item of a Collection Step"
    _order = "step_id, date_due, id"

    step_id = fields.Many2one(
        comodel_name="customer.credit.collection.step",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    line_id = fields.Many2one(
        comodel_name="account.move.line",
        string="Journal Item",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    level_id = fields.Many2one(
        comodel_name="customer.credit.collection.level",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    name = fields.Char(string="Number", readonly=True)
    date = fields.Date(readonly=True)
    date_due = fields.Date(string="Due Date", readonly=True)
    days = fields.Integer(
        string="Days Overdue", readonly=True, help="Negative: not due yet."
    )
    amount = fields.Monetary(
        string="Amount Due",
        readonly=True,
        help="In company currency, less credits not applied yet.",
    )
    amount_currency = fields.Monetary(
        string="In Currency", currency_field="item_currency_id", readonly=True
    )
    item_currency_id = fields.Many2one(
        comodel_name="res.currency", string="Currency of the Item", readonly=True
    )

    _level_uniq = models.UniqueIndex(
        "(line_id, level_id, date_due) WHERE level_id IS NOT NULL"
    )

    def write(self, vals):  # pylint: disable=method-required-super
        """Refuse: what was told to a customer stays as it was told."""
        self.env["customer.credit.collection.step"]._refuse_change()

    def _keep(self, rows):
        """Keep the items of steps; each is followed up at a level once.

        :param rows: ``[(step id, line id, level id or None, due, days, amount)]``
        """
        if not rows:
            return
        steps, lines, levels, dues, days, amounts = map(list, zip(*rows, strict=True))
        self.env.cr.execute(
            SQL(
                _CLAIM,
                steps=steps,
                lines=lines,
                levels=levels,
                dues=dues,
                days=days,
                amounts=amounts,
                uid=self.env.uid,
                now=fields.Datetime.now(),
            )
        )
        self.env["customer.credit.collection.step"].browse(steps).invalidate_recordset(
            ["item_ids"], flush=False
        )
