from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .. import allocation

_QUERY = """
SELECT m.id, m.id AS move_id, m.product_id, m.location_id, m.warehouse_id,
       m.picking_id, m.uom_id AS product_uom_id, w.company_id, o.id AS order_id,
       o.user_id, COALESCE(op.commercial_partner_id, kp.commercial_partner_id)
           AS partner_id,
       m.date_due, m.product_qty AS needed, COALESCE(h.quantity, 0) AS held,
       m.product_qty - COALESCE(h.quantity, 0) AS missing, m.priority,
       COALESCE('one' IN (o.picking_policy, k.move_type), FALSE) AS is_whole,
       a.grade_id
  FROM (%(open)s) m
  JOIN stock_warehouse w ON w.id = m.warehouse_id
  LEFT JOIN (
       SELECT move_id, SUM(quantity_product_uom) AS quantity
         FROM stock_move_line
        WHERE state IN ('confirmed', 'partially_available', 'assigned')
     GROUP BY move_id) h ON h.move_id = m.id
  LEFT JOIN sale_order_line l ON l.id = m.sale_line_id
  LEFT JOIN sale_order o ON o.id = l.order_id
  LEFT JOIN res_partner op ON op.id = o.partner_invoice_id
  LEFT JOIN stock_picking k ON k.id = m.picking_id
  LEFT JOIN res_partner kp ON kp.id = k.partner_id
  LEFT JOIN res_company c ON c.id = w.company_id
  LEFT JOIN customer_credit_account a
    ON a.partner_id = COALESCE(op.commercial_partner_id, kp.commercial_partner_id)
   AND a.company_id = split_part(c.parent_path, '/', 1)::int
 WHERE m.product_qty > COALESCE(h.quantity, 0)
"""


class StockInboundWaiting(models.Model):
    """Deliveries that wait for goods (SPEC F4).

    One row per open move out of stock that lacks something, in the product's unit.
    Salespeople see those of their own orders.
    """

    _name = "stock.inbound.waiting"
    _description = "Delivery Waiting for Goods"
    _auto = False
    _order = "priority desc, date_due, id"
    _rec_name = "move_id"

    move_id = fields.Many2one(comodel_name="stock.move", readonly=True)
    product_id = fields.Many2one(comodel_name="product.product", readonly=True)
    location_id = fields.Many2one(
        comodel_name="stock.location", string="Source", readonly=True
    )
    warehouse_id = fields.Many2one(comodel_name="stock.warehouse", readonly=True)
    picking_id = fields.Many2one(
        comodel_name="stock.picking", string="Transfer", readonly=True
    )
    product_uom_id = fields.Many2one(
        comodel_name="uom.uom", string="Unit", readonly=True
    )
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    order_id = fields.Many2one(comodel_name="sale.order", string="Order", readonly=True)
    user_id = fields.Many2one(
        comodel_name="res.users", string="Salesperson", readonly=True
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", readonly=True
    )
    grade_id = fields.Many2one(
        comodel_name="customer.credit.grade", string="Grade", readonly=True
    )
    priority = fields.Selection(
        selection=[("0", "Normal"), ("1", "Urgent")], readonly=True
    )
    date_due = fields.Datetime(string="Due", readonly=True)
    needed = fields.Float(digits="Product Unit", readonly=True)
    held = fields.Float(string="Reserved", digits="Product Unit", readonly=True)
    missing = fields.Float(digits="Product Unit", readonly=True)
    is_whole = fields.Boolean(string="Ships Complete", readonly=True)

    @property
    def _table_query(self):
        """Return the rows as they are now, of the companies that are selected."""
        statement = allocation.OPEN.replace("= %(company)s", "IN %(company)s")
        return SQL(
            _QUERY, open=SQL(statement, company=tuple(self.env.companies.ids) or (0,))
        )

    def action_allocate(self):
        """Reserve free stock for the delivery, as far as those before it allow.

        Nobody loses anything by that. What was decided is kept as an allocation.

        :raise AccessError: for whoever does not decide about stock
        :raise UserError: when nothing is left for it, naming who comes first
        """
        self.ensure_one()
        runs = self.env["stock.allocation.run"]
        runs._check_may_allocate()
        self.check_access("read")
        run = runs._allocate_move(self)
        line = run.line_ids.filtered(lambda line: line.move_id == self.move_id)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": line.explanation,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }


class StockAllocationRun(models.Model):
    _inherit = "stock.allocation.run"

    def _allocate_move(self, waiting):
        """Share out the free stock of one product; apply it for one delivery only.

        :param waiting: the ``stock.inbound.waiting`` row
        :return: the applied run
        :raise UserError: when nothing is left for the delivery
        """
        run = self._propose_for(
            waiting.company_id,
            product_ids=waiting.product_id.ids,
            warehouse_ids=waiting.warehouse_id.ids,
            takes_back=False,
        )
        # sudo: coordinators have no rights on moves; the row was theirs to read
        line = run.line_ids.filtered(
            lambda line: line.move_id.id == waiting.sudo().move_id.id
        )
        if not line or line.qty_change <= 0:
            raise UserError(run._get_refusal(waiting, line))
        run._keep_lines_of(line)
        run._apply()
        return run

    def _keep_lines_of(self, line):
        """Change nothing but this line, and what its order ships with it."""
        whole = line if line.is_whole else line.browse()
        # sudo: coordinators have no rights on moves
        picking_sudo = whole.sudo().move_id.picking_id
        same = whole.order_id.ids, [] if whole.order_id else picking_sudo.move_ids.ids
        self.env.cr.execute(
            SQL(
                """DELETE FROM stock_allocation_line
                    WHERE run_id = %s AND id <> %s AND qty_change <> 0
                      AND NOT (is_whole
                               AND (order_id = ANY(%s) OR move_id = ANY(%s)))""",
                self.id,
                line.id,
                *same,
            )
        )
        self.env["stock.allocation.line"].invalidate_model()
        self.env["stock.allocation.shift"].invalidate_model()

    def _get_refusal(self, waiting, line):
        """Say why the delivery gets nothing: who comes first, or that all is gone."""
        first = self.line_ids.filtered(
            lambda other: (
                other.qty_change > 0
                and other.product_id == waiting.product_id
                and (not line or other.rank < line.rank)
            )
        )[:1]
        if not line:
            return self.env._(
                "Somebody works on this delivery, or it is done: nothing is changed."
            )
        # sudo: orders and goods are named to whoever decides about stock
        line_sudo, first_sudo = line.sudo(), first.sudo()
        if line.outcome in ("incomplete", "stuck"):
            return line_sudo._get_whole_text()
        if first:
            return self.env._(
                "What is left goes to %(order)s first: %(reason)s.",
                order=first_sudo._get_name(),
                reason=first_sudo._get_reason(line_sudo),
            )
        return self.env._(
            "%(product)s is gone: nothing of it is free in %(warehouse)s.",
            product=waiting.product_id.display_name,
            warehouse=waiting.warehouse_id.name,
        )
