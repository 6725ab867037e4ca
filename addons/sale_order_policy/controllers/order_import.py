from werkzeug.exceptions import NotFound

from odoo import http
from odoo.http import content_disposition, request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class OrderImport(http.Controller):
    """Downloads of the spreadsheet import (SPEC A4)."""

    @http.route("/order-import/template", type="http", auth="user", readonly=True)
    def template(self):
        """Send the empty form; not to portal users."""
        imports = request.env["sale.order.import"]
        if not imports.has_access("create"):
            raise NotFound()
        name = request.env._("Order registration form")
        return self._send(imports._make_template(), f"{name}.xlsx")

    @http.route(
        "/order-import/<int(max=2147483647):job_id>/rows",
        type="http",
        auth="user",
        readonly=True,
    )
    def rows(self, job_id):
        """Send the rows of an import that no order was made of."""
        job = request.env["sale.order.import"].browse(job_id)
        if not job.has_access("read") or not job.exists():
            raise NotFound()
        name = request.env._("Rows to mend")
        return self._send(job._make_open_rows(), f"{name} {job.id}.xlsx")

    def _send(self, content, name):
        return request.make_response(
            content,
            [
                ("Content-Type", XLSX),
                ("Content-Length", len(content)),
                ("Content-Disposition", content_disposition(name)),
            ],
        )
