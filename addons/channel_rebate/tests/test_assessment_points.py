from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command, Date
from odoo.tests import TransactionCase, tagged

from odoo.addons.channel_rebate import assessment_figures as figures

from .common_assessment import ChannelAssessmentCommon


@tagged("post_install", "-at_install")
class TestAssessmentFigures(TransactionCase):
    """Worked examples of the arithmetic: half up, once, at two digits (SPEC L4)."""

    def test_half_up(self):
        self.assertEqual(figures.half_up(figures.exact(66.665)), 66.67)
        self.assertEqual(figures.half_up(figures.exact(66.664)), 66.66)
        self.assertEqual(figures.half_up(figures.exact(-1.005)), -1.01)
        self.assertEqual(figures.half_up(figures.exact(2.675)), 2.68)

    def test_weighted(self):
        # (33.33 x 50 + 66.67 x 100) / 100 = 83.335: half up
        self.assertEqual(figures.weighted([(33.33, 50), (66.67, 100)]), 83.34)
        # 30 + 40 of 70 counted: (30 x 100 + 40 x 65) / 70 = 80
        self.assertEqual(figures.weighted([(30, 100), (40, 65)]), 80.0)
        self.assertIsNone(figures.weighted([]))

    def test_line_between_two_values(self):
        for value, points in (
            (-50, 0.0),
            (-20, 0.0),
            (-19.99, 0.03),  # 0.01 x 100 / 40 = 0.025, half up
            (0, 50.0),
            (10, 75.0),
            (20, 100.0),
            (1000, 100.0),
        ):
            self.assertEqual(figures.interpolate(value, -20, 0, 20, 100), points)
        # a falling line: 0 to 10 days late, 100 to 0 points
        self.assertEqual(figures.interpolate(2.5, 0, 100, 10, 0), 75.0)

    def test_periods(self):
        for text, start, end in (
            ("2026-01-01", "2025-10-01", "2025-12-31"),
            ("2026-03-31", "2025-10-01", "2025-12-31"),
            ("2026-04-01", "2026-01-01", "2026-03-31"),
            ("2026-12-31", "2026-07-01", "2026-09-30"),
        ):
            found = figures.period_before(Date.to_date(text), "quarter")
            self.assertEqual([str(each) for each in found], [start, end])
        found = figures.period_before(Date.to_date("2026-01-01"), "year")
        self.assertEqual([str(each) for each in found], ["2025-01-01", "2025-12-31"])


