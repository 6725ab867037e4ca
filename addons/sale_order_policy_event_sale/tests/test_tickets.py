from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.sale_order_policy.tests.common import SaleOrderPolicyCommon


@tagged("post_install", "-at_install")
class TestTickets(SaleOrderPolicyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_rule(max_discount=0.0)
        cls.ticket_product = cls._create_product(
            name="Ticket", type="service", service_tracking="event", list_price=30.0
        )
        cls.event = cls.env["event.event"].create(
            {
                "name": "Fair",
                "date_begin": "2030-01-01 08:00:00",
                "date_end": "2030-01-02 18:00:00",
                "event_ticket_ids": [
                    Command.create(
                        {
                            "name": "Early",
                            "product_id": cls.ticket_product.id,
                            "price": 20.0,
                        }
                    )
                ],
            }
        )

    def _create_ticket_order(self, **line):
        return self._create_order(
            {
                "product_id": self.ticket_product.id,
                "event_id": self.event.id,
                "event_ticket_id": self.event.event_ticket_ids.id,
                **line,
            }
        )

    def test_ticket_is_compared_with_its_own_price(self):
        order = self._create_ticket_order()
        self.assertEqual(order.order_line.price_unit, 20.0)
        self.assertEqual(self._get_findings(order), [])
        cheaper = self._create_ticket_order(price_unit=15.0)
        finding = self._get_findings(cheaper, "discount")[0]
        self.assertEqual(finding["values"]["actual"], 25.0)

    def test_ticket_does_not_lower_the_price_of_another_product(self):
        order = self._create_order(
            {
                "event_id": self.event.id,
                "event_ticket_id": self.event.event_ticket_ids.id,
                "price_unit": 20.0,
            }
        )
        self.assertEqual(self._get_findings(order)[0]["values"]["actual"], 80.0)
