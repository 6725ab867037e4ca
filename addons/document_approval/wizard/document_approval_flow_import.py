import base64
import binascii

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..flow_file import MOST_BYTES, FlowFileReader, get_english


class _Rehearsed(Exception):
    """Ends the rehearsal of an import, so that nothing of it stays."""


class DocumentApprovalFlowImport(models.TransientModel):
    """Reads flows from a file: says what would happen first, then does it (SPEC B8)."""

    _name = "document.approval.flow.import"
    _description = "Import Approval Flows"

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
        domain=lambda self: [("id", "in", self.env.companies.ids)],
        help="Gets the flows and the departments it lacks.",
    )
    file = fields.Binary(attachment=False, help="A file made by “Export as File”.")
    file_name = fields.Char()
    on_existing = fields.Selection(
        selection=[
            ("update", "Update it: its levels are replaced"),
            ("skip", "Leave it as it is"),
        ],
        string="A Flow That Is There Already",
        default="update",
        required=True,
        help="A flow of the same name and document type in the company.",
    )
    is_checked = fields.Boolean(
        compute="_compute_checked", store=True, help="The file can be imported."
    )
    report = fields.Html(compute="_compute_checked", store=True)

    @api.depends("file", "company_id", "on_existing")
    def _compute_checked(self):
        """Forget what was found when anything changes."""
        self.is_checked = False
        self.report = False

    def action_check(self):
        """Say what an import would do, and everything that is wrong with the file."""
        self.ensure_one()
        steps, problems = self._get_steps()
        if not problems:
            problems = self._rehearse(steps)
        self.write(
            {
                "is_checked": not problems,
                "report": self._get_report(steps, problems),
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import Flows"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_import(self):
        """Import the file, all of it or nothing.

        :return: action that shows the flows
        :raise UserError: with everything that is wrong
        """
        self.ensure_one()
        steps, problems = self._get_steps()
        if problems:
            raise UserError("\n".join(problems))
        flows = self.env["document.approval.flow"]._import_apply(steps, self.company_id)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "document_approval.document_approval_flow_action"
        )
        return {
            **action,
            "domain": [("id", "in", flows.ids)],
            "context": {"active_test": False},
            "target": "main",
        }

    def _get_steps(self):
        """Return what an import would do, and what is wrong, without doing it.

        :return: (steps, problems)
        :raise AccessError: for who may not set up flows
        """
        flows = self.env["document.approval.flow"]
        flows.check_access("create")
        content = self._get_content()
        if content is None:
            return {}, [self.env._("Choose a file first.")]
        reader = FlowFileReader(self.env)
        data = reader.get_data(content)
        if reader.problems:
            return {}, reader.problems
        return flows._import_plan(data, self.company_id, self.on_existing)

    def _get_content(self):
        """Return what was uploaded, or None."""
        # the caller controls the context, and bin_size would read a size instead
        encoded = self.with_context(bin_size=False, bin_size_file=False).file
        if not encoded:
            return None
        try:
            # a little more than may be read, to find out that it is too much
            return base64.b64decode(encoded[: MOST_BYTES * 2])
        except (binascii.Error, ValueError):
            return None

    def _rehearse(self, steps):
        """Import in a savepoint and take it back; return what the rules refuse."""
        try:
            with self.env.cr.savepoint():
                self.env["document.approval.flow"]._import_apply(steps, self.company_id)
                raise _Rehearsed
        except _Rehearsed:
            return []
        except (UserError, ValidationError) as error:
            return str(error).splitlines()

    def _get_report(self, steps, problems):
        """Return what to show: problems, or what will be created and changed."""
        languages = {code for code, _name in self.env["res.lang"].get_installed()}
        flows = [
            {
                "what": what,
                "name": get_english(flow["name"]),
                "type": self.env["ir.model"]._get(flow["model"]).name,
                "levels": len(flow["levels"]),
                "seats": sum(len(level["seats"]) for level in flow["levels"]),
                "unknown": sorted(set(flow["name"]) - languages - {"en_US"}),
            }
            for what, flow, _existing in steps.get("flows", ())
        ]
        return self.env["ir.qweb"]._render(
            "document_approval.flow_import_report",
            {
                "problems": problems,
                "flows": flows,
                "departments": [
                    {"code": entry["code"], "name": get_english(entry["name"])}
                    for entry in steps.get("departments", ())
                ],
                "unknown": sorted({lang for flow in flows for lang in flow["unknown"]}),
            },
        )
