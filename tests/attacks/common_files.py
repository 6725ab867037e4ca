"""Places where somebody uploads a file, and a document that waits at each."""

import base64
import json

from odoo.addons.order_handover.tests.common_acceptance import AcceptanceCommon
from odoo.addons.sale_contract_ledger.tests.common import ContractCommon
from odoo.addons.sale_order_policy.tests.import_common import SaleOrderImportCommon

from .bad_files import PDF


class FilesCommon(ContractCommon, AcceptanceCommon, SaleOrderImportCommon):
    """An order, a contract that is out, a slip that waits; who may upload to each."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        cls.order = cls._create_order()
        cls.contract = cls._sent(cls.order)
        cls.slip = cls._ship_all(cls._confirm())
        cls.admin = cls.env.ref("base.user_admin")
        originals = cls.env["sale.order.original"].with_user(cls.salesman)
        cls.original = originals._create_from_files(
            [{"order_id": cls.order.id, "name": "order.pdf", "content": PDF}]
        )
        cls.flow_data = cls._export_flow()
        cls.env.flush_all()

    @classmethod
    def _export_flow(cls):
        """Return what stands in a file of the usual flow."""
        cls.flow.with_user(cls.admin).action_export()
        exports = cls.env["document.approval.flow.export"].sudo()
        made = exports.search([], order="id desc", limit=1)
        return json.loads(base64.b64decode(made.file))

    def _as(self, user, model):
        return self.env[model].with_user(user)

    # Places ------------------------------------------------------------------------

    def _import_orders(self, name, content):
        """Read an order form and make orders of it; all of each, or none."""
        job = self._as(self.salesman, "sale.order.import").create(
            {"file": base64.b64encode(content), "file_name": name}
        )
        job.action_check()
        if not job.is_refused and job.state == "reading":
            # too large to be read while somebody waits
            if job._try_reading(content):
                job._check_or_queue(0)
        if job.is_refused:
            self.assertTrue(job.message, "refused without a word")
            self.assertFalse(job.row_ids, "refused, and rows are there")
            return
        if job.ready_count:
            job.action_create_orders()
        job._make_open_rows()
        self._check_orders(job)

    def _check_orders(self, job):
        """Every order has a line for each of its rows; no row is left over."""
        for _key, rows in job.row_ids.grouped("order_key").items():
            done = rows.filtered(lambda row: row.state == "done")
            if not done:
                self.assertFalse(rows.order_id)
                continue
            self.assertEqual(done, rows, "an order was made of some of its rows")
            self.assertEqual(len(rows.order_id), 1)
            self.assertEqual(len(rows.order_id.order_line), len(rows))
        for row in job.row_ids.filtered(lambda row: row.state == "error"):
            self.assertTrue(row.reasons, "an error without a reason")

    def _keep_original(self, name, content):
        originals = self._as(self.salesman, "sale.order.original")
        values = {"order_id": self.order.id, "name": name, "content": content}
        original = originals._create_from_files([values])
        self.assertEqual(original.sudo().attachment_id.raw, content)

    def _replace_original(self, name, content):
        wizard = self._as(self.salesman, "sale.order.original.replace").create(
            {
                "original_id": self.original.id,
                "file": base64.b64encode(content),
                "file_name": name,
                "reason": "The customer sent another one",
            }
        )
        wizard.action_replace()
        newest = self.original.search(
            [("order_id", "=", self.order.id)], order="id desc", limit=1
        )
        self.assertEqual(newest.sudo().attachment_id.raw, content)

    def _scan_contract(self, name, content):
        wizard = self._as(self.salesman, "sale.contract.scan").create(
            {
                "contract_id": self.contract.id,
                "name": "The customer",
                "file": base64.b64encode(content),
                "file_name": name,
            }
        )
        wizard.action_upload()
        papers = self.contract.sudo().paper_ids.attachment_id
        self.assertIn(content, papers.mapped("raw"))

    def _scan_slip(self, name, content):
        wizard = self._as(self.salesman, "order.acceptance.paper").create(
            {
                "acceptance_id": self.slip.id,
                "signed_by": "The customer",
                "content": base64.b64encode(content),
                "filename": name,
            }
        )
        wizard.action_sign()
        self.assertEqual(self.slip.sudo().paper_id.raw, content)

    def _sign_slip(self, name, content):
        """Sign as the portal does; the picture is somebody else's idea of one."""
        self.slip._sign_in_portal(
            name or "Buyer", base64.b64encode(content).decode(), {}
        )
        self.assertTrue(self.slip.sudo().signature)

    def _send_demand(self, name, content):
        """Send a file with a demand, as a channel partner does in the portal."""
        demands = self._as(self.portal_user, "channel.demand")
        ((kept, same, _kind),) = demands._portal_check_files([(name, content)])
        self.assertEqual((kept, same), (name[:150], content))

    def _import_flows(self, _name, content):
        """Say what would happen, and do it."""
        wizard = self._as(self.admin, "document.approval.flow.import").create(
            {"file": base64.b64encode(content), "file_name": "flows.json"}
        )
        wizard.action_check()
        self.assertTrue(wizard.report, "checked without a word")
        checked = wizard.is_checked
        wizard.action_import()
        self.assertTrue(checked, "imported though the check found something")
