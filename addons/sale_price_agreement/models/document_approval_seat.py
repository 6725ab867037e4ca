from odoo import models


class DocumentApprovalSeat(models.Model):
    _inherit = "document.approval.seat"

    def _check_answers(self, given):
        """EXTENDS 'document_approval': nobody agrees before his sheet is filled in.

        :raise UserError: cost or market of a price revision are not stated (SPEC C3)
        """
        result = super()._check_answers(given)
        for seat_sudo in self.sudo():  # sudo: as the rest of a decision
            if seat_sudo.round_id.res_model == "sale.price.revision":
                revision = seat_sudo.round_id._get_document()
                revision._check_sheet(seat_sudo.department_id.code)
        return result
