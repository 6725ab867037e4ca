import hashlib
from datetime import datetime
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .common import HandoverCommon

_QUEUE = "odoo.addons.sale_order_policy.models.sale_order_policy_queue"


@tagged("post_install", "-at_install")
class TestShippingNotice(HandoverCommon):
    """Who gets goods is told by the next day, once (SPEC H2)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.handover_shipping_notice = True
        cls.cron = cls.env.ref("order_handover.ir_cron_shipping_notice")
        cls.order = cls._confirm_order(client_order_ref="PO-77")
        cls.picking = cls.order.sudo().picking_ids

    def _notices(self, orders=None):
        return (orders or self.order).sudo().handover_notice_ids

    def _run_job(self):
        with self.enter_registry_test_mode():
            self.cron.method_direct_trigger()
        self.env.invalidate_all()

    def _mails(self):
        return self.order.sudo().message_ids.filtered(
            lambda message: "shipping notice" in (message.subject or "")
        )

    def _deliver(self, picking=None, quantities=None):
        return self._ship((picking or self.picking).with_user(self.keeper), quantities)

    def test_sent_once(self):
        self._deliver()
        notice = self._notices()
        self.assertEqual(notice.state, "queued")
        self._run_job()
        self._run_job()
        self.assertEqual(notice.state, "sent")
        self.assertIn("customer@example.com", notice.recipients)
        message = self._mails()
        self.assertEqual(len(message), 1)
        self.assertIn(self.order.name, message.subject)
        self.assertIn("PO-77", message.subject)
        self.assertEqual(message.attachment_ids, notice.attachment_id)
        self.assertEqual(message.notified_partner_ids, self.partner)
        self.assertNotIn(self.partner, self.order.sudo().message_partner_ids[1:])

    def test_paper(self):
        self.warehouse.partner_id = self.env["res.partner"].create(
            {"name": "Depot", "phone": "010-555"}
        )
        self._deliver(quantities=[6.0])
        self._run_job()
        paper = self._notices().attachment_id.raw.decode()
        for text in (self.order.name, "PO-77", "Shirt", "1 Main Street", "010-555"):
            self.assertIn(text, paper)
        self.assertRegex(paper, r">\s*6\.0+\s*<")
        self.assertRegex(paper, r">\s*10\.0+\s*<", "what was ordered")
        report = self.env["report.order_handover.report_shipping_notice"]
        with self.assertRaises(UserError):
            report._get_report_values(self._notices().ids)

    def test_one_for_each_delivery(self):
        self._deliver(quantities=[6.0])
        self._deliver(self.picking.backorder_ids)
        self.assertEqual(len(self._notices()), 2)
        self.assertEqual(len(self._notices().picking_id), 2)
        self.env["order.shipping.notice"]._create_for(self.picking)
        self.assertEqual(len(self._notices()), 2)

    def test_who_gets_none(self):
        self.company.handover_shipping_notice = False
        self._deliver(quantities=[6.0])
        self.company.handover_shipping_notice = True
        self._deliver(self.picking.backorder_ids)
        wizard = (
            self.env["stock.return.picking"]
            .sudo()
            .with_context(active_id=self.picking.id, active_model="stock.picking")
            .create({})
        )
        wizard.product_return_moves.quantity = 6.0
        back = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        self._deliver(back)
        self.assertEqual(self._notices().picking_id, self.picking.backorder_ids)

    def test_only_the_last_step(self):
        self.warehouse.delivery_steps = "pick_ship"
        order = self._confirm_order().sudo()
        self._deliver(order.picking_ids)
        self.assertFalse(order.handover_notice_ids)
        out = order.picking_ids.filtered(lambda p: p.state != "done")
        self._deliver(out)
        self.assertEqual(order.handover_notice_ids.picking_id, out)

    def test_goods_that_wait_for_acceptance_have_left(self):
        transit = self.env["stock.location"].create(
            {"name": "Waiting", "usage": "transit", "company_id": self.company.id}
        )
        move = self.picking.move_ids
        move.write(
            {
                "location_dest_id": transit.id,
                "location_final_id": self.env.ref("stock.stock_location_customers").id,
            }
        )
        self._deliver()
        self.assertEqual(self._notices().picking_id, self.picking)

    def test_deadline_is_the_end_of_the_next_day_there(self):
        self.company.partner_id.tz = "Asia/Shanghai"
        # 23:30 on March 1st there
        with freeze_time("2026-03-01 15:30:00"):
            self._deliver()
        notice = self._notices()
        # 23:59:59 on March 2nd there
        self.assertEqual(notice.deadline, datetime(2026, 3, 2, 15, 59, 59))
        late = [("is_late", "=", True), ("id", "=", notice.id)]
        notices = self.env["order.shipping.notice"].sudo()
        with freeze_time("2026-03-02 15:59:00"):
            self.assertFalse(notices.search(late))
        with freeze_time("2026-03-02 16:00:00"):
            self.assertEqual(notices.search(late), notice)
            self._run_job()
            notice.invalidate_recordset()
            self.assertTrue(notice.is_late, "sent, but late")
            self.assertEqual(notices.search(late), notice)

    @mute_logger(_QUEUE)
    def test_failure_is_told_and_tried_again(self):
        self._deliver()
        with patch.object(
            type(self._notices()), "_render_pdf", side_effect=ValueError("no paper")
        ):
            self._run_job()
        notice = self._notices()
        self.assertRecordValues(notice, [{"state": "failed", "error": "no paper"}])
        activity = self.order.sudo().activity_ids
        self.assertEqual(activity.user_id, self.salesman)
        self.assertIn("no paper", activity.note)
        with self.assertRaises(AccessError):
            notice.with_user(self.planner).action_retry()
        notice.with_user(self.salesman).action_retry()
        self._run_job()
        self.assertEqual(notice.state, "sent")
        self.assertEqual(len(self._mails()), 1)

    def test_no_address(self):
        self.partner.email = False
        self._deliver()
        self._run_job()
        self.assertEqual(self._notices().state, "no_address")
        self.assertTrue(self.order.sudo().activity_ids)
        self.partner.email = "now@example.com"
        self._notices().with_user(self.salesman).action_retry()
        self._run_job()
        self.assertEqual(self._notices().state, "sent")

    def test_kept_as_it_was_sent(self):
        self._deliver()
        self._run_job()
        notice = self._notices()
        content = notice.attachment_id.raw
        self.assertEqual(notice.sha256, hashlib.sha256(content).hexdigest())
        file = notice.attachment_id
        for vals in ({"raw": b"x"}, {"name": "x"}, {"res_id": 1}, {"public": True}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                file.write(vals)
        with self.assertRaises(UserError):
            file.with_context(_force_unlink=True).unlink()
        for vals in ({"sha256": "x"}, {"order_id": self._confirm_order().id}):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                notice.write(vals)
        with self.assertRaises(UserError):
            notice.with_context(_force_unlink=True).unlink()

    def test_nobody_writes_notices(self):
        self._deliver()
        for user in (self.keeper, self.salesman, self.manager, self.coordinator):
            notice = self._notices().with_user(user)
            self.assertTrue(notice.has_access("read"))
            with self.subTest(user.name), self.assertRaises(AccessError):
                notice.write({"state": "sent"})
            with self.subTest(user.name), self.assertRaises(AccessError):
                notice.create({"order_id": self.order.id})
        stranger = self._create_user("stranger", "sales_team.group_sale_salesman")
        self.assertFalse(self._notices().with_user(stranger).has_access("read"))

    def test_other_company_keeps_to_itself(self):
        self._deliver()
        other = self.env["res.company"].sudo().create({"name": "Other"})
        far = self._create_user("far", "sales_team.group_sale_manager")
        far.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        self.assertFalse(self._notices().with_user(far).has_access("read"))
