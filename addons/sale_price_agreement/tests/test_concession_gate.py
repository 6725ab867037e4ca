from datetime import datetime, time, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import PriceAgreementCommon

#: a picture of one pixel, as a signature
ONE_PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNg"
    "AAAAAgABSK+kcQAAAABJRU5ErkJggg=="
)


@tagged("post_install", "-at_install")
class TestConcessionGate(PriceAgreementCommon):
    """What confirmed orders draw, and what is refused (SPEC C2, DESIGN 2, 3)."""

    def _later(self, days):
        return freeze_time(
            datetime.combine(self.today, time(12)) + timedelta(days=days)
        )

    def test_more_than_is_left_is_refused_in_words(self):
        concession = self._concession()
        first, second = (self._create_order({"product_uom_qty": 60}) for _n in range(2))
        for order in (first, second):
            self._submit_and_approve(order)
        self.assertEqual(concession.planned_quantity, 120.0)
        self._confirm(first)
        concession.invalidate_recordset()
        self.assertEqual((concession.used_quantity, concession.left_quantity), (60, 40))
        with self.assertRaisesRegex(UserError, "40.00 Units are left, 60.00"):
            second.action_confirm()
        with self.assertRaises(UserError):
            second.sudo().write({"state": "sale"})
        with self.assertRaises(UserError):
            second.with_context(force=True, install_mode=True)._action_confirm()
            second.sudo().write({"state": "sale"})
        self.assertEqual(second.state, "draft")
        self.assertEqual(concession.used_quantity, 60)

    def test_both_caps_count_and_submission_says_so(self):
        self._concession(max_amount=1000.0)
        order = self._create_order({"product_uom_qty": 20})
        (finding,) = self._get_findings(order, "pc_amount")
        self.assertEqual(finding["severity"], "block")
        self.assertEqual(
            (finding["values"]["allowed"], finding["values"]["actual"]),
            (1000.0, 1600.0),
        )

    def test_lines_of_one_order_count_together(self):
        self._concession()
        order = self._create_order({"product_uom_qty": 60}, {"product_uom_qty": 60})
        with self.assertRaisesRegex(UserError, "100.00 Units are left, 120.00"):
            order.action_submit_for_approval()

    def test_cancelling_gives_back_by_a_row_of_its_own(self):
        concession = self._concession()
        order = self._confirm(self._create_order({"product_uom_qty": 60}))
        order.with_user(self.manager)._action_cancel()
        self.assertEqual(concession.draw_ids.sorted("id").mapped("quantity"), [60, -60])
        self.assertEqual(concession.used_quantity, 0)

    def test_confirmed_lines_grow_within_the_cap_only(self):
        self.company.document_approval_mode = "off"
        concession = self._concession()
        order = self._confirm_freely(self._create_order({"product_uom_qty": 60}))
        line = order.order_line
        with self.assertRaisesRegex(UserError, "100.00 Units are left, 101.00"):
            line.product_uom_qty = 101
        with self.assertRaises(UserError):
            order.write(
                {"order_line": [Command.update(line.id, {"product_uom_qty": 101})]}
            )
        with self.assertRaises(UserError):
            order.sudo().write(
                {
                    "order_line": [
                        Command.create(
                            {
                                "product_id": self.product.id,
                                "product_uom_qty": 41,
                                "price_concession_id": concession.id,
                            }
                        )
                    ]
                }
            )
        self.assertEqual(line.product_uom_qty, 60)
        line.product_uom_qty = 90
        line.product_uom_qty = 20
        self.assertEqual(
            concession.draw_ids.sorted("id").mapped("quantity"), [60, 30, -70]
        )
        self.assertEqual(concession.used_amount, 1600.0)

    def test_what_was_drawn_does_not_pass_to_another_customer(self):
        self.company.document_approval_mode = "off"
        stranger, friend = self.env["res.partner"].create(
            [{"name": "Stranger"}, {"name": "Friend"}]
        )
        concession = self._concession(partner_ids=(self.partner | friend).ids)
        order = self._confirm_freely(self._create_order({"product_uom_qty": 60}))
        for records in (order, order.with_user(self.manager), order.sudo()):
            with self.assertRaisesRegex(UserError, "not for this customer"):
                records.partner_id = stranger
        self.assertEqual(order.partner_id, self.partner)
        order.partner_id = friend
        draws = concession.draw_ids.sorted("id")
        self.assertEqual(draws.mapped("quantity"), [60, -60, 60])
        self.assertEqual(
            draws.partner_id.mapped("name"), [self.partner.name, friend.name]
        )
        order.order_line.product_uom_qty = 50
        self.assertEqual(concession.used_quantity, 50)

    def test_what_was_drawn_does_not_pass_to_another_product(self):
        self.company.document_approval_mode = "off"
        concession = self._concession()
        order = self._confirm_freely(self._create_order({"product_uom_qty": 60}))
        order.sudo().picking_ids.action_cancel()  # Odoo lets a line change then
        other = self._create_product(name="Other", list_price=100.0)
        with self.assertRaisesRegex(UserError, "not for this product"):
            order.order_line.write(
                {"product_id": other.id, "price_concession_id": concession.id}
            )
        self.assertEqual(concession.used_quantity, 60)

    def _confirm_freely(self, order):
        order.action_confirm()
        return order

    def test_created_as_confirmed_is_held_too(self):
        self.company.document_approval_mode = "off"
        concession = self._concession()
        with self.assertRaises(UserError):
            self._create_order(
                {"product_uom_qty": 101, "price_concession_id": concession.id},
                state="sale",
            )
        order = self._create_order(
            {"product_uom_qty": 7, "price_concession_id": concession.id}, state="sale"
        )
        self.assertEqual(concession.used_quantity, 7)
        self.assertEqual(concession.draw_ids.order_id, order)

    def test_import_refuses_row_by_row(self):
        self.company.document_approval_mode = "off"
        concession = self._concession(max_quantity=10)
        order = self._create_order({"product_uom_qty": 11})
        order.order_line.price_concession_id = concession
        result = (
            self.env["sale.order"]
            .with_user(self.salesman)
            .load([".id", "state"], [[str(order.id), "sale"]])
        )
        self.assertFalse(result["ids"])
        self.assertEqual(order.state, "draft")

    def test_a_customer_who_signs_is_parked_not_refused(self):
        concession = self._concession()
        order = self._create_order({"product_uom_qty": 60})
        other = self._create_order({"product_uom_qty": 60})
        for each in (order, other):
            self._submit_and_approve(each)
        self._confirm(other)
        order.sudo().write({"signed_by": "Customer", "signature": ONE_PIXEL})
        order.sudo()._validate_order()
        self.assertEqual(order.approval_parked_reason, "signed")
        self.assertNotEqual(order.state, "sale")
        self.assertEqual(concession.used_quantity, 60)

    def test_nobody_writes_the_ledger(self):
        concession = self._concession()
        self._confirm(self._create_order({"product_uom_qty": 60}))
        draw = concession.draw_ids
        values = {
            "concession_id": concession.id,
            "company_id": self.company.id,
            "order_name": "x",
            "line_ref": 1,
            "date": self.today,
            "quantity": -60,
            "currency_id": self.company.currency_id.id,
        }
        for user in (self.salesman, self.manager, self.env.ref("base.user_admin")):
            with self.assertRaises(AccessError):
                draw.with_user(user).create(values)
            with self.assertRaises(AccessError):
                draw.with_user(user).write({"quantity": 0})
            with self.assertRaises(AccessError):
                draw.with_user(user).unlink()
        with self.assertRaises(AccessError):
            concession.write({"draw_ids": [Command.create(values)]})
        with self.assertRaises(AccessError):
            draw.sudo().with_context(_force_unlink=True).unlink()

    # Conditions ----------------------------------------------------------------

    def test_a_prepayment_is_asked_for_by_the_term_or_paid(self):
        self._concession(prepayment=30.0)
        order = self._create_order({"product_uom_qty": 10})
        self.assertTrue(self._get_findings(order, "pc_prepayment"))
        order.write({"require_payment": True, "prepayment_percent": 0.3})
        self.assertFalse(self._get_findings(order, "pc_prepayment"))
        self._submit_and_approve(order)
        with self.assertRaisesRegex(UserError, "prepayment of 30.00 %"):
            order.action_confirm()
        term = self.env["account.payment.term"].create(
            {
                "name": "30 % at once",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 30.0, "nb_days": 0}
                    ),
                    Command.create(
                        {"value": "percent", "value_amount": 70.0, "nb_days": 30}
                    ),
                ],
            }
        )
        order.payment_term_id = term
        self._confirm(order)
        self.assertEqual(order.state, "sale")

    # Ends -------------------------------------------------------------------------

    def test_after_its_end_it_is_refused(self):
        concession = self._concession()
        order = self._create_order({"product_uom_qty": 10})
        self._submit_and_approve(order)
        with self._later(31):
            with self.assertRaisesRegex(UserError, "holds from"):
                order.action_confirm()
            concession.sudo()._follow_up()
            self.assertEqual(concession.situation, "expired")
            for values in (
                {"closed_kind": False},
                {"date_closed": False},
                {"warned": 0},
                {"state": "draft"},
            ):
                with self.assertRaises(UserError):
                    concession.sudo().write(values)
            with self.assertRaisesRegex(UserError, "holds from"):
                order.action_confirm()

    def _sent(self, days, **values):
        """Return an approved order sent today, valid for some days."""
        order = self._create_order(
            {"product_uom_qty": 10},
            validity_date=self.today + timedelta(days=days),
            **values,
        )
        self._submit_and_approve(order)
        order.action_quotation_sent()
        return order

    def test_a_sent_quotation_keeps_it_until_its_validity_date(self):
        concession = self._concession()
        kept, late, changed = self._sent(40), self._sent(40), self._sent(40)
        changed.order_line.product_uom_qty = 11
        with self._later(35):
            concession.sudo()._follow_up()
            kept.action_confirm()
            self.assertEqual(kept.state, "sale")
            with self.assertRaisesRegex(UserError, "holds from"):
                changed.action_submit_for_approval()
        with self._later(41), self.assertRaisesRegex(UserError, "holds from"):
            late.action_confirm()
        self.assertEqual(concession.used_quantity, 10)

    def test_no_promise_is_made_up_afterwards(self):
        concession = self._concession()
        order = self._create_order(
            {"product_uom_qty": 10}, validity_date=self.today + timedelta(days=40)
        )
        self._submit_and_approve(order)
        with self.assertRaises(AccessError):
            order.write({"price_promise": {}})
        with self._later(35):
            concession.sudo()._follow_up()
            order.action_quotation_sent()
            with self.assertRaisesRegex(UserError, "holds from"):
                order.action_confirm()

    def test_the_validity_is_part_of_what_was_approved(self):
        self._concession()
        order = self._sent(40)
        order.validity_date = self.today + timedelta(days=400)
        self.assertEqual(order.approval_state, "superseded")

    def test_closed_early_it_is_given_no_more(self):
        concession = self._concession()
        order = self._create_order({"product_uom_qty": 10})
        sent = self._sent(20)
        self._submit_and_approve(order)
        wizard = self.env["sale.price.concession.close"].with_user(self.salesman)
        wizard.create(
            {"concession_id": concession.id, "reason": "Sold out"}
        ).action_close()
        self.assertEqual(concession.situation, "early")
        self.assertEqual(concession.close_reason, "Sold out")
        with self.assertRaisesRegex(UserError, "holds from"):
            order.action_confirm()
        sent.action_confirm()
        fresh = self._create_order({"product_uom_qty": 1})
        self.assertFalse(fresh.order_line.price_concession_id)

    def test_who_is_responsible_is_told_once(self):
        concession = self._concession()
        self._confirm(self._create_order({"product_uom_qty": 80}))

        def summaries():
            concession.sudo()._follow_up()
            own = concession.sudo().activity_ids.filtered(
                lambda activity: activity.user_id == self.salesman
            )
            return sorted(own.mapped("summary"))

        self.assertEqual(summaries(), ["Price concession nearly used up"])
        self.assertEqual(len(summaries()), 1)
        with self._later(25):
            self.assertIn("Price concession ends soon", summaries())
        with self._later(31):
            self.assertIn("Price concession is over", summaries())
        self.assertEqual(concession.closed_kind, "expired")

    def test_branches_use_it_and_others_do_not(self):
        concession = self._concession()
        other = self.env["res.company"].sudo().create({"name": "Elsewhere"})
        order = self.env["sale.order"].create(
            {"partner_id": self.partner.id, "company_id": other.id}
        )
        found = self.env["sale.price.concession"]._find_for(order)
        self.assertNotIn(concession, found)
