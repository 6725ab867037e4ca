import contextlib

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import ApprovalCommon


@tagged("post_install", "-at_install")
class TestGate(ApprovalCommon):
    """What was approved is what is confirmed, by whatever route (B6)."""

    def _assert_refused(self, call, document=None):
        with self.assertRaises(UserError), self.env.cr.savepoint():
            call()
        if document is not None:
            document.invalidate_recordset()
            self.assertEqual(document.state, "draft")

    def test_unapproved_document_cannot_be_confirmed(self):
        document = self._new_document()
        self._assert_refused(document.action_done, document)
        self._assert_refused(lambda: document.write({"state": "done"}), document)
        self._assert_refused(lambda: document.sudo().write({"state": "done"}), document)
        self._assert_refused(
            lambda: document.with_context(
                tracking_disable=True, install_mode=True, approval_skip=True
            ).action_done(),
            document,
        )

    def test_create_in_protected_state_is_refused(self):
        self._assert_refused(lambda: self._new_document(state="done"))
        documents = self.env["test.approval.document"].with_user(self.requester)
        self._assert_refused(
            lambda: documents.with_context(default_state="done").create(
                {"name": "x", "company_id": self.company.id}
            )
        )

    def test_copy_starts_without_approval(self):
        document = self._approved()
        document.action_done()
        copy = document.copy()
        self.assertEqual((copy.state, copy.approval_state), ("draft", "none"))
        self.assertFalse(copy.sudo().approval_round_ids)
        self._assert_refused(lambda: document.copy({"state": "done"}))

    def test_state_and_lines_in_one_write(self):
        document = self._approved()
        self._assert_refused(
            lambda: document.write(
                {
                    "state": "done",
                    "line_ids": [
                        Command.update(document.line_ids[0].id, {"quantity": 99})
                    ],
                }
            ),
            document,
        )
        self.assertEqual(document.line_ids[0].quantity, 2)

    def test_refusal_leaves_nothing_when_the_caller_swallows_it(self):
        document = self._new_document()
        with contextlib.suppress(UserError):
            document.write({"state": "done"})
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(document.state, "draft")

    def test_material_edit_supersedes(self):
        for edit in (
            lambda d: d.write({"partner_id": self.other_partner.id}),
            lambda d: d.line_ids[0].write({"quantity": 3}),
            lambda d: d.line_ids[0].unlink(),
            lambda d: d.line_ids.create({"document_id": d.id, "name": "Lamp"}),
            lambda d: d.write({"line_ids": [Command.clear()]}),
        ):
            for document in (self._submitted(), self._approved()):
                edit(document)
                self.assertEqual(document.approval_state, "superseded")
                self._assert_refused(document.action_done, document)
                self.assertFalse(
                    document.sudo().activity_ids.filtered(
                        lambda a: a.user_id == self.supervisor
                    )
                )

    def test_texts_do_not_supersede(self):
        document = self._approved()
        document.write({"note": "x", "state": "sent"})
        document.line_ids[0].remark = "x"
        document.line_ids[0].price = 10.0
        self.assertEqual(document.approval_state, "approved")
        document.action_done()

    def test_same_lines_in_other_order_are_the_same(self):
        document = self._approved()
        before = document._approval_fingerprints()
        first = document.line_ids[0]
        values = first.copy_data()[0]
        with document._approval_guard(material=True):
            first.unlink()
            self.env["test.approval.line"].create(
                {**values, "document_id": document.id}
            )
        self.assertEqual(before, document._approval_fingerprints())
        self.assertEqual(document.approval_state, "approved")

    def test_confirmed_document_cannot_be_changed(self):
        document = self._approved()
        document.action_done()
        line = document.line_ids[0]
        for edit in (
            lambda: document.write({"partner_id": self.other_partner.id}),
            lambda: line.write({"quantity": 200}),
            lambda: line.write({"price": 1}),
            lambda: line.unlink(),
            lambda: line.create({"document_id": document.id, "name": "Lamp"}),
            lambda: line.with_context(default_document_id=document.id).create(
                {"name": "Lamp"}
            ),
            lambda: document.write({"state": "draft"}),
            lambda: document.write({"state": "sent"}),
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                edit()
        self.assertEqual(len(document.line_ids), 2)
        self.assertEqual(document.state, "done")
        document.write({"note": "fine"})

    def test_line_moved_to_a_confirmed_document(self):
        document, other = self._approved(), self._new_document()
        document.action_done()
        with self.assertRaises(UserError), self.env.cr.savepoint():
            other.line_ids[0].document_id = document
        self.assertEqual(len(document.line_ids), 2)

    def test_value_recomputed_without_a_write(self):
        rate = self.env["test.approval.rate"].create({})
        approved = self._approved(rate_id=rate.id)
        rate.rate = 2.0
        self.env.flush_all()
        self.assertEqual(approved.approval_state, "superseded")
        rate.rate = 1.0
        self.env.flush_all()
        confirmed = self._approved(rate_id=rate.id)
        confirmed.action_done()
        with self.assertRaises(UserError), self.env.cr.savepoint():
            rate.rate = 3.0
            self.env.flush_all()

    def test_cancel_ends_the_approval(self):
        document = self._approved()
        document.action_done()
        document.action_cancel()
        self.assertEqual(document.approval_state, "lapsed")
        document.write({"state": "draft"})
        self._assert_refused(document.action_done, document)
        pending = self._submitted()
        pending.action_cancel()
        self.assertEqual(pending.approval_state, "lapsed")

    def test_documents_confirmed_before_control_stay_free(self):
        self.company.document_approval_mode = "off"
        document = self._new_document()
        document.action_done()
        self.company.document_approval_mode = "enforce"
        document.line_ids[0].quantity = 50
        self.assertEqual(document.state, "done")
        self.assertEqual(document.approval_state, "none")

    def test_observe_records_and_stops_nothing(self):
        self.company.document_approval_mode = "observe"
        document = self._new_document(is_special=True)
        document.action_done()
        self.assertEqual(document.state, "done")
        approval_round = document.sudo().approval_round_id
        self.assertEqual(approval_round.state, "observed")
        self.assertTrue(approval_round.finding_ids)
        self.assertFalse(document.sudo().activity_ids)
        document.line_ids[0].quantity = 50

    def test_company_without_flow_is_not_gated(self):
        self.company.document_approval_mode = "off"
        self.flow.active = False
        self.company.document_approval_mode = "enforce"
        document = self._new_document()
        document.action_done()
        self.assertEqual(document.state, "done")

    def test_guarded_fields_cannot_be_written_by_anyone(self):
        document = self._new_document()
        approved = self._approved()
        for values in (
            {"approval_state": "approved"},
            {"approval_round_id": approved.sudo().approval_round_id.id},
            {"approval_editor_id": self.colleague.id},
            {"approval_round_ids": [Command.clear()]},
        ):
            for env_document in (document, document.sudo()):
                with self.assertRaises(AccessError):
                    env_document.write(values)
            with self.assertRaises(AccessError):
                self._new_document(**values)
        forged = document.with_context(
            default_approval_state="approved",
            default_approval_round_id=approved.sudo().approval_round_id.id,
        ).create({"name": "forged", "company_id": self.company.id})
        self.assertEqual(forged.approval_state, "none")
        self.assertFalse(forged.sudo().approval_round_id)

    def test_import_in_protected_state(self):
        result = (
            self.env["test.approval.document"]
            .with_user(self.requester)
            .load(
                ["name", "state", "partner_id/.id"],
                [["imported", "Done", str(self.partner.id)]],
            )
        )
        self.assertFalse(result["ids"])
        self.assertTrue(result["messages"])

    def test_batch_confirm_is_all_or_nothing(self):
        documents = self._approved() | self._new_document()
        with self.assertRaises(UserError), self.env.cr.savepoint():
            documents.action_done()
        documents.invalidate_recordset()
        self.assertEqual(set(documents.mapped("state")), {"draft"})

    def test_approved_in_one_company_moved_to_another(self):
        document = self._approved()
        other = self.env["res.company"].create({"name": "Other"})
        document.sudo().company_id = other
        self.assertEqual(document.approval_state, "superseded")

    def test_form_cannot_write_the_state(self):
        document = self._new_document()
        with Form(document) as form:
            form.note = "x"
        self.assertEqual(document.approval_state, "none")

    def test_own_defaults_open_nothing(self):
        """Any internal user may set defaults for himself; the engine ignores them."""
        defaults = self.env["ir.default"].with_user(self.requester)
        for model, name, value in (
            ("document.approval.seat", "state", "approved"),
            ("document.approval.round", "is_applied", True),
            ("document.approval.round", "state", "approved"),
            ("document.approval.decision", "date", "2020-01-01 00:00:00"),
            ("test.approval.document", "approval_state", "approved"),
            ("test.approval.document", "state", "done"),
        ):
            defaults.set(model, name, value, user_id=True)
        self._assert_refused(self._new_document)
        document = self._new_document(state="draft")
        self.assertEqual(document.approval_state, "none")
        document.action_submit_for_approval()
        approval_round = document.sudo().approval_round_id
        self.assertEqual(self._seats(document)[0].state, "open")
        self.assertFalse(approval_round.is_applied)
        self.assertGreater(approval_round.decision_ids[0].date.year, 2020)
        self._assert_refused(document.action_done, document)

    def test_archived_flow_is_never_used(self):
        self.flow.copy({"sequence": 1}).action_archive()
        lenient = self.env["document.approval.flow"].with_context(active_test=False)
        archived = lenient.search(
            [("active", "=", False), ("company_id", "=", self.company.id)]
        )
        archived.level_ids.write({"participation": "finding"})
        document = self._new_document()
        document.with_context(active_test=False).action_submit_for_approval()
        self.assertEqual(document.sudo().approval_round_id.flow_id, self.flow)

    def test_company_cannot_be_used_to_slip_away(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.requester.company_ids |= other
        free = self._new_document(company_id=other.id)
        free.with_context(allowed_company_ids=other.ids).action_done()
        both = dict(allowed_company_ids=(self.company | other).ids)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            free.with_context(**both).company_id = self.company
        confirmed = self._approved()
        confirmed.action_done()
        for values in (
            {"company_id": other.id},
            {"company_id": other.id, "state": "draft"},
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                confirmed.with_context(**both).write(values)

    def test_the_history_tells_the_confirmation(self):
        """The gate leaves the tracking of what is being written alone."""
        document = self._approved().with_context(tracking_disable=False)
        self.cr.flush()  # as if it had been made earlier
        document.action_done()
        self.cr.flush()
        tracked = document.sudo().message_ids.tracking_value_ids
        self.assertEqual(tracked.mapped("new_value_char"), ["Done"])
