from odoo import api, models
from odoo.exceptions import AccessError


class ReportOrderRegistration(models.AbstractModel):
    """The order registration form on paper (SPEC A1)."""

    _name = "report.sale_order_policy.report_order_registration"
    _description = "Order Registration Form on Paper"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return what the template prints; who decided what is on it.

        :raise AccessError: to customers, who may ask for any report of their orders
        """
        if not self.env.user._is_internal():
            raise AccessError(
                self.env._("The order registration form is kept within the company.")
            )
        return {
            "doc_ids": docids,
            "doc_model": "sale.order",
            "docs": self.env["sale.order"].browse(docids),
        }
