"""The same as with real orders on generated ones, which are always there."""

import tempfile
from pathlib import Path

from odoo.tests import tagged

from tools.northwind.generate import generate
from tools.northwind.tables import read_tables

from .common import OrderFlowCase
from .form_imports import FormImports
from .order_outcomes import OrderOutcomes


class _Generated(OrderFlowCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = generate(Path(folder.name))
        super().setUpClass()


@tagged("standard", "post_install", "-at_install")
class TestGeneratedOrders(OrderOutcomes, _Generated):
    def test_generated_tables_are_the_same_every_time(self):
        with tempfile.TemporaryDirectory() as folder:
            again = read_tables(generate(Path(folder)))
        self.assertEqual(again, self.loaded.tables)
        self.assertEqual(len(again.orders), 60)


@tagged("standard", "post_install", "-at_install")
class TestGeneratedOrdersAsSpreadsheet(FormImports, _Generated):
    pass
