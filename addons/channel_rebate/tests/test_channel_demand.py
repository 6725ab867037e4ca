from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .channel_portal_common import ChannelPortalCommon


@tagged("post_install", "-at_install")
class TestChannelDemand(ChannelPortalCommon):
    """A demand is sent in, decided on once, and becomes one draft order (SPEC L2)."""

    def test_accepted_becomes_a_draft_order(self):
        wanted = self.today + timedelta(days=20)
        demand = self._create_demand(
            {"product_id": self.product.id, "quantity": 5.0, "remark": "In blue"},
            {"name": "A shelf of oak", "quantity": 2.0, "unit": "pcs"},
            partner_reference="PO 7",
            date_wanted=wanted,
            end_customer_place="Hangzhou",
        )
        demand.action_submit()
        self.assertEqual(demand.state, "submitted")
        demand.action_accept()
        order = demand.order_id
        self.assertRecordValues(
            order,
            [
                {
                    "state": "draft",
                    "partner_id": self.partner.id,
                    "user_id": self.salesman.id,
                    "pricelist_id": self.pricelist.id,
                    "source_id": self.env.ref(
                        "channel_rebate.utm_source_channel_partner"
                    ).id,
                    "client_order_ref": "PO 7",
                    "origin": demand.name,
                    "channel_partner_id": self.channel.id,
                    "channel_end_customer": "Hotel Lake",
                    "channel_end_place": "Hangzhou",
                    "channel_demand_id": demand.id,
                    "amount_untaxed": 400.0,  # 5 at 80, by the pricelist
                }
            ],
        )
        self.assertEqual(order.commitment_date.date(), wanted)
        self.assertEqual(
            order.order_line.mapped("display_type"), [False, "line_note", "line_note"]
        )
        self.assertEqual(
            order.order_line.filtered("display_type").mapped("name"),
            ["In blue", "A shelf of oak: 2 pcs"],
        )

    def test_region_goes_over(self):
        region = self.env["sales.region"].create({"name": "North", "code": "N"})
        self.partner.sudo().sale_region_id = region
        demand = self._create_demand()
        demand.action_submit()
        demand.action_accept()
        self.assertEqual(demand.order_id.sale_region_id, region)

    def test_officer_accepts_without_access_to_orders(self):
        demand = self._create_demand()
        demand.action_submit()
        demand.with_user(self.officer).action_accept()
        self.assertEqual(demand.order_id.user_id, self.salesman)

    def test_accepted_twice_is_one_order(self):
        demand = self._create_demand()
        demand.action_submit()
        demand.action_accept()
        order = demand.order_id
        action = demand.with_user(self.officer).action_accept()
        self.assertEqual(action["res_id"], order.id)
        self.assertEqual(
            self.env["sale.order"].search_count([("origin", "=", demand.name)]), 1
        )

    def test_caller_cannot_bring_prices(self):
        other = self.env["product.pricelist"].create({"name": "Cheaper"})
        demand = self._create_demand()
        demand.action_submit()
        demand.with_context(
            default_pricelist_id=other.id,
            default_price_unit=1.0,
            default_discount=50.0,
            default_state="sale",
        ).action_accept()
        self.assertEqual(demand.order_id.pricelist_id, self.pricelist)
        self.assertEqual(demand.order_id.state, "draft")
        self.assertEqual(demand.order_id.amount_untaxed, 400.0)

    def test_words_are_mapped_to_a_product_first(self):
        demand = self._create_demand({"name": "Your best chair", "quantity": 3.0})
        demand.action_submit()
        demand.write(
            {
                "line_ids": [
                    Command.update(demand.line_ids.id, {"product_id": self.product.id})
                ]
            }
        )
        demand.action_accept()
        self.assertEqual(demand.line_ids.name, "Your best chair")
        self.assertEqual(demand.order_id.order_line.product_id, self.product)
        self.assertEqual(demand.order_id.amount_untaxed, 240.0)

    def test_what_was_sent_in_stays(self):
        demand = self._create_demand()
        demand.action_submit()
        line = demand.line_ids
        for change in (
            lambda: demand.write({"end_customer_name": "Somebody else"}),
            lambda: demand.write({"remark": "More"}),
            lambda: line.write({"quantity": 500.0}),
            lambda: line.unlink(),
            lambda: line.create(
                {"demand_id": demand.id, "name": "More", "quantity": 1.0}
            ),
            lambda: demand.sudo().write({"date_wanted": self.today}),
        ):
            with self.assertRaises(UserError):
                change()
        demand.action_accept()
        with self.assertRaises(UserError):
            line.product_id = False

    def test_state_is_the_systems(self):
        demand = self._create_demand(
            state="accepted", return_reason="x", order_id=self._create_order().id
        )
        self.assertRecordValues(
            demand, [{"state": "draft", "return_reason": False, "order_id": False}]
        )
        for values in (
            {"state": "accepted"},
            {"order_id": self._create_order().id},
            {"submitted_by_id": self.salesman.id},
        ):
            with self.assertRaises(AccessError):
                demand.write(values)
            with self.assertRaises(AccessError):
                demand.sudo().write(values)

    def test_default_of_a_user_makes_no_accepted_demand(self):
        self.env["ir.default"].set("channel.demand", "state", "submitted")
        self.assertEqual(self._create_demand().state, "draft")

    def test_returned_with_a_reason_and_sent_again(self):
        demand = self._create_demand()
        demand.action_submit()
        with self.assertRaises(UserError):
            demand._return("  ")
        wizard = self.env["channel.demand.return"].with_user(self.salesman)
        wizard.create(
            {"demand_id": demand.id, "reason": "Which colour?"}
        ).action_return()
        self.assertRecordValues(
            demand, [{"state": "returned", "return_reason": "Which colour?"}]
        )
        with self.assertRaises(UserError):
            demand.action_accept()
        demand.remark = "Blue"
        demand.action_submit()
        demand.action_accept()
        self.assertTrue(demand.order_id)

    def test_withdrawn_is_over(self):
        demand = self._create_demand()
        demand.action_submit()
        demand.action_withdraw()
        with self.assertRaises(UserError):
            demand.action_accept()
        with self.assertRaises(UserError):
            demand.action_submit()
        accepted = self._create_demand()
        accepted.action_submit()
        accepted.action_accept()
        with self.assertRaises(UserError):
            accepted.action_withdraw()

    def test_sent_in_is_kept(self):
        draft = self._create_demand()
        draft.unlink()
        demand = self._create_demand()
        demand.action_submit()
        with self.assertRaises(UserError):
            demand.unlink()
        demand.action_accept()
        with self.assertRaises(UserError):
            demand.order_id.sudo().unlink()

    def test_incomplete_is_not_sent_in(self):
        for values in ({"end_customer_name": " "}, {"line_ids": []}):
            with self.assertRaises(UserError):
                self._create_demand(**values).action_submit()

    def test_only_active_partners_place(self):
        demand = self._create_demand()
        for values in ({"state": "terminated"}, {"active": False}, {"state": "draft"}):
            self.channel._write_assessed({"state": "active", "active": True, **values})
            with self.assertRaises(UserError):
                demand.action_submit()
        self.channel._write_assessed({"state": "rectification", "active": True})
        demand.action_submit()
        self.assertEqual(demand.state, "submitted")

    def test_only_with_an_agreement_when_the_company_says_so(self):
        self.channel.agreement_ids.date_to = self.today - timedelta(days=1)
        self._create_demand().action_submit()
        self.company.channel_demand_agreement = True
        with self.assertRaises(UserError):
            self._create_demand().action_submit()

    def test_no_quantities_that_are_none(self):
        line = self._create_demand().line_ids
        for quantity in (0.0, -1.0, 1e12, float("nan"), float("inf")):
            with self.assertRaises(ValidationError):
                line.write({"quantity": quantity})
            with self.assertRaises(ValidationError):
                line.create(
                    {
                        "demand_id": line.demand_id.id,
                        "name": "x",
                        "quantity": quantity,
                    }
                )

    def test_unsold_product_is_refused(self):
        with self.assertRaises(ValidationError):
            self._create_demand({"product_id": self.unsold.id, "quantity": 1.0})
        demand = self._create_demand()
        demand.action_submit()
        self.product.sudo().sale_ok = False
        with self.assertRaises(UserError):
            demand.action_accept()

    def test_orders_at_once_only_where_it_is_set(self):
        order = self._create_demand(kind="order")
        order.action_submit()
        self.assertFalse(order.order_id)
        self.company.channel_demand_direct = True
        order = self._create_demand(kind="order")
        order.action_submit()
        self.assertEqual(order.state, "accepted")
        self.assertEqual(order.order_id.state, "draft")
        for demand in (
            self._create_demand(kind="demand"),
            self._create_demand({"name": "In words"}, kind="order"),
        ):
            demand.action_submit()
            self.assertEqual(demand.state, "submitted")
        self.channel.demand_direct = "no"
        order = self._create_demand(kind="order")
        order.action_submit()
        self.assertFalse(order.order_id)

    def test_draft_of_a_demand_passes_the_gate(self):
        self.company.document_approval_mode = "enforce"
        demand = self._create_demand()
        demand.action_submit()
        demand.action_accept()
        with self.assertRaises(UserError):
            demand.order_id.action_confirm()
        self.assertEqual(demand.order_id.state, "draft")

    def test_who_sees_demands(self):
        demand = self._create_demand()
        demand.action_submit()
        colleague = self._create_user("colleague", "sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            demand.with_user(colleague).read(["name"])
        with self.assertRaises(AccessError):
            demand.with_user(colleague).action_accept()
        for user in (self.dealer, self.stranger, self._create_user("employee")):
            for call in (
                lambda user=user: demand.with_user(user).read(["name"]),
                lambda user=user: demand.with_user(user).action_accept(),
                lambda user=user: demand.with_user(user).action_submit(),
                lambda user=user: demand.with_user(user).action_withdraw(),
                lambda user=user: self._create_demand(user=user),
                lambda user=user: demand.line_ids.with_user(user).read(["name"]),
            ):
                with self.assertRaises(AccessError):
                    call()

    def test_salesperson_gets_one_activity_of_what_a_partner_sends(self):
        demand = self._create_demand()
        demand.with_user(self.dealer).sudo()._submit()
        self.assertEqual(demand.activity_ids.user_id, self.salesman)
        self.assertNotIn(self.dealer.partner_id, demand.message_partner_ids)
        demand.action_accept()
        self.assertFalse(demand.activity_ids)
        told = demand.message_ids.filtered("partner_ids")
        self.assertEqual(told.partner_ids, self.dealer.partner_id)
        self.assertNotIn(self.dealer.partner_id, demand.message_partner_ids)

    def test_order_made_at_once_has_no_partner_following(self):
        self.channel.demand_direct = "yes"
        demand = self._create_demand(kind="order")
        demand.with_user(self.dealer).sudo()._submit()
        self.assertEqual(demand.order_id.user_id, self.salesman)
        self.assertNotIn(
            self.dealer.partner_id, demand.order_id.sudo().message_partner_ids
        )

    def test_products_of_the_price_system_only(self):
        desk = self.env["product.product"].create({"name": "Desk", "sale_ok": True})
        find = self.channel._channel_find_products
        self.assertEqual(find("Desk"), desk)
        self.channel.demand_products = "pricelist"
        self.assertFalse(find("Desk"))
        self.assertEqual(find("CH-1"), self.product)
        self.assertFalse(find("CH-9"))

    def test_demand_of_a_branch(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        foreign = self.env["res.company"].create({"name": "Foreign"})
        self.salesman.sudo().company_ids += branch
        demand = self._create_demand(company_id=branch.id)
        demand.action_submit()
        demand.with_context(
            allowed_company_ids=(self.company | branch).ids
        ).action_accept()
        self.assertEqual(demand.sudo().order_id.company_id, branch)
        with self.assertRaises(UserError):
            self._create_demand(company_id=foreign.id, user=self.env.user)
