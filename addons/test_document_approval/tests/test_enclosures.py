from odoo.tests import tagged

from odoo.addons.document_approval.fingerprint import fingerprint_of

from .test_record import RecordCommon

CONTRACT = {"name": "contract.pdf", "kind": "contract", "sha256": "a1" * 32, "size": 9}
LETTER = {"name": "letter.pdf", "kind": "letter", "sha256": "b2" * 32, "size": 2048}


@tagged("post_install", "-at_install")
class TestEnclosures(RecordCommon):
    """What was enclosed is frozen with the round, by its hash (SPEC A3, B6)."""

    def _panel(self, document):
        document.invalidate_recordset(["approval_panel"])
        return document.approval_panel["enclosures"]

    def test_round_freezes_what_is_enclosed(self):
        document = self._submitted(enclosed=[CONTRACT])
        document.enclosed = [LETTER]
        self.assertEqual(self._round(document).enclosures, [CONTRACT])

    def test_nothing_enclosed_leaves_the_checksum_as_it_was(self):
        approval_round = self._round(self._submitted())
        content = approval_round._get_record_content()
        self.assertFalse(approval_round.enclosures)
        self.assertNotIn("enclosures", content)
        self.assertEqual(
            approval_round._get_record_checksum(), fingerprint_of(dict(content))
        )

    def test_checksum_covers_what_is_enclosed(self):
        approval_round = self._round(self._submitted(enclosed=[CONTRACT]))
        before = approval_round._get_record_checksum()
        self.assertEqual(approval_round._get_record_content()["enclosures"], [CONTRACT])
        self._forge(approval_round, enclosures='[{"name": "other.pdf"}]')
        self.assertNotEqual(approval_round._get_record_checksum(), before)

    def test_later_file_does_not_reopen_the_review(self):
        document = self._submitted(enclosed=[CONTRACT])
        document.enclosed = [CONTRACT, LETTER]
        self.assertEqual(document.approval_state, "pending")
        self.assertFalse(document.approval_panel["changes"])

    def test_panel_tells_what_was_replaced_and_added_since(self):
        document = self._submitted(enclosed=[CONTRACT])
        items = self._panel(document)["items"]
        self.assertEqual([item["is_current"] for item in items], [True])
        document.enclosed = [LETTER]
        panel = self._panel(document)
        self.assertEqual([item["is_current"] for item in panel["items"]], [False])
        self.assertEqual([item["name"] for item in panel["added"]], ["letter.pdf"])

    def test_same_content_twice_counts_twice(self):
        document = self._submitted(enclosed=[CONTRACT, CONTRACT])
        document.enclosed = [CONTRACT]
        items = self._panel(document)["items"]
        self.assertEqual([item["is_current"] for item in items], [True, False])

    def test_preview_shows_no_enclosures(self):
        document = self._new_document(enclosed=[CONTRACT])
        self.assertEqual(self._panel(document), {"items": [], "added": []})

    def test_printed_record_lists_files_with_hashes(self):
        document = self._submitted(enclosed=[CONTRACT])
        html, _type = self.env["ir.actions.report"]._render_qweb_html(
            "document_approval.report_record", self._round(document).ids
        )
        text = html.decode()
        self.assertIn("Originals as Submitted", text)
        self.assertIn("contract.pdf", text)
        self.assertIn(CONTRACT["sha256"], text)

    def test_printed_record_without_files_has_no_such_section(self):
        document = self._submitted()
        html, _type = self.env["ir.actions.report"]._render_qweb_html(
            "document_approval.report_record", self._round(document).ids
        )
        self.assertNotIn("Originals as Submitted", html.decode())
