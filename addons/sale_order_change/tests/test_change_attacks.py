from contextlib import suppress

from odoo.exceptions import AccessError, MissingError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import SCAN, OrderChangeCommon

_REFUSED = (AccessError, UserError, ValidationError)
_CONTEXTS = (
    {},
    {"disable_cancel_warning": True},
    {"force": True, "bypass": True, "skip_approval": True, "import_file": True},
    {"install_mode": True, "tracking_disable": True, "_force_unlink": True},
)


@tagged("post_install", "-at_install")
class TestChangeAttacks(OrderChangeCommon):
    """Nothing but an approved request changes or cancels an order under control."""

    def _refused(self, action, error=_REFUSED, text=""):
        try:
            with self.env.cr.savepoint():
                action()
        except error as refusal:
            self.assertIn(text, str(refusal))
            return
        self.fail("It was not refused.")

    def test_cancel_by_any_route(self):
        users = (self.salesman, self.other_salesman, self.manager)
        for user in users:
            for context in _CONTEXTS:
                order = self.order.with_user(user).with_context(**context)
                for action in (
                    order.action_cancel,
                    order._action_cancel,
                    lambda order=order: order.write({"state": "cancel"}),
                    lambda order=order: order.write({"state": "draft"}),
                    lambda order=order: order.sudo().write({"state": "cancel"}),
                    lambda order=order: order.sudo()._action_cancel(),
                ):
                    self._refused(action, text="Request Cancellation")
        self._assert_as_before(self.order)

    def test_mass_cancel(self):
        for user in (self.other_salesman, self.manager):
            wizard = (
                self.env["sale.mass.cancel.orders"]
                .with_user(user)
                .with_context(active_ids=self.order.ids, active_model="sale.order")
                .create({})
            )
            self._refused(wizard.action_mass_cancel, text="Request Cancellation")
        self._assert_as_before(self.order)

    def test_swallowed_refusal_keeps_nothing(self):
        with suppress(UserError), self.env.cr.savepoint():
            self.order.write({"state": "cancel"})
        with suppress(UserError):
            self.order.sudo()._action_cancel()
        self._assert_as_before(self.order)

    def test_refusal_names_the_request(self):
        with self.assertRaisesRegex(UserError, "Request Cancellation"):
            self.order.action_cancel()
        change = self._request("cancel")
        with self.assertRaisesRegex(UserError, change.name):
            self.order.action_cancel()

    def test_draft_import_and_unlock(self):
        order = self.order.with_user(self.manager)
        order.action_draft()  # only what is cancelled or sent
        self.assertEqual(order.state, "sale")
        order.action_lock()
        order.action_unlock()
        self._refused(lambda: self.desks.write({"product_uom_qty": 1.0}))
        self._refused(lambda: order.write({"order_line": [Command.clear()]}))
        self._refused(
            lambda: order.write(
                {"order_line": [Command.update(self.desks.id, {"price_unit": 1.0})]}
            )
        )
        self.env.flush_all()
        result = order.load([".id", "state"], [[str(order.id), "cancel"]])
        self.assertFalse(result["ids"])
        self.assertIn("Request Cancellation", str(result["messages"]))
        self._refused(order.unlink)
        self._assert_as_before(order)

    def test_switched_off_everything_is_as_before(self):
        self.company.sale_change_control = False
        self.order.sudo().action_cancel()
        self.assertEqual(self.order.state, "cancel")

    def test_warehouse_goes_on(self):
        self.order.sudo().picking_ids.action_cancel()
        self.assertEqual(self.order.state, "sale")

    def test_request_cannot_be_born_approved(self):
        values = {"order_id": self.order.id, "kind": "cancel", "reason": "Asked"}
        model = self.env["sale.order.change"]
        for user in (self.salesman, self.manager, self.env.user):
            for extra in (
                {"state": "applied"},
                {"state": "failed"},
                {"approval_state": "approved"},
                {"approval_round_id": self.order.sudo().approval_round_id.id},
                {"agreement_state": "agreed"},
                {"order_round_id": self.order.sudo().approval_round_id.id},
                {"order_fingerprint": "x"},
                {"name": "X"},
                {"origin": "portal"},
            ):
                self._refused(
                    lambda user=user, extra=extra: (
                        model.with_user(user).create({**values, **extra})
                    )
                )
        defaults = self.env["ir.default"]
        defaults.set("sale.order.change", "state", "applied")
        defaults.set("sale.order.change", "agreement_state", "agreed")
        change = model.with_user(self.salesman).create(values)
        self.assertEqual((change.state, change.agreement_state), ("draft", "none"))
        change = (
            model.with_user(self.salesman)
            .with_context(default_state="applied", default_approval_state="approved")
            .create(values)
        )
        self.assertEqual((change.state, change.approval_state), ("draft", "none"))
        self._refused(self.order.action_cancel)

    def test_request_cannot_be_written_approved(self):
        change = self._request("cancel")
        round_id = self.order.sudo().approval_round_id.id
        for user in (self.salesman, self.manager, self.env.user):
            own = change.with_user(user)
            for vals in (
                {"state": "applied"},
                {"approval_state": "approved"},
                {"approval_round_id": round_id},
                {"order_round_id": round_id},
                {"agreement_state": "agreed"},
                {"agreement_fingerprint": "x"},
                {"requester_id": self.director.id},
                {"order_id": self.order.id},
            ):
                for record in (own, own.sudo()):
                    self._refused(lambda record=record, vals=vals: record.write(vals))
            self._refused(
                lambda user=user: (
                    self.order.with_user(user).write(
                        {
                            "change_ids": [
                                Command.update(change.id, {"state": "applied"})
                            ]
                        }
                    )
                )
            )
        change.action_apply_again()
        self.assertEqual((change.state, self.order.state), ("draft", "sale"))

    def test_pending_or_refused_is_not_applied(self):
        change = self._request("cancel")
        change.action_submit_for_approval()
        change.action_apply_again()
        self._refused(self.order.action_cancel)
        self.assertEqual((change.state, self.order.state), ("draft", "sale"))

    def test_edited_after_approval(self):
        """What was approved is applied; what was edited afterwards is not."""
        change = self._request()
        self._line(change, self.desks).quantity = 12.0
        change.action_submit_for_approval()
        self._line(change, self.desks).quantity = 1.0
        self.assertEqual(change.approval_state, "superseded")
        self._decide(change)
        change.action_apply_again()
        self._assert_as_before(self.order)

    def test_applied_request_stays(self):
        change = self._quick(self.order, {self.desks: 12.0})
        line = self._line(change, self.desks)
        for record in (change, change.sudo()):
            self._refused(lambda record=record: record.write({"reason": "Other"}))
            self._refused(lambda record=record: record.write({"state": "draft"}))
            self._refused(record.action_cancel)
            self._refused(record.unlink)
        for action in (
            lambda: line.write({"quantity": 20.0}),
            lambda: line.sudo().write({"old_quantity": 20.0}),
            line.unlink,
            lambda: line.copy(),
            lambda: line.create({"change_id": change.id, "product_id": self.lamp.id}),
        ):
            self._refused(action)
        change.action_draft()
        self.assertEqual(change.state, "applied")
        twin = change.copy()
        self.assertEqual((twin.state, twin.approval_state), ("draft", "none"))
        self.assertEqual(self._line(twin, self.desks).quantity, 12.0)

    def test_line_of_another_order(self):
        other = self._confirmed({"product_uom_qty": 1.0, "price_unit": 100.0})
        change = self._request()
        self._refused(
            lambda: (
                change.line_ids.create(
                    {"change_id": change.id, "order_line_id": other.order_line.id}
                )
            )
        )
        self._refused(
            lambda: (
                self._line(change, self.desks).write(
                    {"order_line_id": other.order_line.id}
                )
            )
        )

    def test_numbers_that_are_none(self):
        change = self._request()
        line = self._line(change, self.desks)
        for vals in (
            {"quantity": -1.0},
            {"quantity": 1e16},
            {"discount": 101.0},
            {"customer_lead": -1.0},
            {"customer_lead": float("nan")},
        ):
            self._refused(lambda vals=vals: line.write(vals))

    def test_who_may_not(self):
        change = self._request()
        portal = self._create_user("change customer", "base.group_portal")
        for user in (portal, self.director, self.storekeeper):
            self._refused(
                lambda user=user: (
                    self.env["sale.order.change"]
                    .with_user(user)
                    .create({"order_id": self.order.id, "reason": "x"})
                ),
                (AccessError, MissingError),
            )
            self._refused(
                lambda user=user: change.with_user(user).action_submit_for_approval(),
                (AccessError, MissingError),
            )
        stranger = self._create_user("stranger", "sales_team.group_sale_salesman")
        self._refused(lambda: change.with_user(stranger).read(["reason"]), AccessError)
        self._refused(
            lambda: (
                self.env["sale.order.change"]
                .with_user(stranger)
                .create({"order_id": self.order.id, "reason": "x"})
            ),
            AccessError,
        )

    def test_agreement_of_others_does_not_count(self):
        """A scan entered for one plan says nothing of another request."""
        self._deliver(self.order, {self.desks: 2.0})
        terms = {"compensation": "All", "compensation_payer": "none"}
        first = self._request("cancel", **terms)
        first._agree("scan", "Wang", SCAN)
        second = self._request("cancel", **terms)
        with self.assertRaisesRegex(UserError, "has not agreed"):
            second.action_submit_for_approval()

    def test_another_company_has_its_own_say(self):
        other = self.env["res.company"].sudo().create({"name": "Elsewhere"})
        self.assertFalse(other.sale_change_control)
        foreign = self._create_user(
            "foreign seller", "sales_team.group_sale_salesman_all_leads"
        )
        foreign.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        change = self._request()
        self._refused(lambda: change.with_user(foreign).read(["reason"]), AccessError)
