from odoo import api, models


class DocumentApprovalLineMixin(models.AbstractModel):
    """What the lines of a document under approval inherit (SPEC B6).

    Changes of lines are changes of their document, by whatever route they come.
    """

    _name = "document.approval.line.mixin"
    _description = "Line of a Document Under Approval"

    #: many2one to the document
    _approval_document_field = None

    @api.model
    def _approval_documents(self, vals_list=()):
        """Return the documents named by ``vals_list``, besides those of ``self``."""
        name = self._approval_document_field
        documents = self[name]
        ids = {vals[name] for vals in vals_list if isinstance(vals.get(name), int)}
        default = self.env.context.get(f"default_{name}")
        if isinstance(default, int):
            ids.add(default)
        return documents | documents.browse(ids).exists()

    @api.model
    def _approval_is_gated(self):
        comodel = self._fields[self._approval_document_field].comodel_name
        return bool(self.env["document.approval.flow"]._get_gated_companies(comodel))

    @api.model_create_multi
    def create(self, vals_list):
        if not self._approval_is_gated():
            return super().create(vals_list)
        documents = self._approval_documents(vals_list)
        with documents._approval_guard(material=True) as guard:
            lines = super().create(vals_list)
            guard.add(lines[self._approval_document_field])
        return lines

    def write(self, vals):
        documents = self.env[self._fields[self._approval_document_field].comodel_name]
        if not self._approval_is_gated() or not (
            documents._approval_line_relevant_fields().intersection(vals)
        ):
            return super().write(vals)
        documents = self._approval_documents([vals])
        with documents._approval_guard(material=True):
            return super().write(vals)

    def unlink(self):
        if not self or not self._approval_is_gated():
            return super().unlink()
        with self[self._approval_document_field]._approval_guard(material=True):
            return super().unlink()

    @api.constrains(lambda self: self._approval_constrained_fields())
    def _check_approval_unchanged(self):
        """Cover values that are recomputed without a write."""
        self[self._approval_document_field]._approval_check_recomputed()

    @api.model
    def _approval_constrained_fields(self):
        """Return the material fields of a line that are stored and computed."""
        field = self._fields.get(self._approval_document_field or "")
        if field is None:
            return []
        names = self.env[field.comodel_name]._approval_material_line_fields
        return [
            name
            for name in names
            if self._fields[name].compute and self._fields[name].store
        ]
