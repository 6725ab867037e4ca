from odoo import api, models
from odoo.exceptions import AccessError


class OrderHandoverListReport(models.AbstractModel):
    """The handover list on paper (交接明细表, SPEC F2); one table per order."""

    _name = "report.order_handover.report_handover_list"
    _description = "Handover List on Paper"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return what the template prints: rows by order, as the user may read them.

        :raise AccessError: to customers, and for rows the user may not read
        """
        return self._prepare_lists(self.env["order.handover"].browse(docids))

    @api.model
    def _prepare_lists(self, rows):
        if not self.env.user._is_internal():
            raise AccessError(
                self.env._("The handover list is kept within the company.")
            )
        rows.check_access("read")
        rows = rows.filtered(lambda row: row.state != "cancelled")
        lists = rows.sorted(lambda row: (row.date_sent, row.id)).grouped("order_id")
        return {
            "doc_ids": rows.ids,
            "doc_model": rows._name,
            "docs": rows,
            "lists": [
                {
                    "company": rows_of_order.company_id,
                    "order_name": rows_of_order[0].order_name,
                    "partner_name": rows_of_order[0].partner_name,
                    "rows": rows_of_order,
                }
                for rows_of_order in lists.values()
            ],
        }


class OrderHandoverListOfOrderReport(models.AbstractModel):
    """The handover lists of whole orders on paper."""

    _name = "report.order_handover.report_handover_list_order"
    _inherit = "report.order_handover.report_handover_list"
    _description = "Handover List of Orders on Paper"

    @api.model
    def _get_report_values(self, docids, data=None):
        """EXTENDS: all rows of the orders that the user may read."""
        orders = self.env["sale.order"].browse(docids)
        orders.check_access("read")
        return self._prepare_lists(
            self.env["order.handover"].search([("order_id", "in", orders.ids)])
        )
