import io

from openpyxl import load_workbook

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .import_common import KEYS, SaleOrderImportCommon


@tagged("post_install", "-at_install")
class TestImportRights(SaleOrderImportCommon):
    """Nobody imports what he could not enter (SPEC A4)."""

    def test_orders_for_a_colleague_are_refused_in_words(self):
        keys = (*KEYS, "salesperson")
        rows = [
            [*self.row("R1"), self.other_salesman.login],
            [*self.row("R2"), self.salesman.login],
        ]
        job = self.stage(rows, keys)
        job.action_create_orders()
        self.assertEqual(self.orders(job).policy_external_number, "R2")
        refused = job.row_ids.filtered(lambda row: row.state == "error")
        self.assertReason(refused, "Odoo refuses the order")

    def test_who_sees_all_orders_may_enter_them_for_others(self):
        rows = [[*self.row("R1"), self.salesman.login]]
        job = self.stage(rows, (*KEYS, "salesperson"), user=self.other_salesman)
        job.action_create_orders()
        self.assertEqual(self.orders(job).user_id, self.salesman)
        self.assertEqual(self.orders(job).create_uid, self.other_salesman)

    def test_colleagues_imports_are_hidden_from_who_sees_only_his_own(self):
        theirs = self.stage([self.row()], user=self.other_salesman)
        imports = self.env["sale.order.import"].with_user(self.salesman)
        self.assertNotIn(theirs, imports.search([]))
        self.assertFalse(
            self.env["sale.order.import.row"]
            .with_user(self.salesman)
            .search([("job_id", "=", theirs.id)])
        )
        for act in ("action_check", "action_create_orders", "action_stop"):
            with self.assertRaises(AccessError):
                getattr(theirs.with_user(self.salesman), act)()
        for row_act in ("action_skip", "action_take_back"):
            with self.assertRaises(AccessError):
                getattr(theirs.row_ids.with_user(self.salesman), row_act)()

    def test_who_presses_the_button_creates_the_orders(self):
        job = self.stage([self.row()])
        job.with_user(self.manager).action_create_orders()
        self.assertEqual(job.sudo().row_ids.order_id.create_uid, self.manager)
        self.assertEqual(job.sudo().user_id, self.manager)
        self.assertEqual(job.state, "done", "who uploaded it still sees it")

    def test_order_one_may_not_see_is_not_named(self):
        hidden = self.stage([self.row("R1", "TEST-C2")], user=self.other_salesman)
        hidden.action_create_orders()
        row = self.stage([self.row("R1", "TEST-C2")]).row_ids
        self.assertEqual(row.state, "exists")
        self.assertFalse(row.order_id)
        self.assertNotIn(self.orders(hidden).name, row.reasons)

    def test_another_company_is_another_world(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        product = self.env["product.product"].create(
            {"name": "Theirs", "default_code": "T-1", "company_id": company.id}
        )
        partner = self.env["res.partner"].create(
            {"name": "Theirs", "company_id": company.id}
        )
        row = self.stage([self.row("R1", partner.name, product.default_code)]).row_ids
        self.assertReason(row, "No customer")
        self.assertReason(row, "No product")
        with self.assertRaises(AccessError):
            self.start(b"x", company_id=company.id)
        job = self.stage([self.row()])
        with self.assertRaises(AccessError):
            job.company_id = company
        foreign = self._create_user("foreign", "sales_team.group_sale_manager")
        foreign.write(
            {"company_id": company.id, "company_ids": [Command.set(company.ids)]}
        )
        imports = self.env["sale.order.import"].with_user(foreign)
        self.assertNotIn(job, imports.search([]))

    def test_same_number_in_two_companies(self):
        company = self.env["res.company"].create({"name": "Second"})
        self.manager.company_ids += company
        first = self.stage([self.row()], user=self.manager)
        first.action_create_orders()
        second = self.stage([self.row()], user=self.manager, company_id=company.id)
        self.assertEqual(second.row_ids.state, "ready", second.row_ids.reasons)
        second.action_create_orders()
        self.assertEqual(self.orders(second).company_id, company)

    def test_people_without_sales_see_nothing(self):
        portal = self._create_user("portal", "base.group_portal")
        job = self.stage([self.row()])
        for user in (portal, self.supervisor):
            for record in (job, job.row_ids):
                with self.assertRaises(AccessError):
                    record.with_user(user).read(["state"])
            with self.assertRaises(AccessError):
                self.env["sale.order.import"].with_user(user).create({})

    def test_rows_are_neither_added_nor_deleted_by_hand(self):
        job = self.stage([self.row()])
        with self.assertRaises(AccessError):
            job.row_ids.unlink()
        with self.assertRaises(AccessError):
            job.row_ids.create({"job_id": job.id, "col_number": "R9"})

    def test_import_that_made_orders_is_kept(self):
        job = self.stage([self.row()])
        job.action_create_orders()
        for user in (self.salesman, self.manager):
            with self.assertRaisesRegex(UserError, "It is kept"):
                job.with_user(user).unlink()

    def test_user_who_lost_his_rights_creates_nothing(self):
        job = self.stage([self.row()])
        job.sudo().state = "running"
        self.salesman.group_ids = self.env.ref("base.group_user")
        with self.enter_registry_test_mode():
            cron = self.env.ref("sale_order_policy.ir_cron_order_import_1")
            cron.method_direct_trigger()
        self.assertEqual(job.sudo().state, "staged")
        self.assertIn("may not create orders", job.sudo().message)


@tagged("post_install", "-at_install")
class TestImportDownloads(SaleOrderImportCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for user in (cls.salesman, cls.other_salesman, cls.supervisor):
            user.password = user.login
        cls.portal = cls._create_user("portal", "base.group_portal")
        cls.portal.password = cls.portal.login
        cls.colleague = cls._create_user("colleague", "sales_team.group_sale_salesman")
        cls.colleague.password = cls.colleague.login

    def _get(self, url, user=None):
        self.authenticate(user and user.login, user and user.login)
        return self.url_open(url, allow_redirects=False)

    def test_template(self):
        answer = self._get("/order-import/template", self.salesman)
        book = load_workbook(io.BytesIO(answer.content))
        self.assertEqual(len(book.sheetnames), 2)
        self.assertEqual(book.worksheets[0]["A1"].value, "Registration Number *")
        for user in (self.portal, self.supervisor):
            self.assertEqual(self._get("/order-import/template", user).status_code, 404)
        self.assertEqual(self._get("/order-import/template").status_code, 303)

    def test_rows_to_mend(self):
        job = self.stage([self.row(product="=1+1"), self.row("R2")])
        url = f"/order-import/{job.id}/rows"
        answer = self._get(url, self.salesman)
        sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
        cells = [cell for cell in sheet[2] if cell.value]
        self.assertIn("=1+1", [cell.value for cell in cells])
        self.assertEqual({cell.data_type for cell in cells}, {"s"}, "no formula")
        self.assertEqual(sheet.max_row, 2)
        self.assertEqual(self._get(url, self.other_salesman).status_code, 200)
        for user in (self.portal, self.supervisor, self.colleague):
            self.assertEqual(self._get(url, user).status_code, 404)
        self.assertEqual(
            self._get("/order-import/0/rows", self.salesman).status_code, 404
        )
