from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from odoo.addons.order_handover_region.tests.stock_replenishment_common import (
    ReplenishmentCommon,
)


@tagged("post_install", "-at_install")
class TestReplenishmentMrp(ReplenishmentCommon):
    """Half-done production counts with its rest; a sheet makes one set (SPEC G5)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cloth = cls._create_shirt("Cloth")
        cls._put_in_stock(cloth, 1000.0)
        cls.bom = (
            cls.env["mrp.bom"]
            .sudo()
            .create(
                {
                    "product_tmpl_id": cls.shirt.product_tmpl_id.id,
                    "company_id": cls.company.id,
                    "bom_line_ids": [
                        Command.create({"product_id": cloth.id, "product_qty": 2.0})
                    ],
                }
            )
        )
        cls.shirt.route_ids = cls.env.ref("mrp.route_warehouse0_manufacture")

    def test_half_done_production_counts_with_its_rest(self):
        self._demand(20.0)
        production = (
            self.env["mrp.production"]
            .sudo()
            .create(
                {
                    "product_id": self.shirt.id,
                    "product_qty": 10.0,
                    "bom_id": self.bom.id,
                    "picking_type_id": self.warehouse.manu_type_id.id,
                    "company_id": self.company.id,
                }
            )
        )
        names = ("on_hand", "in_production", "suggested")
        self.assertEqual(self._get(self._sheet(), *names), [0.0, 10.0, 10.0])
        production.action_confirm()
        production.action_assign()
        self.assertEqual(self._get(self._sheet(), *names), [0.0, 10.0, 10.0])
        with Form(production) as form:
            form.qty_producing = 4.0
        self.assertEqual(self._get(self._sheet(), *names), [0.0, 10.0, 10.0])
        action = production.button_mark_done()
        Form.from_action(self.env(su=True), action).save().action_backorder()
        self.assertEqual(self._get(self._sheet(), *names), [4.0, 6.0, 10.0])

    def test_a_sheet_makes_one_production(self):
        self._demand(20.0)
        sheet = self._sheet()
        sheet.action_confirm()
        productions = self.env["mrp.production"].sudo()
        own = [("product_id", "=", self.shirt.id)]
        production = productions.search(own)
        self.assertEqual(production.product_qty, 20.0)
        self.assertEqual(production.replenishment_line_id, sheet.line_ids)
        self.assertEqual(sheet.line_ids.document_names, production.name)
        with self.assertRaises(UserError):
            sheet.action_confirm()
        self.assertEqual(productions.search(own), production)
        again = self._sheet()
        self.assertEqual(self._get(again, "in_production", "suggested"), [20.0, 0.0])
