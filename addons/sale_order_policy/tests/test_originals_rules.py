from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.sale_order_policy.hooks import uninstall_hook

from .common_originals import MAIL, PDF, OriginalsCommon


@tagged("post_install", "-at_install")
class TestOriginalsRules(OriginalsCommon):
    """What an order type asks for, what is found, what a round keeps (SPEC A2, A3)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order_type = cls.env["sale.order.type"].create({"name": "In writing"})

    def _order(self):
        return self._create_order(policy_type_id=self.order_type.id)

    def test_any_original_is_required(self):
        self.order_type.require_original = True
        order = self._order()
        (text,) = self._get_messages(order, "incomplete")
        self.assertIn("An original is missing", text)
        with self.assertRaisesRegex(UserError, "An original is missing"):
            order.action_submit_for_approval()
        self._add(order)
        self.assertFalse(self._get_messages(order, "incomplete"))

    def test_each_kind_that_is_missing_is_named(self):
        self.order_type.required_original_kind_ids = self.contract | self.email
        order = self._order()
        self.assertEqual(
            self._get_messages(order, "incomplete"),
            [
                "An original of kind E-mail is missing",
                "An original of kind Contract is missing",
            ],
        )
        self._add(order)
        self.assertEqual(
            self._get_messages(order, "incomplete"),
            ["An original of kind E-mail is missing"],
        )

    def test_replaced_original_counts_no_longer(self):
        self.order_type.required_original_kind_ids = self.contract
        order = self._order()
        new = self._add(order)._replace("b.eml", MAIL, "newer")
        new.kind_id = self.email
        self.assertEqual(
            self._get_messages(order, "incomplete"),
            ["An original of kind Contract is missing"],
        )

    def test_same_file_of_another_order_is_named(self):
        orders = [self._order() for _n in range(8)]
        for order in orders:
            self._add(order)
        (text,) = self._get_messages(orders[0], "original_elsewhere")
        self.assertIn(f"scan.pdf is an original of {orders[7].name}", text)
        self.assertIn("others", text)
        (finding,) = self._get_findings(orders[0], "original_elsewhere")
        self.assertEqual(finding["severity"], "info")
        self.assertNotIn(orders[0].name, finding["values"]["orders"])

    def test_same_file_of_another_company_is_not(self):
        order = self._order()
        self._add(order)
        company = self.env["res.company"].create({"name": "Elsewhere"})
        other = self.env["sale.order"].create(
            {"partner_id": self.partner.id, "company_id": company.id}
        )
        self.env["sale.order.original"]._create_from_files(
            [{"order_id": other.id, "name": "same.pdf", "content": PDF}]
        )
        self.assertFalse(self._get_findings(order, "original_elsewhere"))

    def test_same_files_of_many_orders_cost_one_query(self):
        orders = self.env["sale.order"]
        for _n in range(10):
            order = self._order()
            self._add(order)
            orders |= order
        self.env.flush_all()
        with self.assertQueryCount(1):
            found = orders.sudo()._policy_find_same_files()
        self.assertEqual(len(found), 10)

    def test_round_keeps_what_was_enclosed(self):
        order = self._order()
        old = self._add(order)
        new = self._add(order, name="mail.eml", content=MAIL, kind_id=self.email.id)
        order.action_submit_for_approval()
        enclosed = order.sudo().approval_round_id.enclosures
        self.assertEqual(
            [(e["name"], e["kind"], e["sha256"], e["size"]) for e in enclosed],
            [
                ("scan.pdf", "contract", old.sha256, len(PDF)),
                ("mail.eml", "email", new.sha256, len(MAIL)),
            ],
        )
        old._replace("signed.pdf", b"signed", "The customer signed")
        order.invalidate_recordset()
        panel = order.approval_panel["enclosures"]
        self.assertEqual([e["is_current"] for e in panel["items"]], [False, True])
        self.assertEqual([e["name"] for e in panel["added"]], ["signed.pdf"])
        self.assertEqual(panel["items"][1]["kind"], "E-mail")
        self.assertEqual(order.approval_state, "pending")

    def test_direct_confirmation_keeps_them_too(self):
        self.company.document_approval_mode = "observe"
        order = self._order()
        self._add(order)
        order.action_confirm()
        self.assertTrue(order.sudo().approval_round_id.enclosures)

    def test_record_prints_the_hashes(self):
        order = self._order()
        original = self._add(order)
        order.action_submit_for_approval()
        html, _type = self.env["ir.actions.report"]._render_qweb_html(
            "document_approval.report_record", order.sudo().approval_round_id.ids
        )
        self.assertIn(original.sha256, html.decode())
        self.assertIn("Contract", html.decode())

    def test_internal_original_does_not_go_out(self):
        order = self._order()
        attachment = self._add(order, is_internal=True).attachment_id
        outsider = self.env["res.partner"].create(
            {"name": "Outsider", "email": "outsider@example.com"}
        )
        for user in (self.salesman, self.env.user):
            with self.assertRaisesRegex(UserError, "does not go to customers"):
                self._post(order.with_user(user), attachment)
            with self.assertRaisesRegex(UserError, "does not go to customers"):
                order.with_user(user).message_post(
                    body="Psst",
                    attachment_ids=attachment.ids,
                    partner_ids=outsider.ids,
                    subtype_xmlid="mail.mt_note",
                )
        note = order.message_post(
            body="For us",
            attachment_ids=attachment.ids,
            partner_ids=self.manager.partner_id.ids,
            subtype_xmlid="mail.mt_note",
        )
        self.assertEqual(note.attachment_ids, attachment)

    def test_original_for_customers_goes_out(self):
        order = self._order()
        attachment = self._add(order).attachment_id
        self.assertEqual(self._post(order, attachment).attachment_ids, attachment)

    def test_kinds_are_of_sales_administrators(self):
        kinds = self.env["sale.original.kind"]
        self.assertTrue(kinds.with_user(self.financier).search([]))
        for user in (self.salesman, self.financier):
            with self.assertRaises(AccessError):
                kinds.with_user(user).create({"name": "Fax", "code": "fax"})
        kinds.with_user(self.manager).create({"name": "Fax", "code": "fax"})

    def test_form_without_any_right_on_originals_can_be_saved(self):
        order = self._order()
        self._add(order)
        order.with_user(self.manager).write(
            {
                "policy_original_ids": [
                    Command.update(order.policy_original_ids.id, {"note": "seen"})
                ]
            }
        )
        self.assertEqual(order.policy_original_ids.note, "seen")

    def test_uninstalling_leaves_the_files_saying_what_they_were(self):
        original = self._add(self._order(), note="signed copy")
        attachment, sha256 = original.attachment_id, original.sha256
        attachment.description = "From the fair"
        uninstall_hook(self.env)
        self.assertFalse(self.env["sale.order.original"].search([]))
        self.assertEqual(attachment.raw, PDF)
        for text in ("From the fair", "contract", "signed copy", sha256):
            self.assertIn(text, attachment.description)
