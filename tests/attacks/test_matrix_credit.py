"""Nobody gets more than a customer's credit, whoever tries whatever (SPEC D4, H1)."""

from types import SimpleNamespace

from odoo.tests import tagged

from . import matrix_credit, snapshot
from .common import AttackCommon

ROWS = {
    name: snapshot.ROWS[name] for name in ("orders", "lines", "moves", "order count")
} | {
    "accounts": "SELECT id, mode, grade_id, group_id, partner_id, active"
    " FROM customer_credit_account ORDER BY id",
    "entitlements": "SELECT * FROM customer_credit_entitlement",
    "holds": "SELECT * FROM customer_credit_hold",
    "releases": "SELECT * FROM customer_credit_release",
    "releasers": "SELECT * FROM customer_credit_releaser",
    "switches": "SELECT id, credit_mode, credit_default_mode FROM res_company",
}


@tagged("standard", "post_install", "-at_install")
class TestMatrixCredit(AttackCommon):
    """Credit control alone, without approvals; one order is held."""

    rows = ROWS

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.document_approval_mode = "off"
        accounts = cls.env["customer.credit.account"].sudo()
        cls.account = accounts._bump(cls.company, cls.partner)
        used = (
            cls.env["customer.credit.exposure"]
            ._get_exposures(cls.company, cls.partner)[cls.partner.id]
            .exposure
        )
        cls.account._credit_apply({"mode": "limited"})
        cls.entitlement = (
            cls.env["customer.credit.entitlement"]
            .sudo()
            .create({"account_id": cls.account.id, "kind": "standing", "amount": used})
        )
        cls.company.credit_mode = "enforce"
        cls.new_partner = cls.env["res.partner"].create(
            {"name": "New customer", "is_company": True}
        )
        cls.hold = cls._hold(cls.orders["draft"])
        cls.targets = {stage: cls._target(order) for stage, order in cls.orders.items()}
        cls.env.flush_all()

    @classmethod
    def _hold(cls, order):
        case = {
            "debtor": cls.partner,
            "document": order.sudo(),
            "amount": order.amount_total,
            "verdict": cls.env["customer.credit.account"]._judge(
                cls.company, cls.partner, "order", {cls.partner.id: order.amount_total}
            )[cls.partner.id],
        }
        note = cls.env["customer.credit.gate"]._get_note(cls.company, case, "order")
        return cls.env["customer.credit.hold"]._note([note])

    @classmethod
    def _target(cls, order):
        target = super()._target(order)
        if not hasattr(cls, "hold"):
            return target
        warehouse = cls._warehouse(cls.company)
        return SimpleNamespace(
            **{
                **vars(target),
                "account": cls.account.id,
                "entitlements": cls.entitlement.ids,
                "hold": cls.hold.id,
                "new_partner": cls.new_partner.id,
                "stock": warehouse.lot_stock_id.id,
                "out_type": warehouse.out_type_id.id,
                "customers": cls.env.ref("stock.stock_location_customers").id,
            }
        )

    def _remember(self):
        super()._remember()
        self.exposures = self._get_exposures()

    def _get_exposures(self):
        found = self.env["customer.credit.exposure"]._get_exposures(self.company)
        return {debtor: figures.exposure for debtor, figures in found.items()}

    def _find_unapproved(self):
        """Return in words whose exposure grew: everybody is at his limit."""
        for debtor, exposure in self._get_exposures().items():
            if exposure > self.exposures.get(debtor, 0.0) + 0.005:
                return f"partner {debtor} owes and ordered {exposure}"
        return None

    def test_confirming_beyond_the_limit(self):
        self._run(matrix_credit.CONFIRMING)

    def test_making_a_confirmed_order_worth_more(self):
        self._run(matrix_credit.GROWING)

    def test_granting_oneself_credit(self):
        self._run(matrix_credit.FORGING)

    def test_shipping_to_a_stopped_customer(self):
        self.account._credit_apply({"mode": "stopped"})
        self._remember()
        self._run(matrix_credit.SHIPPING)

    def test_the_attacks_would_work_without_the_gate(self):
        """The matrix can fail: with the switch off orders are confirmed."""
        self.company.credit_mode = "off"
        attempts = [
            self._attempt(attack, role, stage)
            for attack in matrix_credit.CONFIRMING[:3]
            for stage in attack.at
            for role in ("owner", "sales manager", "administrator")
        ]
        self.assertGreater(sum(bool(problem) for problem in attempts), 5)
