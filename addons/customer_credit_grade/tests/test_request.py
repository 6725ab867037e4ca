from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Date
from odoo.tests import tagged

from odoo.addons.customer_credit_grade import hooks

from .common import CreditCommon


@tagged("post_install", "-at_install")
class TestRequest(CreditCommon):
    """Limits and grades change by approved requests only (SPEC D2, D3)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner.user_id = cls.salesman
        cls.director_2 = cls._create_user("second director")
        cls.departments["management"].member_ids += cls.director_2
        cls.grade_b = cls.env.ref("customer_credit_grade.customer_credit_grade_b")
        cls.grade_d = cls.env.ref("customer_credit_grade.customer_credit_grade_d")

    def _request(self, kind, user=None, **values):
        return (
            self.env["customer.credit.request"]
            .with_user(user or self.salesman)
            .create(
                {
                    "account_id": self.credit_account.id,
                    "company_id": self.company.id,
                    "kind": kind,
                    "reason": "Larger orders are coming",
                    **values,
                }
            )
        )

    def _decide(self, request):
        request.action_submit_for_approval()
        self._approve(request)

    def test_nothing_before_the_last_has_agreed(self):
        request = self._request("standing", amount=8000.0)
        request.action_submit_for_approval()
        seats = request.sudo().approval_round_id.seat_ids.sorted("level_sequence")
        self.assertEqual(seats.department_id.mapped("code"), ["finance", "management"])
        first = seats.filtered(lambda seat: seat.state == "open")
        first.with_user(self.financier).action_approve()
        self.assertEqual(self.credit_account.limit, 5000.0)
        second = seats.filtered(lambda seat: seat.state == "open")
        second.with_user(self.director_2).action_approve()
        self.credit_account.invalidate_recordset()
        self.assertEqual(request.state, "applied")
        self.assertEqual(self.credit_account.limit, 8000.0)
        standing = self.credit_account.entitlement_ids.filtered(
            lambda part: part.kind == "standing" and not part.date_ended
        )
        self.assertRecordValues(
            standing, [{"amount": 8000.0, "request_id": request.id}]
        )

    def test_approval_is_needed_whatever_the_switch_of_approvals(self):
        self.assertEqual(self.company.document_approval_mode, "off")
        request = self._request("standing", amount=8000.0)
        for user in (self.salesman, self.financier, self.director, self.env.user):
            with self.assertRaises(AccessError):
                request.with_user(user).write({"state": "applied"})
        with self.assertRaises(AccessError):
            request.sudo().write({"state": "applied"})
        with self.assertRaises(AccessError):
            self._request("standing", amount=1.0, state="applied")
        with self.assertRaises(UserError):
            request.with_user(self.director).action_apply()
        self.assertEqual(self.credit_account.limit, 5000.0)

    def test_what_is_in_force_cannot_be_cancelled(self):
        request = self._request("standing", amount=8000.0)
        self._decide(request)
        for values in ({"state": "cancel"}, {"state": "draft"}, {"old_value": "x"}):
            with self.assertRaises(UserError):
                request.with_user(self.financier).write(values)
        with self.assertRaises(UserError):
            request.action_cancel()

    def test_who_throws_the_switch_need_not_manage_flows(self):
        owner = self._create_user("owner", "base.group_system")
        companies = self.env["res.company"].with_user(owner)
        company = companies.create(
            {"name": "From its first day", "credit_mode": "observe"}
        )
        later = companies.create({"name": "Later"})
        flows = self.env["document.approval.flow"].sudo()
        flows = flows.with_context(active_test=False)
        self.assertEqual(flows.search_count([("company_id", "=", company.id)]), 1)
        self.assertFalse(flows.search([("company_id", "=", later.id)]))
        owner.company_ids += company | later
        later.credit_mode = "enforce"
        self.assertEqual(flows.search_count([("company_id", "=", later.id)]), 1)

    def test_without_a_flow_nothing_is_approved(self):
        self.env["document.approval.flow"].sudo().search(
            [("model", "=", "customer.credit.request")]
        ).active = False
        request = self._request("standing", amount=8000.0)
        with self.assertRaisesRegex(UserError, "Nobody approves credit requests"):
            request.action_submit_for_approval()

    def test_four_eyes(self):
        self.departments["finance"].member_ids += self.salesman
        request = self._request("standing", self.financier, amount=8000.0)
        request.action_submit_for_approval()
        seat = request.sudo().approval_round_id.seat_ids.filtered(
            lambda seat: seat.state == "open"
        )
        # neither who asked nor the customer's salesperson
        self.assertFalse((self.financier | self.salesman) & seat.candidate_ids)

    def test_a_change_ends_the_approval(self):
        request = self._request("standing", amount=8000.0)
        request.action_submit_for_approval()
        request.amount = 80000.0
        self.assertEqual(request.approval_state, "superseded")
        self.assertEqual(self.credit_account.limit, 5000.0)

    def test_grade_gives_limit_terms_and_review(self):
        term = self.env["account.payment.term"].create({"name": "60 days"})
        self.grade_b.sudo().write(
            {"payment_term_id": term.id, "limit_method": "fixed", "limit_amount": 9000}
        )
        request = self._request("grade", grade_id=self.grade_b.id)
        self.assertEqual((request.mode, request.amount), ("limited", 9000.0))
        self._decide(request)
        self.credit_account.invalidate_recordset()
        self.assertEqual(self.credit_account.grade_id, self.grade_b)
        self.assertEqual(self.credit_account.limit, 9000.0)
        self.assertTrue(self.credit_account.next_review > Date.today())
        self.assertEqual(self.partner.property_payment_term_id, term)
        self._decide(self._request("grade", grade_id=self.grade_d.id))
        self.assertEqual(self.credit_account.mode, "prepay")

    def test_share_of_turnover_is_capped(self):
        invoice = (
            self.env["account.move"]
            .sudo()
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.partner.id,
                    "invoice_date": Date.today(),
                    "invoice_line_ids": [
                        (0, 0, {"name": "x", "price_unit": 40000, "tax_ids": [(5,)]})
                    ],
                }
            )
        )
        invoice.action_post()
        self.grade_b.sudo().write({"turnover_share": 15, "limit_amount": 500000})
        propose = self.credit_account._propose_limits
        self.assertEqual(propose(self.grade_b), {self.credit_account.id: 6000.0})
        self.grade_b.sudo().limit_amount = 5500
        self.assertEqual(propose(self.grade_b), {self.credit_account.id: 5500.0})

    def test_temporary_limit_on_its_days(self):
        self.company.partner_id.tz = "Asia/Shanghai"
        today = Date.today()
        self._decide(
            self._request(
                "temporary",
                amount=2000.0,
                date_from=today + timedelta(days=5),
                date_to=today + timedelta(days=6),
            )
        )

        def limit_at(moment):
            with freeze_time(moment):
                self.credit_account.invalidate_recordset()
                return self.credit_account.limit

        day = today + timedelta(days=4)
        self.assertEqual(limit_at(f"{day} 15:59:00"), 5000.0)
        self.assertEqual(limit_at(f"{day} 16:01:00"), 7000.0)  # midnight in Shanghai
        last = today + timedelta(days=6)
        self.assertEqual(limit_at(f"{last} 15:59:00"), 7000.0)
        self.assertEqual(limit_at(f"{last} 16:01:00"), 5000.0)

    def test_guarantee_counts_by_its_cover_until_it_is_ended(self):
        self._decide(self._request("guarantee", amount=1000.0, cover=80.0))
        self.credit_account.invalidate_recordset()
        self.assertEqual(self.credit_account.limit, 5800.0)
        part = self.credit_account.entitlement_ids.filtered(
            lambda part: part.kind == "guarantee"
        )
        self._decide(self._request("end", entitlement_id=part.id))
        self.credit_account.invalidate_recordset()
        self.assertEqual(self.credit_account.limit, 5000.0)
        self.assertTrue(part.date_ended)

    def test_group_and_its_limit(self):
        group = self.env["customer.credit.group"].create({"name": "Holding"})
        with self.assertRaises(AccessError):
            group.sudo().limit = 9e9
        self._decide(self._request("group", group_id=group.id))
        self.assertEqual(self.credit_account.group_id, group)
        request = self._request(
            "group_limit", account_id=False, group_id=group.id, amount=7000.0
        )
        self._decide(request)
        self.assertEqual(group.limit, 7000.0)

    def test_more_credit_wakes_what_is_held(self):
        holds = self.env["customer.credit.hold"]
        with patch.object(type(holds), "_wake") as wake:
            self._decide(self._request("standing", amount=8000.0))
        self.assertTrue(wake.called)

    def test_nonsense_is_refused_in_words(self):
        for values, text in (
            ({"kind": "temporary", "amount": 5.0}, "needs a last day"),
            ({"kind": "standing", "amount": -5.0}, "not negative"),
            ({"kind": "guarantee", "amount": 5.0, "cover": 150.0}, "between 0 and 100"),
            ({"kind": "grade"}, "Choose the new grade"),
            ({"kind": "standing", "account_id": False}, "Choose the customer"),
        ):
            with self.assertRaisesRegex(ValidationError, text):
                self._request(**values)

    def test_salesperson_proposes_for_own_customers_only(self):
        self.partner.user_id = self.other_salesman
        with self.assertRaises(AccessError):
            self._request("standing", amount=8000.0)

    def test_first_load_while_control_is_off(self):
        self.company.credit_mode = "off"
        request = self._request("standing", self.financier, amount=8000.0)
        with self.assertRaises(AccessError):
            request.action_apply()
        request.with_user(self.director).action_apply()
        self.credit_account.invalidate_recordset()
        self.assertEqual(self.credit_account.limit, 8000.0)

    def test_odoos_own_limit_follows_and_comes_back(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        partner = self.partner
        partner.with_company(self.company).sudo().credit_limit = 123.0
        self._decide(self._request("standing", amount=8000.0))
        for company in (self.company, branch):
            self.assertEqual(partner.with_company(company).credit_limit, 8000.0)
        self.env["customer.credit.native"].sudo().search([])._restore()
        self.assertEqual(partner.with_company(self.company).credit_limit, 123.0)
        self.assertEqual(partner.with_company(branch).credit_limit, 0.0)

    def test_history_is_exported(self):
        self._decide(self._request("standing", amount=8000.0))
        exported = hooks._export(self.credit_account)
        self.assertEqual(
            [part["amount"] for part in exported["limits"]], [5000.0, 8000.0]
        )
        self.assertEqual(exported["requests"][0]["state"], "applied")

    def test_accounts_of_customers_with_a_history(self):
        old = self.env["res.partner"].create({"name": "Old", "is_company": True})
        contact = self.env["res.partner"].create({"name": "C", "parent_id": old.id})
        self.company.credit_mode = "off"
        self._order_of(100, partner=contact).action_confirm()
        cron = self.env.ref("customer_credit_grade.ir_cron_prepare_accounts")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        account = self.credit_accounts.search([("partner_id", "=", old.id)])
        self.assertRecordValues(account, [{"mode": "prepay", "exposure": 100.0}])
