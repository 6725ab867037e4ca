"""Random histories of orders, deliveries, invoices, payments and settlements.

``REBATE_HISTORIES`` is the number of histories.
"""

import os

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from odoo.tests import tagged

from .common_rebate import RebateCommon
from .common_settlement import SettlementMixin
from .rebate_history import RebateHistory

HISTORIES, STEPS = 5, 14


@tagged("post_install", "-at_install")
class TestRebateHistories(SettlementMixin, RebateCommon):
    """Whatever happens in whatever order, figures are what the documents say."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_accounts()
        cls.vat = cls.vat13
        cls.contact = cls.partner.sudo().create(
            {"name": "Branch", "parent_id": cls.partner.id}
        )
        cls.product.sudo().write({"invoice_policy": "order", "type": "consu"})
        tiers = ((0, 1), (100, 3), (500, 5))
        cls.programmes = (
            cls._create_programme(tiers, version={"payment_rule": "pro_rata"})
            | cls._create_programme(
                tiers,
                version={
                    "tier_mode": "marginal",
                    "is_taxed": True,
                    "payment_rule": "all",
                    "returns_to": "own",
                },
                period_type="quarter",
            )
            | cls._create_programme(
                ((0, 2), (80, 4)),
                version={
                    "stage": "order",
                    "target": 400.0,
                    "tier_by": "target",
                    "gate_target": 10.0,
                    "cap_amount": 30.0,
                    "payment_rule": "pro_rata",
                    "execution_rule": "pro_rata",
                },
            )
        )

    def test_histories(self):
        number = int(os.environ.get("REBATE_HISTORIES") or HISTORIES)

        class History(RebateHistory):
            case = self

        run = settings(
            max_examples=number,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        seed(number)(run_state_machine_as_test)(History, settings=run)
