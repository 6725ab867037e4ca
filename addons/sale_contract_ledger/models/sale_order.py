from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import float_repr

from .sale_contract import ALTERING, SIGNED


class SaleOrder(models.Model):
    """An order belongs to one contract (SPEC E1, A5)."""

    _inherit = "sale.order"

    contract_id = fields.Many2one(
        comodel_name="sale.contract",
        string="Contract",
        copy=False,
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        domain="[('kind', 'in', ('order', 'framework')),"
        " ('company_id', '=', company_id), ('state', 'not in', ('cancel',"
        " 'terminated'))]",
    )
    contract_state = fields.Selection(
        related="contract_id.state", string="Contract State"
    )
    contract_late_days = fields.Integer(
        string="Entered Late By",
        compute="_compute_contract_late_days",
        store=True,
        help="Working days after the last day on which the order of a signed contract "
        "was to be entered.",
    )

    @api.depends("contract_id.entry_deadline")
    def _compute_contract_late_days(self):
        for order in self:
            contract = order.contract_id.sudo()  # sudo: its deadline
            if not contract.entry_deadline or not order.create_date:
                order.contract_late_days = 0
                continue
            reader = order.with_context(tz=contract._get_zone())
            entered = fields.Datetime.context_timestamp(reader, order.create_date)
            order.contract_late_days = contract._count_working_days(
                contract.entry_deadline, entered.date()
            )

    def _contract_get_content(self):
        """Return what is ordered, line by line, the same in every language."""
        self.ensure_one()
        digits = self.env["decimal.precision"].precision_get
        quantity_digits = digits("Product Unit")
        lines = sorted(
            " ".join(
                [
                    f"[{line.product_id.default_code or line.product_id.id}]",
                    f"#{line.product_id.id}",
                    float_repr(line.product_uom_qty, quantity_digits),
                    f"u{line.product_uom_id.id}",
                    "@",
                    float_repr(line._policy_get_net_price(), 6),
                    f"t{sorted(line.tax_ids.ids)}",
                ]
            )
            for line in self.order_line
            if self._approval_line_is_material(line)
        )
        head = (
            f"{self.name} p{self.partner_id.id} {self.currency_id.name} "
            f"pt{self.payment_term_id.id or 0} {self.commitment_date or '-'}"
        )
        return "\n".join([head, *(f"  {line}" for line in lines)])

    # Which contract ------------------------------------------------------------------

    @api.constrains("contract_id", "partner_id", "company_id", "currency_id")
    def _check_contract(self):
        for order in self.sudo():  # sudo: the facts are the same for everybody
            contract = order.contract_id
            if not contract:
                continue
            if contract.kind in ALTERING:
                raise ValidationError(
                    self.env._("An order belongs to a contract, not to an agreement.")
                )
            if (
                contract.company_id != order.company_id
                or contract.commercial_partner_id
                != order.partner_id.commercial_partner_id
            ):
                raise ValidationError(
                    self.env._(
                        "%(contract)s is of another customer or company.",
                        contract=contract.name,
                    )
                )
            if contract.kind == "order" and contract.currency_id != order.currency_id:
                raise ValidationError(
                    self.env._(
                        "%(contract)s is in %(currency)s.",
                        contract=contract.name,
                        currency=contract.currency_id.name,
                    )
                )

    def _contract_check_move(self, contract_id):
        """Refuse to take an order from or to a contract that stays as it is.

        :raise UserError: naming the contract
        """
        # sudo: the facts are the same for everybody
        target = self.env["sale.contract"].sudo().browse(contract_id or [])
        for order in self.sudo():  # sudo: the facts are the same for everybody
            contract = order.contract_id
            if contract == target:
                continue
            if contract.state in SIGNED:
                raise UserError(
                    self.env._(
                        "%(order)s belongs to the signed contract %(contract)s, which "
                        "stays as it is.",
                        order=order.name,
                        contract=contract.name,
                    )
                )
            if target and target.state in ("terminated", "cancel"):
                raise UserError(
                    self.env._(
                        "%(contract)s is not in force any more.", contract=target.name
                    )
                )
            if target.state == "signed" and target.kind == "order":
                if target.orders_content:
                    raise UserError(
                        self.env._(
                            "%(contract)s was signed for other orders. Add this one "
                            "by a change agreement or a contract of its own.",
                            contract=target.name,
                        )
                    )

    # From the order ------------------------------------------------------------------

    def action_contract_draft(self):
        """Draft one contract for these orders, in a dialog."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Draft Contract"),
            "res_model": "sale.contract.draft",
            "view_mode": "form",
            "target": "new",
            "context": {"default_order_ids": self.ids},
        }

    def action_open_contract(self):
        """Show the contract of the order."""
        self.ensure_one()
        return self.contract_id._open_form()
