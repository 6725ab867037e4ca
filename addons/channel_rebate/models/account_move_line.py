from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

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
#: what a posted line of a settlement or a provision keeps
_KEPT = frozenset(
    {
        "account_id",
        "amount_currency",
        "balance",
        "credit",
        "currency_id",
        "debit",
        "discount",
        "display_type",
        "move_id",
        "partner_id",
        "price_unit",
        "product_id",
        "product_uom_id",
        "quantity",
        "tax_ids",
        "tax_line_id",
    }
)


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

    _rebate_downpayment_idx = models.Index("(move_id) WHERE is_downpayment")

    @api.model_create_multi
    def create(self, vals_list):
        """EXTENDS 'account': nobody writes by hand what was released."""
        for vals in vals_list:
            self._rebate_refuse(vals)
        lines = super().create(vals_list)
        lines._rebate_check_kept()
        return lines

    def write(self, vals):
        """EXTENDS 'account': nobody writes by hand what was released."""
        self._rebate_refuse(vals)
        if not _KEPT.isdisjoint(vals):
            self._rebate_check_kept()
        return super().write(vals)

    @api.model
    def default_get(self, fields):
        """EXTENDS 'base': give nobody's own default to what settlements write."""
        return super().default_get([name for name in fields if name not in _GUARDED])

    @api.ondelete(at_uninstall=True)
    def _unlink_except_rebate(self):
        self._rebate_check_kept()

    def _rebate_check_kept(self):
        """Refuse a change of posted lines that release or accrue a rebate.

        :raise UserError: naming the entry
        """
        # sudo: which lines release a rebate, whoever changes them
        for line in self.sudo():
            if line.parent_state == "posted" and (
                line.rebate_balance_id or line.move_id.rebate_settlement_id
            ):
                raise UserError(
                    self.env._(
                        "%(move)s was made by a rebate settlement or provision and "
                        "stays as it was posted. Prepare a settlement instead.",
                        move=line.move_id.name,
                    )
                )

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
            if not _WATCHED.isdisjoint(vals)
            and line.display_type == "product"
            and line.parent_state == "posted"
        )
        if moves:
            self.env["rebate.queue"]._push_moves(moves)
        return result