@tagged("post_install", "-at_install")
class TestScorecard(ChannelAssessmentCommon):
    """Points of a criterion, and scorecards that stay as they are once in use."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cards = cls.env["channel.scorecard"].with_user(cls.channel_manager)
        cls.card = cls.cards.create(
            {
                "name": "Retailers",
                "company_id": cls.company.id,
                "criterion_ids": [
                    Command.create(
                        {
                            "name": "Orders",
                            "indicator": "order_completion",
                            "weight": 80,
                            "band_ids": [
                                Command.create({"value_from": 85, "points": 80}),
                                Command.create({"value_from": 95, "points": 100}),
                                Command.create({"value_from": 50, "points": 30}),
                            ],
                        }
                    ),
                    Command.create(
                        {
                            "name": "Complaints",
                            "indicator": "complaints",
                            "weight": 20,
                            "method": "deduction",
                            "deduction_each": 5,
                            "deduction_most": 20,
                        }
                    ),
                ],
                "result_ids": [
                    Command.create({"score_from": 0, "result": "termination"}),
                    Command.create({"score_from": 70, "result": "keep"}),
                    Command.create({"score_from": 90, "result": "reward"}),
                ],
            }
        )
        cls.orders, cls.complaints = cls.card.criterion_ids

    def test_bands_hold_from_their_bound(self):
        for value, points in (
            (100, 100),
            (95, 100),
            (94.99, 80),
            (85, 80),
            (84.99, 30),
            (50, 30),
            (49.99, 0),
            (0, 0),
        ):
            self.assertEqual(self.orders._get_points(value), points, value)

    def test_deductions_are_capped(self):
        # 5 of the score each: 25 of the 100 points of a criterion of weight 20
        for count, points in ((0, 100), (1, 75), (3, 25), (4, 0), (7, 0)):
            self.assertEqual(self.complaints._get_points(count), points, count)
        self.complaints.write({"deduction_most": 15})
        self.assertEqual(self.complaints._get_points(7), 25)  # 20 - 15 = 5 of 20
        with self.assertRaises(ValidationError):
            self.complaints.write({"deduction_most": 20.01})  # more than its weight

    def test_without_data(self):
        self.assertIsNone(self.orders._get_points(None))
        self.orders.write({"no_data": "points", "points_missing": 60})
        self.assertEqual(self.orders._get_points(None), 60)

    def test_results_hold_from_their_score(self):
        for score, result in (
            (100, "reward"),
            (90, "reward"),
            (89.99, "keep"),
            (70, "keep"),
            (69.99, "termination"),
            (0, "termination"),
        ):
            self.assertEqual(self.card._get_rule(score).result, result, score)

    def test_refused_set_up(self):
        for values in (
            {"weight": 0},
            {"points_missing": 101},
            {"method": "direct"},  # a figure of the books
            {"method": "linear", "value_low": 5, "value_high": 5},
        ):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                self.orders.write(values)
        with self.assertRaises(ValidationError):
            self.orders.band_ids[0].write({"points": 100.01})

    def test_use_needs_weights_and_results(self):
        self.orders.weight = 79.99
        with self.assertRaisesRegex(ValidationError, "99.99"):
            self.card.action_activate()
        self.orders.weight = 80
        self.card.result_ids.filtered(lambda rule: not rule.score_from).unlink()
        with self.assertRaisesRegex(ValidationError, "score of 0"):
            self.card.action_activate()

    def test_in_use_it_is_frozen_and_goes_on_as_a_version(self):
        self.card.action_activate()
        band = self.orders.band_ids[0]
        for action in (
            lambda: self.card.write({"name": "Others"}),
            lambda: self.orders.write({"weight": 70}),
            lambda: band.write({"points": 1}),
            lambda: band.unlink(),
            lambda: self.card.unlink(),
            lambda: self.card.write(
                {"criterion_ids": [Command.create({"name": "X", "weight": 1})]}
            ),
            lambda: self.env["channel.scorecard.band"].create(
                {"criterion_id": self.orders.id, "value_from": 1}
            ),
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                action()
        draft = self.cards.browse(self.card.action_new_version()["res_id"])
        self.assertEqual((draft.state, draft.version), ("draft", 2))
        self.assertEqual(draft.criterion_ids.mapped("weight"), [80, 20])
        self.assertEqual(len(draft.criterion_ids[0].band_ids), 3)
        draft.action_activate()
        self.assertEqual(self.card.state, "archived")

    def test_state_is_no_field_to_write(self):
        with self.assertRaises(AccessError):
            self.card.write({"state": "active"})
        with self.assertRaises(AccessError):
            self.cards.create({"name": "X", "state": "active"})
        self.env["ir.default"].sudo().set("channel.scorecard", "state", "active")
        card = self.cards.create({"name": "X", "company_id": self.company.id})
        self.assertEqual(card.state, "draft")

    def test_only_administrators_change_scorecards(self):
        for user in (self.officer, self.salesman):
            with self.assertRaises(AccessError):
                self.card.with_user(user).write({"name": "Mine"})
            with self.assertRaises(AccessError):
                self.card.with_user(user).action_activate()

    def test_one_to_start_from_in_each_company(self):
        company = self.env["res.company"].sudo().create({"name": "Subsidiary"})
        card = self.env["channel.scorecard"].search([("company_id", "=", company.id)])
        self.assertEqual(card.state, "draft")
        self.assertEqual(card.weight_total, 100)
        card.action_activate()  # complete as it is
        company._channel_prepare()
        self.assertEqual(
            self.env["channel.scorecard"].search_count(
                [("company_id", "=", company.id)]
            ),
            1,
        )
        with self.assertRaises(AccessError):  # another company's
            card.with_user(self.channel_manager).read(["name"])
