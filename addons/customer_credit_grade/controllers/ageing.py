from odoo import fields, http
from odoo.http import request


class AgeingController(http.Controller):
    @http.route("/customer_credit/ageing.xlsx", type="http", auth="user", readonly=True)
    def ageing_xlsx(self, date=None, **_others):
        """Return the ageing of what the user may read as a spreadsheet (SPEC D6)."""
        try:
            day = fields.Date.to_date(date) if date else None
        except ValueError:
            return request.not_found()
        report = request.env["customer.credit.ageing"]
        report.check_access("read")
        report = report.with_context(ageing_date=day and str(day))
        name = f"ageing-{report._get_day()}.xlsx"
        return request.make_response(
            report._get_xlsx(),
            headers=[
                (
                    "Content-Type",
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                ),
                ("Content-Disposition", http.content_disposition(name)),
            ],
        )
