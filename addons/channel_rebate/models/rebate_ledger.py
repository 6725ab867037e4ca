from odoo import api, fields, models
from odoo.exceptions import UserError

#: what one line of the ledger adds to; see :class:`RebateLedger`
MEASURES = (
    "ordered",
    "ordered_qty",
    "delivered",
    "invoiced",
    "invoiced_qty",
    "cash",
    "paid",
    "reference",
)


class RebateLedger(models.Model):
    """What a line of an order or invoice adds to a balance; append-only (DESIGN 5).

    When the line changes, the difference is added. The lines of one source and version
    add up to what the source stands for now; the balances are their sums. Amounts are
    in the programme's currency, unrounded where they are shares.
    """

    _name = "rebate.ledger"
    _inherit = ["rebate.kept.mixin"]
    _description = "Rebate Ledger"
    _order = "id desc"
    _log_access = False

    balance_id = fields.Many2one(
        comodel_name="rebate.balance",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(related="balance_id.company_id")
    partner_id = fields.Many2one(related="balance_id.partner_id")
    currency_id = fields.Many2one(related="balance_id.currency_id")
    version_id = fields.Many2one(
        comodel_name="rebate.version", required=True, readonly=True, ondelete="restrict"
    )
    source_kind = fields.Selection(
        selection=[("o", "Order line"), ("i", "Invoice line")],
        string="Source",
        required=True,
        readonly=True,
    )
    source_id = fields.Many2oneReference(
        model_field="source_model", string="Source Line", readonly=True
    )
    document_id = fields.Integer(
        string="Document ID",
        readonly=True,
        help="Number of the order or invoice, for the system.",
    )
    source_model = fields.Char(compute="_compute_source_model")
    source_name = fields.Char(string="Document", compute="_compute_source_name")
    date = fields.Date(readonly=True)
    create_date = fields.Datetime(string="Entered On", readonly=True)
    ordered = fields.Float(digits=0, readonly=True)
    ordered_qty = fields.Float(string="Ordered Quantity", digits=0, readonly=True)
    delivered = fields.Float(digits=0, readonly=True)
    invoiced = fields.Float(digits=0, readonly=True)
    invoiced_qty = fields.Float(string="Invoiced Quantity", digits=0, readonly=True)
    cash = fields.Float(
        digits=0, readonly=True, help="The part that was paid in money."
    )
    paid = fields.Float(
        string="Paid in Time",
        digits=0,
        readonly=True,
        help="The part that was paid, weighted by how soon.",
    )
    reference = fields.Float(
        digits=0, readonly=True, help="Invoiced in the period growth is measured by."
    )

    _document_idx = models.Index("(document_id, source_kind)")

    @api.depends("source_kind")
    def _compute_source_model(self):
        models_of = {"o": "sale.order.line", "i": "account.move.line"}
        for line in self:
            line.source_model = models_of.get(line.source_kind)

    @api.depends("source_kind", "source_id")
    def _compute_source_name(self):
        for kind, lines in self.grouped("source_kind").items():
            model = "sale.order.line" if kind == "o" else "account.move.line"
            owner = "order_id" if kind == "o" else "move_id"
            # sudo: who sees the balance sees what it rests on by name
            sources = self.env[model].sudo().browse(lines.mapped("source_id")).exists()
            names = {source.id: source[owner].name for source in sources}
            for line in lines:
                line.source_name = names.get(line.source_id) or self.env._("deleted")

    @api.ondelete(at_uninstall=True)
    def _unlink_never(self):
        raise UserError(self.env._("The rebate ledger is never shortened."))

    def action_open_source(self):
        """Open the order or invoice, for who may read it."""
        self.ensure_one()
        source = self.env[self.source_model].browse(self.source_id).exists()
        document = source.order_id if self.source_kind == "o" else source.move_id
        return {
            "type": "ir.actions.act_window",
            "res_model": document._name,
            "view_mode": "form",
            "res_id": document.id,
        }
