import base64
import binascii

from odoo import fields, models
from odoo.exceptions import UserError


class SaleContractScan(models.TransientModel):
    """Enter that the customer signed on paper: the scan is kept (SPEC E1)."""

    _name = "sale.contract.scan"
    _description = "Upload the Signed Paper"

    contract_id = fields.Many2one(comodel_name="sale.contract", required=True)
    name = fields.Char(string="Signed for the Customer By", required=True)
    date = fields.Date(
        string="Signed On", required=True, default=fields.Date.context_today
    )
    file = fields.Binary(string="Scan", required=True, attachment=False)
    file_name = fields.Char()

    def action_upload(self):
        """Keep the scan and the customer's signature.

        :raise UserError: when the file or the day cannot be right
        """
        self.ensure_one()
        contract = self.contract_id
        contract.check_access("write")
        if self.date > fields.Date.context_today(self) or (self.date < contract.date):
            raise UserError(
                self.env._("It was signed between the day of its draft and today.")
            )
        try:
            content = base64.b64decode(self.file or b"", validate=True)
        except (binascii.Error, ValueError):
            content = b""
        mimetype = contract._check_scan(content)
        contract._bump()
        if contract.state != "sent":
            raise UserError(
                self.env._(
                    "%(contract)s is not out for signature.", contract=contract.name
                )
            )
        name = contract._clean_text(self.file_name, 200) or f"{contract.name}-scan"
        paper = self.env["sale.contract.paper"]._make(
            contract, "scan", name, content, mimetype
        )
        contract._sign(
            "customer",
            "scan",
            self.name,
            day=self.date,
            paper_id=paper.id,
            partner_id=contract.partner_id.id,
        )
        return {"type": "ir.actions.act_window_close"}
