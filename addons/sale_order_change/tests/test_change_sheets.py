from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import OrderChangeCommon


@tagged("post_install", "-at_install")
class TestChangeSheets(OrderChangeCommon):
    """Departments say what a change means before they agree to it (J2)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.change = cls._request()
        cls._line(cls.change, cls.desks).quantity = 12.0
        cls.change.action_submit_for_approval()
        cls.seats = cls.change.sudo().approval_round_id.seat_ids
        cls.sheets = cls.change.sudo().evaluation_ids

    @classmethod
    def _set_up_flow(cls):
        """Keep the usual flow."""

    def _of(self, code):
        department = self.departments[code]
        return (
            self.sheets.filtered(lambda sheet: sheet.department_id == department),
            self.seats.filtered(lambda seat: seat.department_id == department),
        )

    def test_one_sheet_for_each_department(self):
        self.assertEqual(
            dict(self.sheets.mapped(lambda s: (s.department_id.code, s.topic))),
            {
                "production": "plan",
                "warehouse": "stock",
                "finance": "cost",
                "operations": "delivery",
            },
        )
        stock, _seat = self._of("warehouse")
        self.assertIn("ordered 10.00, delivered 0.00", stock.facts_text)
        cost, _seat = self._of("finance")
        self.assertIn("1,100.00 → 1,300.00", cost.facts_text)

    def test_no_agreement_without_the_sheet(self):
        sheet, seat = self._of("warehouse")
        mine = seat.with_user(self.storekeeper)
        with self.assertRaisesRegex(UserError, "fill in the evaluation sheet"):
            mine.action_approve()
        self.assertEqual(self.change.with_user(self.storekeeper).order_id, self.order)
        own = sheet.with_user(self.storekeeper)
        self.assertTrue(own.can_fill)
        own.write({"words": " "})
        with self.assertRaisesRegex(UserError, "fill in the evaluation sheet"):
            mine.action_approve()
        own.write({"words": "Two more from Monday", "extra_cost": 30, "delay_days": 2})
        mine.action_approve()
        self.assertEqual(seat.state, "approved")
        self.assertEqual((self.change.extra_cost, self.change.delay_days), (30.0, 2.0))
        with self.assertRaises(AccessError):
            own.write({"words": "Afterwards"})

    def test_card_and_sheet_say_what_is_asked(self):
        sheet, seat = self._of("warehouse")
        asked = f"{self.desk.display_name}: Quantity 10.00 Units → 12.00 Units"
        why = seat.with_user(self.storekeeper).why
        self.assertIn(f"{self.order.name}: {asked}", why)
        own = sheet.with_user(self.storekeeper)
        self.assertEqual((own.change_summary, own.change_reason), (asked, "Asked"))
        self.assertTrue(self.change.with_user(self.storekeeper).has_my_sheet)
        self.assertFalse(self.change.has_my_sheet, "it is the warehouse's")
        own.write({"words": "Two more from Monday"})
        self.assertFalse(self.change.with_user(self.storekeeper).has_my_sheet)

    def test_facts_name_units_in_the_readers_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.desk.sudo().uom_id.with_context(lang="zh_CN").name = "张"
        sheet, _seat = self._of("warehouse")
        self.assertIn("0.00 张", sheet.with_context(lang="zh_CN").facts_text)
        self.assertIn("0.00 Units", sheet.facts_text)

    def test_refusal_needs_no_sheet(self):
        _sheet, seat = self._of("warehouse")
        seat.with_user(self.storekeeper).action_refuse("Not in this month")
        self.assertEqual(self.change.approval_state, "refused")
        self._assert_as_before(self.order)

    def test_only_the_department_writes(self):
        sheet, _seat = self._of("warehouse")
        for user in (self.salesman, self.financier, self.director, self.manager):
            with self.assertRaises(AccessError):
                sheet.with_user(user).write({"words": "No problem"})
        with self.assertRaises(AccessError):
            sheet.sudo().write({"words": "No problem"})
        for vals in (
            {"department_id": self.departments["finance"].id},
            {"user_id": self.director.id},
            {"facts": []},
            {"seat_id": False},
        ):
            with self.assertRaises(AccessError):
                sheet.with_user(self.storekeeper).write(vals)
        with self.assertRaises(AccessError):
            sheet.with_user(self.storekeeper).unlink()
        with self.assertRaises(UserError):
            sheet.unlink()
        with self.assertRaises(AccessError):
            self.env[sheet._name].with_user(self.storekeeper).create(
                {"change_id": self.change.id, "words": "No problem"}
            )

    def test_new_round_new_sheets(self):
        _sheet, seat = self._of("warehouse")
        seat.with_user(self.storekeeper).action_refuse("Not in this month")
        self._line(self.change, self.desks).quantity = 11.0
        self.change.action_submit_for_approval()
        sheets = self.change.sudo().evaluation_ids
        self.assertEqual(len(sheets), 8)
        self.assertEqual(len(sheets.round_id), 2)

    def test_requester_and_salesperson_do_not_decide(self):
        self.departments["operations"].member_ids |= self.salesman
        _sheet, seat = self._of("operations")
        with self.assertRaises(AccessError):
            seat.with_user(self.salesman).action_approve()
