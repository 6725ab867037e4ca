from odoo import fields, models
from odoo.exceptions import AccessError

from ..plan import as_id


class DocumentApprovalEmergency(models.TransientModel):
    """Release a document in an emergency, with a reason (DESIGN 2)."""

    _name = "document.approval.emergency"
    _description = "Emergency Release"

    res_model = fields.Char(string="Document Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Document", model_field="res_model", required=True, readonly=True
    )
    reason = fields.Text(required=True)

    def action_release(self):
        """Release as the user.

        :raise AccessError, UserError: as ``action_emergency_release`` of the document
        """
        self.ensure_one()
        names = self.env["document.approval.flow"]._get_document_models()
        if self.res_model not in names:
            raise AccessError(self.env._("There is nothing to release."))
        document = self.env[self.res_model].browse(as_id(self.res_id)).exists()
        document.action_emergency_release(self.reason)
        return {"type": "ir.actions.act_window_close"}
