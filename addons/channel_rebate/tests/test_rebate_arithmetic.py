from odoo.tests import tagged

from .common_rebate import RebateCommon

TIERS = ((0, 0), (1000, 2), (5000, 5), (10000, 8))


@tagged("post_install", "-at_install")
class TestRebateArithmetic(RebateCommon):
    """Worked examples: tiers, gates, caps, payments, returns (DESIGN 5; SPEC M2-M5)."""

    def test_whole_amount_at_the_rate_reached(self):
        programme = self._create_programme(TIERS)
        for amount, earned, rate, distance, gain in (
            (999.99, 0, 0, 0.01, 20.0),
            (0.01, 20.0, 2, 4000, 230.0),
            (3999.99, 100.0, 2, 0.01, 150.0),
            (0.01, 250.0, 5, 5000, 550.0),
            (5000, 800.0, 8, 0, 0.0),
        ):
            self._invoice(amount)
            self._assert_balance(
                programme,
                earned_amount=earned,
                tier_rate=rate,
                next_tier_distance=distance,
                next_tier_gain=gain,
            )

    def test_each_part_at_its_own_rate(self):
        programme = self._create_programme(TIERS, version={"tier_mode": "marginal"})
        self._invoice(12000)
        # 4,000 x 2 % + 5,000 x 5 % + 2,000 x 8 %
        self._assert_balance(programme, earned_amount=490.0, tier_rate=8)

    def test_half_a_cent_is_rounded_away_from_zero(self):
        programme = self._create_programme(((0, 5),))
        self._invoice(0.5)
        self._assert_balance(programme, earned_amount=0.03)

    def test_returns_and_periods(self):
        values = {"period_type": "quarter"}
        programme = self._create_programme(TIERS, **values)
        own = self._create_programme(TIERS, version={"returns_to": "own"}, **values)
        invoice = self._invoice(6000, "2026-03-31")
        self._assert_balance(programme, date="2026-03-31", earned_amount=300.0)
        self._return(invoice, 1500, "2026-04-02")
        self._assert_balance(
            programme, date="2026-03-31", invoiced_amount=4500, earned_amount=90.0
        )
        self._assert_balance(programme, date="2026-04-02", invoiced_amount=0)
        self._assert_balance(own, date="2026-03-31", earned_amount=300.0)
        self._assert_balance(
            own, date="2026-04-02", invoiced_amount=-1500, earned_amount=0
        )

    def test_money_and_nothing_else_releases(self):
        programme = self._create_programme(version={"payment_rule": "pro_rata"})
        invoice = self._invoice(1000)
        self._assert_balance(programme, earned_amount=50, releasable_amount=0)
        self._pay(invoice, 300)
        self._assert_balance(programme, releasable_amount=15, paid_share=30)
        # a return is no payment; what is left has been paid to 300 of 600
        self._return(invoice, 400)
        self._assert_balance(
            programme, invoiced_amount=600, earned_amount=30, releasable_amount=15
        )
        # 590 of 600: ten were written off
        self._pay(invoice, 290, writeoff=10)
        self.assertEqual(invoice.payment_state, "paid")
        self._assert_balance(programme, releasable_amount=29.5)

    def test_all_or_nothing(self):
        programme = self._create_programme(version={"payment_rule": "all"})
        invoice = self._invoice(1000)
        self._pay(invoice, 999.99)
        self._assert_balance(programme, releasable_amount=0)
        self._pay(invoice, 0.01)
        self._assert_balance(programme, releasable_amount=50)

    def test_payment_undone_and_reset_to_draft(self):
        programme = self._create_programme(version={"payment_rule": "pro_rata"})
        invoice = self._invoice(1000)
        payment = self._pay(invoice, 1000)
        self._assert_balance(programme, releasable_amount=50)
        payment.action_draft()
        self._assert_balance(programme, releasable_amount=0, earned_amount=50)
        invoice.button_draft()
        self._assert_balance(programme, earned_amount=0, invoiced_amount=0)
        invoice.invoice_line_ids.price_unit = 400
        invoice.action_post()
        self._assert_balance(programme, earned_amount=20, invoiced_amount=400)
        invoice.button_draft()
        invoice.unlink()
        self._assert_balance(programme, earned_amount=0, invoiced_amount=0)

    def test_an_assessment_raises_the_rate_of_the_next_version(self):
        """What an assessment granted is proposed, and approved with the version."""
        self.env["channel.partner"].sudo().create(
            {"partner_id": self.partner.id}
        )._write_assessed({"rebate_extra_rate": 1.5})
        programme = self._create_programme(version={"target": 100.0})
        target = programme.version_ids.target_ids
        self.assertEqual(target.extra_rate, 1.5)
        self._invoice(1000)
        self._assert_balance(programme, earned_amount=65)
