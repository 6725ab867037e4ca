from odoo import api, models


class DocumentApprovalSeat(models.Model):
    _inherit = "document.approval.seat"

    @api.depends("res_model", "res_id")
    @api.depends_context("lang")
    def _compute_why(self):
        """EXTENDS 'document_approval': which contract, with whom (SPEC B4)."""
        result = super()._compute_why()
        for seat in self.filtered(lambda seat: seat.res_model == "sale.contract"):
            # sudo: what it is about, to whoever is asked
            contract_sudo = self.env["sale.contract"].sudo().browse(seat.res_id)
            for contract in contract_sudo.exists():
                about = f"{contract._get_title()}: {contract.partner_id.display_name}"
                seat.why = "\n".join(filter(None, (about, seat.why)))
        return result
