from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import SQL

from .stock_allocation_common import AllocationCommon


@tagged("post_install", "-at_install")
class TestScarcity(AllocationCommon):
    """Whoever changes scarce stock writes a row first (DESIGN 3)."""

    def _get_revision(self, product):
        rows = self.env.execute_query(
            SQL(
                "SELECT SUM(revision) FROM stock_scarcity_revision"
                " WHERE product_id = %s AND location_id = %s",
                product.id,
                self.warehouse.lot_stock_id.id,
            )
        )
        return rows[0][0] or 0

    def test_only_scarce_products(self):
        self._reserve(self._order("A", 1))
        self.assertEqual(self._get_revision(self.cap), 0)
        self.cap.handover_is_scarce = True
        move = self._order("A", 1)
        self._reserve(move)
        self.assertEqual(self._get_revision(self.cap), 1)
        self._ship(move.picking_id)
        self.assertGreater(self._get_revision(self.cap), 1)

    def test_only_places_that_are_reserved_from(self):
        self.cap.handover_is_scarce = True
        self._ship(self._order("A", 1).picking_id)
        locations = self.env.execute_query(
            SQL(
                "SELECT location_id FROM stock_scarcity_revision WHERE product_id = %s",
                self.cap.id,
            )
        )
        self.assertEqual(locations, [(self.warehouse.lot_stock_id.id,)])

    def test_nobody_reads_or_writes_it(self):
        for user in (self.chief, self.env.ref("base.user_admin")):
            with self.assertRaises(AccessError):
                self.env["stock.scarcity.revision"].with_user(user).search([])
