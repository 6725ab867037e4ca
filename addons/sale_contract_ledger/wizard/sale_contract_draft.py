from odoo import api, fields, models
from odoo.exceptions import UserError


class SaleContractDraft(models.TransientModel):
    """Draft one contract for one or several orders of a customer (SPEC E1)."""

    _name = "sale.contract.draft"
    _description = "Draft a Contract"
    _check_company_auto = True

    order_ids = fields.Many2many(comodel_name="sale.order", string="Orders")
    company_id = fields.Many2one(
        comodel_name="res.company", compute="_compute_from_orders"
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner", compute="_compute_from_orders", string="Customer"
    )
    parent_id = fields.Many2one(
        comodel_name="sale.contract",
        string="Framework",
        domain="[('kind', '=', 'framework'), ('state', '=', 'signed'),"
        " ('company_id', '=', company_id)]",
    )
    template_id = fields.Many2one(
        comodel_name="sale.contract.template",
        domain="[('kind', '=', 'order'), ('company_id', 'in', (company_id, False))]",
        compute="_compute_template_id",
        store=True,
        readonly=False,
    )
    signer_id = fields.Many2one(
        comodel_name="res.users",
        string="Signs for Us",
        required=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        # sudo: the setting, whoever drafts
        default=lambda self: self.env.company.sudo().contract_signer_ids[:1],
    )

    @api.depends("order_ids")
    def _compute_from_orders(self):
        for draft in self:
            draft.company_id = draft.order_ids[:1].company_id
            draft.partner_id = draft.order_ids[:1].partner_id

    @api.depends("company_id")
    def _compute_template_id(self):
        for draft in self:
            draft.template_id = self.env["sale.contract.template"].search(
                [
                    ("kind", "=", "order"),
                    ("company_id", "in", (draft.company_id.id, False)),
                ],
                limit=1,
            )

    def action_draft(self):
        """Create the contract and open it.

        :raise UserError: saying which orders do not fit together
        """
        self.ensure_one()
        orders = self.order_ids
        self._check_orders(orders)
        orders.check_access("write")
        first = orders[0]
        days = [o.commitment_date for o in orders if o.commitment_date]
        contract = self.env["sale.contract"].create(
            {
                "kind": "order",
                "company_id": first.company_id.id,
                "partner_id": first.partner_id.id,
                "currency_id": first.currency_id.id,
                "user_id": first.user_id.id or self.env.uid,
                "signer_id": self.signer_id.id,
                "parent_id": self.parent_id.id,
                "payment_term_id": first.payment_term_id.id,
                "date_delivery": max(days).date() if days else False,
            }
        )
        orders.write({"contract_id": contract.id})
        if self.template_id:
            contract._take_template(self.template_id)
        return contract._open_form()

    def _check_orders(self, orders):
        if not orders:
            raise UserError(self.env._("Choose at least one order."))
        if taken := orders.filtered("contract_id"):
            raise UserError(
                self.env._(
                    "%(order)s has its contract already: %(contract)s.",
                    order=taken[0].name,
                    contract=taken[0].contract_id.name,
                )
            )
        if (
            len(orders.company_id) > 1
            or len(orders.currency_id) > 1
            or len(orders.partner_id.commercial_partner_id) > 1
            or any(order.state == "cancel" for order in orders)
        ):
            raise UserError(
                self.env._(
                    "One contract takes orders of one customer, company and currency, "
                    "and no cancelled ones."
                )
            )
