"""What has to come of tables that are imported as a registration form."""

from datetime import timedelta
from decimal import Decimal

from tools.northwind import load
from tools.northwind.forms import import_form, write_form


class FormImports:
    """The orders of ``folder`` went through the spreadsheet import (SPEC A4)."""

    folder = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.importer = cls._user(
            "flow_importer", "sales_team.group_sale_salesman_all_leads"
        )
        cls.loaded = load(
            cls.env, cls.folder, salesperson=cls.importer, as_spreadsheet=True
        )
        cls.orders = cls.loaded.all_orders

    def test_every_order_and_line_arrived(self):
        tables = self.loaded.tables
        self.assertEqual(
            set(self.orders.mapped("policy_external_number")),
            {row["order_id"] for row in tables.orders},
        )
        self.assertEqual(len(self.orders.order_line), len(tables.lines))
        self.assertEqual(set(self.orders.mapped("state")), {"draft"})
        self.assertEqual(self.orders.create_uid, self.importer)

    def test_totals_and_pieces_agree(self):
        tables = self.loaded.tables
        amounts = (Decimal(str(round(o.amount_untaxed, 2))) for o in self.orders)
        self.assertEqual(sum(amounts), tables.net)
        pieces = {}
        for line in self.orders.order_line:
            code = line.product_id.default_code
            pieces[code] = pieces.get(code, 0) + line.product_uom_qty
        self.assertEqual(pieces, dict(tables.pieces))

    def test_customers_agree(self):
        for row in self.loaded.tables.orders:
            order = self.loaded.orders[row["order_id"]]
            self.assertEqual(order.partner_id.ref, row["customer_id"])

    def test_importing_again_finds_them_all(self):
        tables = self.loaded.tables
        content = write_form(tables, timedelta(), "zh_CN")
        job = import_form(self.env(user=self.importer.id), content)
        self.assertEqual(job.exists_count, len(tables.lines))
        self.assertEqual(job.row_ids.order_id, self.orders)
