"""The orders of a real trading company go through review, delivery and all."""

import unittest
from decimal import Decimal

from odoo.tests import tagged

from tools.northwind import VARIABLE, find_folder

from .common import OrderFlowCase
from .form_imports import FormImports
from .order_outcomes import OrderOutcomes


@unittest.skipUnless(find_folder(), f"no tables of Northwind here ({VARIABLE})")
@tagged("standard", "post_install", "-at_install")
class TestNorthwind(OrderOutcomes, OrderFlowCase):
    folder = find_folder()

    def test_it_is_the_whole_company(self):
        self.assertEqual(len(self.orders), 830)
        self.assertEqual(len(self.orders.order_line), 2155)
        self.assertEqual(len(self.loaded.customers), 91)
        self.assertEqual(len(self.loaded.products), 77)
        self.assertEqual(self.loaded.tables.net, Decimal("1265793.29"))
        self.assertEqual(self.loaded.tables.gross, Decimal("1354458.59"))
        self.assertEqual(sum(self.loaded.tables.pieces.values()), 51_317)

    def test_every_customer_has_a_country(self):
        self.assertTrue(all(self.orders.partner_id.mapped("country_id")))
        self.assertEqual(len(self.orders.partner_id.country_id), 21)

    def test_finding_takes_few_queries_for_all_orders(self):
        """Ten times the orders cost nothing near ten times the queries (B4)."""
        few, many = (self._queries_to_find(self.orders[:n]) for n in (80, 800))
        self.assertLess(many, 2 * few)

    def _queries_to_find(self, orders):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        orders._approval_findings()
        return self.env.cr.sql_log_count - before


@unittest.skipUnless(find_folder(), f"no tables of Northwind here ({VARIABLE})")
@tagged("standard", "post_install", "-at_install")
class TestNorthwindAsSpreadsheet(FormImports, OrderFlowCase):
    folder = find_folder()

    def test_it_is_the_whole_company(self):
        self.assertEqual(len(self.orders), 830)
        self.assertEqual(len(self.orders.order_line), 2155)
        self.assertEqual(self.loaded.tables.net, Decimal("1265793.29"))
        self.assertEqual(sum(self.orders.order_line.mapped("product_uom_qty")), 51_317)
