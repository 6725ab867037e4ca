from datetime import datetime, timedelta

from odoo import fields
from odoo.fields import Command

from .common import HandoverCommon


class ProgressCommon(HandoverCommon):
    """Orders in company time Asia/Shanghai, eight hours before UTC."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.tz = "Asia/Shanghai"
        cls.salesman.tz = "Asia/Shanghai"

    def _confirm_orders(self, number):
        """Return so many orders of two lines, confirmed together."""
        orders = self.env["sale.order"].create(
            [
                {
                    "partner_id": self.partner.id,
                    "order_line": [
                        Command.create(
                            {"product_id": self.goods.id, "product_uom_qty": quantity}
                        )
                        for quantity in (1.0, 2.0)
                    ],
                }
                for _number in range(number)
            ]
        )
        orders.action_confirm()
        return orders

    def _steps(self, order):
        self.env.flush_all()
        order.invalidate_recordset()
        return order._handover_get_steps()[order.id]

    def _states(self, order):
        """Return {code: state}; of several shipments a list."""
        states = {}
        for step in self._steps(order):
            states.setdefault(step["code"], []).append(step["state"])
        return {
            code: values[0] if len(values) == 1 else values
            for code, values in states.items()
        }

    def _step(self, order, code):
        return next(step for step in self._steps(order) if step["code"] == code)

    def _lines(self, order):
        return self._step(order, "complete")["lines"]

    def _row(self, order):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env["order.progress"].browse(order.id)

    def _look_at(self, orders):
        """Note or compare the dates of orders, as the job does."""
        self.env.flush_all()
        return self.env["order.progress.change"].sudo()._notice(orders)

    def _changes(self, order):
        return self.env["order.progress.change"].search([("order_id", "=", order.id)])

    @staticmethod
    def _in_days(days, hour=4):
        """Return noon in Shanghai in so many days, as UTC."""
        now = fields.Datetime.now()
        return datetime(now.year, now.month, now.day, hour) + timedelta(days=days)
