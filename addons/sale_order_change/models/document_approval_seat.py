from odoo import api, models
from odoo.exceptions import UserError


class DocumentApprovalSeat(models.Model):
    _inherit = "document.approval.seat"

    @api.depends("res_model", "res_id")
    @api.depends_context("lang")
    def _compute_why(self):
        """EXTENDS 'document_approval': what is to be changed of which order (B4)."""
        result = super()._compute_why()
        for seat in self.filtered(lambda seat: seat.res_model == "sale.order.change"):
            # sudo: what is asked for, to whoever is asked
            change_sudo = self.env["sale.order.change"].sudo().browse(seat.res_id)
            for change in change_sudo.exists():
                about = f"{change.order_id.name}: {change.summary}"
                seat.why = "\n".join(filter(None, (about, seat.why)))
        return result

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
