from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

#: a change of these changes what an invoice stands for
_WATCHED = frozenset(
    {
        "state",
        "partner_id",
        "date",
        "invoice_date",
        "currency_id",
        "move_type",
        "reversed_entry_id",
        "company_id",
    }
)
#: what a posted credit note of a settlement keeps
_KEPT = _WATCHED | {"journal_id", "line_ids", "invoice_line_ids"} - {"state"}
#: written by rebate settlements only
_GUARDED = frozenset({"rebate_settlement_id", "rebate_order_ids"})


class AccountMove(models.Model):
    """Invoices, credit notes and payments are counted for rebates (DESIGN 5)."""

    _inherit = "account.move"

    rebate_settlement_id = fields.Many2one(
        comodel_name="rebate.settlement",
        string="Rebate Settlement",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    rebate_order_ids = fields.One2many(
        comodel_name="sale.order",
        inverse_name="rebate_move_id",
        string="Orders Paid by This Rebate",
        groups="sales_team.group_sale_salesman",
    )

    def _write_multi(self, vals_list):
        """EXTENDS 'base': whatever reaches the database is counted anew."""
        result = super()._write_multi(vals_list)
        changed = [
            move.id
            for move, vals in zip(self, vals_list, strict=True)
            if not _WATCHED.isdisjoint(vals)
        ]
        if changed:
            self.env["rebate.queue"]._push_moves(self.browse(changed))
        return result

    # Rebate credit notes -----------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """EXTENDS 'account': nobody makes a credit note one of a settlement."""
        for vals in vals_list:
            self._rebate_refuse(vals)
        return super().create(vals_list)

    def write(self, vals):
        """EXTENDS 'account': a released rebate is taken back by a settlement only."""
        self._rebate_refuse(vals)
        if vals.get("state", "posted") != "posted" or not _KEPT.isdisjoint(vals):
            for move in self:
                if move.state == "posted" and move.rebate_settlement_id:
                    move._rebate_refuse_undo()
        return super().write(vals)

    @api.model
    def default_get(self, fields):
        """EXTENDS 'base': give nobody's own default to what settlements write."""
        return super().default_get([name for name in fields if name not in _GUARDED])

    @api.model
    def _rebate_refuse(self, vals):
        if not _GUARDED.isdisjoint(vals):
            raise AccessError(self.env._("Rebates are released by settlements only."))

    def copy_data(self, default=None):
        """EXTENDS 'account': what was released once is not released by a copy."""
        for move in self:
            if move.rebate_settlement_id:
                move._rebate_refuse_undo()
        return super().copy_data(default)

    @api.ondelete(at_uninstall=True)
    def _unlink_except_rebate(self):
        for move in self:
            if move.rebate_settlement_id:
                move._rebate_refuse_undo()

    def _reverse_moves(self, default_values_list=None, cancel=False):
        """EXTENDS 'account': a released rebate is taken back by a settlement only.

        Nor is a provision reversed: what it lacks is booked by the difference.
        """
        for move in self:
            if move.rebate_settlement_id:
                move._rebate_refuse_undo()
            # sudo: which lines accrue rebates, whoever reverses
            if any(move.sudo().line_ids.mapped("rebate_accrued")):
                raise UserError(
                    self.env._(
                        "%(move)s books the provision for rebates. It is corrected by "
                        "itself when the figures change, not by a reversal.",
                        move=move.name,
                    )
                )
        return super()._reverse_moves(default_values_list, cancel)

    def _rebate_refuse_undo(self):
        raise UserError(
            self.env._(
                "%(move)s was released by settlement %(settlement)s. Take the "
                "settlement back instead.",
                move=self.name,
                settlement=self.sudo().rebate_settlement_id.name,  # sudo: its number
            )
        )

    def _post(self, soft=True):
        """EXTENDS 'account': rebates kept for the next invoices are offset now."""
        posted = super()._post(soft)
        invoices = posted.filtered(
            lambda move: move.move_type == "out_invoice"
            and not move.rebate_settlement_id
        )
        # sudo: whoever posts the invoices
        invoices.sudo()._rebate_offset_kept()
        return posted

    def _rebate_offset_kept(self):
        """Offset these invoices against rebates kept for them, oldest first (M4)."""
        # of most customers nothing is kept, and every posting asks: once, by the index
        if not self or not self.env.execute_query(
            SQL(
                "SELECT FROM account_move WHERE rebate_settlement_id IS NOT NULL"
                " AND commercial_partner_id = ANY(%s) LIMIT 1",
                self.commercial_partner_id.ids,
            )
        ):
            return
        kept = self.search(
            Domain("rebate_settlement_id.form", "in", ("next", "goods"))
            & Domain("move_type", "=", "out_refund")
            & Domain("state", "=", "posted")
            & Domain("amount_residual", ">", 0)
            & Domain("commercial_partner_id", "in", self.commercial_partner_id.ids),
            order="invoice_date, id",
        )
        for credit in kept:
            invoices = self.filtered(
                lambda move, credit=credit: (
                    move.commercial_partner_id == credit.commercial_partner_id
                    and move.company_id.root_id == credit.company_id.root_id
                    and move.currency_id == credit.currency_id
                )
            )
            if credit.rebate_settlement_id.form == "goods":
                orders = credit.rebate_order_ids
                invoices = invoices.filtered(
                    lambda move, orders=orders: (
                        move.invoice_line_ids.sale_line_ids.order_id & orders
                    )
                )
            credit._rebate_reconcile(invoices)

    def _rebate_get_due(self):
        """Return posted invoices of this customer that are open, oldest due first."""
        self.ensure_one()
        invoices = self.search(
            Domain("move_type", "=", "out_invoice")
            & Domain("state", "=", "posted")
            & Domain("amount_residual", ">", 0)
            & Domain("commercial_partner_id", "=", self.commercial_partner_id.id)
            & Domain("company_id", "=", self.company_id.id)
        )
        return invoices.filtered(lambda move: not move._rebate_is_disputed())

    def _rebate_is_disputed(self):
        """Hook: whether the customer disputes this invoice (SPEC H5)."""
        return False

    def _rebate_reconcile(self, invoices):
        """Offset this credit note against these invoices, by due date."""
        self.ensure_one()

        def get_open(moves):
            return moves.line_ids.filtered(
                lambda line: (
                    line.account_id.account_type == "asset_receivable"
                    and not line.reconciled
                )
            )

        mine = get_open(self)
        due = get_open(invoices).sorted(
            lambda line: (
                line.date_maturity or line.date,
                line.invoice_date or line.date,
                line.id,
            )
        )
        for line in due:
            own = mine.filtered(
                lambda own, line=line: (
                    own.account_id == line.account_id and not own.reconciled
                )
            )
            if own:
                (own | line).reconcile()
