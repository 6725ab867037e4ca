import base64
import json

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import SQL

from odoo.addons.document_approval.hooks import uninstall_hook

from .common import ApprovalCommon


class RecordCommon(ApprovalCommon):
    """What the tests of the approval record have in common."""

    def _refused(self, **values):
        """Return a document that was refused, changed and submitted again."""
        document = self._submitted(**values)
        self._seat(document, self.sales).with_user(self.supervisor).action_refuse(
            "Too cheap"
        )
        document.line_ids[0].price = 12
        document.action_submit_for_approval()
        return document

    def _round(self, document):
        return document.sudo().approval_round_id

    def _forge(self, record, **values):
        """Change the database behind the engine's back."""
        for name, value in values.items():
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET %s = %s WHERE id = %s",
                    SQL.identifier(record._table),
                    SQL.identifier(name),
                    value,
                    record.id,
                )
            )
        record.invalidate_recordset(flush=False)

    def _new_stranger(self):
        """Return a user of another company."""
        other = self.env["res.company"].create({"name": "Other"})
        return new_test_user(
            self.env,
            "stranger",
            "document_approval.group_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )

    def _new_portal_reader(self):
        """Return a portal user who may read the documents, but no round."""
        portal = new_test_user(
            self.env, "portal_reader", "base.group_portal", company_id=self.company.id
        )
        self.env["ir.model.access"].create(
            {
                "name": "portal reads",
                "model_id": self.env["ir.model"]._get_id("test.approval.document"),
                "group_id": self.env.ref("base.group_portal").id,
                "perm_read": True,
            }
        )
        return portal


@tagged("post_install", "-at_install")
class TestRecord(RecordCommon):
    """The record proves what was decided, and is printed for who may know (B3, B6)."""

    # What was submitted ------------------------------------------------------------

    def test_facts_are_readable_and_complete(self):
        facts = self._round(self._submitted())._get_facts()
        self.assertEqual(
            facts["header"],
            [
                {"label": "Partner", "value": "Customer"},
                {"label": "Total", "value": "100"},
            ],
        )
        self.assertEqual(facts["columns"], ["Name", "Quantity", "Price"])
        self.assertCountEqual(
            facts["lines"], [["Desk", "2", "10"], ["Chair", "4", "20"]]
        )

    def test_facts_say_what_was_deleted_since(self):
        document = self._submitted()
        approval_round = self._round(document)
        gone = self.env["res.partner"].create({"name": "Gone"})
        snapshot = {**approval_round.snapshot}
        snapshot["header"] = {**snapshot["header"], "partner_id": gone.id}
        self._forge(approval_round, snapshot=json.dumps(snapshot))
        gone.unlink()
        (partner, _total) = approval_round._get_facts()["header"]
        self.assertIn("deleted since", partner["value"])

    def test_facts_without_the_documents_model(self):
        """The add-on of the document may be gone; what was said stays readable."""
        approval_round = self._round(self._submitted())
        self._forge(approval_round, res_model="gone.model")
        facts = approval_round._get_facts()
        self.assertIn({"label": "total", "value": "100"}, facts["header"])
        self.assertEqual(len(facts["lines"]), 2)

    # The checksum ------------------------------------------------------------------

    def test_checksum_is_the_same_for_everybody_and_later(self):
        document = self._submitted()
        approval_round = self._round(document)
        first = approval_round.decision_ids.ids[-1]
        before = approval_round._get_record_checksum(first)
        for user in (self.requester, self.colleague, self.accountant, self.admin):
            mine = approval_round.with_user(user).with_context(
                lang="fr_FR", tz="Asia/Tokyo"
            )
            self.assertEqual(mine._get_record_checksum(first), before)
        self._approve(document, self.sales, self.supervisor, "Fine")
        self._approve(document, self.finance, self.accountant)
        self._seat(document, self.operations).sudo().candidate_ids += self.manager
        self.assertEqual(approval_round._get_record_checksum(first), before)
        self.assertNotEqual(approval_round._get_record_checksum(), before)

    def test_checksum_covers_what_a_round_froze(self):
        document = self._submitted(is_special=True)
        self._approve(document, self.sales, self.supervisor, "Fine")
        approval_round = self._round(document)
        until = approval_round.decision_ids.ids[-1]
        other = json.dumps({**approval_round.snapshot, "header": {}})
        forgeries = [
            (approval_round, {"snapshot": other}),
            (approval_round, {"fingerprint": "0" * 64}),
            (approval_round, {"amount": 1}),
            (approval_round, {"requester_id": self.colleague.id}),
            (approval_round, {"number": 7}),
            (approval_round.decision_ids[-1], {"words": "Not fine"}),
            (approval_round.decision_ids[-1], {"user_id": self.colleague.id}),
            (approval_round.decision_ids[-1], {"kind": "refuse"}),
            (approval_round.finding_ids[0], {"severity": "info"}),
            (approval_round.seat_ids[0], {"department_id": self.management.id}),
            (approval_round.seat_ids[0], {"is_required": False}),
        ]
        expected = approval_round._get_record_checksum(until)
        for record, values in forgeries:
            with self.subTest(record=record, values=values):
                savepoint = self.env.cr.savepoint(flush=False)
                self._forge(record, **values)
                self.env.invalidate_all(flush=False)
                self.assertNotEqual(
                    approval_round._get_record_checksum(until), expected
                )
                savepoint.close(rollback=True)
                self.env.invalidate_all(flush=False)
        self.assertEqual(approval_round._get_record_checksum(until), expected)

    def test_a_deleted_log_entry_shows(self):
        document = self._submitted()
        self._approve(document, self.sales, self.supervisor, "Fine")
        self._approve(document, self.finance, self.accountant)
        approval_round = self._round(document)
        until = approval_round.decision_ids.ids[-1]
        expected = approval_round._get_record_checksum(until)
        victim = approval_round.decision_ids[-2]
        self.env.cr.execute(
            SQL("DELETE FROM document_approval_decision WHERE id = %s", victim.id)
        )
        self.env.invalidate_all(flush=False)
        self.assertNotEqual(approval_round._get_record_checksum(until), expected)

    def test_a_seat_added_later_leaves_the_printed_checksum_valid(self):
        document = self._submitted()
        approval_round = self._round(document)
        printed = approval_round.decision_ids.ids[-1]
        before = approval_round._get_record_checksum(printed)
        self._seat(document, self.sales).with_user(self.supervisor).action_add_seat(
            self.technical.id, "Please look at the drawing"
        )
        self.assertTrue(approval_round.seat_ids.filtered("is_added"))
        self.assertEqual(approval_round._get_record_checksum(printed), before)
        after = approval_round._get_record_checksum()
        added = approval_round.seat_ids.filtered("is_added")
        self._forge(added, department_id=self.production.id)
        self.env.invalidate_all(flush=False)
        self.assertNotEqual(approval_round._get_record_checksum(), after)

    # On paper ----------------------------------------------------------------------

    def _print(self, document, user, **context):
        action = document.with_user(user).action_print_approval_record()
        docids = action["context"]["active_ids"]
        reports = self.env["ir.actions.report"].with_user(user)
        html, _type = reports.with_context(**context)._render_qweb_html(
            action["report_name"], docids
        )
        return html.decode()

    def test_everybody_who_reads_the_document_prints_all_rounds(self):
        document = self._refused()
        self._approve(document, self.sales, self.supervisor, "Better")
        rounds = document.sudo().approval_round_ids
        # the colleague reads the document, and none of its rounds
        self.assertFalse(
            rounds.with_user(self.colleague).search([("id", "in", rounds.ids)])
        )
        html = self._print(document, self.colleague)
        for text in ("Too cheap", "Better", "supervisor", "accountant_2", "Desk"):
            self.assertIn(text, html)
        self.assertLess(html.index("Better"), html.index("Too cheap"))
        for approval_round in rounds:
            self.assertIn(approval_round._get_record_checksum(), html)
            self.assertIn(approval_round.fingerprint, html)
        self.assertNotIn("False", html)

    def test_the_round_asked_for_comes_first(self):
        document = self._refused()
        first = document.sudo().approval_round_ids.filtered(lambda r: r.number == 1)
        report = self.env["report.document_approval.report_record"]
        (record,) = report._get_report_values(first.ids)["records"]
        self.assertEqual([r["number"] for r in record["rounds"]], [1, 2])
        both = report._get_report_values(document.sudo().approval_round_ids.ids)
        (record,) = both["records"]
        self.assertEqual([r["number"] for r in record["rounds"]], [2, 1])

    def test_times_are_in_the_readers_zone(self):
        document = self._submitted()
        self._forge(self._round(document), date_submitted="2026-03-01 20:30:00")
        self.colleague.tz = "Asia/Shanghai"
        html = self._print(document, self.colleague, tz="Asia/Shanghai")
        self.assertIn("Asia/Shanghai", html)
        self.assertIn("03/02/2026 04:30:00", html)

    def test_an_emergency_release_is_flagged(self):
        self.manager.group_ids += self.env.ref("document_approval.group_emergency")
        document = self._submitted()
        self.assertNotIn("EMERGENCY RELEASE", self._print(document, self.colleague))
        document.with_user(self.manager).action_emergency_release("Line is down")
        html = self._print(document, self.colleague)
        self.assertIn("EMERGENCY RELEASE", html)
        self.assertIn("Line is down", html)

    def test_who_decided_for_whom_is_named(self):
        document = self._submitted()
        approval_round = self._round(document)
        approval_round.with_user(self.colleague)._log(
            "approve", self._seat(document, self.sales), on_behalf=self.supervisor
        )
        self.assertIn("colleague for supervisor", self._print(document, self.admin))

    def test_others_print_nothing(self):
        document = self._submitted()
        docids = self._round(document).ids
        portal = self._new_portal_reader()
        self.assertTrue(document.with_user(portal).has_access("read"))
        for user in (self._new_stranger(), portal):
            report = self.env["report.document_approval.report_record"].with_user(user)
            with self.assertRaises(AccessError):
                report._get_report_values(docids)
            with self.assertRaises(AccessError):
                self.env["ir.actions.report"].with_user(user)._render_qweb_html(
                    "document_approval.report_record", docids
                )
        with self.assertRaises(AccessError):
            document.with_user(
                self.env["res.users"].search([("login", "=", "stranger")])
            ).action_print_approval_record()

    def test_one_forbidden_document_spoils_the_batch(self):
        mine, secret = self._submitted(), self._submitted(name="Secret")
        self.env["ir.rule"].create(
            {
                "name": "no secrets",
                "model_id": self.env["ir.model"]._get_id("test.approval.document"),
                "domain_force": f"[('id', '!=', {secret.id})]",
            }
        )
        report = self.env["report.document_approval.report_record"]
        both = (self._round(mine) | self._round(secret)).ids
        with self.assertRaises(AccessError):
            report.with_user(self.colleague)._get_report_values(both)
        values = report.with_user(self.colleague)._get_report_values(both[:1])
        self.assertEqual([r["name"] for r in values["records"]], ["D1"])

    def test_nothing_to_print_before_the_first_submission(self):
        with self.assertRaisesRegex(UserError, "never been submitted"):
            self._new_document().action_print_approval_record()

    # Kept when the engine goes --------------------------------------------------------

    def test_the_export_keeps_people_answers_and_checksum(self):
        document = self._submitted()
        approval_round = self._round(document)
        self._seat(document, self.sales).with_user(self.supervisor).action_add_seat(
            self.technical.id, "Please look"
        )
        checksum = approval_round._get_record_checksum()
        uninstall_hook(self.env)
        attachment = self.env["ir.attachment"].search(
            [
                ("res_model", "=", document._name),
                ("res_id", "=", document.id),
                ("name", "like", "approval-history"),
            ]
        )
        (exported,) = json.loads(base64.b64decode(attachment.datas))
        self.assertEqual(exported["checksum"], checksum)
        (added,) = [seat for seat in exported["seats"] if seat["added"]]
        self.assertEqual(added["added_by"], "supervisor")
        self.assertEqual(added["may_decide"], ["technician"])
        self.assertEqual(exported["log"][-1]["people"], ["technician"])
        self.assertEqual(exported["log"][-1]["seat"], added["id"])


@tagged("post_install", "-at_install")
class TestVerify(RecordCommon, HttpCase):
    """The page the code on the paper leads to (B6)."""

    def _open(self, document, user, checksum=None, until=None, number=None):
        rounds = document.sudo().approval_round_ids
        approval_round = (
            rounds.filtered(lambda r: r.number == number)
            if number
            else self._round(document)
        )
        until = until or approval_round.decision_ids.ids[-1]
        checksum = checksum or approval_round._get_record_checksum(until)
        self.authenticate(user.login, user.login)
        return self.url_open(f"/approval/verify/{approval_round.id}/{until}/{checksum}")

    def test_the_code_on_the_paper_leads_here(self):
        document = self._approved()
        report = self.env["report.document_approval.report_record"]
        printed = report._get_round_data(self._round(document))
        self.authenticate("colleague", "colleague")
        response = self.url_open("/" + printed["url"].split("/", 3)[3])
        self.assertEqual(response.status_code, 200)
        self.assertIn("The record is", response.text)
        self.assertIn("The document has not changed", response.text)
        self.assertTrue(printed["qr"].startswith("data:image/svg+xml;base64,"))

    def test_genuine_and_unchanged(self):
        response = self._open(self._approved(), self.colleague)
        self.assertIn("genuine", response.text)
        self.assertIn("The document has not changed", response.text)
        self.assertNotIn("not the", response.text)
        self.assertNotIn("False", response.text)
        self.assertEqual(response.headers["Cache-Control"], "no-store")

    def test_a_forged_checksum_is_told(self):
        document = self._approved()
        for checksum in ("0" * 64, "short", "%E4%BD%A0%E5%A5%BD"):
            response = self._open(document, self.colleague, checksum=checksum)
            self.assertEqual(response.status_code, 200)
            self.assertIn("record in the system", response.text)
            self.assertNotIn("genuine", response.text)

    def test_an_altered_record_is_told(self):
        document = self._approved()
        approval_round = self._round(document)
        checksum = approval_round._get_record_checksum()
        self._forge(approval_round.decision_ids[0], words="forged")
        response = self._open(document, self.colleague, checksum=checksum)
        self.assertIn("This is not the", response.text)

    def test_the_log_entry_has_to_be_of_the_round(self):
        document = self._refused()
        first, second = document.sudo().approval_round_ids.sorted("number")
        until = second.decision_ids.ids[-1]
        checksum = first._get_record_checksum(until)
        response = self._open(
            document, self.colleague, checksum=checksum, until=until, number=1
        )
        self.assertIn("This is not the", response.text)

    def test_what_changed_since_is_listed(self):
        document = self._approved()
        document.line_ids[0].quantity = 7
        response = self._open(document, self.colleague)
        self.assertIn("genuine", response.text)
        self.assertIn("The document has changed", response.text)
        self.assertIn("Desk: Quantity", response.text)

    def test_later_entries_and_rounds_are_told(self):
        document = self._submitted()
        until = self._round(document).decision_ids.ids[-1]
        self._seat(document, self.sales).with_user(self.supervisor).action_refuse(
            "Too cheap"
        )
        response = self._open(document, self.colleague, until=until)
        self.assertIn("genuine", response.text)
        self.assertIn("Since the record was printed", response.text)
        self.assertIn("Too cheap", response.text)
        document.action_submit_for_approval()
        response = self._open(document, self.colleague, number=1)
        self.assertIn("There is a later round", response.text)
        self.assertNotIn("Since the record was printed", response.text)

    def test_a_deleted_document_is_told_to_whom_it_concerned(self):
        self.company.document_approval_mode = "observe"
        document = self._new_document()
        document.action_done()
        approval_round = document.sudo().approval_round_ids
        self.assertEqual(approval_round.state, "observed")
        until = approval_round.decision_ids.ids[-1]
        address = (
            f"/approval/verify/{approval_round.id}/{until}/"
            f"{approval_round._get_record_checksum(until)}"
        )
        document.unlink()
        self.authenticate("requester", "requester")
        response = self.url_open(address)
        self.assertIn("The document was deleted", response.text)
        self.assertIn("genuine", response.text)
        self.authenticate("colleague", "colleague")
        self.assertEqual(self.url_open(address).status_code, 404)

    def test_who_may_not_read_learns_nothing(self):
        document = self._approved()
        self.authenticate("colleague", "colleague")
        unknown = self.url_open("/approval/verify/2147483647/1/" + "0" * 64)
        self.assertEqual(unknown.status_code, 404)
        for user in (self._new_stranger(), self._new_portal_reader()):
            response = self._open(document, user)
            self.assertEqual(response.status_code, 404)
            self.assertIn("Nothing to verify here", response.text)
            for fact in ("D1", "supervisor", "Approval Company", "genuine"):
                self.assertNotIn(fact, response.text)
        too_large = self.url_open(f"/approval/verify/{2**40}/1/" + "0" * 64)
        self.assertEqual(too_large.status_code, 404)

    def test_one_has_to_sign_in(self):
        approval_round = self._round(self._approved())
        response = self.url_open(
            f"/approval/verify/{approval_round.id}/1/" + "0" * 64,
            allow_redirects=False,
        )
        self.assertEqual(response.status_code, 303)
        self.assertIn("/web/login", response.headers["Location"])

    def test_it_only_reads(self):
        document = self._approved()
        self.authenticate("colleague", "colleague")
        response = self.url_open(
            f"/approval/verify/{self._round(document).id}/1/{'0' * 64}",
            data={"x": "y"},
        )
        self.assertEqual(response.status_code, 405)
