import base64

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import format_date

from .common import ContractCommon


@tagged("post_install", "-at_install")
class TestContract(ContractCommon):
    """From the draft to both signatures (SPEC E1, E4, E5)."""

    def test_drafted_from_two_orders_by_the_wizard(self):
        orders = self._create_order() | self._create_order({"product_uom_qty": 2})
        draft = (
            self.env["sale.contract.draft"]
            .with_user(self.salesman)
            .create({"order_ids": orders.ids, "signer_id": self.director.id})
        )
        contract = orders[0].contract_id.browse(draft.action_draft()["res_id"])
        self.assertEqual(contract.order_ids, orders)
        self.assertEqual(contract.amount, 300.0)
        self.assertTrue(contract.article_ids)
        self.assertIn("300.00", contract.article_ids[0].filled_body)
        with self.assertRaisesRegex(UserError, "has its contract already"):
            draft.copy().action_draft()

    def test_numbers_by_company_and_kind(self):
        first, second = self._draft(), self._draft()
        framework = self._draft(kind="framework")
        self.assertTrue(first.name.startswith("HT"))
        self.assertEqual(int(second.name[-4:]), int(first.name[-4:]) + 1)
        self.assertTrue(framework.name.startswith("KJ"))

    def test_sales_manager_then_legal_then_signed(self):
        contract = self._draft(self._create_order())
        contract.action_submit_for_approval()
        seats = contract.sudo().approval_round_id.seat_ids
        self.assertEqual(
            seats.department_id,
            self.departments["sales"] | self.departments["legal"],
        )
        opened = seats.filtered(lambda seat: seat.state == "open")
        self.assertEqual(opened.department_id, self.departments["sales"])
        with self.assertRaises(UserError):
            contract.action_send()
        self._approve(contract)
        contract.action_send()
        self.assertEqual(contract.state, "sent")
        self._sign_both(contract)
        self.assertEqual(contract.state, "signed")
        self.assertEqual(set(contract.paper_ids.mapped("kind")), {"sent", "signed"})
        self.assertTrue(all(len(paper.sha256) == 64 for paper in contract.paper_ids))

    def test_major_contracts_are_reviewed_jointly(self):
        self.company.contract_major_amount = 1000.0
        small = self._draft(self._create_order({"product_uom_qty": 9}))
        large = self._draft(self._create_order({"product_uom_qty": 10}))
        (small | large).action_submit_for_approval()
        self.assertFalse(small.is_major)
        self.assertTrue(large.is_major)
        joint = self.departments["finance"] | self.departments["technical"]
        self.assertFalse(small.sudo().approval_round_id.seat_ids.department_id & joint)
        self.assertEqual(
            large.sudo().approval_round_id.seat_ids.department_id & joint, joint
        )

    def test_a_change_of_terms_clauses_or_order_reopens_review(self):
        for change in ("terms", "article", "line"):
            with self.subTest(change):
                order = self._create_order()
                contract = self._approved(order)
                self.assertEqual(contract.approval_state, "approved")
                if change == "terms":
                    contract.payment_text = "later"
                elif change == "article":
                    contract.article_ids.body = "<p>other</p>"
                else:
                    order.order_line.product_uom_qty = 3.0
                contract.flush_recordset()
                self.assertEqual(contract.approval_state, "superseded")
                with self.assertRaises(UserError):
                    contract.action_send()

    def test_an_order_changed_while_being_signed_takes_it_back(self):
        order = self._create_order()
        contract = self._sent(order)
        contract.with_user(self.director).action_sign()
        order.order_line.price_unit = 90.0
        self.env.flush_all()
        self.assertEqual(contract.state, "draft")
        self.assertEqual(contract.approval_state, "superseded")
        with self.assertRaises(UserError):
            contract.sudo()._sign("customer", "portal", "Customer")
        self._submit_and_approve(contract)
        contract.action_send()
        self.assertFalse(contract.we_signed, "the old signature counts no more")
        self.assertEqual(len(contract.sudo().signature_ids), 1)

    def test_whoever_changes_the_order_takes_the_contract_back(self):
        order = self._create_order()
        contract = self._sent(order)
        keeper = self._create_user("keeper", "stock.group_stock_user")
        self.assertFalse(contract.with_user(keeper).has_access("read"))
        order.order_line.with_user(keeper).product_uom_qty = 4.0
        self.env.flush_all()
        self.assertEqual(contract.state, "draft")
        self.assertEqual(contract.amount, 400.0)

    def test_only_the_named_user_signs_for_us(self):
        contract = self._sent(self._create_order())
        for user in (self.salesman, self.manager, self.supervisor):
            with self.assertRaises(AccessError):
                contract.with_user(user).action_sign()
        contract.with_user(self.director).action_sign()
        with self.assertRaisesRegex(UserError, "signed already"):
            contract.with_user(self.director).action_sign()
        self.assertEqual(contract.state, "sent")

    def test_the_settings_name_who_signs(self):
        self.company.contract_signer_ids = self.director
        with self.assertRaises(ValidationError):
            self._draft(signer_id=self.salesman.id)

    def test_a_scan_is_the_customers_signature_and_kept(self):
        contract = self._sent(self._create_order())
        contract.with_user(self.director).action_sign()
        wizard = self.env["sale.contract.scan"].with_user(self.salesman)
        values = {"contract_id": contract.id, "name": "Customer"}
        with self.assertRaisesRegex(UserError, "PDF"):
            wizard.create(
                {**values, "file": base64.b64encode(b"<html></html>")}
            ).action_upload()
        pdf = b"%PDF-1.4 signed paper"
        wizard.create({**values, "file": base64.b64encode(pdf)}).action_upload()
        self.assertEqual(contract.state, "signed")
        paper = contract.sudo().paper_ids.filtered(lambda p: p.kind == "scan")
        self.assertEqual(paper.attachment_id.raw, pdf)
        with self.assertRaises(UserError):
            paper.attachment_id.sudo().raw = b"%PDF-1.4 other"
        with self.assertRaises(UserError):
            paper.attachment_id.sudo().unlink()

    def test_nobody_reviews_no_contract_is_sent(self):
        self.contract_flow.active = False
        contract = self._draft(self._create_order())
        with self.assertRaises(UserError):
            contract.action_submit_for_approval()
        with self.assertRaises(UserError):
            contract.action_send()

    def test_a_change_agreement_alters_the_ledger_only(self):
        order = self._create_order()
        contract = self._signed(order, date_delivery="2030-01-10")
        agreement = self._agreement(
            contract, amount=80.0, date_delivery="2030-02-20", follow_up="S1: 80"
        )
        agreement.action_submit_for_approval()
        self.assertIn(
            self.departments["legal"],
            agreement.sudo().approval_round_id.seat_ids.department_id,
        )
        self._approve(agreement)
        agreement.action_send()
        self.assertEqual(contract.ledger_amount, 100.0)
        self._sign_both(agreement)
        self.assertEqual(contract.ledger_amount, 80.0)
        self.assertEqual(str(contract.ledger_date_delivery), "2030-02-20")
        self.assertEqual(contract.amount, 100.0)
        self.assertEqual(str(contract.date_delivery), "2030-01-10")
        self.assertEqual(order.amount_total, 100.0)
        self.assertIn("S1: 80", " ".join(contract.message_ids.mapped("body")))

    def test_a_termination_ends_the_contract_once(self):
        contract = self._signed(self._create_order())
        ends = [self._agreement(contract, "termination") for _n in range(2)]
        for agreement in ends:
            self._submit_and_approve(agreement)
            agreement.action_send()
        self._sign_both(ends[0])
        self.assertEqual(contract.state, "terminated")
        with self.assertRaisesRegex(UserError, "not in force"):
            self._sign_both(ends[1])

    def test_an_agreement_needs_to_say_what_follows(self):
        contract = self._signed(self._create_order())
        agreement = self._agreement(contract, follow_up=False)
        with self.assertRaisesRegex(UserError, "which orders have to follow"):
            agreement.action_submit_for_approval()

    def test_departments_are_briefed_and_acknowledge(self):
        self.env["sale.contract.briefing.template"].sudo().create(
            {
                "company_id": self.company.id,
                "department_id": self.departments["production"].id,
                "tasks": "Plan the machines",
                "with_amount": False,
                "with_delivery": True,
            }
        )
        contract = self._signed(
            self._create_order(),
            date_delivery="2030-01-10",
            customer_demands="No wood",
        )
        briefing = contract.sudo().briefing_ids
        self.assertEqual(briefing.department_id, self.departments["production"])
        own = briefing.with_user(self.planner)
        self.assertEqual(own.demands, "No wood")
        self.assertIn("2030", own.terms)
        self.assertNotIn("100", own.terms)
        with self.assertRaises(AccessError):
            briefing.with_user(self.salesman).action_acknowledge()
        with self.assertRaises(AccessError):
            briefing.with_user(self.engineer).action_acknowledge()
        own.action_acknowledge()
        self.assertEqual(briefing.acknowledged_by_id, self.planner)
        self.assertFalse(briefing.activity_ids)
        with self.assertRaises(UserError):
            own.action_acknowledge()

    def test_a_briefing_is_in_the_language_of_who_reads_it(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.planner.sudo().lang = "zh_CN"
        template = (
            self.env["sale.contract.briefing.template"]
            .sudo()
            .create(
                {
                    "company_id": self.company.id,
                    "department_id": self.departments["production"].id,
                    "tasks": "Plan",
                }
            )
        )
        template.with_context(lang="zh_CN").tasks = "排产"
        contract = self._signed(self._create_order(), date_delivery="2030-01-10")
        briefing = contract.sudo().briefing_ids
        self.assertEqual(briefing.tasks, "排产")
        day = format_date(self.env, contract.date_delivery, lang_code="zh_CN")
        self.assertIn(day, briefing.terms)

    def test_an_overdue_briefing_reminds_once_a_day(self):
        self.env["sale.contract.briefing.template"].sudo().create(
            {
                "company_id": self.company.id,
                "department_id": self.departments["production"].id,
                "tasks": "Plan",
            }
        )
        briefing = self._signed(self._create_order()).sudo().briefing_ids
        briefing.activity_ids.unlink()
        briefing._keep({"deadline": "2020-01-01 00:00:00"})
        self._run_cron("ir_cron_contract_briefing")
        self.assertEqual(len(briefing.activity_ids), 1)
        briefing.activity_ids.unlink()
        self._run_cron("ir_cron_contract_briefing")
        self.assertFalse(briefing.activity_ids, "not twice on one day")

    def test_values_are_filled_in_and_never_evaluated(self):
        contract = self._draft(
            self._create_order(),
            article_ids=[
                Command.create(
                    {
                        "name": "A",
                        "body": "<p>{customer} {__class__} {amount.x} {nobody}"
                        " {date_end}</p>",
                    }
                )
            ],
        )
        self.partner.sudo().name = "<b>Evil</b>"
        text = str(contract._fill(contract.article_ids.body))
        self.assertIn("&lt;b&gt;Evil&lt;/b&gt;", text)
        for word in ("{__class__}", "{amount.x}", "{nobody}", "________"):
            self.assertIn(word, text)
