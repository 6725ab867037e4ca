from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class SaleContractSignature(models.Model):
    """One side's signature, under one approved version of a contract (SPEC E1).

    It counts for the round it was given in; kept for good even when the contract
    changed afterwards and has to be signed anew.
    """

    _name = "sale.contract.signature"
    _inherit = ["document.approval.frozen"]
    _description = "Signature of a Contract"
    _order = "id desc"

    contract_id = fields.Many2one(
        comodel_name="sale.contract",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(related="contract_id.company_id", store=True)
    round_id = fields.Many2one(
        comodel_name="document.approval.round",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    side = fields.Selection(
        selection=[("ours", "We"), ("customer", "Customer")],
        required=True,
        readonly=True,
    )
    way = fields.Selection(
        selection=[
            ("office", "In the back office"),
            ("portal", "In the portal"),
            ("scan", "On paper"),
        ],
        required=True,
        readonly=True,
    )
    name = fields.Char(string="Signed By", required=True, readonly=True)
    partner_id = fields.Many2one(comodel_name="res.partner", readonly=True)
    user_id = fields.Many2one(
        comodel_name="res.users", string="Entered By", readonly=True
    )
    date = fields.Datetime(string="Signed On", required=True, readonly=True)
    address = fields.Char(string="IP Address", readonly=True)
    signature = fields.Binary(readonly=True, attachment=False)
    paper_id = fields.Many2one(
        comodel_name="sale.contract.paper",
        string="What Was Signed",
        readonly=True,
        ondelete="restrict",
    )
    sha256 = fields.Char(related="paper_id.sha256")
    is_valid = fields.Boolean(compute="_compute_is_valid", string="Counts")

    _side_uniq = models.UniqueIndex(
        "(contract_id, round_id, side)", "This side has signed already."
    )

    @api.depends("round_id", "contract_id.approval_round_id")
    def _compute_is_valid(self):
        for signature in self.sudo():  # sudo: the round, whoever reads
            contract = signature.contract_id
            signature.is_valid = signature.round_id == contract.approval_round_id

    def write(self, vals):
        """Refuse every change, whoever asks."""
        if vals:
            raise AccessError(self.env._("Signatures are kept as they were given."))
        return super().write(vals)

    @api.ondelete(at_uninstall=True)
    def _unlink_never(self):
        raise UserError(self.env._("Signatures are kept as they were given."))
