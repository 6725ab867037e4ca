from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class SaleContractOriginal(models.Model):
    """An original on paper in the archive (SPEC E2). Kept for good."""

    _name = "sale.contract.original"
    _inherit = ["mail.thread"]
    _description = "Archived Original"
    _order = "name desc, id desc"
    _check_company_auto = True

    name = fields.Char(string="Archive Number", required=True, tracking=True)
    class_name = fields.Char(
        string="Class", required=True, tracking=True, help="e.g. Sales contracts 2026"
    )
    contract_id = fields.Many2one(
        comodel_name="sale.contract",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
    )
    partner_id = fields.Many2one(related="contract_id.partner_id")
    company_id = fields.Many2one(
        related="contract_id.company_id", store=True, index=True
    )
    place_id = fields.Many2one(
        comodel_name="sale.contract.place",
        required=True,
        index=True,
        check_company=True,
        tracking=True,
        ondelete="restrict",
    )
    custodian_id = fields.Many2one(
        comodel_name="res.users",
        required=True,
        default=lambda self: self.env.user,
        tracking=True,
        domain=[("share", "=", False)],
    )
    copies = fields.Integer(default=1, required=True, tracking=True)
    date = fields.Date(
        string="Archived On", default=fields.Date.context_today, required=True
    )
    note = fields.Char()
    loan_ids = fields.One2many(
        comodel_name="sale.contract.loan",
        inverse_name="original_id",
        string="Loans",
    )
    copies_out = fields.Integer(compute="_compute_copies_out")
    is_overdue = fields.Boolean(
        compute="_compute_is_overdue", search="_search_is_overdue"
    )

    _name_uniq = models.UniqueIndex(
        "(company_id, name)", "This archive number is taken already."
    )

    @api.depends("loan_ids.date_returned")
    def _compute_copies_out(self):
        for original in self:
            original.copies_out = len(
                original.loan_ids.filtered(lambda loan: not loan.date_returned)
            )

    @api.depends("loan_ids.is_overdue")
    def _compute_is_overdue(self):
        for original in self:
            original.is_overdue = any(original.loan_ids.mapped("is_overdue"))

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = [
            ("loan_ids", "any", self.env["sale.contract.loan"]._get_overdue_domain())
        ]
        if set(value) >= {True, False}:
            return []
        return late if True in value else ["!", *late]

    @api.constrains("copies", "contract_id")
    def _check_original(self):
        for original in self:
            if not 1 <= original.copies <= 1000:
                raise ValidationError(self.env._("There is at least one copy."))
            if original.copies_out > original.copies:
                raise ValidationError(
                    self.env._("More copies are lent than there are.")
                )
            # sudo: the state of the contract
            if not original.sudo().contract_id._contract_has_signed():
                raise ValidationError(
                    self.env._("Only originals of signed contracts are archived.")
                )

    def write(self, vals):
        """Refuse to move an original to another contract.

        :raise UserError: saying so
        """
        if "contract_id" in vals or "company_id" in vals:
            raise UserError(self.env._("An original stays with its contract."))
        return super().write(vals)

    @api.ondelete(at_uninstall=True)
    def _unlink_never(self):
        raise UserError(self.env._("What was archived stays in the list."))

    def action_lend(self):
        """Enter that a copy is lent."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Lend a Copy"),
            "res_model": "sale.contract.loan",
            "view_mode": "form",
            "target": "new",
            "context": {"default_original_id": self.id},
        }


class SaleContract(models.Model):
    _inherit = "sale.contract"

    original_ids = fields.One2many(
        comodel_name="sale.contract.original",
        inverse_name="contract_id",
        string="Archived Originals",
        readonly=True,
        groups="base.group_user",
    )
