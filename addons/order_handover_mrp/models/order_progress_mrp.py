from odoo import fields, models
from odoo.tools import SQL


class OrderProgress(models.Model):
    _inherit = "order.progress"

    is_in_production = fields.Boolean(
        string="Awaiting Production",
        readonly=True,
        help="Something that is made for this order is not finished.",
    )

    def _get_columns(self):
        """EXTENDS 'order_handover'."""
        return SQL(
            "%s, making.order_id IS NOT NULL AS is_in_production",
            super()._get_columns(),
        )

    def _get_joins(self):
        """EXTENDS 'order_handover': orders with open production orders of their own."""
        return SQL(
            """%s
            LEFT JOIN (
                SELECT DISTINCT line.order_id
                  FROM mrp_production production
                  JOIN sale_order_line line ON line.id = production.sale_line_id
                 WHERE production.state NOT IN ('done', 'cancel')
            ) making ON making.order_id = o.id
            """,
            super()._get_joins(),
        )
