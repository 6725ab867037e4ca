from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .common import ApprovalCommon


@tagged("post_install", "-at_install")
class TestWizards(ApprovalCommon):
    """Deciding on several documents at once, and looking ahead."""

    def _decide(self, user, seats, decision="approve", words=False):
        return (
            self.env["document.approval.decide"]
            .with_user(user)
            .create(
                {
                    "seat_ids": [Command.set(seats.ids)],
                    "decision": decision,
                    "words": words,
                }
            )
        )

    def test_takes_the_seats_selected_in_the_list(self):
        seats = self._seat(self._submitted(), self.sales)
        seats |= self._seat(self._submitted(name="D2"), self.sales)
        form = Form(
            self.env["document.approval.decide"]
            .with_user(self.supervisor)
            .with_context(active_model=seats._name, active_ids=seats.ids)
        )
        self.assertEqual(form.save().seat_ids, seats)

    def test_ignores_the_selection_of_another_list(self):
        form = Form(
            self.env["document.approval.decide"]
            .with_user(self.supervisor)
            .with_context(active_model="res.partner", active_ids=[1])
        )
        with self.assertRaises(UserError):
            form.save().action_apply()

    def test_single_seat_raises_what_the_decision_raises(self):
        seat = self._seat(self._submitted(), self.sales)
        with self.assertRaises(AccessError):
            self._decide(self.accountant, seat).action_apply()

    def test_refusal_needs_words(self):
        seat = self._seat(self._submitted(), self.sales)
        with self.assertRaises(UserError):
            self._decide(self.supervisor, seat, "refuse").action_apply()
        self._decide(self.supervisor, seat, "refuse", "Too late").action_apply()
        self.assertEqual(seat.state, "refused")

    def test_one_failure_does_not_stop_the_others(self):
        mine = self._seat(self._submitted(), self.sales)
        own = self._seat(self._submitted(name="D2"), self.sales)
        self._decide(self.supervisor, own).action_apply()
        wizard = self._decide(self.supervisor, mine | own)
        action = wizard.action_apply()
        self.assertEqual(action["res_id"], wizard.id)
        self.assertEqual(mine.state, "approved")
        done = {line.seat_id: line.is_done for line in wizard.result_ids}
        self.assertEqual(done, {mine: True, own: False})
        self.assertEqual(wizard.failed_count, 1)

    def test_shows_the_result_when_all_went_well_too(self):
        seats = self._seat(self._submitted(), self.sales)
        seats |= self._seat(self._submitted(name="D2"), self.sales)
        wizard = self._decide(self.supervisor, seats)
        self.assertEqual(wizard.action_apply()["res_id"], wizard.id)
        self.assertEqual(wizard.failed_count, 0)
        self.assertEqual(set(wizard.result_ids.mapped("message")), {"Approved"})
        self.assertEqual(set(seats.mapped("state")), {"approved"})

    def test_a_lost_race_reaches_the_request(self):
        seats = self._seat(self._submitted(), self.sales)
        seats |= self._seat(self._submitted(name="D2"), self.sales)
        wizard = self._decide(self.supervisor, seats)
        with (
            patch.object(
                self.registry["document.approval.seat"],
                "action_approve",
                side_effect=SerializationFailure,
            ),
            self.assertRaises(SerializationFailure),
        ):
            wizard.action_apply()

    def test_preview_shows_levels_and_submits_nothing(self):
        document = self._new_document(is_special=True)
        form = Form(
            self.env["document.approval.preview"]
            .with_user(self.admin)
            .with_context(default_flow_id=self.flow.id)
        )
        self.assertEqual(form.res_model, document._name)
        form.res_id = document.id
        preview = form.save()
        self.assertTrue(preview.panel["is_preview"])
        self.assertEqual(
            [level["name"] for level in preview.panel["levels"]],
            ["Supervisor", "Joint review", "Operations"],
        )
        self.assertFalse(preview.other_flow_name)
        self.assertEqual(document.approval_state, "none")

    def test_preview_names_the_flow_that_applies(self):
        other = self.flow.copy({"name": "Other", "sequence": 99})
        document = self._new_document()
        preview = (
            self.env["document.approval.preview"]
            .with_user(self.admin)
            .create(
                {
                    "flow_id": other.id,
                    "res_model": document._name,
                    "res_id": document.id,
                }
            )
        )
        self.assertEqual(preview.other_flow_name, self.flow.name)

    def test_preview_only_of_documents_the_user_may_read(self):
        document = self._new_document()
        other = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            "stranger",
            "document_approval.group_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        preview = (
            self.env["document.approval.preview"]
            .with_user(stranger)
            .create({"res_model": document._name, "res_id": document.id})
        )
        with self.assertRaises(AccessError):
            preview.read(["panel"])
        with self.assertRaises(AccessError):
            self.env["document.approval.preview"].with_user(self.requester).create({})
