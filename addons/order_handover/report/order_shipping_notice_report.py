from odoo import api, models
from odoo.exceptions import UserError


class ReportShippingNotice(models.AbstractModel):
    """The shipping notice on paper (SPEC H2)."""

    _name = "report.order_handover.report_shipping_notice"
    _description = "Shipping Notice on Paper"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return what the template prints.

        A notice is printed once; afterwards its file is the notice.

        :raise AccessError: when the user may not read one of the notices
        :raise UserError: when one of them has its file already
        """
        notices = self.env["order.shipping.notice"].browse(docids).exists()
        notices.check_access("read")
        if notices.filtered("attachment_id"):
            raise UserError(
                self.env._("This notice has been made already. Open its file.")
            )
        return {
            "doc_ids": docids,
            "doc_model": notices._name,
            # sudo: who may read a notice may read delivery and product names
            "papers": [notice._get_paper() for notice in notices.sudo()],
        }
