from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common_rebate import RebateCommon

TIERS = ((0, 1), (1000, 2), (5000, 5))


@tagged("post_install", "-at_install")
class TestRebateBoard(RebateCommon):
    """Board, suggestions, coverage, simulation and reports (SPEC M1-M5)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.region = cls.env["sales.region"].sudo().create({"name": "East"})
        cls.partner.sudo().write(
            {
                "user_id": cls.salesman.id,
                "sale_region_id": cls.region.id,
                "email": "buyer@example.com",
            }
        )
        cls.others = (
            cls.env["res.partner"]
            .sudo()
            .create(
                [
                    {
                        "name": name,
                        "user_id": cls.other_salesman.id,
                        "sale_region_id": cls.region.id,
                    }
                    for name in ("Alpha", "Beta", "Gamma", "Delta")
                ]
            )
        )
        categories = (
            cls.env["product.category"]
            .sudo()
            .create([{"name": "Motors"}, {"name": "Pumps"}])
        )
        cls.motors, cls.pumps = categories
        cls.product.sudo().categ_id = cls.motors
        cls.pump, cls.valve = (
            cls.env["product.product"]
            .sudo()
            .create(
                [
                    {
                        "name": name,
                        "categ_id": cls.pumps.id,
                        "list_price": 100,
                        "taxes_id": [Command.clear()],
                        "invoice_policy": "order",
                    }
                    for name in ("Pump", "Valve")
                ]
            )
        )
        cls.programme = cls._create_programme(
            TIERS,
            cls.partner | cls.others,
            {"stage": "order", "prepayment_rate": 30, "target": 2000},
            kind="fair",
        )

    @classmethod
    def _order(cls, partner, *lines, date="2026-03-02 04:00:00"):
        order = (
            cls.env["sale.order"]
            .sudo()
            .create(
                {
                    "partner_id": partner.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "product_uom_qty": quantity,
                                "price_unit": 100,
                            }
                        )
                        for product, quantity in lines
                    ],
                }
            )
        )
        order.action_confirm()
        order.date_order = date
        return order

    def _balance(self, partner=None, user=None):
        self._drain()
        return (
            self.env["rebate.balance"]
            .with_user(user or self.officer)
            .search(
                [
                    ("programme_id", "=", self.programme.id),
                    ("partner_id", "=", (partner or self.partner).id),
                ]
            )
        )

    # Board -------------------------------------------------------------------------

    def test_board_shows_how_the_participant_stands(self):
        self._order(self.partner, (self.product, 18))
        balance = self._balance()
        self.assertRecordValues(
            balance,
            [
                {
                    "target": 2000,
                    "ordered_amount": 1800,
                    "target_share": 90,
                    "tier_rate": 2,
                    "provisional_amount": 36,
                    "prepayment_expected": 540,
                    "reached_value": 1800,
                    "board_state": "near",
                    "next_tier_distance": 3200,
                    # 5 % of 5,000 less 36
                    "next_tier_gain": 214,
                }
            ],
        )
        position = balance._get_position()
        self.assertEqual(
            [(step["value"], step["is_reached"]) for step in position["steps"]],
            [("0", True), ("1,000", True), ("5,000", False)],
        )
        self.assertIn("3,200", balance.position_html)

    def test_totals_of_a_region_are_weighted(self):
        self._order(self.partner, (self.product, 18))
        self._order(self.others[0], (self.product, 2))
        self._drain()
        ((share, target, ordered),) = (
            self.env["rebate.balance"]
            .with_user(self.officer)
            ._read_group(
                [("programme_id", "=", self.programme.id)],
                [],
                ["target_share:avg", "target:sum", "ordered_amount:sum"],
            )
        )
        self.assertEqual((share, target, ordered), (20, 10000, 2000))

    def test_filters_of_the_board(self):
        self._order(self.partner, (self.product, 46))
        self._order(self.others[0], (self.product, 18))
        self._drain()
        balances = self.env["rebate.balance"].with_user(self.officer)
        mine = [("programme_id", "=", self.programme.id)]
        near = balances.search([*mine, ("is_near_tier", "=", True)])
        # 4,600 of 5,000 is within 10 %, 1,800 is not; nothing is 1,000 away
        self.assertEqual(near.partner_id, self.partner)
        self.assertTrue(near.is_near_tier)
        self.assertEqual(len(balances.search([*mine, ("is_near_tier", "=", False)])), 4)
        groups = dict(balances._read_group(mine, ["board_state"], ["__count"]))
        self.assertEqual(groups, {"reached": 1, "near": 1, "below": 3})
        self.assertEqual(
            balances.search([*mine, ("board_state", "=", "near")]).partner_id,
            self.others[0],
        )

    def test_salesperson_sees_own_customers_only(self):
        self._order(self.partner, (self.product, 1))
        self._order(self.others[0], (self.product, 1))
        self._drain()
        balances = self.env["rebate.balance"].with_user(self.salesman)
        seen = balances.search([("programme_id", "=", self.programme.id)])
        self.assertEqual(seen.partner_id, self.partner)
        foreign = self._balance(self.others[0])
        with self.assertRaises(AccessError):
            foreign.with_user(self.salesman).read(["ordered_amount"])
        for model in ("rebate.coverage.report", "rebate.effect.report"):
            rows = self.env[model].with_user(self.salesman).search([])
            self.assertEqual(rows.partner_id, self.partner, model)
        programme = self.programme.with_user(self.salesman)
        self.assertEqual(programme.ordered_amount, 100)

    def test_remarks_are_for_officers_and_figures_for_nobody(self):
        balance = self._balance()
        balance.remark = "Wants a second stand"
        with self.assertRaises(AccessError):
            balance.with_user(self.salesman).remark = "Mine"
        with self.assertRaises(UserError):
            balance.write({"earned_amount": 1})

    def test_amounts_open_their_source_lines(self):
        order = self._order(self.partner, (self.product, 3), (self.pump, 2))
        balance = self._balance(user=self.salesman)
        action = balance.action_open_orders()
        lines = self.env["rebate.ledger"].with_user(self.salesman)
        lines = lines.search(action["domain"])
        self.assertEqual(sum(lines.mapped("ordered")), 500)
        self.assertEqual(set(lines.mapped("source_id")), set(order.order_line.ids))
        self.assertEqual(lines[0].source_name, order.name)
        self.assertFalse(lines.search(balance.action_open_invoices()["domain"]))

    def test_other_company_sees_nothing(self):
        self._order(self.partner, (self.product, 1))
        self._drain()
        company = self.env["res.company"].sudo().create({"name": "Elsewhere"})
        self.officer.sudo().write(
            {"company_ids": [Command.set(company.ids)], "company_id": company.id}
        )
        for model in (
            "rebate.programme",
            "rebate.balance",
            "rebate.coverage.report",
            "rebate.effect.report",
        ):
            rows = self.env[model].with_user(self.officer)
            rows = rows.with_context(allowed_company_ids=company.ids)
            self.assertFalse(rows.search([]), model)

    # Coverage and suggestions ---------------------------------------------------------

    def test_series_coverage(self):
        self._order(self.partner, (self.product, 4))
        self._order(self.others[0], (self.product, 1), (self.pump, 2))
        self._drain()
        report = self.env["rebate.coverage.report"].with_user(self.officer)
        mine = [("programme_id", "=", self.programme.id)]
        rows = report.search([*mine, ("partner_id", "=", self.partner.id)])
        self.assertEqual(
            {
                row.categ_id: (row.is_covered, row.ordered_amount, row.ordered_qty)
                for row in rows
            },
            {self.motors: (True, 400, 4), self.pumps: (False, 0, 0)},
        )
        coverage = dict(report._read_group(mine, ["partner_id"], ["coverage:avg"]))
        self.assertEqual(
            (coverage[self.partner], coverage[self.others[0]]), (50.0, 100.0)
        )
        self.assertEqual(coverage[self.others[3]], 0.0)

    def test_what_half_of_the_others_ordered_is_suggested(self):
        self._order(self.partner, (self.product, 1))
        self._order(self.others[0], (self.product, 9), (self.pump, 1))
        self._order(self.others[1], (self.pump, 2), (self.valve, 9))
        suggestions = self._balance(user=self.salesman)._get_suggestions()
        # two of four ordered pumps, one of four valves; motors are there already
        self.assertEqual(
            [(line["product"], line["share"]) for line in suggestions],
            [(self.pump, 50)],
        )
        self._order(self.others[2], (self.valve, 9))
        suggestions = self._balance()._get_suggestions()
        self.assertEqual(
            [line["product"] for line in suggestions], [self.valve, self.pump]
        )
        self.pump.sudo().sale_ok = False
        self.assertEqual(
            [line["product"] for line in self._balance()._get_suggestions()],
            [self.valve],
        )

    def test_region_is_compared_with_when_it_is_large_enough(self):
        far = self.env["sales.region"].sudo().create({"name": "West"})
        self._order(self.others[0], (self.pump, 1))
        self._order(self.others[1], (self.pump, 1))
        self.others[3].sudo().sale_region_id = far
        balance = self._balance()
        self.assertEqual(balance.sudo()._get_peers().partner_id, self.others[:3])
        self.others[2].sudo().sale_region_id = far
        balance = self._balance()
        self.assertEqual(balance.sudo()._get_peers().partner_id, self.others)

    def test_suggestions_are_mailed_to_the_customer(self):
        self._order(self.others[0], (self.pump, 1))
        self._order(self.others[1], (self.pump, 1))
        self._order(self.partner, (self.product, 18))
        balance = self._balance(user=self.salesman)
        action = balance.action_mail_suggestions()
        composer = Form(
            self.env["mail.compose.message"]
            .with_user(self.salesman)
            .with_context(**action["context"])
        ).save()
        self.assertEqual(composer.partner_ids, self.partner)
        self.assertIn("Pump", composer.body)
        self.assertIn("3,200", composer.body)
        composer._action_send_mail()
        message = balance.sudo().message_ids[:1]
        self.assertEqual(message.partner_ids, self.partner)
        self.assertNotIn(self.partner, balance.sudo().message_partner_ids)
        with self.assertRaises(AccessError):
            self._balance(self.others[0]).with_user(
                self.salesman
            ).action_mail_suggestions()

    # Versions -------------------------------------------------------------------------

    def test_version_says_what_it_grants(self):
        version = self.programme.version_ids.with_user(self.salesman)
        self.assertEqual(
            version.summary.split("\n")[0],
            "From 0: 1 %, from 1,000: 2 %, from 5,000: 5 % of the whole untaxed amount "
            "invoiced for its orders.",
        )
        draft = self._prepare_programme(
            ((0, 1), (500000, 2.5)),
            version={
                "tier_mode": "marginal",
                "payment_rule": "pro_rata",
                "gate_target": 80,
                "target": 1000,
                "speed_ids": [Command.create({"days": 30, "percent": 100})],
            },
            period_type="quarter",
        ).version_ids
        self.assertEqual(
            draft.summary.split("\n"),
            [
                "From 0: 1 %, from 500,000: 2.5 %; each part of the untaxed invoiced "
                "amount at its own rate.",
                "Counted anew each quarter.",
                "Returns lower the period they were invoiced in.",
                "No rebate below 80 % of the target.",
                "Released in proportion to what has been paid.",
                "Payments count by days since the invoice date: within 30 days with "
                "100 %, later ones not at all.",
            ],
        )
        self.assertTrue(draft.is_open)
        self.assertFalse(version.is_open)

    def test_simulation_counts_last_year_and_stores_nothing(self):
        programme = self._prepare_programme(
            TIERS,
            self.partner | self.others[0],
            period_type="quarter",
        )
        self._invoice(3000, "2025-02-10")
        self._invoice(2000, "2025-03-31")
        self._invoice(800, "2025-04-01")
        self._invoice(9000, "2026-02-10")
        self._invoice(1500, "2025-07-01", partner=self.others[0])
        ledger = self.env["rebate.ledger"].sudo()
        before = ledger.search_count([])
        version = programme.version_ids.with_user(self.rebate_admin)
        action = version.action_simulate()
        simulation = (
            self.env["rebate.simulation"]
            .with_user(self.rebate_admin)
            .browse(action["res_id"])
        )
        lines = {
            (line.partner_id, line.date_from): (
                line.base_amount,
                line.rate,
                line.rebate_amount,
            )
            for line in simulation.line_ids
        }
        self.assertEqual(len(lines), 8)
        day = fields.Date.to_date
        self.assertEqual(lines[self.partner, day("2025-01-01")], (5000, 5, 250))
        self.assertEqual(lines[self.partner, day("2025-04-01")], (800, 1, 8))
        self.assertEqual(lines[self.others[0], day("2025-07-01")], (1500, 2, 30))
        self.assertEqual(lines[self.partner, day("2025-10-01")], (0, 1, 0))
        self.assertRecordValues(
            simulation,
            [
                {
                    "rebate_amount": 288,
                    "base_amount": 7300,
                    "line_count": 2,
                    "winner_count": 2,
                }
            ],
        )
        self.assertAlmostEqual(simulation.cost_share, 100 * 288 / 7300)
        self.assertEqual(ledger.search_count([]), before)
        self.assertFalse(programme.period_ids)
        with self.assertRaises(AccessError):
            version.with_user(self.officer).action_simulate()

    def test_participants_are_added_by_region_with_a_target(self):
        programme = self._prepare_programme(partners=self.partner)
        wizard = Form(
            self.env["rebate.participant.add"]
            .with_user(self.rebate_admin)
            .with_context(default_programme_id=programme.id)
        )
        self.assertFalse(wizard.partner_ids[:])
        wizard.is_channel_only = False
        wizard.sale_region_ids.add(self.region)
        self.assertEqual(wizard.partner_ids[:], self.others)
        wizard.partner_ids.remove(id=self.others[3].id)
        wizard.target = 5000
        wizard.save().action_add()
        self.assertEqual(
            programme.participant_ids.partner_id, self.partner | self.others[:3]
        )
        targets = programme.version_ids.target_ids
        self.assertEqual(
            {t.participant_id.partner_id: t.target for t in targets},
            dict.fromkeys(self.others[:3], 5000),
        )
        # a version in force takes no targets
        wizard = (
            self.env["rebate.participant.add"]
            .with_user(self.rebate_admin)
            .create(
                {
                    "programme_id": self.programme.id,
                    "partner_ids": self.others.ids,
                    "target": 1,
                }
            )
        )
        with self.assertRaises(UserError):
            wizard.action_add()
        with self.assertRaises(AccessError):
            wizard.with_user(self.officer).action_add()

    def test_cost_against_effect(self):
        programme = self._create_programme(((0, 5),), self.partner)
        self._invoice(1000, "2025-06-01")
        self._invoice(1500, "2026-06-01")
        self._drain()
        row = (
            self.env["rebate.effect.report"]
            .with_user(self.officer)
            .search([("programme_id", "=", programme.id)])
        )
        self.assertRecordValues(
            row,
            [
                {
                    "invoiced_amount": 1500,
                    "earned_amount": 75,
                    "cost_share": 5,
                    "turnover": 1500,
                    "turnover_before": 1000,
                    "growth": 50,
                }
            ],
        )
