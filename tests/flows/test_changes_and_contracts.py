"""Orders under a contract are changed by request, as far as was signed."""

from odoo.tests import tagged

from odoo.addons.sale_contract_ledger.tests.common import ContractCommon
from odoo.addons.sale_order_change.tests.common import OrderChangeCommon


@tagged("standard", "post_install", "-at_install")
class TestChangesAndContracts(ContractCommon, OrderChangeCommon):
    """Who approves a change does not sign for the customer (SPEC E1, E4, J2)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.document_approval_mode = "enforce"
        cls.strict = (
            cls.env["sale.order.type"]
            .sudo()
            .create({"name": "By contract", "contract_rule": "confirm"})
        )
        cls.framework = cls._signed(
            kind="framework", amount=1500.0, date_end="2099-12-31"
        )
        cls.order = cls._create_order(
            {"product_uom_qty": 10.0, "price_unit": 100.0},
            policy_type_id=cls.strict.id,
            contract_id=cls.framework.id,
        )
        cls._submit_and_approve(cls.order)
        cls.order.action_confirm()
        cls.line = cls.order.order_line

    def test_within_the_framework(self):
        change = self._quick(self.order, {self.line: 15.0})
        self.assertEqual(change.state, "applied", change.error)
        self.assertEqual(self.line.product_uom_qty, 15.0)

    def test_never_more_than_the_framework_allows(self):
        change = self._quick(self.order, {self.line: 16.0})
        self.assertEqual(change.state, "failed")
        self.assertIn("come to more than the contract", change.error)
        self.assertEqual(self.line.product_uom_qty, 10.0)
        self.assertEqual(self._demand(self.order), {self.desk: 10.0})
