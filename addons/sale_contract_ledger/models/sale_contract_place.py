from odoo import api, fields, models
from odoo.exceptions import ValidationError


class SaleContractPlace(models.Model):
    """Where originals are kept: a room, a cabinet in it, a box in that (SPEC E2)."""

    _name = "sale.contract.place"
    _inherit = ["document.approval.home.mixin"]
    _description = "Archive Place"
    _order = "complete_name, id"
    _parent_name = "parent_id"
    _check_company_auto = True

    name = fields.Char(required=True)
    complete_name = fields.Char(
        compute="_compute_complete_name", store=True, recursive=True
    )
    kind = fields.Selection(
        selection=[("room", "Room"), ("cabinet", "Cabinet"), ("box", "Box")],
        required=True,
        default="box",
    )
    parent_id = fields.Many2one(
        comodel_name="sale.contract.place",
        string="In",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )

    @api.depends("name", "parent_id.complete_name")
    def _compute_complete_name(self):
        for place in self:
            parts = [place.parent_id.complete_name, place.name]
            place.complete_name = " / ".join(part for part in parts if part)

    @api.depends("complete_name")
    def _compute_display_name(self):
        for place in self:
            place.display_name = place.complete_name

    @api.constrains("parent_id")
    def _check_parent(self):
        if self._has_cycle():
            raise ValidationError(self.env._("A place cannot be in itself."))
