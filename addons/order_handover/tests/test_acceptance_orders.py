from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.order_handover.acceptance_hooks import uninstall_acceptance
from odoo.addons.order_handover.tests.common_acceptance import (
    PAPER,
    SIGNATURE,
    AcceptanceCommon,
)


@tagged("post_install", "-at_install")
class TestAcceptanceOrders(AcceptanceCommon):
    """Credit, services on site, mails, default acceptance, uninstalling."""

    # Credit -----------------------------------------------------------------------

    def _control_credit(self, limit):
        """Let the customer owe so much; return his account."""
        self.company.sudo().credit_mode = "enforce"
        account = (
            self.env["customer.credit.account"].sudo()._bump(self.company, self.partner)
        )
        account._credit_apply({"mode": "limited"})
        self.env["customer.credit.entitlement"].sudo().create(
            {"account_id": account.id, "kind": "standing", "amount": limit}
        )
        account.invalidate_recordset()
        return account

    def test_exposure_stays_the_same(self):
        account = self._control_credit(5000)
        order = self._confirm()

        def assert_exposure(amount, when):
            self.env.flush_all()
            account.invalidate_recordset()
            self.assertEqual(account.exposure, amount, when)

        assert_exposure(1000, "confirmed")
        first = self._ship_all(order, [4])
        assert_exposure(1000, "4 of 10 in transit")
        second = self._ship_all(order)
        assert_exposure(1000, "all in transit")
        first._sign_in_portal("Wang", SIGNATURE)
        assert_exposure(1000, "4 accepted")
        second._sign_in_portal(
            "Wang", SIGNATURE, self._reject(second, (second.line_ids, 1))
        )
        assert_exposure(900, "9 accepted, 1 rejected")
        self._ship(second.return_ids)
        assert_exposure(900, "1 is back")

    def test_credit_stops_at_the_door_only(self):
        account = self._control_credit(5000)
        order = self._confirm()
        other = self._confirm()
        slip = self._ship_all(order)
        account._credit_apply({"mode": "stopped"})
        with self.assertRaisesRegex(UserError, "does not allow this shipment"):
            self._ship_all(other)
        waiting = self.company.handover_acceptance_location_id
        stock = self.warehouse.lot_stock_id
        move = {
            "product_id": self.goods.id,
            "product_uom_qty": 1,
            "location_id": stock.id,
            "location_dest_id": waiting.id,
        }
        by_hand = (
            self.env["stock.picking"]
            .sudo()
            .create(
                {
                    "picking_type_id": self.warehouse.int_type_id.id,
                    "location_id": stock.id,
                    "location_dest_id": waiting.id,
                    "partner_id": self.partner.id,
                    "move_ids": [Command.create(move)],
                }
            )
        )
        by_hand.action_confirm()
        self.assertFalse(by_hand.move_ids.location_final_id)
        with self.assertRaisesRegex(UserError, "does not allow this shipment"):
            self._ship(by_hand)
        # what has left is accepted, whatever the credit
        slip._sign_in_portal("Wang", SIGNATURE)
        self.assertEqual(order.order_line.qty_delivered, 10)
        self.company.sudo().credit_mode = "off"
        self._ship(by_hand)
        slip = self.env["order.acceptance"].sudo().search([], limit=1)
        self.assertEqual((slip.picking_id, slip.order_id.id), (by_hand, False))
        self.assertEqual(slip.partner_id, self.partner)
        slip._sign_in_portal("Wang", SIGNATURE)
        self._assert_stock(89, 0, 11)

    def test_dropshipped_goods_are_refused_in_words(self):
        supplier = self.env.ref("stock.stock_location_suppliers")
        customers = self.env.ref("stock.stock_location_customers")
        route = self.env["stock.route"].sudo().create({"name": "Straight"})
        self.env["stock.rule"].sudo().create(
            {
                "name": "Supplier to customer",
                "action": "pull",
                "location_src_id": supplier.id,
                "location_dest_id": customers.id,
                "picking_type_id": self.warehouse.in_type_id.id,
                "route_id": route.id,
                "procure_method": "make_to_stock",
                "company_id": self.company.id,
            }
        )
        product = self._create_goods("Straight", route_ids=[Command.link(route.id)])
        with self.assertRaisesRegex(UserError, "from the supplier to the customer"):
            self._confirm({"product_id": product.id})
        self.assertEqual(self._confirm_order({"product_id": product.id}).state, "sale")

    def test_kits(self):
        if "mrp.bom" not in self.env:
            self.skipTest("manufacturing is not installed")
        parts = [self._create_goods(name, 100) for name in ("Top", "Leg")]
        kit = self._create_goods("Table")
        self.env["mrp.bom"].sudo().create(
            {
                "product_tmpl_id": kit.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [
                    Command.create({"product_id": part.id, "product_qty": count})
                    for part, count in zip(parts, (1, 4), strict=True)
                ],
            }
        )
        order = self._confirm({"product_id": kit.id, "product_uom_qty": 5})
        slip = self._ship_all(order)
        self.assertEqual(sorted(slip.line_ids.mapped("quantity")), [5, 20])
        self.assertEqual(order.order_line.qty_delivered, 0)
        with self.assertRaises(UserError):
            order.order_line.product_uom_qty = 4
        slip._sign_in_portal("Wang", SIGNATURE)
        self.assertEqual(order.order_line.qty_delivered, 5)
        self.assertTrue(order.handover_is_complete)

    # Services, mails ---------------------------------------------------------------

    def test_services_are_accepted_in_parts(self):
        service = (
            self.env["product.product"]
            .sudo()
            .create(
                {"name": "Fitting", "type": "service", "invoice_policy": "delivery"}
            )
        )
        order = self._confirm(
            {"product_id": service.id, "product_uom_qty": 8}, {}
        ).with_user(self.salesman)
        line = order.order_line[0]
        self.assertFalse(order.handover_is_complete)
        with self.assertRaises(UserError):
            line.qty_delivered = 3
        wizards = self.env["order.acceptance.service"].with_user(self.salesman)
        wizard = wizards.with_context(default_order_id=order.id).create({})
        self.assertEqual(wizard.line_ids.sale_line_id, line)
        wizard.line_ids.quantity = 3
        first = self.env["order.acceptance"].browse(wizard.action_create()["res_id"])
        self.assertEqual((first.kind, first.line_ids.quantity), ("service", 3))
        for quantity in (6, -1, float("nan")):
            with self.assertRaises(UserError):
                order._handover_create_service_slip({line: quantity})
        second = order._handover_create_service_slip({line: 5})
        with self.assertRaises(UserError):
            order._handover_create_service_slip({line: 1})
        self.assertEqual(line.qty_delivered, 0)
        first._sign_in_portal("Wang", SIGNATURE)
        self.assertEqual(line.qty_delivered, 3)
        self.assertEqual(line.qty_to_invoice, 3)
        second.with_user(self.salesman)._sign_on_paper(
            "Wang", "a.pdf", PAPER, self._reject(second, (second.line_ids, 2))
        )
        self.assertEqual(line.qty_delivered, 6)
        third = order._handover_create_service_slip({line: 2})
        third.with_user(self.salesman).action_cancel_service()
        self.assertEqual(third.state, "cancelled")
        third = order._handover_create_service_slip({line: 2})
        third._sign_in_portal("Wang", SIGNATURE)
        self.assertEqual(line.qty_delivered, 8)
        slip = self._ship_all(order)
        self.assertFalse(order.handover_is_complete)
        slip._sign_in_portal("Wang", SIGNATURE)
        self.assertTrue(order.handover_is_complete)

    def test_mail_reminder_and_default(self):
        self.company.write(
            {
                "handover_acceptance_mail": True,
                "handover_acceptance_reminder_days": 3,
                "handover_acceptance_default_days": 7,
            }
        )
        order = self._confirm()
        slip = self._ship_all(order)
        self.assertTrue(slip.date_mailed)
        self.assertEqual(self._count_mails(slip), 1)
        cron = self.env.ref("order_handover.ir_cron_acceptance")
        with self.enter_registry_test_mode():
            for days, mails, state in (
                (2, 1, "waiting"),
                (3, 2, "waiting"),
                (4, 2, "waiting"),
                (7, 2, "signed"),
            ):
                slip.date_ready = fields.Datetime.now() - timedelta(days=days)
                self.env.flush_all()
                cron.method_direct_trigger()
                self.env.invalidate_all()
                self.assertEqual(self._count_mails(slip), mails, f"day {days}")
                self.assertEqual(slip.state, state, f"day {days}")
        self.assertEqual((slip.way, slip.result), ("default", "accepted"))
        self.assertEqual(order.order_line.qty_delivered, 10)

    @mute_logger(
        "odoo.addons.order_handover.models.order_acceptance_mail",
        "odoo.addons.mail.models.mail_render_mixin",
    )
    def test_broken_mails_stop_nothing(self):
        self.company.write(
            {
                "handover_acceptance_mail": True,
                "handover_acceptance_reminder_days": 3,
            }
        )
        for name in ("ready", "reminder"):
            template = self.env.ref(f"order_handover.mail_template_acceptance_{name}")
            template.sudo().body_html = '<t t-out="object.no_such_field"/>'
        slips = self._ship_all(self._confirm()) | self._ship_all(self._confirm())
        self._assert_stock(80, 20)
        self.assertEqual(slips.mapped("state"), ["waiting"] * 2)
        slips.date_ready = fields.Datetime.now() - timedelta(days=4)
        self.assertEqual(self.env["order.acceptance"].sudo()._get_due(), slips)
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("order_handover.ir_cron_acceptance").method_direct_trigger()
        self.env.invalidate_all()
        for slip in slips:
            self.assertFalse(slip.date_mailed)
            self.assertTrue(slip.date_reminded)
            self.assertEqual(self._count_mails(slip), 0)
            notes = slip.message_ids.filtered(lambda m: "Failed to render" in m.body)
            self.assertEqual(len(notes), 2)
        self.assertFalse(self.env["order.acceptance"].sudo()._get_due())

    def _count_mails(self, slip):
        return (
            self.env["mail.mail"]
            .sudo()
            .search_count(
                [("model", "=", "order.acceptance"), ("res_id", "=", slip.id)]
            )
        )

    def test_off_by_default(self):
        slip = self._ship_all(self._confirm())
        self.assertEqual(self._count_mails(slip), 0)
        slip.date_ready = fields.Datetime.now() - timedelta(days=400)
        self.assertFalse(self.env["order.acceptance"]._get_due())

    def test_other_companies(self):
        other = self.env["res.company"].sudo().create({"name": "Other"})
        slip = self._ship_all(self._confirm())
        user = self._create_user("stranger", "order_handover.group_officer")
        user.write({"company_id": other.id, "company_ids": [Command.set(other.ids)]})
        slips = self.env["order.acceptance"].with_user(user)
        self.assertFalse(slips.search([("id", "=", slip.id)]))
        self.assertFalse(other.handover_acceptance_location_id)

    # Uninstalling ---------------------------------------------------------------

    def test_uninstall(self):
        """Without the add-on, deliveries are what Odoo's own would be."""
        waiting = self._confirm()
        self._ship_all(waiting)
        part = self._confirm()
        slip = self._ship_all(part)
        slip.with_user(self.salesman)._sign_on_paper(
            "Wang", "a.pdf", PAPER, self._reject(slip, (slip.line_ids, 4))
        )
        paper = slip.paper_id
        signature = self._sign_without_order()
        self.warehouse.delivery_steps = "pick_ship"
        later = self._confirm()
        self._ship(self._open_pickings(later))
        location = self.company.handover_acceptance_location_id
        route = self.company.handover_acceptance_route_id
        uninstall_acceptance(self.env(su=True))
        self.env.invalidate_all()
        self.assertEqual(waiting.order_line.qty_delivered, 10)
        self.assertEqual(part.order_line.qty_delivered, 6)
        self.assertFalse(self.company.handover_acceptance_location_id)
        self.assertFalse(route.active)
        self.assertFalse(self.warehouse.handover_acceptance_type_id.active)
        self.assertEqual((paper.res_model, paper.res_id), ("sale.order", part.id))
        self.assertEqual(
            (signature.res_model, signature.res_id), ("res.partner", self.partner.id)
        )
        # what was not shipped yet goes to the customer, what was rejected comes back
        shipping = self._open_pickings(later)
        self.assertEqual(shipping.location_dest_id.usage, "customer")
        self._ship(shipping)
        self.assertEqual(later.order_line.qty_delivered, 10)
        self.assertTrue(location.active)  # 4 are still to come back
        returns = part.sudo().picking_ids.filtered(
            lambda p: p.state not in ("done", "cancel")
        )
        self._ship(returns)
        self.assertEqual(returns.state, "done")
        left = (
            self.env["stock.quant"].sudo().search([("location_id", "=", location.id)])
        )
        self.assertFalse(sum(left.mapped("quantity")))

    def _sign_without_order(self):
        """Have goods signed for that nobody ordered; return the signature."""
        move = {
            "product_id": self.goods.id,
            "product_uom_qty": 1,
            "location_id": self.warehouse.lot_stock_id.id,
            "location_dest_id": self.company.handover_acceptance_location_id.id,
        }
        picking = (
            self.env["stock.picking"]
            .sudo()
            .create(
                {
                    "picking_type_id": self.warehouse.int_type_id.id,
                    "location_id": move["location_id"],
                    "location_dest_id": move["location_dest_id"],
                    "partner_id": self.partner.id,
                    "move_ids": [Command.create(move)],
                }
            )
        )
        picking.action_confirm()
        self._ship(picking)
        slip = picking.move_ids.handover_acceptance_id
        slip._sign_in_portal("Wang", SIGNATURE)
        return (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", "order.acceptance"),
                    ("res_id", "=", slip.id),
                    ("res_field", "=", "signature"),
                ]
            )
        )
