from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Command, Date
from odoo.tests import tagged

from .common_assessment import START, ChannelAssessmentCommon


@tagged("post_install", "-at_install")
class TestContribution(ChannelAssessmentCommon):
    """Orders, sales and margin of channel partners, with numbers (SPEC L5)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        dealer = (
            cls.env["res.partner"]
            .sudo()
            .create({"name": "Dealer", "user_id": cls.other_salesman.id})
        )
        cls.dealer = cls._create_channel(dealer)
        cls.nobody = cls.env["res.partner"].sudo().create({"name": "Passer-By"})
        cls.report = cls.env["channel.contribution.report"]
        cls.ranking = cls.env["channel.contribution.ranking"]

    def _sums(self, channel=None, groupby=()):
        self.env.flush_all()
        rows = self.report._read_group(
            [("channel_partner_id", "=", (channel or self.channel).id)],
            [*groupby],
            [
                "order_number:count_distinct",
                "ordered_amount:sum",
                "invoiced_amount:sum",
                "margin_amount:sum",
            ],
        )
        return rows

    def test_orders_sales_and_margin(self):
        category = self.env["product.category"].sudo().create({"name": "Chairs"})
        chair = (
            self.env["product.product"]
            .sudo()
            .create(
                {
                    "name": "Chair",
                    "type": "consu",
                    "categ_id": category.id,
                    "standard_price": 20,
                    "taxes_id": [Command.clear()],
                }
            )
        )
        order = self._sell(500, 0, START)
        order.order_line = [
            Command.create(
                {"product_id": chair.id, "product_uom_qty": 2, "price_unit": 50}
            )
        ]
        order.date_order = "2025-07-10 10:00:00"
        self._order_of(900, product=self.goods)  # a quotation
        self._invoice(400, START)  # 4 at a cost of 60 each
        self._invoice(100, START, kind="out_refund")
        self._invoice(700, START, partner=self.nobody)
        # 3 sold at 100 with a cost of 60: margin 120; one order in two categories
        self.assertEqual(self._sums(), [(1, 600, 300, 120)])
        by_category = {row[0]: row[1:] for row in self._sums(groupby=["categ_id"])}
        self.assertEqual(by_category[category], (1, 100, 0, 0))
        self.assertEqual(by_category[self.goods.categ_id], (1, 500, 300, 120))

    def test_units_and_child_contacts(self):
        child = (
            self.env["res.partner"]
            .sudo()
            .create({"name": "Branch Office", "parent_id": self.partner.id})
        )
        self._invoice(
            0,
            START,
            partner=child,
            invoice_line_ids=[
                Command.create(
                    {
                        "product_id": self.goods.id,
                        "quantity": 1,
                        "product_uom_id": self.env.ref("uom.product_uom_dozen").id,
                        "price_unit": 1000,
                        "tax_ids": [Command.clear()],
                    }
                )
            ],
        )
        self.assertEqual(self._sums()[0][2:], (1000, 280))  # 1000 - 12 x 60

    def test_row_opens_its_document(self):
        invoice = self._invoice(400, START)
        self.env.flush_all()
        row = self.report.search([("channel_partner_id", "=", self.channel.id)])
        action = row.action_open_document()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("account.move", invoice.id)
        )

    def test_ranks_and_shares(self):
        self._invoice(300, Date.to_date("2025-08-01"))
        self._invoice(100, Date.to_date("2025-08-01"), partner=self.dealer.partner_id)
        self._invoice(600, Date.to_date("2025-03-01"), partner=self.dealer.partner_id)
        self._invoice(200, Date.to_date("2024-08-01"))
        self._invoice(50, Date.to_date("2024-12-01"))
        self.env.flush_all()
        with freeze_time("2025-09-15 10:00:00"):
            ranking = self.ranking.with_context(contribution_period="this_quarter")
            mine = [("company_id", "=", self.company.id)]
            self.assertRecordValues(
                ranking.search(mine),
                [
                    {
                        "rank": 1,
                        "channel_partner_id": self.channel.id,
                        "invoiced_amount": 300,
                        "share": 75,
                        "before_amount": 200,
                        "margin_amount": 120,
                        "margin_percent": 40,
                    },
                    {
                        "rank": 2,
                        "channel_partner_id": self.dealer.id,
                        "invoiced_amount": 100,
                        "share": 25,
                        "before_amount": 0,
                        "margin_amount": 40,
                        "margin_percent": 40,
                    },
                ],
            )
            self.env.invalidate_all()
            year = self.ranking.search(mine)
            self.assertEqual(
                [(row.rank, row.partner_id, row.share) for row in year],
                [(1, self.dealer.partner_id, 70), (2, self.partner, 30)],
            )
            self.env.invalidate_all()
            past = self.ranking.with_context(contribution_period="last_year")
            self.assertEqual(past.search(mine).mapped("invoiced_amount"), [250])
            self.env.invalidate_all()
            odd = self.ranking.with_context(contribution_period="'; DROP")
            self.assertEqual(len(odd.search(mine)), 2)

    def test_salespeople_see_their_own_partners(self):
        self._invoice(300, START)
        self._invoice(100, START, partner=self.dealer.partner_id)
        self.env.flush_all()
        domain = [("company_id", "=", self.company.id)]
        third = self._create_user("third", "sales_team.group_sale_salesman")
        portal = self._create_user("portal user", "base.group_portal")
        for model in (
            self.report,
            self.ranking.with_context(contribution_period="this_year"),
        ):
            with freeze_time("2025-09-15 10:00:00"):
                self.env.invalidate_all()
                own = model.with_user(self.salesman).search(domain)
                self.assertEqual(own.partner_id, self.partner)
                self.assertFalse(model.with_user(third).search(domain))
                everything = model.with_user(self.officer).search(domain)
                self.assertEqual(
                    everything.partner_id, self.partner | self.dealer.partner_id
                )
                with self.assertRaises(AccessError):
                    model.with_user(portal).search(domain)

    def test_other_companies(self):
        self._invoice(300, START)
        self.env.flush_all()
        company = self.env["res.company"].sudo().create({"name": "Subsidiary"})
        stranger = self._create_user("stranger", "channel_rebate.group_manager")
        stranger.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        for model in (self.report, self.ranking):
            self.assertFalse(model.with_user(stranger).search([]))
