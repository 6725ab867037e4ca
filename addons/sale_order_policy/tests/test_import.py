import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .import_common import KEYS, SaleOrderImportCommon, make_xlsx


@tagged("post_install", "-at_install")
class TestImport(SaleOrderImportCommon):
    """From rows to orders (SPEC A4)."""

    def test_rows_of_one_number_are_one_order(self):
        rows = [self.row(), self.row(product="X-13", quantity=3, price=20)]
        job = self.stage([*rows, self.row("R2", "上海测试有限公司")])
        self.assertEqual(job.state, "staged")
        self.assertEqual(set(job.row_ids.mapped("state")), {"ready"})
        job.action_create_orders()
        self.assertEqual(job.state, "done")
        first, second = self.orders(job).sorted("policy_external_number")
        self.assertEqual(first.policy_external_number, "R1")
        self.assertEqual(first.partner_id, self.partner)
        self.assertEqual(second.partner_id, self.chinese)
        self.assertRecordValues(
            first.order_line,
            [
                {"product_id": self.product.id, "product_uom_qty": 2, "price_unit": 50},
                {"product_id": self.other.id, "product_uom_qty": 3, "price_unit": 20},
            ],
        )
        self.assertEqual(job.row_ids[0].line_id, first.order_line[0])

    def test_orders_are_drafts_nobody_is_told_about(self):
        job = self.stage([self.row()])
        job.action_create_orders()
        order = self.orders(job)
        self.assertEqual((order.state, order.approval_state), ("draft", "none"))
        self.assertEqual(order.create_uid, self.salesman)
        self.assertEqual(order.user_id, self.salesman)
        [note] = order.message_ids
        self.assertIn("orders.xlsx, rows 2 to 2", note.body)
        self.assertFalse(order.message_follower_ids)
        self.assertFalse(order.activity_ids)

    def test_everything_the_form_has_arrives(self):
        source = self.env["utm.source"].create({"name": "Canton Fair"})
        term = self.env["account.payment.term"].create({"name": "45 days flat"})
        values = {
            **{"number": "R7", "date": "2026-10-01", "type": "Special"},
            **{
                "customer": "TEST-C2",
                "contact": "buyer",
                "product": "[X-120] Whatever",
            },
            **{"description": "blue", "quantity": "1,200", "unit": "打"},
            **{"price": "￥12.50", "discount": "9折", "delivery": "2031年2月3日"},
            **{"place": "9 Harbour Rd", "terms": "45 DAYS FLAT"},
            **{"reference": "PO-1", "salesperson": self.salesman.login},
            **{"source": "canton fair", "requirement": "heat-proof"},
            **{"reorder": "补码", "remarks": "Call first"},
        }
        kind = self.env["sale.order.type"].create({"name": "Special"})
        job = self.stage([list(values.values())], keys=values)
        self.assertFalse(job.row_ids.reasons)
        job.action_create_orders()
        order = self.orders(job)
        self.assertRecordValues(
            order,
            [
                {
                    "policy_type_id": kind.id,
                    "policy_contact_id": self.chinese.child_ids[0].id,
                    "partner_shipping_id": self.chinese.child_ids[1].id,
                    "payment_term_id": term.id,
                    "client_order_ref": "PO-1",
                    "user_id": self.salesman.id,
                    "source_id": source.id,
                }
            ],
        )
        self.assertEqual(str(order.commitment_date.date()), "2031-02-03")
        self.assertEqual(str(order.date_order.date()), "2026-10-01")
        self.assertRecordValues(
            order.order_line,
            [
                {
                    "product_uom_qty": 1200,
                    "product_uom_id": self.env.ref("uom.product_uom_dozen").id,
                    "price_unit": 12.5,
                    "discount": 10,
                    "policy_requirement": "heat-proof",
                    "policy_reorder_kind": "size_fill",
                }
            ],
        )
        self.assertTrue(order.order_line.name.endswith("\nblue"))
        self.assertIn("Call first", order.message_ids.body)

    def test_price_that_is_written_is_not_discounted_by_the_pricelist(self):
        self.env["product.pricelist.item"].create(
            {
                "pricelist_id": self.partner.property_product_pricelist.id
                or self.env["product.pricelist"].create({"name": "P"}).id,
                "compute_price": "percentage",
                "percent_price": 20,
            }
        )
        job = self.stage([self.row(), self.row("R2", price=None)])
        job.action_create_orders()
        written, computed = self.orders(job).sorted("policy_external_number")
        self.assertEqual(written.order_line.price_subtotal, 100)
        self.assertEqual(computed.order_line.price_subtotal, 160)

    def test_good_orders_are_not_lost_by_bad_ones(self):
        job = self.stage(
            [self.row(), self.row("R2", product="nothing"), self.row("R3")]
        )
        job.action_create_orders()
        self.assertEqual(job.row_ids.mapped("state"), ["error", "done", "done"])
        self.assertEqual(job.state, "staged")
        self.assertEqual(job.order_count, 2)

    def test_an_order_waits_for_its_bad_row(self):
        job = self.stage([self.row(), self.row(product="nothing"), self.row("R2")])
        bad, waiting, _good = job.row_ids
        self.assertEqual(waiting.state, "waiting")
        self.assertIn("row 3", waiting.reasons)
        job.action_create_orders()
        self.assertEqual(self.orders(job).policy_external_number, "R2")

    def test_mending_a_row_checks_its_order_and_lets_it_through(self):
        job = self.stage([self.row(), self.row(product="nothing")])
        bad = job.row_ids.filtered(lambda row: row.state == "error")
        bad.col_product = "X-13"
        self.assertEqual(set(job.row_ids.mapped("state")), {"ready"})
        job.action_create_orders()
        self.assertEqual(len(self.orders(job).order_line), 2)
        self.assertEqual(job.state, "done")

    def test_mending_in_odoo_and_checking_again(self):
        job = self.stage([self.row(product="NEW-1")])
        self.assertReason(job.row_ids, "NEW-1")
        self.other.default_code = "NEW-1"
        job.action_check()
        self.assertEqual(job.row_ids.state, "ready")

    def test_another_number_moves_a_row_to_another_order(self):
        job = self.stage([self.row(), self.row(product="X-13"), self.row("R2")])
        job.row_ids[1].col_number = "R2"
        job.action_create_orders()
        lines = {o.policy_external_number: len(o.order_line) for o in self.orders(job)}
        self.assertEqual(lines, {"R1": 1, "R2": 2})

    def test_a_row_can_be_left_out(self):
        job = self.stage([self.row(), ["合计", None, None, 2, None]])
        total = job.row_ids.filtered(lambda row: row.state == "error")
        total.action_skip()
        self.assertEqual(total.state, "skipped")
        job.action_create_orders()
        self.assertEqual(job.state, "done")
        total.action_take_back()
        self.assertEqual(total.state, "error")

    def test_importing_again_changes_nothing(self):
        rows = [self.row(), self.row("R2")]
        first = self.stage(rows)
        first.action_create_orders()
        orders = self.orders(first)
        orders[0].action_cancel()
        again = self.stage([[*row[:3], 99, 1] for row in rows])
        self.assertEqual(set(again.row_ids.mapped("state")), {"exists"})
        self.assertEqual(again.row_ids.order_id, orders)
        self.assertIn("cancelled", again.row_ids[0].reasons)
        self.assertEqual(orders[1].order_line.product_uom_qty, 2)
        with self.assertRaises(UserError):
            again.action_create_orders()

    def test_price_changed_by_nobody_after_creation(self):
        job = self.stage([self.row()])
        job.action_create_orders()
        with self.assertRaises(UserError):
            job.row_ids.col_quantity = "9"
        with self.assertRaises(UserError):
            job.file = False

    def test_product_archived_after_the_check(self):
        job = self.stage([self.row(), self.row("R2", product="X-13")])
        self.other.action_archive()
        job.action_create_orders()
        self.assertEqual(self.orders(job).policy_external_number, "R1")
        self.assertEqual(job.row_ids[0].state, "error")

    def test_order_odoo_refuses_is_found_among_good_ones(self):
        """A constraint that the check knows nothing about."""
        rows = [self.row(f"R{n}") for n in range(9)]
        job = self.stage(rows)
        original = type(self.env["sale.order"]).create

        def create(records, vals_list):
            if any(vals["policy_external_number"] == "R4" for vals in vals_list):
                raise UserError(self.env._("Unknown error"))
            return original(records, vals_list)

        self.patch(type(self.env["sale.order"]), "create", create)
        job.action_create_orders()
        self.assertEqual(len(self.orders(job)), 8)
        bad = job.row_ids.filtered(lambda row: row.state == "error")
        self.assertReason(bad, "Unknown error")
        self.assertEqual(bad.col_number, "R4")

    def test_new_contacts_are_created_on_request_and_once(self):
        keys = (*KEYS, "contact", "phone")
        rows = [[*self.row(f"R{n}", "TEST-C2"), "New Buyer", "123"] for n in (1, 2)]
        job = self.stage(rows, keys)
        self.assertReason(job.row_ids[0], "New Buyer")
        self.env.user.group_ids += self.env.ref("base.group_partner_manager")
        self.salesman.group_ids += self.env.ref("base.group_partner_manager")
        job.create_contacts = True
        job.action_check()
        job.action_create_orders()
        contact = self.orders(job).policy_contact_id
        self.assertEqual((contact.name, contact.phone), ("New Buyer", "123"))
        self.assertEqual(contact.parent_id, self.chinese)

    def test_downloaded_rows_can_be_uploaded_again(self):
        job = self.stage([self.row(), self.row("R2", product="nothing")])
        job.action_create_orders()
        again = self.start(job._make_open_rows())
        again.action_check()
        self.assertFalse(again.message)
        self.assertEqual(again.row_ids.col_number, "R2")
        self.assertReason(again.row_ids, "nothing")

    def test_template_is_a_form_without_orders(self):
        for lang in ("en_US", "zh_CN", "zh_TW"):
            self.env["res.lang"]._activate_lang(lang)
            template = self.env["sale.order.import"].with_context(lang=lang)
            self.assertRefused(template._make_template(), "no row below")

    def test_a_new_file_replaces_the_rows(self):
        job = self.stage([self.row("R1")])
        content = make_xlsx([self.headings(*KEYS), self.row("R2")])
        job.file = base64.b64encode(content)
        self.assertEqual(job.state, "draft")
        job.action_check()
        self.assertEqual(job.row_ids.col_number, "R2")

    def test_nobody_writes_what_the_import_finds_out(self):
        job = self.stage([self.row(product="nothing")])
        for record, values in (
            (job, {"user_id": self.manager.id}),
            (job, {"state": "done"}),
            (job, {"message": "fine"}),
            (job.row_ids, {"state": "ready"}),
            (job.row_ids, {"order_id": 1}),
            (job.row_ids, {"job_id": job.id}),
        ):
            with self.subTest(values), self.assertRaises(AccessError):
                record.write(values)
        with self.assertRaises(AccessError):
            self.env["sale.order.import"].with_user(self.salesman).create(
                {"user_id": self.manager.id}
            )

    def test_defaults_of_users_do_not_reach_what_the_import_finds_out(self):
        imports = self.env["sale.order.import"]
        for name, value in (("user_id", self.manager.id), ("state", "running")):
            self.env["ir.default"].with_user(self.salesman).set(
                "sale.order.import", name, value, user_id=True
            )
        job = imports.with_user(self.salesman).create({})
        self.assertEqual((job.user_id, job.state), (self.salesman, "draft"))
