import base64

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_list

from ..spreadsheet import BY_KEY, COLUMNS, SpreadsheetError, read_form
from .sale_order_import import ROWS_AT_ONCE

#: files up to this size are read while the user waits
BYTES_AT_ONCE = 100_000
ROWS_PER_INSERT = 1000


class SaleOrderImport(models.Model):
    _inherit = "sale.order.import"

    def _open_file(self):
        """Read the file, or leave it to the scheduled jobs if it is large."""
        # sudo: the caller has checked the right to change
        self_sudo = self.sudo()
        content = self._get_content()
        if not content:
            raise UserError(self.env._("Choose the spreadsheet first."))
        if len(content) > BYTES_AT_ONCE:
            # what is wrong with the file's head is said at once
            if not self._try_reading(content, only_head=True):
                return True
            self_sudo.state = "reading"
            self._trigger_crons()
            return True
        if self._try_reading(content):
            self._check_or_queue(self_sudo.row_count)
        return True

    def _check_or_queue(self, count):
        """Check all new rows, now if they are few."""
        # sudo: the caller has checked the right to change
        self.sudo().state = "reading"
        if count > ROWS_AT_ONCE:
            self._trigger_crons()
            return True
        while self._check_next():
            pass
        self._finish()
        return True

    def _get_content(self):
        # sudo: the caller has checked the right to change
        return base64.b64decode(self.with_context(bin_size=False).sudo().file or b"")

    def _try_reading(self, content, only_head=False):
        """Stage the rows of the file; nothing of it if it cannot be read to its end.

        :return: whether it could be read; the message about the file says why not
        """
        # sudo: the caller has checked the right to change
        self_sudo = self.sudo()
        try:
            with self.env.cr.savepoint():
                form = read_form(content, self.encoding or "", self.sheet or "")
                if not only_head:
                    self._stage(form.rows)
        except SpreadsheetError as error:
            self_sudo.write(
                {
                    "state": "draft",
                    "is_refused": True,
                    "is_read": False,
                    "message": self._get_file_message(error.code, error.values),
                }
            )
            return False
        self_sudo.write(
            {
                "message": self._describe(form),
                "is_refused": False,
                "is_read": not only_head,
            }
        )
        return True

    def _describe(self, form):
        """Return in words how the file was understood."""
        parts = []
        if form.encoding:
            parts.append(self.env._("Read as %(encoding)s.", encoding=form.encoding))
        if len(form.sheets) > 1:
            parts.append(self.env._("Read from sheet “%(name)s”.", name=form.sheet))
        if form.ignored:
            parts.append(
                self.env._(
                    "Not part of the form and left aside: %(columns)s.",
                    columns=format_list(self.env, form.ignored),
                )
            )
        return " ".join(parts)

    def _stage(self, rows):
        """Replace the staged rows by those of the file.

        Written without the ORM, which takes a multiple of the time for rows that
        nobody has seen yet.
        """
        row_model = self.env["sale.order.import.row"]
        row_model.flush_model()
        self.env.execute_query(
            SQL("DELETE FROM sale_order_import_row WHERE job_id = %s", self.id)
        )
        names = ["job_id", "row_number", "state", "sequence", "order_key", "is_first"]
        names += ["create_uid", "write_uid"]
        names += row_model._get_text_fields()
        columns = SQL(", ").join(SQL.identifier(name) for name in names)
        seen, values = set(), []
        for row in rows:
            key = row_model._get_key(row.texts.get("number"), row.number)
            head = (self.id, row.number, "new", 0, key, key not in seen)
            texts = (row.texts.get(column.key) for column in COLUMNS)
            seen.add(key)
            values.append((*head, self.env.uid, self.env.uid, *texts))
            if len(values) == ROWS_PER_INSERT:
                self._insert(columns, values)
                values = []
        self._insert(columns, values)
        row_model.invalidate_model()
        self.invalidate_recordset()

    def _insert(self, columns, values):
        if values:
            self.env.cr.execute(
                SQL(
                    "INSERT INTO sale_order_import_row (%s) VALUES %s",
                    columns,
                    SQL(", ").join(SQL("%s", row) for row in values),
                )
            )

    def _get_file_message(self, code, values):
        """Return what is wrong with a file, in words."""
        lang = self.env.lang
        if "keys" in values or "key" in values:
            keys = values.get("keys") or [values["key"]]
            labels = [BY_KEY[key].label(lang) for key in keys]
            values = {**values, "columns": format_list(self.env, labels)}
        if "sheets" in values:
            values = {**values, "sheets": format_list(self.env, values["sheets"])}
        texts = {
            "empty": self.env._("The file is empty."),
            "no_rows": self.env._("There is no row below the headings."),
            "damaged": self.env._(
                "The file cannot be read: it is damaged, or neither xlsx nor csv."
            ),
            "old_format": self.env._(
                "This is a workbook of the old format (xls). Open it in Excel or WPS "
                "and save it as xlsx."
            ),
            "protected": self.env._(
                "The workbook is protected by a password. Save it without one."
            ),
        }
        return texts.get(code) or self._get_long_message(code, values)

    def _get_long_message(self, code, values):
        texts = {
            **self._get_encoding_messages(values),
            "too_large": lambda: self.env._(
                "The file holds more than %(megabytes)s MB. Divide it.", **values
            ),
            "too_many_rows": lambda: self.env._(
                "The file has more than %(most)s rows. Divide it.", **values
            ),
            "too_many_merged": lambda: self.env._(
                "The sheet has too many merged cells. Copy the values to a new sheet."
            ),
            "long_cell": lambda: self.env._(
                "Row %(row)s, %(columns)s: more than %(most)s characters. Shorten it.",
                **values,
            ),
            "no_heading": lambda: self.env._(
                "None of the first %(rows)s rows has the headings of the form. "
                "Download the template to see them.",
                **values,
            ),
            "missing_columns": lambda: self.env._(
                "Row %(row)s has the headings, but these are missing: %(columns)s. "
                "Download the template to see how they are called.",
                **values,
            ),
            "double_column": lambda: self.env._(
                "Row %(row)s: two columns mean the same, one of them is “%(column)s”. "
                "Delete one.",
                **values,
            ),
            "no_sheet": lambda: self.env._(
                "There is no sheet “%(sheet)s”. There are: %(sheets)s.", **values
            ),
        }
        return texts[code]()

    def _get_encoding_messages(self, values):
        return {
            "encoding": lambda: self.env._(
                "Row %(row)s is not written in %(encoding)s. Choose how the file is "
                "written, or save it as xlsx.",
                **values,
            ),
            "encoding_unknown": lambda: self.env._(
                "It cannot be told how the file is written. Choose its encoding, or "
                "save it as xlsx."
            ),
        }
