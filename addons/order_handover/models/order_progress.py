from odoo import fields, models
from odoo.tools import SQL

from ..progress import offset_of

#: phases in the order an order goes through them
PHASES = [
    ("quotation", "Quotation"),
    ("review", "In Review"),
    ("goods", "Awaiting Goods"),
    ("shipment", "Awaiting Shipment"),
    ("acceptance", "Awaiting Acceptance"),
    ("complete", "Complete"),
    ("cancelled", "Cancelled"),
]
#: one row per order; what is not confirmed has no moves and costs nothing
_SELECT = """
    SELECT o.id, o.id AS order_id, o.name, o.client_order_ref, o.company_id,
           o.partner_id, o.user_id, o.team_id, o.sale_region_id, o.policy_type_id,
           o.date_order, o.state, o.delivery_status,
           COALESCE(o.commitment_date, l.promised) AS date_planned,
           CASE WHEN o.state = 'sale' AND (m.opened > 0 OR l.opened)
                THEN GREATEST(m.date_expected, d.date_expected) END AS date_expected,
           GREATEST(o.write_date, m.date_changed, d.date_changed) AS date_changed,
           COALESCE(l.share, CASE WHEN o.state = 'sale' THEN 1 ELSE 0 END) * 100
               AS share,
           o.state = 'sale' OR (o.state = 'cancel' AND (m.moves > 0 OR EXISTS (
               SELECT FROM sale_order_letter WHERE order_id = o.id))) AS was_confirmed,
           CASE WHEN o.state = 'cancel' THEN 'cancelled'
                WHEN o.state <> 'sale' AND o.approval_state = 'pending' THEN 'review'
                WHEN o.state <> 'sale' THEN 'quotation'
                WHEN m.short > 0 THEN 'goods'
                WHEN m.opened > m.awaiting OR (m.awaiting = 0 AND l.opened)
                THEN 'shipment'
                WHEN m.awaiting > 0 THEN 'acceptance'
                ELSE 'complete' END AS phase,
           o.state = 'sale' AND (m.opened > 0 OR l.opened) AS is_open,
           o.state = 'sale' AND (
               m.short > 0 OR m.opened > m.awaiting OR (m.awaiting = 0 AND l.opened)
           ) AND (
               (COALESCE(o.commitment_date, l.promised_open) + %(offset)s)::date
                   < (%(now)s + %(offset)s)::date
               OR (GREATEST(m.date_expected, d.date_expected) + %(offset)s)::date
                   > (COALESCE(o.commitment_date, l.promised) + %(offset)s)::date
           ) IS TRUE AS is_late
"""
_MOVES = """
  LEFT JOIN LATERAL (
      SELECT COUNT(*) AS moves,
             COUNT(*) FILTER (WHERE w.is_open AND w.outward) AS opened,
             COUNT(*) FILTER (WHERE w.is_open AND w.accepting) AS awaiting,
             COUNT(*) FILTER (WHERE w.is_open AND w.leaving AND (
                 w.state IN ('confirmed', 'partially_available')
                 OR (w.state = 'waiting' AND NOT EXISTS (
                     SELECT FROM stock_move_move_rel r
                       JOIN stock_move before ON before.id = r.move_orig_id
                       JOIN stock_location place ON place.id = before.location_id
                            AND place.usage NOT IN ('production', 'supplier')
                      WHERE r.move_dest_id = w.id
                        AND before.sale_line_id = w.sale_line_id
                        AND before.state NOT IN ('done', 'cancel'))))) AS short,
             MAX(GREATEST(w.date, w.delay_alert_date)) FILTER (
                 WHERE w.is_open AND (w.leaving OR w.made)) AS date_expected,
             MAX(w.write_date) AS date_changed
        FROM (
          SELECT v.id, v.state, v.date, v.delay_alert_date, v.write_date,
                 v.sale_line_id,
                 v.state NOT IN ('draft', 'done', 'cancel') AS is_open,
                 v.state <> 'cancel' AND source.usage <> 'customer'
                     AND (goal.usage = 'customer' OR goal.id = ANY(%(awaiting)s))
                     AS outward,
                 source.usage = 'production' AS made,
                 source.usage NOT IN ('customer', 'production')
                     AND NOT (source.id = ANY(%(awaiting)s)) AS leaving,
                 source.id = ANY(%(awaiting)s) AND goal.usage = 'customer' AS accepting
            FROM sale_order_line line
            JOIN stock_move v ON v.sale_line_id = line.id
            JOIN stock_location source ON source.id = v.location_id
            JOIN stock_location goal ON goal.id = v.location_dest_id
           WHERE line.order_id = o.id
        ) w
  ) m ON TRUE
"""
_LINES = """
  LEFT JOIN LATERAL (
      SELECT BOOL_OR(w.is_open) AS opened, AVG(w.share) AS share,
             MAX(w.promised) AS promised,
             MIN(w.promised) FILTER (WHERE w.is_open) AS promised_open
        FROM (
          SELECT o.date_order + line.customer_lead * INTERVAL '1 day' AS promised,
                 GREATEST(LEAST(line.qty_delivered / line.product_uom_qty, 1), 0)
                     AS share,
                 line.qty_delivered < line.product_uom_qty
                     AND line.qty_delivered + COALESCE((
                         SELECT SUM(v.quantity * used.factor / sold.factor)
                           FROM stock_move v
                           JOIN stock_location source ON source.id = v.location_id
                                AND source.usage = 'customer'
                           JOIN uom_uom used ON used.id = v.product_uom
                           JOIN uom_uom sold ON sold.id = line.product_uom_id
                          WHERE v.sale_line_id = line.id AND v.state = 'done'
                            AND v.product_id = line.product_id
                     ), 0) < line.product_uom_qty - 0.00001 AS is_open
            FROM sale_order_line line
            JOIN product_product p ON p.id = line.product_id
            JOIN product_template t ON t.id = p.product_tmpl_id
           WHERE line.order_id = o.id AND line.display_type IS NULL
             AND line.is_downpayment IS NOT TRUE AND line.is_expense IS NOT TRUE
             AND line.product_uom_qty > 0
             AND (t.type = 'consu'
                  OR t.type = 'service' AND t.invoice_policy = 'delivery')
        ) w
  ) l ON TRUE
  LEFT JOIN LATERAL (
      SELECT MAX(known.date_expected) AS date_expected,
             MAX(known.write_date) AS date_changed
        FROM order_progress_date known
       WHERE known.order_id = o.id
  ) d ON TRUE
"""


