from odoo import api, fields, models


class DocumentApprovalPreview(models.TransientModel):
    """Who would review a document if it were submitted now (SPEC B8)."""

    _name = "document.approval.preview"
    _description = "Who Would Review This?"

    flow_id = fields.Many2one(comodel_name="document.approval.flow", readonly=True)
    res_model = fields.Selection(
        selection="_selection_res_model",
        string="Document Type",
        compute="_compute_res_model",
        store=True,
        readonly=False,
        required=True,
    )
    res_id = fields.Many2oneReference(
        string="Document",
        model_field="res_model",
        compute="_compute_res_id",
        store=True,
        readonly=False,
    )
    panel = fields.Json(compute="_compute_panel")
    other_flow_name = fields.Char(
        compute="_compute_panel",
        help="The flow the document would go through, when it is not the one the "
        "preview was opened from.",
    )

    @api.model
    def _selection_res_model(self):
        """Return the document types the user may read."""
        return [
            (name, self.env["ir.model"]._get(name).name)
            for name in self.env["document.approval.flow"]._get_document_models()
            if self.env[name].has_access("read")
        ]

    @api.depends("flow_id")
    def _compute_res_model(self):
        names = [name for name, _label in self._selection_res_model()]
        for preview in self:
            model = preview.flow_id.model or names[:1] and names[0]
            preview.res_model = model if model in names else False

    @api.depends("res_model")
    def _compute_res_id(self):
        for preview in self:
            if preview.res_id and preview.res_model != preview._origin.res_model:
                preview.res_id = False

    def _get_document(self):
        """Return the chosen document when it exists.

        :raise AccessError: the user may not read it
        """
        self.ensure_one()
        if not self.res_model or not self.res_id:
            return None
        names = [name for name, _label in self._selection_res_model()]
        if self.res_model not in names:
            return None
        document = self.env[self.res_model].browse(self.res_id).exists()
        document.check_access("read")
        return document

    @api.depends("res_model", "res_id", "flow_id")
    @api.depends_context("lang", "uid")
    def _compute_panel(self):
        for preview in self:
            document = preview._get_document()
            preview.other_flow_name = False
            if not document:
                preview.panel = False
                continue
            preview.panel = document._approval_panel_data(preview=True)
            flow_sudo = document._approval_plans()[document.id].flow
            if preview.flow_id and flow_sudo and flow_sudo != preview.flow_id:
                preview.other_flow_name = flow_sudo.name
