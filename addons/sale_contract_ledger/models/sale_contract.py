from odoo import api, fields, models

KINDS = [
    ("order", "Single order"),
    ("framework", "Framework"),
    ("change", "Change agreement"),
    ("termination", "Termination agreement"),
]
#: kinds that alter another contract
ALTERING = ("change", "termination")
#: signed by both sides: frozen for everybody
SIGNED = ("signed", "terminated")


class SaleContract(models.Model):
    """A contract with a customer (合同), from its draft to its archive (SPEC E1-E5).

    Reviewed on the approval engine; only what was approved is sent and signed, and
    what both sides signed never changes. A signed change or termination agreement
    alters what the ledger says of its contract. Amounts include taxes, in the
    currency of the contract.
    """

    _name = "sale.contract"
    _inherit = [
        "portal.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "document.approval.mixin",
    ]
    _description = "Contract"
    _order = "date desc, id desc"
    _check_company_auto = True

    # identity
    name = fields.Char(string="Number", required=True, readonly=True, copy=False)
    title = fields.Char(help="Printed above the contract. Empty: by its kind.")
    kind = fields.Selection(
        selection=KINDS, required=True, default="order", index=True, tracking=True
    )
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("sent", "Being Signed"),
            ("signed", "Signed"),
            ("terminated", "Terminated"),
            ("cancel", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    parent_id = fields.Many2one(
        comodel_name="sale.contract",
        string="Belongs To",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        domain="[('company_id', '=', company_id),"
        " ('partner_id', 'child_of', partner_id), ('state', '=', 'signed'),"
        " ('kind', 'in', ('framework',) if kind in ('order', 'framework')"
        " else ('order', 'framework'))]",
        help="The framework of an order, or the contract an agreement alters.",
    )
    child_ids = fields.One2many(
        comodel_name="sale.contract", inverse_name="parent_id", string="Below It"
    )
    # parties
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        index=True,
        tracking=True,
        check_company=True,
        ondelete="restrict",
    )
    commercial_partner_id = fields.Many2one(
        related="partner_id.commercial_partner_id", string="Customer's Company"
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        index=True,
        tracking=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    signer_id = fields.Many2one(
        comodel_name="res.users",
        string="Signs for Us",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        tracking=True,
        help="Only this person signs for us.",
    )
    # terms
    date = fields.Date(
        default=fields.Date.context_today, required=True, help="When it was drafted."
    )
    date_start = fields.Date(string="Valid From")
    date_end = fields.Date(string="Valid To", help="This day included.")
    date_delivery = fields.Date(string="Delivery Date")
    payment_term_id = fields.Many2one(
        comodel_name="account.payment.term",
        string="Payment Terms",
        check_company=True,
    )
    payment_text = fields.Char(
        string="Payment in Words", help="What the payment terms do not say."
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    amount = fields.Monetary(
        compute="_compute_amount",
        store=True,
        readonly=False,
        tracking=True,
        help="Taxes included. Of a framework: the most that may be ordered; 0: no "
        "limit. Of an agreement: what the amount becomes.",
    )
    is_major = fields.Boolean(
        string="Major",
        compute="_compute_is_major",
        store=True,
        readonly=False,
        help="Reviewed jointly.",
    )
    article_ids = fields.One2many(
        comodel_name="sale.contract.article",
        inverse_name="contract_id",
        string="Articles",
        copy=True,
    )
    customer_demands = fields.Text(
        help="What the customer asks for; departments get it at the briefing."
    )
    follow_up = fields.Text(
        string="Orders to Follow",
        help="Of an agreement: what has to be changed on which order.",
    )
    # orders
    order_ids = fields.One2many(
        comodel_name="sale.order",
        inverse_name="contract_id",
        string="Orders",
    )
    order_count = fields.Integer(compute="_compute_order_count")
    orders_content = fields.Text(
        compute="_compute_orders_content",
        store=True,
        copy=False,
        help="What the orders contain, as reviewed and signed.",
    )

    _name_uniq = models.UniqueIndex(
        "(company_id, name)", "A contract of this company has this number already."
    )

    @api.depends("order_ids")
    def _compute_order_count(self):
        for contract in self:
            contract.order_count = len(contract.order_ids)

    @api.depends("kind", "order_ids.amount_total", "order_ids.state")
    def _compute_amount(self):
        """A single order's amount is that of its orders; what is signed stays."""
        for contract in self:
            orders = contract.order_ids.filtered(lambda order: order.state != "cancel")
            if contract.kind != "order" or contract.state in SIGNED or not orders:
                contract.amount = contract.amount
            else:
                contract.amount = sum(orders.mapped("amount_total"))

    @api.depends("amount", "currency_id", "company_id", "kind", "parent_id")
    def _compute_is_major(self):
        """From the company's amount on; a flag set by hand stays (SPEC E1)."""
        for contract in self:
            # sudo: the setting, whoever drafts
            limit = contract.company_id.sudo().contract_major_amount
            if contract.state in SIGNED or not limit or not contract.currency_id:
                contract.is_major = contract.is_major
                continue
            amount = contract.currency_id._convert(
                max(contract.amount, contract.parent_id.amount),
                contract.company_id.currency_id,
                contract.company_id,
                contract.date or fields.Date.context_today(contract),
            )
            contract.is_major = contract.is_major or amount >= limit

    @api.depends(
        "order_ids.state",
        "order_ids.partner_id",
        "order_ids.currency_id",
        "order_ids.payment_term_id",
        "order_ids.commitment_date",
        "order_ids.order_line.product_id",
        "order_ids.order_line.product_uom_qty",
        "order_ids.order_line.product_uom_id",
        "order_ids.order_line.price_unit",
        "order_ids.order_line.discount",
        "order_ids.order_line.tax_ids",
        "order_ids.order_line.display_type",
    )
    def _compute_orders_content(self):
        """Write down what is ordered, line by line, until it is signed."""
        for contract in self:
            if contract.state in SIGNED:
                contract.orders_content = contract.orders_content
                continue
            orders = contract.order_ids.filtered(lambda order: order.state != "cancel")
            contract.orders_content = "\n".join(
                order._contract_get_content() for order in orders.sorted("id")
            )

    @api.depends("name", "partner_id")
    def _compute_display_name(self):
        for contract in self:
            contract.display_name = contract.name or self.env._("New contract")

    def _compute_access_url(self):
        """EXTENDS 'portal'."""
        result = super()._compute_access_url()
        for contract in self:
            contract.access_url = f"/my/contracts/{contract.id}"
        return result

    def _get_report_base_filename(self):
        """Return the name of the printed file."""
        self.ensure_one()
        return (self.name or "").replace("/", "-")

    def action_open_orders(self):
        """Show the orders of the contract."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Orders"),
            "res_model": "sale.order",
            "view_mode": "list,form",
            "domain": [("contract_id", "=", self.id)],
            "context": {
                "default_contract_id": self.id,
                "default_partner_id": self.partner_id.id,
            },
        }
