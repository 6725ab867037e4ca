from odoo import api, fields, models
from odoo.exceptions import AccessError

_WATCHED = frozenset(
    {
        "balance",
        "amount_currency",
        "price_total",
        "quantity",
        "product_id",
        "product_uom_id",
        "display_type",
        "is_downpayment",
    }
)
#: written by rebate settlements only
_GUARDED = frozenset({"rebate_balance_id", "rebate_released", "rebate_accrued"})


class AccountMoveLine(models.Model):
    """Which line of an entry releases or accrues which rebate (DESIGN 5)."""

    _inherit = "account.move.line"

    rebate_balance_id = fields.Many2one(
        comodel_name="rebate.balance",
        string="Rebate",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        groups="base.group_user",
    )
    rebate_released = fields.Float(
        digits=0,
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="What this line releases, in the programme's currency.",
    )
    rebate_accrued = fields.Float(
        digits=0,
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="What this line adds to the provision, in the programme's currency.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        """EXTENDS 'account': nobody writes by hand what was released."""
        for vals in vals_list:
            self._rebate_refuse(vals)
        return super().create(vals_list)

    def write(self, vals):
        """EXTENDS 'account': nobody writes by hand what was released."""
        self._rebate_refuse(vals)
        return super().write(vals)

    @api.model
    def _rebate_refuse(self, vals):
        if not _GUARDED.isdisjoint(vals):
            raise AccessError(
                self.env._("Rebates are released and accrued by settlements only.")
            )

    def _write_multi(self, vals_list):
        """EXTENDS 'base': whatever reaches the database is counted anew."""
        result = super()._write_multi(vals_list)
        moves = self.env["account.move"].browse(
            line.move_id.id
            for line, vals in zip(self, vals_list, strict=True)
            if line.display_type == "product"
            and line.parent_state == "posted"
            and not _WATCHED.isdisjoint(vals)
        )
        if moves:
            self.env["rebate.queue"]._push_moves(moves)
        return result
