"""Attacks that take several people, one after the other."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command, Datetime
from odoo.tests import new_test_user, tagged

from .common import AttackCommon, Caller


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
        """Once superseded is superseded: only what is the same counts, submitted anew.

        Nobody is asked twice about the very same, and the log says who had agreed.
        """
        agreed = self._seat(self.approved).decision_ids.filtered("is_agreement")
        line = self.approved.order_line[0]
        line.price_unit = 1
        line.price_unit = 90
        self.assertEqual(self.approved.approval_state, "superseded")
        self._assert_refused(self.approved.action_confirm)
        self.approved.action_submit_for_approval()
        self.assertEqual(self._seat(self.approved).decision_ids.origin_id, agreed)
        self.assertEqual(self.approved.approval_state, "approved")
        line.price_unit = 1
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
        self._assert_refused(lambda: self._approve_as(order, "supervisor"))
        order.action_submit_for_approval()
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

    # Agreements of earlier rounds ------------------------------------------------

    def _swap(self, order, name):
        """Give each of the two lines the other's value: the sum may be the same."""
        first, second = order.order_line
        first[name], second[name] = second[name], first[name]

    def _content_changes(self):
        """Return {what: change}, each of something that was approved."""
        tax, product = self.tax, self.second
        warehouse = self.env["stock.warehouse"].create({"name": "W2", "code": "W2"})
        order_type = self.env["sale.order.type"].create({"name": "Other type"})
        other = self.other_partner
        return {
            "quantity": lambda o: o.order_line[0].write({"product_uom_qty": 11}),
            "price": lambda o: o.order_line[0].write({"price_unit": 89.9999999}),
            "quantities": lambda o: self._swap(o, "product_uom_qty"),
            "prices": lambda o: self._swap(o, "price_unit"),
            "product": lambda o: o.order_line[0].write(
                {"product_id": product.id, "price_unit": 90}
            ),
            "tax": lambda o: o.order_line[0].write({"tax_ids": [Command.set(tax.ids)]}),
            "lead": lambda o: o.order_line[0].write({"customer_lead": 77}),
            "fixed tax": lambda o: o.order_line[0].write({"extra_tax_data": {"a": 1}}),
            "address": lambda o: o.write({"partner_shipping_id": other.id}),
            "invoice": lambda o: o.write({"partner_invoice_id": other.id}),
            "term": lambda o: o.write({"payment_term_id": self.term.id}),
            "pricelist": lambda o: o.write({"pricelist_id": self.half.id}),
            "date": lambda o: o.write({"commitment_date": "2030-01-01"}),
            "warehouse": lambda o: o.write({"warehouse_id": warehouse.id}),
            "type": lambda o: o.write({"policy_type_id": order_type.id}),
        }

    def test_agreements_do_not_survive_a_change(self):
        """Whatever was changed, everybody who agreed before is asked again."""
        for what, change in self._content_changes().items():
            with self.subTest(what), self.env.cr.savepoint() as savepoint:
                change(self.approved.sudo())
                self.assertEqual(self.approved.approval_state, "superseded")
                self.approved.action_submit_for_approval()
                states = self.approved.sudo().approval_round_id.seat_ids.mapped("state")
                self.assertEqual(sorted(set(states)), ["open", "waiting"])
                savepoint.rollback()
            self.env.invalidate_all(flush=False)

    def _call_in_technical(self, order):
        seat = self._seat(order).with_user(self.users["supervisor"])
        department = self.departments["technical"]
        seat.action_add_seat(department.id, "Can it be made?")
        seat.action_approve()
        return self._seat(order, "technical")

    def test_who_was_called_in_and_refused(self):
        """A refusal is not got round by submitting the very same again."""
        added = self._call_in_technical(self.pending)
        added.with_user(added.candidate_ids[0]).action_refuse("It cannot be made")
        self.pending.action_submit_for_approval()
        self.assertEqual(self._seat(self.pending).state, "open")

    def test_who_was_called_in_and_not_heard(self):
        self._call_in_technical(self.pending)
        self.pending.action_withdraw_approval()
        self.pending.action_submit_for_approval()
        self.assertEqual(self._seat(self.pending).state, "open")

    def test_what_a_department_called_in_looked_at(self):
        """It was asked about everything, and is not forgotten by a round in between."""
        claims = {"sales": "partner_id", "finance": "payment_term_id"}
        for place in self.flow.level_ids.seat_ids:
            name = claims.get(place.department_id.code)
            if name:
                place.claimed_field_ids = self.env["ir.model.fields"]._get(
                    "sale.order", name
                )
        order = self._make_draft().with_user(self.users["owner"])
        order.action_submit_for_approval()
        added = self._call_in_technical(order)
        added.with_user(added.candidate_ids[0]).action_approve()
        order.action_withdraw_approval()
        order.action_submit_for_approval()
        self.assertEqual(self._seat(order).state, "approved", "nothing was changed")
        order.payment_term_id = self.term
        order.action_submit_for_approval()
        self.assertEqual(self._seat(order).state, "open")

    # In whose place --------------------------------------------------------------

    def _delegate(self, absent, deputy):
        return (
            self.env["document.approval.delegation"]
            .with_user(self.users[absent])
            .create(
                {
                    "delegate_id": self.users[deputy].id,
                    "date_from": Datetime.subtract(Datetime.now(), days=1),
                    "date_to": Datetime.add(Datetime.now(), days=1),
                }
            )
        )

    def test_deputy_chosen_by_the_owner(self):
        """Whose order it is has no say in who decides, over others neither."""
        self._delegate("supervisor", "owner")
        self._delegate("owner", "employee")
        order = self._make_draft().with_user(self.users["owner"])
        order.action_submit_for_approval()
        self._assert_refused(lambda: self._approve_as(order, "owner"), AccessError)
        self._assert_refused(lambda: self._approve_as(order, "employee"), AccessError)

    def test_deputy_of_who_left_or_belongs_to_the_order(self):
        self._approve_as(self.pending, "deputy")
        self.pending.action_withdraw_approval()
        self.pending.order_line[0].price_unit = 91  # nothing is carried over
        order = self.orders["pending"].with_user(self.users["sales manager"])
        for change in (
            lambda: self.users["supervisor"].write({"active": False}),
            lambda: order.sudo().write({"user_id": self.users["supervisor"].id}),
            lambda: self.delegation.sudo().write({"active": False}),
        ):
            with self.env.cr.savepoint() as savepoint:
                change()
                order.action_submit_for_approval()
                self._assert_refused(
                    lambda: self._approve_as(order, "deputy"), AccessError
                )
                savepoint.rollback()
            self.env.invalidate_all(flush=False)

    def test_absent_and_deputy_have_one_voice(self):
        """Together they decide on one seat of the order, not on two."""
        deputy, supervisor = self.users["deputy"], self.users["supervisor"]
        self.departments["finance"].member_ids = deputy | supervisor
        self.departments["finance"].member_ids |= self.users["financier"]
        order = self._make_draft().with_user(self.users["owner"])
        order.action_submit_for_approval()
        self._approve_as(order, "deputy")
        for role in ("deputy", "supervisor"):
            self._assert_refused(
                lambda role=role: self._approve_as(order, role, "finance"), AccessError
            )

    def test_passing_the_order_to_a_reviewer_and_back(self):
        """The owner does not choose who reviews by making others unable to."""
        self.departments["sales"].member_ids |= self.users["employee"]
        order = self.orders["pending"].with_user(self.users["all salesperson"])
        order.user_id = self.users["supervisor"]
        order.user_id = self.users["owner"]
        self._assert_refused(lambda: self._approve_as(order, "employee"))

    # Emergencies -----------------------------------------------------------------

    def test_release_is_no_review(self):
        """What was changed before a release was seen by nobody who decides."""
        supervisor = self.users["supervisor"]
        supervisor.group_ids += self.env.ref("sales_team.group_sale_salesman_all_leads")
        self.pending.with_user(supervisor).order_line[0].price_unit = 80
        releaser = self.orders["pending"].with_user(self.users["releaser"])
        releaser.action_emergency_release("Fire")
        self.assertTrue(self.pending.sudo().approval_round_id.is_emergency)
        self.pending.order_line[1].price_unit = 49
        self._assert_refused(self.pending.action_confirm)
        self.pending.action_submit_for_approval()
        self.assertNotIn(supervisor, self._seat(self.pending).candidate_ids)
        self._assert_refused(lambda: self._approve_as(self.pending, "supervisor"))

    def test_release_is_never_silent(self):
        """Somebody else hears of it, even if the releaser alone is management."""
        self.departments["management"].member_ids = self.users["releaser"]
        self.pending.sudo().user_id = False
        before = self.env["mail.message"].sudo().search([], limit=1, order="id desc").id
        releaser = self.orders["pending"].with_user(self.users["releaser"])
        releaser.with_context(
            mail_notrack=True,
            mail_create_nolog=True,
            mail_activity_automation_skip=True,
        ).action_emergency_release("Fire")
        told = self.env["mail.message"].sudo().search([("id", ">", before)])
        self.assertTrue(told.notified_partner_ids - releaser.env.user.partner_id)

    # From another company ----------------------------------------------------------

    def _administrator_elsewhere(self, groups):
        return new_test_user(
            self.env,
            login="elsewhere",
            groups=groups,
            company_id=self.other_company.id,
            company_ids=[Command.set(self.other_company.ids)],
        )

    def test_set_up_moved_in_from_another_company(self):
        """Who administrates one company does not take away the control of another."""
        user = self._administrator_elsewhere("document_approval.group_manager")
        rpc = Caller(self.env, user)
        rpc.is_request = True
        at, here = self.targets["draft"], {"company_id": self.company.id}
        (department,) = rpc(
            "document.approval.department", "create", [{"name": "x", "code": "x"}]
        )
        place = {"department_id": department}
        level = {"name": "L", "participation": "finding", "seat_ids": [[0, 0, place]]}
        values = {"name": "F", "sequence": -50, "level_ids": [[0, 0, level]]}
        values["model_id"] = self.flow.model_id.id
        (flow,) = rpc("document.approval.flow", "create", [values])
        levels = rpc("document.approval.flow.level", "search", [])
        places = rpc("document.approval.flow.seat", "search", [])
        for model, ids, moved in (
            ("flow", [flow], here),
            ("department", [department], {**here, "code": "y"}),
            ("flow.level", levels, {"flow_id": at.flow}),
            ("flow.seat", places, {"level_id": at.levels[0]}),
        ):
            with self.subTest(model):
                self._assert_refused(
                    lambda model=model, ids=ids, moved=moved: rpc(
                        f"document.approval.{model}", "write", ids, moved
                    )
                )

    def test_price_rules_moved_in_from_another_company(self):
        user = self._administrator_elsewhere("sales_team.group_sale_manager")
        rpc = Caller(self.env, user)
        rpc.is_request = True
        here = {"company_id": self.company.id}
        for model, values in (
            ("sale.price.rule", {"max_discount": 99}),
            ("sale.order.type", {"name": "Anything goes", "sequence": -9}),
        ):
            values = {**values, "company_id": self.other_company.id}
            ids = rpc(model, "create", [values])
            with self.subTest(model):
                self._assert_refused(lambda m=model, i=ids: rpc(m, "write", i, here))
