from odoo import models
from odoo.exceptions import UserError


class DocumentApprovalSeat(models.Model):
    _inherit = "document.approval.seat"

    def _check_answers(self, given):
        """EXTENDS 'document_approval': no department agrees without its sheet (J2)."""
        result = super()._check_answers(given)
        if self.round_id.res_model == "sale.order.change":
            # sudo: who decides may not read every sheet
            sheet_sudo = (
                self.env["sale.order.change.evaluation"]
                .sudo()
                .search([("seat_id", "=", self.id)])
            )
            if sheet_sudo and not sheet_sudo.is_filled:
                raise UserError(
                    self.env._(
                        "%(document)s: fill in the evaluation sheet of %(department)s "
                        "first, on the page Evaluation of the request.",
                        document=self.res_name,
                        department=self.department_id.name,
                    )
                )
        return result
