from odoo import models
from odoo.exceptions import UserError


class DocumentApprovalMixin(models.AbstractModel):
    _inherit = "document.approval.mixin"

    def action_print_approval_record(self):
        """Print who decided what on these documents, in all their rounds (SPEC B3).

        :raise AccessError: when one of them may not be read
        :raise UserError: when none was ever submitted
        """
        self.check_access("read")
        # sudo: who may read a document may print how it was decided
        rounds_sudo = self.env["document.approval.round"].sudo()
        latest = rounds_sudo._read_group(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)],
            groupby=["res_id"],
            aggregates=["id:max"],
        )
        if not latest:
            raise UserError(
                self.env._(
                    "Nothing to print: %(documents)s has never been submitted for "
                    "approval.",
                    documents=", ".join(self.mapped("display_name")),
                )
            )
        report = self.env.ref("document_approval.document_approval_record_report")
        return report.report_action([round_id for _document, round_id in latest])
