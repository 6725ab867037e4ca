"""Attacks that take several people, one after the other."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import AttackCommon


@tagged("standard", "post_install", "-at_install")
class TestSequences(AttackCommon):
    """An approval counts for what was approved, by whom, and once."""

    def setUp(self):
        super().setUp()
        self.pending = self.orders["pending"].with_user(self.users["owner"])
        self.approved = self.orders["approved"].with_user(self.users["owner"])
        self.confirmed = self.orders["confirmed"].with_user(self.users["owner"])

    def _seat(self, order, code="sales"):
        return order.sudo().approval_round_id.seat_ids.filtered(
            lambda seat: seat.department_id.code == code
        )

    def _approve_as(self, order, role, code="sales"):
        self._seat(order, code).with_user(self.users[role]).action_approve()

    def _assert_refused(self, call, kind=UserError):
        before = self.env.cr.savepoint()
        with self.assertRaises(kind) as refusal:
            call()
        before.close(rollback=True)
        self.env.invalidate_all(flush=False)
        self.assertTrue(str(refusal.exception).strip())

    def test_seats_of_an_ended_round(self):
        """Nobody decides on what was cancelled, changed or taken back meanwhile."""
        for end in (
            lambda order: order.action_cancel(),
            lambda order: order.order_line[0].write({"price_unit": 1}),
            lambda order: order.action_withdraw_approval(),
        ):
            with self.env.cr.savepoint() as savepoint:
                seat = self._seat(self.pending)
                end(self.pending)
                supervised = seat.with_user(self.users["supervisor"])
                self._assert_refused(supervised.action_approve)
                self._assert_refused(lambda s=supervised: s.action_refuse("No"))
                savepoint.rollback()
            self.env.invalidate_all(flush=False)

    def test_changed_there_and_back_again(self):
        """Once superseded is superseded: the reviewers are asked anew."""
        line = self.approved.order_line[0]
        line.price_unit = 1
        line.price_unit = 90
        self.assertEqual(self.approved.approval_state, "superseded")
        self._assert_refused(self.approved.action_confirm)
        self.approved.action_submit_for_approval()
        self.assertEqual(self.approved.approval_state, "pending")

    def test_approval_counts_once(self):
        """Cancelled and set back, a confirmed order starts anew."""
        order = self.orders["confirmed"].with_user(self.users["dispatcher"])
        order.action_cancel()
        order.action_draft()
        self._assert_refused(order.action_confirm)
        order.action_submit_for_approval()
        self.assertEqual(order.approval_state, "pending")

    def test_joining_a_department_after_the_submission(self):
        """Who decides was settled when the order was submitted."""
        for role in ("owner", "stranger"):
            self.departments["sales"].member_ids = [Command.link(self.users[role].id)]
            self._assert_refused(
                lambda role=role: self._approve_as(self.pending, role), AccessError
            )

    def test_reviewer_who_changed_the_order(self):
        """What he changed, somebody else has to approve."""
        supervisor = self.users["supervisor"]
        supervisor.group_ids += self.env.ref("sales_team.group_sale_salesman_all_leads")
        self.pending.with_user(supervisor).order_line[0].price_unit = 80
        self.pending.action_submit_for_approval()
        seat = self._seat(self.pending)
        self.assertNotIn(supervisor, seat.candidate_ids)
        self._assert_refused(lambda: self._approve_as(self.pending, "supervisor"))

    def test_salesperson_put_on_the_order_afterwards(self):
        """The reviewer becomes its salesperson: he may not decide any more."""
        self.pending.user_id = self.users["supervisor"]
        self._assert_refused(lambda: self._approve_as(self.pending, "supervisor"))
        # and this is no dead end: whoever runs the sales team can put it right
        order = self.orders["pending"].with_user(self.users["sales manager"])
        order.user_id = self.users["all salesperson"]
        self._approve_as(order, "supervisor")
        self.assertEqual(self._seat(order).state, "approved")

    def test_reviewer_who_left(self):
        self.users["supervisor"].active = False
        self._assert_refused(lambda: self._approve_as(self.pending, "supervisor"))

    def test_reviewer_who_moved_to_another_company(self):
        self.users["supervisor"].write(
            {
                "company_ids": [Command.set(self.other_company.ids)],
                "company_id": self.other_company.id,
            }
        )
        self._assert_refused(lambda: self._approve_as(self.pending, "supervisor"))

    def test_one_person_for_two_departments(self):
        """A member of both decides for one of them only."""
        supervisor = self.users["supervisor"]
        self.departments["finance"].member_ids = [Command.link(supervisor.id)]
        order = self._make_draft().with_user(self.users["owner"])
        order.action_submit_for_approval()
        self._approve_as(order, "supervisor")
        self._assert_refused(lambda: self._approve_as(order, "supervisor", "finance"))
        self._approve_as(order, "financier", "finance")

    def test_switched_off_and_on_again(self):
        """What was changed in between was not approved."""
        self.company.document_approval_mode = "off"
        self.approved.order_line[0].price_unit = 1
        self.company.document_approval_mode = "enforce"
        self._assert_refused(self.approved.action_confirm)

    def test_confirmed_while_off_stays_as_it_was(self):
        """Nobody is held to a control that did not exist then."""
        self.company.document_approval_mode = "off"
        order = self._make_draft()
        order.action_confirm()
        self.company.document_approval_mode = "enforce"
        order.order_line[0].product_uom_qty = 3
        self.assertEqual(order.state, "sale")

    def test_dialog_of_somebody_else(self):
        """Nobody changes what a reviewer is about to confirm in his own dialog."""
        supervisor, financier = map(self._caller, ("supervisor", "financier"))
        seats = [[6, 0, self._seat(self.pending).ids]]
        wizard = supervisor("document.approval.decide", "create", {"seat_ids": seats})
        for call in (
            lambda: financier(
                "document.approval.decide", "write", [wizard], {"decision": "refuse"}
            ),
            lambda: financier("document.approval.decide", "unlink", [wizard]),
            lambda: financier("document.approval.decide", "read", [wizard], ["words"]),
        ):
            self._assert_refused(call, AccessError)

    def test_merged_customers(self):
        """Merging writes past everything; it does not get past the approval."""
        twin = self.other_partner.copy({"email": self.partner.email})
        order = self._make_draft().with_user(self.users["owner"])
        order.partner_id = twin
        order.action_submit_for_approval()
        self._approve(order)
        rpc = self._caller("administrator")
        values = {
            "state": "selection",
            "partner_ids": [[6, 0, [twin.id, self.other_partner.id]]],
            "dst_partner_id": self.other_partner.id,
        }
        wizard = rpc("base.partner.merge.automatic.wizard", "create", values)
        rpc("base.partner.merge.automatic.wizard", "action_merge", [wizard])
        self.assertEqual(order.partner_id, self.other_partner)
        self.assertEqual(order.approval_state, "superseded")
        self._assert_refused(order.action_confirm)

    def test_price_of_what_was_not_planned(self):
        """Goods that go out without an order do not go out at any price."""
        picking = self.orders["confirmed"].picking_ids
        picking = picking.with_user(self.users["dispatcher"])
        for move in picking.move_ids:
            move.write({"quantity": move.product_uom_qty, "picked": True})
        picking.move_ids.create(
            {
                "picking_id": picking.id,
                "product_id": self.cheap.id,
                "product_uom_qty": 500,
                "quantity": 500,
                "picked": True,
                "location_id": picking.location_id.id,
                "location_dest_id": picking.location_dest_id.id,
            }
        )
        picking.with_context(skip_backorder=True).button_validate()
        line = self.confirmed.order_line.filtered(
            lambda line: line.product_id == self.cheap
        )
        self.assertEqual((line.product_uom_qty, line.qty_delivered), (0, 500))
        for role in ("owner", "stock user", "invoicing"):
            priced = line.with_user(self.users[role])
            self._assert_refused(lambda line=priced: line.write({"price_unit": 0.01}))

    def test_reused_round_of_another_order(self):
        """An approval belongs to its order, even if the other one is the same."""
        twin = self._make_draft()
        twin.order_line.tax_ids = self.own_tax
        approved, draft = (
            order._approval_fingerprints()[order.id]
            for order in (self.orders["approved"], twin)
        )
        self.assertEqual(approved, draft)
        self._assert_refused(twin.with_user(self.users["owner"]).action_confirm)

    def test_what_is_kept_of_a_round(self):
        """A submitted order is not deleted, whatever became of its round."""
        for order in (self.pending, self.approved, self.orders["refused"]):
            self._assert_refused(order.sudo().unlink)
        self.pending.action_withdraw_approval()
        self._assert_refused(self.pending.sudo().unlink)
