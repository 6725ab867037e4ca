from contextlib import ExitStack

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.order_handover.tests.common_acceptance import (
    PAPER,
    SIGNATURE,
    AcceptanceCommon,
)


@tagged("post_install", "-at_install")
class TestAcceptanceGate(AcceptanceCommon):
    """Nothing is written off before the customer has signed, whatever the route."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.keeper.group_ids = [
            Command.link(cls.env.ref("stock.group_stock_manager").id)
        ]
        cls.order = cls._confirm()
        cls.slip = cls._ship_all(cls.order)
        cls.customers = cls.env.ref("stock.stock_location_customers")

    def _assert_untouched(self):
        self.env.invalidate_all()
        self._assert_stock(90, 10, 0)
        self.assertEqual(self.order.order_line.qty_delivered, 0)
        self.assertEqual(self.slip.state, "waiting")

    def test_button_is_refused(self):
        transfer = self.slip.transfer_id.with_user(self.keeper)
        transfer.move_ids.picked = True
        with self.assertRaisesRegex(UserError, "is signed"):
            transfer.button_validate()
        with self.assertRaisesRegex(UserError, "is signed"):
            transfer.move_ids.write({"state": "done"})
        with self.assertRaisesRegex(UserError, "with the customer"):
            transfer.action_cancel()
        with self.assertRaisesRegex(UserError, "with the customer"):
            transfer.move_ids.write({"state": "cancel"})
        with self.assertRaisesRegex(UserError, "with the customer"):
            transfer.move_ids.write({"product_uom_qty": 4})
        self._assert_untouched()

    def _create_transfer(self, source, destination, **values):
        pickings = self.env["stock.picking"].with_user(self.keeper)
        picking = pickings.create(
            {
                "picking_type_id": self.warehouse.int_type_id.id,
                "location_id": source.id,
                "location_dest_id": destination.id,
                "partner_id": self.partner.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.goods.id,
                            "product_uom_qty": 10,
                            "location_id": source.id,
                            "location_dest_id": destination.id,
                            **values,
                        }
                    )
                ],
            }
        )
        picking.action_confirm()
        picking.move_ids.quantity = 10
        picking.move_ids.picked = True
        return picking

    def test_no_other_way_out(self):
        waiting = self.company.handover_acceptance_location_id
        stock = self.warehouse.lot_stock_id
        loss = (
            self.env["stock.location"]
            .sudo()
            .search(
                [("usage", "=", "inventory"), ("company_id", "=", self.company.id)],
                limit=1,
            )
        )
        for destination, text in (
            (self.customers, "is signed"),
            (stock, "make a return"),
            (loss, "make a return"),
        ):
            picking = self._create_transfer(waiting, destination)
            with self.assertRaisesRegex(UserError, text):
                picking.button_validate()
            picking.move_ids.quantity = 0
            picking.action_cancel()
        self._assert_untouched()

    def test_no_way_past(self):
        stock = self.warehouse.lot_stock_id
        line = self.order.order_line
        picking = self._create_transfer(stock, self.customers, sale_line_id=line.id)
        with self.assertRaisesRegex(UserError, "cannot go to"):
            picking.button_validate()
        with self.assertRaisesRegex(UserError, "stays with the order"):
            picking.move_ids.sale_line_id = False
        picking.move_ids.quantity = 0
        picking.action_cancel()
        picking = self._create_transfer(stock, self.customers)
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        with self.assertRaisesRegex(UserError, "cannot go to"):
            picking.move_ids.write({"sale_line_id": line.id})
        with self.assertRaisesRegex(UserError, "cannot go to"):
            picking.sale_id = self.order.id
        self.env.invalidate_all()
        self.assertEqual(line.qty_delivered, 0)

    def test_transfers_stay_with_their_order(self):
        line = self._confirm().order_line
        picking = self._open_pickings(line.order_id).with_user(self.keeper)
        picking.action_assign()
        other = self._confirm_order()
        more = self._create_goods("Belt", 5)

        def refused():
            stack = ExitStack()
            stack.enter_context(self.assertRaisesRegex(UserError, "stays with the"))
            stack.enter_context(self.env.cr.savepoint())
            return stack

        transfers = picking | self.slip.picking_id | self.slip.transfer_id
        for transfer in transfers.with_user(self.keeper):
            for order in (False, other):
                with refused():
                    transfer.sale_id = order
            for value in (False, other.order_line.id):
                with refused():
                    transfer.move_ids.write({"sale_line_id": value})
        with refused():
            picking.move_ids.product_id = more.id
        self.env.invalidate_all()
        self.assertEqual(picking.sale_id, line.order_id)
        # what is not confirmed may be used for something else; backorders, cancelling
        twin = picking.copy()
        self.assertEqual(twin.move_ids.sale_line_id, line)
        twin.sale_id = False
        self.assertFalse(twin.move_ids.sale_line_id)
        self._ship(picking, [4])
        rest = picking.backorder_ids
        self.assertEqual(rest.move_ids.sale_line_id, line)
        rest.action_cancel()
        self.assertEqual(rest.state, "cancel")
        self._assert_stock(86, 14, 0)

    def test_what_is_added_belongs_to_the_order(self):
        picking = self._open_pickings(self._confirm()).with_user(self.keeper)
        picking.action_assign()
        moves = self.env["stock.move"].with_user(self.keeper)
        values = {
            "product_id": self._create_goods("Belt", 5).id,
            "product_uom_qty": 1,
            "location_id": self.customers.id,
            "location_dest_id": self.warehouse.lot_stock_id.id,
        }
        later = moves.create(values)
        added = moves.create(
            {
                **values,
                "picking_id": picking.id,
                "location_id": picking.location_id.id,
                "location_dest_id": self.customers.id,
                "move_dest_ids": [Command.link(later.id)],
            }
        )
        added._action_confirm(merge=False)
        added.location_dest_id = self.customers
        added.quantity = 1
        picking.move_ids.picked = True
        self.assertEqual(added.location_dest_id, self.customers)
        self.assertEqual((added.move_dest_ids, added.picking_id), (later, picking))
        with self.assertRaisesRegex(UserError, "Belt cannot go to"):
            picking.button_validate()

    def test_defaults_sign_nothing(self):
        defaults = self.env["ir.default"].with_user(self.keeper)
        for model, name, value in (
            ("order.acceptance", "kind", "service"),
            ("order.acceptance", "state", "signed"),
            ("order.acceptance", "result", "accepted"),
            ("order.acceptance", "signed_by", "Wang"),
            ("order.acceptance.line", "accepted_qty", 1000000),
        ):
            defaults.set(model, name, value, user_id=True)
        order = self._confirm()
        picking = (
            self._open_pickings(order)
            .with_user(self.keeper)
            .with_context(
                default_kind="service",
                default_result="accepted",
                default_signed_by="Wang",
                default_accepted_qty=1000000,
            )
        )
        picking.action_assign()
        picking.move_ids.picked = True
        picking.button_validate()
        slip = order.sudo().handover_acceptance_ids
        self.assertRecordValues(
            slip, [{"kind": "goods", "state": "waiting", "signed_by": False}]
        )
        self.assertFalse(slip.result)
        self.assertRecordValues(slip.line_ids, [{"quantity": 10, "accepted_qty": 0}])
        transfer = slip.transfer_id.with_user(self.keeper)
        transfer.move_ids.picked = True
        with self.assertRaisesRegex(UserError, "is signed"):
            transfer.button_validate()
        # nor does a signature for services let goods out
        slip.sudo().write({"kind": "service", "state": "signed"})
        slip.sudo().line_ids.accepted_qty = 10
        with self.assertRaisesRegex(UserError, "is signed"):
            transfer.button_validate()
        self.assertEqual(order.order_line.qty_delivered, 0)

    def test_goods_get_their_own_slip(self):
        waiting = self.company.handover_acceptance_location_id
        stock = self.warehouse.lot_stock_id
        move = (
            self.env["stock.move"]
            .with_user(self.keeper)
            .with_context(default_handover_acceptance_id=self.slip.id)
            .create(
                {
                    "product_id": self.goods.id,
                    "product_uom_qty": 1,
                    "location_id": stock.id,
                    "location_dest_id": waiting.id,
                }
            )
        )
        self.assertFalse(move.handover_acceptance_id)
        picking = self._create_transfer(stock, waiting)
        picking.move_ids.sudo().handover_acceptance_id = self.slip
        picking.button_validate()
        own = picking.sudo().move_ids.handover_acceptance_id
        self.assertEqual((own.picking_id, own.state), (picking, "waiting"))
        self.assertEqual((own | self.slip).line_ids.mapped("quantity"), [10, 10])

    def test_destination_changed(self):
        order = self._confirm()
        picking = self._open_pickings(order).with_user(self.keeper)
        picking.action_assign()
        picking.location_dest_id = self.customers
        picking.move_ids.location_dest_id = self.customers
        picking.move_ids.picked = True
        with self.assertRaisesRegex(UserError, "cannot go to"):
            picking.button_validate()
        picking.move_ids.location_dest_id = self.company.handover_acceptance_location_id
        picking.move_ids.move_line_ids.location_dest_id = self.customers
        with self.assertRaisesRegex(UserError, "cannot go to"):
            picking.button_validate()

    def test_done_moves_are_not_changed(self):
        shipped = self.slip.picking_id.move_ids.with_user(self.keeper)
        with self.assertRaisesRegex(UserError, "cannot go to"):
            shipped.write({"location_dest_id": self.customers.id})
        self.env.invalidate_all()
        shipped.move_line_ids.quantity = 8
        self.assertEqual(self.slip.line_ids.quantity, 8)
        self.assertEqual(self.slip.transfer_id.move_ids.product_uom_qty, 8)
        self.slip._sign_in_portal("Wang", SIGNATURE)
        self.assertEqual(self.order.order_line.qty_delivered, 8)
        accepted = self.slip.transfer_id.move_ids.with_user(self.keeper)
        for quantity in (5, 9):
            with self.assertRaises(UserError):
                accepted.move_line_ids.quantity = quantity
            self.env.invalidate_all()
        with self.assertRaises(UserError):
            shipped.move_line_ids.quantity = 7
        self.env.invalidate_all()
        self.assertEqual(self.order.order_line.qty_delivered, 8)

    def test_rejected_goods_have_to_come_back(self):
        line = self.slip.line_ids
        self.slip._sign_in_portal("Wang", SIGNATURE, self._reject(self.slip, (line, 4)))
        back = self.slip.return_ids.with_user(self.keeper)
        with self.assertRaisesRegex(UserError, "have to come back"):
            back.action_cancel()
        self.env.invalidate_all()
        back.move_ids.quantity = 3
        back.move_ids.picked = True
        with self.assertRaisesRegex(UserError, "have to come back"):
            back.with_context(cancel_backorder=True)._action_done()
        self.env.invalidate_all()
        back.move_ids.quantity = 3
        back.move_ids.picked = True
        back._action_done()
        self._assert_stock(93, 1, 6)

    def test_orders_with_goods_at_the_customer_are_not_cancelled(self):
        with self.assertRaisesRegex(UserError, self.slip.name):
            self.order.with_user(self.salesman)._action_cancel()
        self._assert_untouched()

    def test_flag_is_the_systems(self):
        order = self.order.with_user(self.salesman)
        with self.assertRaises(AccessError):
            order.handover_requires_acceptance = False
        with self.assertRaises(AccessError):
            self._create_order(handover_requires_acceptance=False)
        self.accept_type.handover_requires_acceptance = False
        self.assertTrue(order.handover_requires_acceptance)
        order.policy_type_id = self.env["sale.order.type"]._get_default(self.company)
        self.assertTrue(order.handover_requires_acceptance)
        with self.assertRaises(UserError):
            order.order_line.qty_delivered = 10
        # a default somebody set decides nothing
        self.env["ir.default"].sudo().set(
            "sale.order", "handover_requires_acceptance", True
        )
        self.assertFalse(self._create_order().handover_requires_acceptance)

    def test_partner_decides_before_type(self):
        partner = self.partner.sudo()
        quotation = self._create_order(policy_type_id=self.accept_type.id)
        partner.with_user(self.manager).handover_acceptance = "never"
        self.assertFalse(quotation.handover_requires_acceptance)
        quotation.action_confirm()
        self.assertFalse(quotation.handover_requires_acceptance)
        partner.with_user(self.manager).handover_acceptance = "always"
        self.assertFalse(quotation.handover_requires_acceptance)
        self.assertTrue(self._confirm_order().handover_requires_acceptance)
        with self.assertRaises(AccessError):
            partner.with_user(self.salesman).handover_acceptance = "never"
        contact = (
            self.env["res.partner"]
            .sudo()
            .create({"name": "Branch", "parent_id": partner.id})
        )
        order = self._confirm_order(partner_id=contact.id)
        self.assertTrue(order.handover_requires_acceptance)

    def test_place_of_the_customer_switches_nothing_off(self):
        inside = self.warehouse.lot_stock_id
        between = self.env["stock.location"].sudo()
        between = between.create({"name": "Between", "usage": "transit"})
        partner = self.partner.with_user(self.manager)
        for place in (inside, between):
            partner.with_company(self.company).property_stock_customer = place
            quotation = self._create_order(policy_type_id=self.accept_type.id)
            self.assertTrue(quotation.handover_requires_acceptance, place.name)
        # goods for another company of the database are accepted by its receipt
        sister = self.env["res.company"].sudo().create({"name": "Sister"}).partner_id
        sister.with_company(self.company).property_stock_customer = between
        order = self._create_order(
            partner_id=sister.id, policy_type_id=self.accept_type.id
        )
        self.assertFalse(order.handover_requires_acceptance)

    def test_slips_are_the_systems(self):
        for user in (self.salesman, self.keeper, self.coordinator, self.manager):
            slip = self.slip.with_user(user)
            with self.assertRaises(AccessError):
                slip.write({"state": "signed"})
            with self.assertRaises(AccessError):
                slip.line_ids.write({"accepted_qty": 10})
            with self.assertRaises(AccessError):
                slip.unlink()
        with self.assertRaises(UserError):
            self.slip.sudo().with_context(_force_unlink=True).unlink()
        with self.assertRaises(AccessError):
            self.slip.transfer_id.move_ids.with_user(self.keeper).write(
                {"handover_acceptance_id": False}
            )
        location = self.company.handover_acceptance_location_id.with_user(self.keeper)
        with self.assertRaises(UserError):
            location.usage = "customer"

    def test_who_enters_the_paper(self):
        self.other_salesman.group_ids = [
            Command.set(self.env.ref("sales_team.group_sale_salesman").ids)
        ]
        for user in (self.keeper, self.other_salesman, self.manager):
            with self.assertRaises(AccessError):
                self.slip.with_user(user)._sign_on_paper("Wang", "a.pdf", PAPER)
        with self.assertRaisesRegex(UserError, "neither a PDF nor a picture"):
            self.slip.with_user(self.salesman)._sign_on_paper("W", "a.html", b"<html>")
        self._assert_untouched()
        wizard = (
            self.env["order.acceptance.paper"]
            .with_user(self.salesman)
            .with_context(default_acceptance_id=self.slip.id)
            .create(
                {"signed_by": "Wang", "filename": "a.pdf", "content": self._paper()}
            )
        )
        wizard.line_ids.write({"rejected_qty": 1, "remark": "Torn"})
        wizard.action_sign()
        self.assertEqual((self.slip.way, self.slip.result), ("paper", "partly"))
        self.assertEqual(self.order.order_line.qty_delivered, 9)
        paper = self.slip.paper_id
        other = self.slip.id + 1
        for values in ({"raw": b"%PDF-other"}, {"res_id": other}, {"name": "b.pdf"}):
            with self.assertRaisesRegex(UserError, "is kept as it is"):
                paper.sudo().write(values)
        with self.assertRaisesRegex(UserError, "is kept as it is"):
            paper.sudo().unlink()
        with self.assertRaisesRegex(UserError, "signed already by Wang"):
            self.slip.with_user(self.salesman)._sign_on_paper("Li", "b.pdf", PAPER)

    def test_answers_that_do_not_fit(self):
        line = self.slip.line_ids
        other = self._ship_all(self._confirm()).line_ids
        for answers, text in (
            ({line.id: {"rejected": 11, "remark": "x"}}, "from 0 to 10"),
            ({line.id: {"rejected": -1, "remark": "x"}}, "from 0 to 10"),
            ({line.id: {"rejected": "nan", "remark": "x"}}, "from 0 to 10"),
            ({line.id: {"rejected": "inf", "remark": "x"}}, "from 0 to 10"),
            ({line.id: {"rejected": [1], "remark": "x"}}, "from 0 to 10"),
            ({line.id: {"rejected": 2}}, "what has to be put right"),
            ({other.id: {"rejected": 2, "remark": "x"}}, "not on"),
            ({"x": {"rejected": 2, "remark": "x"}}, "not on"),
            ({line.id: 5}, "not on"),
        ):
            with self.assertRaisesRegex(UserError, text):
                self.slip._sign_in_portal("Wang", SIGNATURE, answers)
        for name, signature, text in (
            ("", SIGNATURE, "your name"),
            ("Wang", "", "Sign first"),
            ("Wang", "PHN2Zz4=", "no picture"),
            ("Wang", "A" * 1_500_000, "too large"),
            ("Wang", "***", "no picture"),
        ):
            with self.assertRaisesRegex(UserError, text):
                self.slip._sign_in_portal(name, signature)
        self._assert_stock(80, 20)
        self.slip._sign_in_portal("Wang", SIGNATURE)
        with self.assertRaisesRegex(UserError, "signed already by Wang"):
            self.slip._sign_in_portal("Li", SIGNATURE)
        self.assertEqual(self.slip.signed_by, "Wang")
        self._assert_stock(80, 10)
