import io

import xlsxwriter

from odoo import api, models

from ..spreadsheet import COLUMNS

ROWS_WITH_CHOICES = 5000
MOST_CHOICES_CHARACTERS = 255


class SaleOrderImport(models.Model):
    _inherit = "sale.order.import"

    @api.model
    def _make_template(self):
        """Return an empty form as xlsx, in the user's language (bytes).

        The second sheet explains the columns. Choices of a fixed set can be picked.
        """
        stream = io.BytesIO()
        with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
            sheet = book.add_worksheet(self.env._("Orders"))
            self._write_headings(book, sheet)
            self._add_choices(sheet)
            self._write_explanations(book)
        return stream.getvalue()

    def _make_open_rows(self):
        """Return the rows no order was made of as xlsx, reasons beside (bytes)."""
        self.ensure_one()
        rows = self.env["sale.order.import.row"].search(
            [("job_id", "=", self.id), ("state", "in", ("new", "error", "waiting"))],
            order="row_number, id",
        )
        fields = [column.field for column in COLUMNS]
        stream = io.BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False}
        options |= {"strings_to_urls": False, "strings_to_numbers": False}
        with xlsxwriter.Workbook(stream, options) as book:
            sheet = book.add_worksheet(self.env._("Orders"))
            wrapped = book.add_format({"text_wrap": True, "font_color": "#9C0006"})
            extra = [self._get_reason_heading()]
            self._write_headings(book, sheet, extra)
            for number, values in enumerate(
                rows.read([*fields, "reasons"], load=None), 1
            ):
                for place, name in enumerate(fields):
                    sheet.write_string(number, place, values[name] or "")
                reasons = values["reasons"] or ""
                sheet.write_string(number, len(fields), reasons, wrapped)
        return stream.getvalue()

    @api.model
    def _get_reason_heading(self):
        """Return the heading the import knows to leave aside."""
        return "原因" if (self.env.lang or "").startswith("zh") else "Reasons"

    @api.model
    def _write_headings(self, book, sheet, extra=()):
        usual = {"bold": True, "border": 1, "text_wrap": True, "valign": "vcenter"}
        required = book.add_format({**usual, "bg_color": "#FFE699"})
        optional = book.add_format({**usual, "bg_color": "#DDEBF7"})
        text = book.add_format({"num_format": "@"})
        date = book.add_format({"num_format": "yyyy-mm-dd"})
        for place, column in enumerate(COLUMNS):
            label = column.label(self.env.lang)
            form = required if column.required else optional
            sheet.write_string(
                0, place, f"{label} *" if column.required else label, form
            )
            kept = date if column.key in ("date", "delivery") else None
            if column.key in ("number", "product", "customer", "phone", "reference"):
                kept = text  # leading zeros stay
            sheet.set_column(place, place, column.width, kept)
        for place, label in enumerate(extra, len(COLUMNS)):
            sheet.write_string(0, place, label, optional)
            sheet.set_column(place, place, 60)
        sheet.set_row(0, 32)
        sheet.freeze_panes(1, 1)

    @api.model
    def _add_choices(self, sheet):
        kinds = self.env["sale.order.line"]._fields["policy_reorder_kind"]
        types = self.env["sale.order.type"]
        choices = {
            "type": types.search(types._check_company_domain(self.env.company)).mapped(
                "name"
            ),
            "reorder": [
                label for _key, label in kinds._description_selection(self.env)
            ],
        }
        for place, column in enumerate(COLUMNS):
            source = choices.get(column.key)
            if source and len(",".join(source)) <= MOST_CHOICES_CHARACTERS:
                options = {"validate": "list", "source": source}
                options |= {"error_type": "warning"}
                sheet.data_validation(1, place, ROWS_WITH_CHOICES, place, options)

    @api.model
    def _write_explanations(self, book):
        sheet = book.add_worksheet(self.env._("Explanations"))
        bold = book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        headings = [
            *(self.env._("Column"), self.env._("Required")),
            *(self.env._("What to write"), self.env._("Example")),
        ]
        sheet.write_row(0, 0, headings, bold)
        explanations = self._get_explanations()
        for number, column in enumerate(COLUMNS, 1):
            text, example = explanations[column.key]
            cells = [column.label(self.env.lang)]
            cells += [self.env._("yes") if column.required else "", text, example]
            for place, cell in enumerate(cells):
                sheet.write_string(number, place, cell, wrapped)
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 1, 10)
        sheet.set_column(2, 2, 70)
        sheet.set_column(3, 3, 28)
        sheet.freeze_panes(1, 0)

    @api.model
    def _get_explanations(self):
        """Return {column: (what to write, an example)}."""
        return {
            **self._get_order_explanations(),
            **self._get_delivery_explanations(),
            **self._get_line_explanations(),
        }

    @api.model
    def _get_order_explanations(self):
        date = self.env._("A date: year, month, day.")
        return {
            "number": (
                self.env._(
                    "The form's own number. Rows with the same one are one order."
                ),
                "DJ-2026-0001",
            ),
            "date": (date, "2026-11-22"),
            "type": (self.env._("Code or name; empty: the usual one."), ""),
            "customer": (
                self.env._(
                    "Reference, tax number or exact name of the customer in Odoo."
                ),
                "C0001",
            ),
            "contact": (self.env._("A person the customer has in Odoo."), ""),
            "phone": (
                self.env._("Of the contact person; finds it if there is no name."),
                "",
            ),
            "email": (
                self.env._("Of the contact person; finds it if there is no name."),
                "",
            ),
        }

    @api.model
    def _get_delivery_explanations(self):
        date = self.env._("A date: year, month, day.")
        return {
            "delivery": (
                self.env._("The day the customer wants it.") + " " + date,
                "2026-12-15",
            ),
            "place": (
                self.env._(
                    "Street or name of an address of the customer; empty: the usual."
                ),
                "",
            ),
            "terms": (self.env._("As in Odoo; empty: the customer's."), ""),
            "reference": (
                self.env._("The number the customer gave the order."),
                "PO-4711",
            ),
            "salesperson": (
                self.env._("Login or name; empty: as Odoo assigns it."),
                "",
            ),
            "source": (self.env._("Where the order came from, as in Odoo."), ""),
        }

    @api.model
    def _get_line_explanations(self):
        return {
            "product": (
                self.env._("Internal reference, barcode or exact name."),
                "X-120",
            ),
            "description": (
                self.env._("Added to the product's text on the order."),
                "",
            ),
            "quantity": (self.env._("Above 0. Not merged over several rows."), "12"),
            "unit": (self.env._("As in Odoo; empty: the product's own."), ""),
            "price": (
                self.env._(
                    "Of one unit, in the currency of the order; empty: by pricelist."
                ),
                "99.50",
            ),
            "discount": (
                self.env._(
                    "In percent, such as 10, 10% or 9折; empty with a price: none."
                ),
                "10%",
            ),
            "requirement": (self.env._("What is special about this line."), ""),
            "reorder": (
                self.env._("Why the customer orders again; only for reorders."),
                "",
            ),
            "remarks": (
                self.env._("For colleagues; noted in the history of the order."),
                "",
            ),
        }
