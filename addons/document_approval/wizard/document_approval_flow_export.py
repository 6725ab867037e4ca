import base64

from odoo import api, fields, models


class DocumentApprovalFlowExport(models.TransientModel):
    """A file of exported flows, for its download only (SPEC B8)."""

    _name = "document.approval.flow.export"
    _description = "Exported Approval Flows"

    file = fields.Binary(readonly=True, attachment=False)
    file_name = fields.Char(readonly=True)

    @api.model
    def _offer(self, content):
        """Return an action that downloads ``content``.

        :param str content: the text of the file
        """
        today = fields.Date.context_today(self)
        export = self.create(
            {
                "file": base64.b64encode(content.encode()),
                "file_name": f"approval-flows-{today}.json",
            }
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{export.id}/file?"
            f"filename={export.file_name}&download=true",
            "target": "download",
        }