class OrderProgress(models.Model):
    """How far every order is, for those who follow them up (SPEC F5).

    One row per order, with its id; without prices, so that coordinators who may not
    read orders can work with it. The timeline of a row comes from
    :meth:`sale.order._handover_get_steps`.
    """

    _name = "order.progress"
    _description = "Order Progress"
    _auto = False
    _order = "is_late desc, date_planned, id desc"
    _depends = {
        "sale.order": [
            "approval_state",
            "client_order_ref",
            "commitment_date",
            "company_id",
            "date_order",
            "delivery_status",
            "name",
            "partner_id",
            "policy_type_id",
            "sale_region_id",
            "state",
            "team_id",
            "user_id",
        ],
        "product.template": ["invoice_policy", "type"],
        "sale.order.line": [
            "customer_lead",
            "display_type",
            "is_downpayment",
            "is_expense",
            "order_id",
            "product_uom_qty",
            "qty_delivered",
        ],
        "stock.move": [
            "date",
            "delay_alert_date",
            "location_dest_id",
            "location_id",
            "sale_line_id",
            "state",
        ],
        "order.progress.date": ["date_expected", "order_id"],
    }

    # identity
    name = fields.Char(string="Order", readonly=True)
    order_id = fields.Many2one(
        comodel_name="sale.order", string="Sales Order", readonly=True
    )
    client_order_ref = fields.Char(string="Customer Reference", readonly=True)
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    policy_type_id = fields.Many2one(
        comodel_name="sale.order.type", string="Order Type", readonly=True
    )
    # parties
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", readonly=True
    )
    user_id = fields.Many2one(
        comodel_name="res.users", string="Salesperson", readonly=True
    )
    team_id = fields.Many2one(
        comodel_name="crm.team", string="Sales Team", readonly=True
    )
    sale_region_id = fields.Many2one(
        comodel_name="sales.region", string="Region", readonly=True
    )
    # state
    phase = fields.Selection(selection=PHASES, readonly=True)
    state = fields.Selection(
        selection=[
            ("draft", "Quotation"),
            ("sent", "Quotation Sent"),
            ("sale", "Sales Order"),
            ("cancel", "Cancelled"),
        ],
        string="Order Status",
        readonly=True,
    )
    delivery_status = fields.Selection(
        selection=[
            ("pending", "Not Delivered"),
            ("started", "Started"),
            ("partial", "Partially Delivered"),
            ("full", "Fully Delivered"),
        ],
        readonly=True,
    )
    is_late = fields.Boolean(
        string="Late",
        readonly=True,
        help="Not shipped though the promised day is over, or expected after it.",
    )
    is_open = fields.Boolean(
        string="Open",
        readonly=True,
        help="Confirmed, and not everything has arrived yet.",
    )
    was_confirmed = fields.Boolean(
        readonly=True, help="The order is confirmed, or was so before its cancellation."
    )
    share = fields.Float(
        string="Delivered (%)",
        readonly=True,
        aggregator="avg",
        help="How much of the order has arrived, each line counting alike.",
    )
    # dates
    date_order = fields.Datetime(string="Order Date", readonly=True)
    date_planned = fields.Datetime(string="Promised", readonly=True)
    date_expected = fields.Datetime(
        string="Expected", readonly=True, help="When the last goods will leave."
    )
    date_changed = fields.Datetime(string="Last Change", readonly=True)
    # content
    timeline = fields.Html(compute="_compute_timeline", sanitize=False)
    change_ids = fields.One2many(
        comodel_name="order.progress.change",
        inverse_name="order_id",
        string="Changed Dates",
        compute="_compute_change_ids",
    )

    @property
    def _table_query(self):
        """Return the rows; days are those of the user's company."""
        now = fields.Datetime.now()
        return SQL(
            "%s %s FROM sale_order o %s %s %s",
            SQL(
                _SELECT,
                now=now,
                offset=offset_of(self.env.company._handover_zone(), now),
            ),
            self._get_columns(),
            SQL(_MOVES, awaiting=self._get_awaiting_ids()),
            SQL(_LINES),
            self._get_joins(),
        )

    def _get_columns(self):
        """Return more columns as SQL, each beginning with a comma. Hook for bridges.

        ``o`` is the order.
        """
        return SQL("")

    def _get_joins(self):
        """Return more joins as SQL, which must not add rows. Hook for bridges."""
        return SQL("")

    def _get_awaiting_ids(self):
        """Return the ids of the locations in which goods await acceptance."""
        return self.env.companies._handover_acceptance_locations().ids

    def _compute_timeline(self):
        """Render the timelines for staff, with what customers do not see."""
        self.check_access("read")  # nothing is read before that would check it
        # sudo: rows one may read; nothing of an order but its progress is shown
        orders_sudo = self.sudo().order_id
        steps = orders_sudo._handover_get_steps()
        for row, order_sudo in zip(self, orders_sudo, strict=True):
            row.timeline = self.env["ir.qweb"]._render(
                "order_handover.progress_timeline",
                order_sudo._handover_timeline_values(steps[row.id], is_staff=True),
            )

    def _compute_change_ids(self):
        changes = self.env["order.progress.change"].search(
            [("order_id", "in", self.ids)]
        )
        by_order = changes.grouped("order_id")
        # sudo: the order of a row is known by its id
        for row in self:
            row.change_ids = by_order.get(row.sudo().order_id, changes.browse())

    def action_open_order(self):
        """Open the order itself, for who may read it."""
        self.ensure_one()
        self.order_id.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": self.id,
            "view_mode": "form",
            "views": [[False, "form"]],
        }
