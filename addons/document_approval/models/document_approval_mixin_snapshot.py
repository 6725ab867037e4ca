from odoo import api, models, tools
from odoo.tools import float_round, format_date, format_datetime

from ..fingerprint import canonical, fingerprint_of


class DocumentApprovalMixin(models.AbstractModel):
    _inherit = "document.approval.mixin"

    def _approval_snapshots(self):
        """Return ``{id: snapshot}``: the material values, ready for JSON (SPEC B6).

        Lines are a multiset: their order does not matter. The same for every user:
        read with elevated rights, archived records included.
        """
        documents_sudo = self.sudo().with_context(active_test=False)
        result = {}
        for document_sudo in documents_sudo:
            snapshot = {
                "company": document_sudo._approval_get_company().id,
                "header": document_sudo._approval_header_values(),
            }
            if self._approval_line_field:
                lines_sudo = document_sudo[self._approval_line_field]
                snapshot["lines"] = sorted(
                    (
                        document_sudo._approval_line_values(line_sudo)
                        for line_sudo in lines_sudo
                        if document_sudo._approval_line_is_material(line_sudo)
                    ),
                    key=canonical,
                )
            result[document_sudo.id] = snapshot
        return result

    def _approval_fingerprints(self):
        """Return ``{id: SHA-256 of the snapshot}``."""
        return {
            document_id: fingerprint_of(snapshot)
            for document_id, snapshot in self._approval_snapshots().items()
        }

    def _approval_header_values(self):
        """Return the raw material values of the document itself."""
        self.ensure_one()
        return {
            name: self._approval_raw_value(self, name)
            for name in self._approval_material_fields
        }

    def _approval_line_is_material(self, line):
        """Tell whether a line counts; texts and system lines do not."""
        return True

    def _approval_line_values(self, line):
        """Return the raw material values of one line."""
        return {
            name: self._approval_raw_value(line, name)
            for name in self._approval_material_line_fields
        }

    def _approval_raw_value(self, record, name):
        """Return a field's value as plain data that compares exactly."""
        field = record._fields[name]
        value = record[name]
        if field.relational:
            return value.id if field.type == "many2one" else sorted(value.ids)
        if field.type in ("float", "monetary"):
            digits = field.get_digits(self.env) if field.type == "float" else None
            return float_round(value, precision_digits=digits[1] if digits else 6)
        if field.type in ("date", "datetime"):
            return field.to_string(value) if value else False
        return value

    def _approval_material_label(self, key):
        """Return how to name a material value to the reader."""
        field = self._fields.get(key)
        if not field and self._approval_line_field:
            comodel = self._fields[self._approval_line_field].comodel_name
            field = self.env[comodel]._fields.get(key)
        return field._description_string(self.env) if field else key

    # What changed ------------------------------------------------------------

    def _approval_changes(self, old, new):
        """Return what differs between two snapshots, in words for the reader.

        :return: list of ``{"label", "old", "new"}``
        """
        if not old or not new:
            return []
        changes = []
        for key in sorted(set(old["header"]) | set(new["header"])):
            before, after = old["header"].get(key), new["header"].get(key)
            if before != after:
                changes.append(self._approval_change(self, key, before, after))
        if self._approval_line_field:
            changes += self._approval_line_changes(
                old.get("lines", []), new.get("lines", [])
            )
        return changes

    def _approval_line_changes(self, old_lines, new_lines):
        """Pair the lines that differ by their first material field and compare."""
        lines = self.env[self._fields[self._approval_line_field].comodel_name]
        first = self._approval_material_line_fields[0]
        removed, added = list(old_lines), []
        for line in new_lines:
            if line in removed:
                removed.remove(line)
            else:
                added.append(line)
        changes = []
        for line in added:
            name = self._approval_show(lines, first, line[first])
            twin = next((o for o in removed if o[first] == line[first]), None)
            if not twin:
                changes.append(
                    {
                        "label": self.env._("New line"),
                        "old": "",
                        "new": self._approval_show_line(lines, line),
                    }
                )
                continue
            removed.remove(twin)
            for key in line:
                if line[key] != twin.get(key):
                    change = self._approval_change(lines, key, twin.get(key), line[key])
                    changes.append({**change, "label": f"{name}: {change['label']}"})
        changes += [
            {
                "label": self.env._("Removed line"),
                "old": self._approval_show_line(lines, line),
                "new": "",
            }
            for line in removed
        ]
        return changes

    def _approval_change(self, model, key, before, after):
        return {
            "label": self._approval_material_label(key),
            "old": self._approval_show(model, key, before),
            "new": self._approval_show(model, key, after),
        }

    def _approval_show_line(self, lines, values):
        shown = [self._approval_show(lines, key, values[key]) for key in values]
        return ", ".join(text for text in shown if text)

    def _approval_show(self, model, key, value):
        """Return a raw value as the reader expects to see it."""
        field = model._fields.get(key)
        if value is None or value is False or value == []:
            return ""
        if field is not None and field.relational:
            ids = value if isinstance(value, list) else [value]
            records_sudo = self.env[field.comodel_name].sudo().browse(ids).exists()
            return ", ".join(records_sudo.mapped("display_name"))
        if field is not None and field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, str(value))
        if field is not None and field.type in ("date", "datetime"):
            if field.type == "date":
                return format_date(self.env, value)
            return format_datetime(self.env, value, tz=str(self.env.tz))
        if value is True:
            return self.env._("Yes")
        if isinstance(value, float):
            return f"{value:,.6f}".rstrip("0").rstrip(".")
        return str(value)

    # What matters --------------------------------------------------------------------

    @api.model
    @tools.ormcache("self._name")
    def _approval_relevant_fields(self):
        """Return the fields of the document whose change may change what counts.

        Material fields, the lines, and whatever these are computed from.
        """
        names = {"company_id", *self._approval_material_fields}
        if self._approval_line_field:
            names.add(self._approval_line_field)
        material = self._approval_material_field_objects()
        return frozenset(names | self._approval_sources(self._fields, material))

    @api.model
    @tools.ormcache("self._name")
    def _approval_line_relevant_fields(self):
        """Return the fields of a line whose change may change what counts."""
        if not self._approval_line_field:
            return frozenset()
        lines = self.env[self._fields[self._approval_line_field].comodel_name]
        material = self._approval_material_field_objects()
        names = set(self._approval_material_line_fields)
        names |= self._approval_sources(lines._fields, material)
        names.add(lines._approval_document_field)
        names |= set(self._approval_extra_line_fields())
        return frozenset(names)

    @api.model
    def _approval_extra_line_fields(self):
        """Return further line fields that decide whether or how a line counts."""
        return ()

    @api.model
    def _approval_material_field_objects(self):
        material = {self._fields[name] for name in self._approval_material_fields}
        material.add(self._fields["company_id"])
        if self._approval_line_field:
            lines = self.env[self._fields[self._approval_line_field].comodel_name]
            names = {
                *self._approval_material_line_fields,
                *self._approval_extra_line_fields(),
            }
            material |= {lines._fields[name] for name in names}
        return material

    @api.model
    def _approval_sources(self, fields, material):
        """Return the names among ``fields`` that some material field depends on."""
        return {
            name
            for name, field in fields.items()
            if not material.isdisjoint(self.pool.get_dependent_fields(field))
        }
