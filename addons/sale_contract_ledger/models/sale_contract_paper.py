import hashlib

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class SaleContractPaper(models.Model):
    """A file of a contract that is kept: as sent, as signed, or a scan (SPEC E1, E2).

    Made by the system, never changed, replaced or deleted.
    """

    _name = "sale.contract.paper"
    _inherit = ["policy.file.keeper", "document.approval.frozen"]
    _description = "Paper of a Contract"
    _order = "id desc"

    contract_id = fields.Many2one(
        comodel_name="sale.contract",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(related="contract_id.company_id", store=True)
    kind = fields.Selection(
        selection=[
            ("sent", "Sent for signature"),
            ("signed", "Signed copy"),
            ("scan", "Scan of the signed paper"),
        ],
        required=True,
        readonly=True,
    )
    round_id = fields.Many2one(
        comodel_name="document.approval.round",
        readonly=True,
        ondelete="restrict",
        help="The review it was approved in.",
    )
    name = fields.Char(string="File Name", required=True, readonly=True)
    attachment_id = fields.Many2one(
        comodel_name="ir.attachment",
        string="File",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    sha256 = fields.Char(string="SHA-256", required=True, readonly=True)
    date = fields.Datetime(required=True, readonly=True)
    user_id = fields.Many2one(comodel_name="res.users", string="By", readonly=True)

    _attachment_uniq = models.UniqueIndex(
        "(attachment_id)", "This file is a paper of a contract already."
    )

    def write(self, vals):
        """Refuse every change, whoever asks."""
        if vals:
            raise AccessError(
                self.env._("The papers of a contract are kept as they are.")
            )
        return super().write(vals)

    def _get_kept_file_text(self, file):
        """EXTENDS 'sale_order_policy'."""
        return self.env._(
            "%(file)s is a paper of the contract %(contract)s and is kept.",
            file=file.name,
            contract=self.contract_id.name,
        )

    @api.ondelete(at_uninstall=True)
    def _unlink_never(self):
        raise UserError(self.env._("The papers of a contract are kept as they are."))

    @api.model
    def _make(self, contract, kind, name, content, mimetype):
        """Keep ``content`` (bytes) as a paper of the contract; return it."""
        # sudo: kept by the system, whoever signs
        contract_sudo = contract.sudo()
        attachment = contract_sudo.env["ir.attachment"].create(
            {
                "name": name,
                "raw": content,
                "mimetype": mimetype,
                "res_model": "sale.contract",
                "res_id": contract.id,
                "company_id": contract_sudo.company_id.id,
            }
        )
        return self.sudo().create(
            {
                "contract_id": contract.id,
                "kind": kind,
                "round_id": contract._approval_round().id,
                "name": name,
                "attachment_id": attachment.id,
                "sha256": hashlib.sha256(content).hexdigest(),
                "date": fields.Datetime.now(),
                "user_id": self.env.uid,
            }
        )

    def action_open(self):
        """Show the file."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.attachment_id.id}",
            "target": "new",
        }
