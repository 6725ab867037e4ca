from odoo import api, fields, models
from odoo.tools import SQL

_KEEP = """
    INSERT INTO order_progress_date (
        line_id, order_id, company_id, date_expected, source, checked_on,
        create_uid, create_date, write_uid, write_date)
    SELECT line.id, line.order_id, line.company_id, given.moment, given.source,
           %(now)s, %(uid)s, %(now)s, %(uid)s, %(now)s
      FROM UNNEST(%(lines)s, %(moments)s::timestamp[], %(sources)s::varchar[])
           AS given (line_id, moment, source)
      JOIN sale_order_line line ON line.id = given.line_id
        ON CONFLICT (line_id) DO UPDATE
       SET checked_on = EXCLUDED.checked_on
           %(update)s
"""
_UPDATE = """
         , date_expected = EXCLUDED.date_expected, source = EXCLUDED.source,
           write_date = CASE
               WHEN order_progress_date.date_expected = EXCLUDED.date_expected
               THEN order_progress_date.write_date ELSE EXCLUDED.write_date END
"""
#: confirmed orders with something to leave, and those of which a date is still kept;
#: first the ones not looked at for longest. What awaits acceptance or comes back has
#: no date that is kept: an order with nothing else open is none of them
_CANDIDATES = """
    SELECT found.order_id FROM (
        SELECT line.order_id
          FROM stock_move m
          JOIN sale_order_line line ON line.id = m.sale_line_id
          JOIN sale_order o ON o.id = line.order_id AND o.state = 'sale'
          JOIN stock_location source ON source.id = m.location_id
               AND source.usage <> 'customer' AND NOT source.id = ANY(%(awaiting)s)
         WHERE m.state NOT IN ('draft', 'done', 'cancel')
         UNION
        SELECT order_id FROM order_progress_date
    ) found
 LEFT JOIN LATERAL (
        SELECT MIN(checked_on) AS checked_on FROM order_progress_date known
         WHERE known.order_id = found.order_id) last ON TRUE
     WHERE last.checked_on IS NULL OR last.checked_on < %(before)s
     ORDER BY last.checked_on NULLS FIRST, found.order_id
"""


class OrderProgressDate(models.Model):
    """When an open order line is expected, as last looked at (SPEC F3).

    Kept by the system, so that a changed date is noticed whatever changed it:
    manufacturing, purchase, transfers, reservations of others. One row per open line.
    """

    _name = "order.progress.date"
    _inherit = ["document.approval.frozen"]
    _description = "Expected Date of an Order Line"
    _order = "date_expected, id"
    _rec_name = "line_id"
    _check_company_auto = True

    line_id = fields.Many2one(
        comodel_name="sale.order.line",
        string="Order Line",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    order_id = fields.Many2one(
        comodel_name="sale.order",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True
    )
    date_expected = fields.Datetime(string="Expected", readonly=True)
    source = fields.Char(
        readonly=True, help="The document that says so: transfer, purchase, production."
    )
    checked_on = fields.Datetime(readonly=True)

    _line_uniq = models.UniqueIndex(
        "(line_id)", "The date of this line is kept already."
    )

    @api.model
    def _keep(self, expected, update=True):
        """Keep the dates in one statement.

        :param dict expected: {line_id: (datetime, document)}
        :param bool update: overwrite dates that are known; else only their check
        """
        if not expected:
            return
        now = fields.Datetime.now()
        self.env.execute_query(
            SQL(
                _KEEP + " RETURNING id",
                now=now,
                uid=self.env.uid,
                lines=list(expected),
                moments=[moment for moment, _source in expected.values()],
                sources=[source or None for _moment, source in expected.values()],
                update=SQL(_UPDATE) if update else SQL(""),
            )
        )
        self.invalidate_model()

    @api.model
    def _forget(self, line_ids):
        """Drop the dates of lines of which nothing is open any more."""
        if line_ids:
            self.env.execute_query(
                SQL(
                    "DELETE FROM order_progress_date WHERE line_id = ANY(%s)"
                    " RETURNING id",
                    list(line_ids),
                )
            )
            self.invalidate_model()

    @api.model
    def _forget_orders(self, orders):
        """Drop the dates of orders that begin anew; one statement, by index."""
        if self.env.execute_query(
            SQL(
                "DELETE FROM order_progress_date WHERE order_id = ANY(%s)"
                " RETURNING id",
                orders.ids,
            )
        ):
            self.invalidate_model()

    @api.model
    def _get_candidates(self, before):
        """Return the ids of orders to be looked at, not looked at since ``before``."""
        self.env.flush_all()
        # sudo: the locations of all companies
        companies_sudo = (
            self.env["res.company"]
            .sudo()
            .search([("handover_acceptance_location_id", "!=", False)])
        )
        awaiting = companies_sudo._handover_acceptance_locations().ids
        rows = self.env.execute_query(
            SQL(_CANDIDATES, before=before, awaiting=awaiting)
        )
        return [order_id for (order_id,) in rows]
