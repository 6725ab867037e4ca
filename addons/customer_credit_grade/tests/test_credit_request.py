from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import CreditCommon


class CreditRequestCommon(CreditCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company._credit_create_default_flow()
        cls.officer = cls._create_user("officer", "customer_credit_grade.group_officer")
        cls.today = cls.credit_accounts._get_today(cls.company)

    @classmethod
    def _request(cls, kind, user=None, account=None, **values):
        return (
            cls.env["customer.credit.request"]
            .with_user(user or cls.salesman)
            .create(
                {
                    "account_id": (account or cls.credit_account).id,
                    "kind": kind,
                    "reason": "Growing business",
                    **values,
                }
            )
        )

    @classmethod
    def _agree(cls, request):
        cls._submit_and_approve(request)
        cls.credit_account.invalidate_recordset()
        return request


@tagged("post_install", "-at_install")
class TestCreditRequest(CreditRequestCommon):
    """Every kind of change, from proposal to effect (SPEC D3)."""

    def test_standing_limit_takes_effect_with_the_last_agreement_only(self):
        request = self._request("standing", amount=8000)
        self.assertEqual(self.credit_account.limit, 5000)
        request.action_submit_for_approval()
        seats = request.sudo().approval_round_id.seat_ids
        self.assertEqual(
            seats.sorted("level_sequence").mapped("department_id.code"),
            ["finance", "management"],
        )
        seat = seats.filtered(lambda s: s.state == "open")
        seat.with_user(self.financier).action_approve()
        self.credit_account.invalidate_recordset()
        self.assertEqual(self.credit_account.limit, 5000)
        seat = seats.filtered(lambda s: s.state == "open")
        seat.with_user(self.director).action_approve()
        self.credit_account.invalidate_recordset()
        self.assertEqual(self.credit_account.limit, 8000)
        self.assertEqual(request.state, "applied")
        self.assertIn("5,000", request.old_value)
        ended = self.credit_account.entitlement_ids.filtered("date_ended")
        self.assertIn(5000, ended.mapped("amount"))

    def test_temporary_limit_counts_on_both_ends_of_the_companys_days(self):
        self.company.partner_id.tz = "Asia/Shanghai"
        with freeze_time("2026-11-27 08:00:00"):
            self._agree(
                self._request(
                    "temporary",
                    amount=2000,
                    date_from="2026-11-28",
                    date_to="2026-11-30",
                )
            )
        for moment, limit in (
            ("2026-11-27 15:59:00", 5000),
            ("2026-11-27 16:01:00", 7000),
            ("2026-11-30 15:59:00", 7000),
            ("2026-11-30 16:01:00", 5000),
        ):
            with freeze_time(moment):
                self.credit_account.invalidate_recordset()
                self.assertEqual(self.credit_account.limit, limit, moment)
                self.credit_account._credit_refresh_native()
                self.assertEqual(
                    self.partner.with_company(self.company).sudo().credit_limit, limit
                )

    def test_guarantee_insurance_and_their_early_end(self):
        until = self.today + timedelta(days=30)
        self._agree(
            self._request(
                "guarantee", amount=1000, cover=50, date_to=until, reference="G1"
            )
        )
        self._agree(
            self._request(
                "insurance", amount=2000, cover=90, date_to=until, reference="P1"
            )
        )
        self.assertEqual(self.credit_account.limit, 5000 + 500 + 1800)
        guarantee = self.credit_account.entitlement_ids.filtered(
            lambda part: part.kind == "guarantee"
        )
        self._agree(self._request("end", entitlement_id=guarantee.id))
        self.assertEqual(self.credit_account.limit, 6800)

    def test_grade_brings_mode_limit_terms_and_review(self):
        term = self.env["account.payment.term"].sudo().create({"name": "Sixty"})
        grade = (
            self.env["customer.credit.grade"]
            .sudo()
            .create(
                {
                    "name": "Test",
                    "code": "test",
                    "limit_amount": 12000,
                    "payment_term_id": term.id,
                    "review_months": 6,
                }
            )
        )
        branch = (
            self.env["res.company"]
            .sudo()
            .create({"name": "Branch", "parent_id": self.company.id})
        )
        request = self._request("grade", new_grade_id=grade.id)
        self.assertRecordValues(
            request, [{"amount": 12000, "new_mode": "limited", "is_limit_set": True}]
        )
        self._agree(request)
        self.assertEqual(self.credit_account.grade_id, grade)
        self.assertEqual(self.credit_account.limit, 12000)
        self.assertGreater(
            self.credit_account.next_review, self.today + timedelta(days=175)
        )
        for company in (self.company, branch):
            partner = self.partner.sudo().with_company(company)
            self.assertEqual(partner.property_payment_term_id, term)
            self.assertEqual(partner.credit_limit, 12000)
            self.assertTrue(partner.use_partner_credit_limit)
        grade.limit_method = "none"
        self._agree(self._request("grade", new_grade_id=grade.id))
        self.assertEqual(self.credit_account.mode, "prepay")
        self.assertEqual(self.credit_account.limit, 0)
        self.assertFalse(
            self.partner.sudo().with_company(branch).use_partner_credit_limit
        )

    def test_mode_group_and_group_limit(self):
        self._agree(self._request("mode", new_mode="stopped"))
        self.assertEqual(self.credit_account.mode, "stopped")
        group = (
            self.env["customer.credit.group"]
            .with_user(self.officer)
            .create({"name": "Holding", "company_id": self.company.id})
        )
        self._agree(self._request("group", new_group_id=group.id))
        self.assertEqual(self.credit_account.group_id, group)
        request = (
            self.env["customer.credit.request"]
            .with_user(self.officer)
            .create(
                {
                    "kind": "group_limit",
                    "group_id": group.id,
                    "amount": 900,
                    "reason": "Parent company",
                }
            )
        )
        revision = group.sudo().revision
        self._agree(request)
        group.invalidate_recordset()
        self.assertEqual(group.limit, 900)
        self.assertGreater(group.sudo().revision, revision)
        for vals in ({"limit": 1e6}, {"revision": 0}, {"account_ids": []}):
            with self.assertRaises(AccessError):
                group.with_user(self.director).write(vals)
        with self.assertRaises(AccessError):
            group.sudo().create({"name": "Other", "limit": 5.0})

    def test_grade_formula(self):
        grade = self.env["customer.credit.grade"].sudo()
        grade = grade.create(
            {
                "name": "Share",
                "code": "share",
                "limit_method": "turnover",
                "turnover_share": 30.0,
                "turnover_months": 12,
            }
        )
        proposed = grade._get_proposed_limits(self.company, self.partner)
        self.assertEqual(proposed, {self.partner.id: 0.0})

    def test_nobody_else_puts_it_into_effect(self):
        request = self._request("standing", amount=9000)
        for user in (self.salesman, self.officer, self.director):
            own = request.with_user(user)
            for vals in (
                {"state": "applied"},
                {"approval_state": "approved"},
                {"requester_id": self.director.id},
                {"account_id": self.credit_account.id},
            ):
                with self.assertRaises(AccessError):
                    own.write(vals)
            with self.assertRaises(UserError):  # or its kind, AccessError
                own.action_apply_directly()
            with self.assertRaises(AccessError):
                self._request("standing", user=user, amount=9000, state="applied")
            with self.assertRaises(UserError):
                own._credit_request_apply()
        # a default in the context opens nothing
        made = (
            self.env["customer.credit.request"]
            .with_user(self.salesman)
            .with_context(default_state="applied", default_approval_state="approved")
            .create(
                {
                    "account_id": self.credit_account.id,
                    "kind": "standing",
                    "amount": 1,
                    "reason": "x",
                }
            )
        )
        self.assertRecordValues(made, [{"state": "draft", "approval_state": "none"}])
        self.assertEqual(made.copy().state, "draft")
        self.credit_account.invalidate_recordset()
        self.assertEqual(self.credit_account.limit, 5000)

    def test_salespeople_propose_for_their_own_customers_only(self):
        other = self.env["res.partner"].sudo().create({"name": "Other customer"})
        account = self._get_account(other)
        with self.assertRaises(AccessError):
            self._request("standing", account=account, amount=1)
        request = self._request("standing", user=self.officer, amount=1)
        stranger = new_test_user(
            self.env, "credit stranger", "sales_team.group_sale_salesman"
        )
        with self.assertRaises(AccessError):
            request.with_user(stranger).read(["amount"])

    def test_requester_and_salesperson_do_not_decide(self):
        self.partner.sudo().user_id = self.financier
        request = self._request("standing", user=self.officer, amount=8000)
        self.assertIn(self.financier, request._approval_excluded_users())
        self.assertIn(self.officer, request._approval_excluded_users())
        self.departments["management"].member_ids += self.planner
        request.action_submit_for_approval()
        seat = request.sudo().approval_round_id.seat_ids.filtered(
            lambda s: s.state == "open"
        )
        self.assertNotIn(self.financier, seat.candidate_ids)

    def test_a_change_ends_the_round(self):
        request = self._request("standing", amount=8000)
        request.action_submit_for_approval()
        request.amount = 80000
        self.assertEqual(request.approval_state, "superseded")
        self._agree(request)
        self.assertEqual(self.credit_account.limit, 80000)
        with self.assertRaises(UserError):
            request.amount = 1
        with self.assertRaises(UserError):
            request.action_cancel()

    def test_without_a_flow_nothing_passes(self):
        self.env["document.approval.flow"].sudo().search(
            [("model", "=", "customer.credit.request")]
        ).active = False
        request = self._request("standing", amount=8000)
        with self.assertRaisesRegex(UserError, "Set up the approval flow"):
            request.action_submit_for_approval()
        with self.assertRaises(UserError):
            request._credit_request_apply()

    def test_what_is_missing_is_said(self):
        with self.assertRaisesRegex(ValidationError, "Valid From"):
            self._request("temporary", amount=5)
        with self.assertRaises(ValidationError):
            self._request("standing", amount=-5)

    def test_other_company(self):
        company = self.env["res.company"].sudo().create({"name": "Other company"})
        flow = self.env["document.approval.flow"].sudo()
        self.assertTrue(
            flow.search(
                [
                    ("company_id", "=", company.id),
                    ("model", "=", "customer.credit.request"),
                ]
            )
        )
        request = self._request("standing", amount=1)
        stranger = new_test_user(
            self.env,
            "other company officer",
            "customer_credit_grade.group_manager",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        with self.assertRaises(AccessError):
            request.with_user(stranger).read(["amount"])


@tagged("post_install", "-at_install")
class TestCreditSetup(CreditRequestCommon):
    """Initial load, merge, installation and uninstallation."""

    def _load(self, user=None, **values):
        return (
            self.env["customer.credit.initial.load"]
            .with_user(user or self.director)
            .create(
                {
                    "company_id": self.company.id,
                    "scope": "chosen",
                    "partner_ids": [Command.set(self.partner.ids)],
                    "limit_method": "fixed",
                    "amount": 700,
                    **values,
                }
            )
        )

    def test_initial_load_only_while_off(self):
        with self.assertRaises(UserError):
            self._load().action_load()
        request = self._request("standing", user=self.director, amount=8000)
        with self.assertRaises(UserError):
            request.action_apply_directly()
        self.company.credit_mode = "off"
        with self.assertRaises(AccessError):
            self._load(self.officer)
        self._load().action_load()
        self.credit_account.invalidate_recordset()
        self.assertEqual(self.credit_account.limit, 700)
        with self.assertRaises(AccessError):
            request.with_user(self.officer).action_apply_directly()
        with self.assertRaises(AccessError):
            request.with_user(self.director).state = "applied"
        request.action_apply_directly()
        self.credit_account.invalidate_recordset()
        self.assertEqual(self.credit_account.limit, 8000)

    def test_native_limit_is_restored(self):
        partner = self.partner.sudo().with_company(self.company)
        partner.credit_limit = 123.0
        self.credit_account._credit_refresh_native()
        self.assertEqual(partner.credit_limit, 5000)
        partner.credit_limit = 1.0
        self.credit_account._credit_refresh_native()
        self.assertEqual(partner.credit_limit, 5000)
        self.env["customer.credit.native"].sudo().search([])._restore()
        self.assertEqual(partner.credit_limit, 123.0)

    def test_history_is_exported(self):
        from ..hooks import _export_history

        request = self._agree(self._request("standing", amount=8000))
        _export_history(self.env(su=True))
        file = self.env["ir.attachment"].sudo()
        file = file.search(
            [
                ("res_model", "=", "res.partner"),
                ("res_id", "=", self.partner.id),
                ("name", "like", "credit-history-"),
            ]
        )
        self.assertEqual(len(file), 1)
        text = file.raw.decode()
        self.assertIn(request.name, text)
        self.assertIn('"amount": 8000.0', text)
        self.assertIn('"kind": "approve"', text)

    def test_accounts_are_prepared(self):
        customer = self.env["res.partner"].sudo().create({"name": "Long-standing"})
        self.company.credit_mode = "off"
        order = self._order_of(100, partner=customer)
        order.sudo().action_confirm()
        accounts = self.credit_accounts
        accounts._get_accounts(self.company, customer).sudo().flush_recordset()
        self.assertIn(
            customer,
            accounts._get_missing_customers(self.company)
            | accounts._get_accounts(self.company, customer).partner_id,
        )
        with self.enter_registry_test_mode():
            self.env.ref(
                "customer_credit_grade.ir_cron_prepare_accounts"
            ).sudo().method_direct_trigger()
        self.assertEqual(len(accounts._get_accounts(self.company, customer)), 1)

    def test_merged_customers_keep_one_limit(self):
        other = self.env["res.partner"].sudo().create({"name": "Twin"})
        account = self._set_limit(other, 3000.0)
        request = self._request(
            "standing", account=account, user=self.officer, amount=4000
        )
        wizard = self.env["base.partner.merge.automatic.wizard"].sudo().create({})
        wizard._merge((self.partner | other).ids, self.partner)
        kept = self.credit_accounts._get_accounts(self.company, self.partner)
        self.assertEqual(kept, self.credit_account)
        kept.invalidate_recordset()
        self.assertEqual(kept.limit, 5000)
        self.assertIn(3000, kept.entitlement_ids.mapped("amount"))
        request.invalidate_recordset()
        self.assertEqual(request.sudo().account_id, kept)
