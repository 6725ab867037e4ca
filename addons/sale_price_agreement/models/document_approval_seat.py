from odoo import api, models

_PRICES = ("sale.price.concession", "sale.price.revision")


class DocumentApprovalSeat(models.Model):
    _inherit = "document.approval.seat"

    @api.depends("res_model", "res_id")
    @api.depends_context("lang")
    def _compute_why(self):
        """EXTENDS 'document_approval': for whom, and why (SPEC B4)."""
        result = super()._compute_why()
        for seat in self.filtered(lambda seat: seat.res_model in _PRICES):
            # sudo: what it is about, to whoever is asked
            price_sudo = self.env[seat.res_model].sudo().browse(seat.res_id)
            for price in price_sudo.exists():
                about = price.reason
                if price._name == "sale.price.concession":
                    names = ", ".join(price.partner_ids.mapped("name"))
                    about = f"{names}: {about}"
                seat.why = "\n".join(filter(None, (about, seat.why)))
        return result

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
