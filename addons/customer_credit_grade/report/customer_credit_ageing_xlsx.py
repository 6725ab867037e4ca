import io

import xlsxwriter

from odoo import api, models
from odoo.fields import Domain

AMOUNTS = (
    *("not_due", "bucket_1", "bucket_2", "bucket_3", "bucket_4", "credit", "total"),
    "overdue",
)


class CustomerCreditAgeing(models.Model):
    """The ageing as a spreadsheet: customers, and the items they owe (SPEC D6)."""

    _inherit = "customer.credit.ageing"

    @api.model
    def _get_xlsx(self, domain=()):
        """Return a workbook of what the user may read of the company, as bytes.

        One company, as amounts of several currencies add up to nothing.

        :param domain: which customers
        """
        company = self.env.company.root_id
        rows = self.search(Domain("company_id", "=", company.id) & Domain(list(domain)))
        # sudo: how the currency is written
        digits = company.sudo().currency_id.decimal_places
        money = "#,##0" + (digits and "." + "0" * digits or "")
        stream = io.BytesIO()
        with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
            styles = {
                "title": book.add_format({"bold": True, "font_size": 14}),
                "head": book.add_format(
                    {"bold": True, "bg_color": "#E7E6E6", "text_wrap": True}
                ),
                "money": book.add_format({"num_format": money}),
                "total": book.add_format({"num_format": money, "bold": True}),
                "date": book.add_format({"num_format": "yyyy-mm-dd"}),
            }
            self._write_customers(book, styles, rows)
            self._write_items(book, styles, rows)
        return stream.getvalue()

    def _write_customers(self, book, styles, rows):
        sheet = book.add_worksheet(self.env._("Ageing"))
        # sudo: names of the company and the currency of what may be read
        company_sudo = self.env.company.root_id.sudo()
        sheet.write(0, 0, self.env._("Ageing of Receivables"), styles["title"])
        sheet.write_string(
            1,
            0,
            self.env._(
                "%(company)s, as of %(day)s, in %(currency)s",
                company=company_sudo.name,
                day=self._get_day(),
                currency=company_sudo.currency_id.name,
            ),
        )
        texts = ("partner_id", "grade_id", "user_id", "sale_region_id")
        labels = self.fields_get([*texts, *AMOUNTS, "overdue_days"], ["string"])
        columns = [*texts, *AMOUNTS, "overdue_days"]
        for column, name in enumerate(columns):
            sheet.write(3, column, labels[name]["string"], styles["head"])
        for number, row in enumerate(rows, 4):
            for column, name in enumerate(texts):
                # names of what the row is about, which may be read
                sheet.write_string(number, column, row.sudo()[name].display_name or "")
            for column, name in enumerate(AMOUNTS, len(texts)):
                sheet.write_number(number, column, row[name], styles["money"])
            sheet.write_number(number, len(columns) - 1, row.overdue_days)
        last = 4 + len(rows)
        sheet.write(last, 0, self.env._("Total"), styles["head"])
        for column, name in enumerate(AMOUNTS, len(texts)):
            sheet.write_number(last, column, sum(rows.mapped(name)), styles["total"])
        sheet.set_column(0, 0, 36)
        sheet.set_column(1, len(columns), 14)
        sheet.freeze_panes(4, 1)
        sheet.autofilter(3, 0, max(last - 1, 4), len(columns) - 1)

    def _write_items(self, book, styles, rows):
        sheet = book.add_worksheet(self.env._("Open Items"))
        head = (
            self.env._("Customer"),
            self.env._("Number"),
            self.env._("Date"),
            self.env._("Due"),
            self.env._("Days Overdue"),
            self.env._("Open"),
        )
        sheet.write_row(0, 0, head, styles["head"])
        day = self._get_day()
        items = self._get_items_of(rows)
        for number, (customer, line, amount, due) in enumerate(items, 1):
            sheet.write_string(number, 0, customer)
            sheet.write_string(number, 1, line.move_name or "")
            sheet.write_datetime(number, 2, line.date, styles["date"])
            sheet.write_datetime(number, 3, due, styles["date"])
            sheet.write_number(number, 4, max((day - due).days, 0))
            sheet.write_number(number, 5, amount, styles["money"])
        sheet.set_column(0, 0, 36)
        sheet.set_column(1, 5, 14)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(len(items), 1), len(head) - 1)

    def _get_items_of(self, rows):
        """Return ``[(customer's name, journal item, amount, due)]`` of these rows."""
        items = rows._get_open_items()
        # sudo: salespeople read what their own customers owe; the rows say which
        lines_sudo = self.env["account.move.line"].sudo()
        lines_sudo = lines_sudo.browse([line_id for _, _, line_id, _, _ in items])
        names = {row.partner_id.id: row.sudo().partner_id.display_name for row in rows}
        return [
            (names[debtor] or "", line, amount, due)
            for (_root, debtor, _id, amount, due), line in zip(
                items, lines_sudo, strict=True
            )
        ]
