from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import PIXEL, ContractCommon


@tagged("post_install", "-at_install")
class TestOrderGate(ContractCommon):
    """Order types that want a signed contract; orders entered in time (E1, A5)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.strict = (
            cls.env["sale.order.type"]
            .sudo()
            .create({"name": "By contract", "contract_rule": "confirm"})
        )

    def _order(self, *lines, **values):
        return self._create_order(*lines, policy_type_id=self.strict.id, **values)

    def _refused(self, function, *args, **kwargs):
        with self.assertRaises(UserError):
            function(*args, **kwargs)

    def test_without_the_rule_nothing_changes(self):
        order = self._create_order()
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_no_route_confirms_without_a_signed_contract(self):
        order = self._order()
        for records in (order, order.with_user(self.manager), order.sudo()):
            self._refused(records.action_confirm)
            self._refused(records.write, {"state": "sale"})
            self._refused(
                records.with_context(skip_contract=True, tracking_disable=True).write,
                {"state": "sale"},
            )
        self._refused(order.sudo().copy, {"state": "sale"})
        self._refused(self._order, state="sale")
        lenient = self._create_order()
        lenient.action_confirm()
        self._refused(lenient.sudo().write, {"policy_type_id": self.strict.id})
        with self.assertRaisesRegex(UserError, "signed contract is missing"):
            order.action_confirm()

    def test_it_names_what_is_missing_and_lets_the_signed_pass(self):
        order = self._order()
        contract = self._sent(order)
        with self.assertRaisesRegex(UserError, f"{contract.name} is not signed by"):
            order.action_confirm()
        self._sign_both(contract)
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_an_order_changed_after_the_signing_is_not_what_was_signed(self):
        order = self._order()
        self._signed(order)
        order.order_line.price_unit = 1.0
        with self.assertRaisesRegex(UserError, "is not what was signed"):
            order.action_confirm()
        order.order_line.price_unit = 100.0
        order.action_confirm()

    def test_a_confirmed_order_stays_what_was_signed(self):
        order = self._order({"product_uom_qty": 2})
        self._signed(order)
        order.action_confirm()
        line = order.order_line
        more = {"product_id": self.product.id, "order_id": order.id}
        for records in (order, order.with_user(self.manager), order.sudo()):
            lines = records.order_line
            self._refused(lines.write, {"price_unit": 1.0})
            self._refused(lines.write, {"product_uom_qty": 3.0})
            self._refused(lines.create, more)
            self._refused(
                records.write,
                {"order_line": [Command.update(line.id, {"discount": 9})]},
            )
            self._refused(records.write, {"commitment_date": "2099-01-01"})
        self.assertRecordValues(
            line, [{"product_uom_qty": 2.0, "price_unit": 100.0, "discount": 0.0}]
        )
        # what says nothing about the contract
        line.name = "In other words"
        line.sudo().qty_delivered = 1.0
        order.write({"note": "Ring twice", "order_line": [Command.update(line.id, {})]})

    def test_a_confirmed_order_follows_a_change_agreement(self):
        order = self._order({"product_uom_qty": 2})
        contract = self._signed(order)
        order.action_confirm()
        agreement = self._agreement(contract, amount=300.0)
        self._submit_and_approve(agreement)
        agreement.action_send()
        self._refused(order.order_line.write, {"product_uom_qty": 3.0})
        self._sign_both(agreement)
        order.order_line.product_uom_qty = 3.0
        with self.assertRaisesRegex(UserError, "come to more"):
            order.order_line.product_uom_qty = 4.0
        self.assertEqual(order.order_line.product_uom_qty, 3.0)

    def test_a_confirmed_order_stays_within_its_framework(self):
        framework = self._signed(kind="framework", amount=250.0, date_end="2099-12-31")
        order = self._order({"product_uom_qty": 2}, contract_id=framework.id)
        order.action_confirm()
        for records in (order, order.sudo()):
            with self.assertRaisesRegex(UserError, "come to more"):
                records.order_line.product_uom_qty = 3.0
            with self.assertRaisesRegex(UserError, "come to more"):
                records.order_line = [Command.create({"product_id": self.product.id})]
        order.order_line.product_uom_qty = 2.5
        with freeze_time("2100-01-05"):
            with self.assertRaisesRegex(UserError, "not valid today"):
                order.order_line.price_unit = 100.1
            order.order_line.product_uom_qty = 1.0  # less always may be
        self.assertEqual(order.amount_total, 100.0)

    def test_a_framework_has_a_term_and_a_ceiling(self):
        framework = self._signed(kind="framework", amount=250.0, date_end="2099-12-31")
        first = self._order({"product_uom_qty": 2}, contract_id=framework.id)
        first.action_confirm()
        second = self._order(contract_id=framework.id)
        with self.assertRaisesRegex(UserError, "come to more"):
            second.action_confirm()
        with freeze_time("2100-01-05"):
            third = self._order({"product_uom_qty": 0.1}, contract_id=framework.id)
            with self.assertRaisesRegex(UserError, "not valid today"):
                third.action_confirm()

    def test_a_terminated_contract_confirms_nothing(self):
        order = self._order()
        contract = self._signed(order)
        agreement = self._agreement(contract, "termination")
        self._submit_and_approve(agreement)
        agreement.action_send()
        self._sign_both(agreement)
        with self.assertRaisesRegex(UserError, "has been terminated"):
            order.action_confirm()

    def test_the_finding_stops_the_submission(self):
        self.strict.contract_rule = "submit"
        self.company.document_approval_mode = "enforce"
        order = self._order()
        self.assertIn(
            "A signed contract is missing",
            "".join(self._get_messages(order, "incomplete")),
        )
        with self.assertRaisesRegex(UserError, "signed contract is missing"):
            order.action_submit_for_approval()

    def test_a_customer_who_signed_the_order_waits_and_is_confirmed(self):
        order = self._order()
        contract = self._sent(order)
        order.sudo().write({"signature": PIXEL, "signed_by": "Customer"})
        order.with_user(self.portal_user).sudo()._validate_order()
        self.assertEqual(order.state, "sent")
        self.assertEqual(order.approval_parked_reason, "signed")
        self._sign_both(contract)
        self.assertEqual(order.state, "sale")
        self.assertFalse(order.approval_parked_reason)

    def test_a_contract_of_another_customer_is_refused(self):
        contract = self._draft()
        stranger = self.env["res.partner"].sudo().create({"name": "Stranger"})
        with self.assertRaises(ValidationError):
            self._create_order(partner_id=stranger.id, contract_id=contract.id)

    # A5 ------------------------------------------------------------------------------

    def _signed_on(self, moment):
        """Sign a contract without orders at that moment."""
        with freeze_time(moment):
            contract = self._sent(amount=100.0, date=moment[:10])
            self._sign_both(contract)
        return contract

    def test_late_by_working_days(self):
        contract = self._signed_on("2026-03-06 04:00:00")  # a Friday
        self.assertEqual(str(contract.date_signed), "2026-03-06")
        self.assertEqual(str(contract.entry_deadline), "2026-03-09")
        order = self._create_order()
        self.env.cr.execute(
            "UPDATE sale_order SET create_date = '2026-03-11 04:00:00' WHERE id = %s",
            [order.id],
        )
        order.invalidate_recordset(["create_date"])
        order.contract_id = contract.id
        self.assertEqual(order.contract_late_days, 2)
        self.assertEqual(contract.entry_late_days, 2)

    def test_holidays_are_no_working_days(self):
        self.env["resource.calendar.leaves"].sudo().create(
            {
                "name": "Holiday",
                "calendar_id": self.company.resource_calendar_id.id,
                "company_id": self.company.id,
                "date_from": "2026-03-08 00:00:00",
                "date_to": "2026-03-10 23:59:59",
            }
        )
        contract = self._signed_on("2026-03-06 04:00:00")
        self.assertEqual(str(contract.entry_deadline), "2026-03-11")

    def test_who_is_responsible_is_reminded_of_a_missing_order(self):
        contract = self._signed_on("2026-03-06 04:00:00")
        framework = self._signed(kind="framework", date_end="2099-01-01")
        with freeze_time("2026-03-12 04:00:00"):
            self._run_cron("ir_cron_contract_entry")
            self._run_cron("ir_cron_contract_entry")
        self.assertEqual(contract.entry_late_days, 2)
        todo = contract.sudo().activity_ids.filtered(
            lambda a: a.user_id == self.salesman and "Enter the order" in a.summary
        )
        self.assertEqual(len(todo), 1)
        self.assertFalse(framework.entry_deadline)

    def test_an_order_before_its_contract_is_in_time(self):
        order = self._create_order()
        contract = self._signed(order)
        self.assertTrue(contract.entry_deadline)
        self.assertEqual((order.contract_late_days, contract.entry_late_days), (0, 0))

    def test_one_order_has_one_contract(self):
        order = self._create_order()
        first = self._draft(order)
        second = self._draft()
        second.sudo().flush_recordset()
        order.contract_id = second.id
        self.assertFalse(first.order_ids)
        self._refused(self._draft, order_ids=[Command.link(order.id)])
