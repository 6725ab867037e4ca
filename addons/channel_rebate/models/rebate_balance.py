from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class RebateBalance(models.Model):
    """What a participant has reached in a period: four amounts, never mixed (DESIGN 5).

    * provisional: by orders placed
    * earned: by invoices net of returns
    * releasable: of what was earned, by payments in and deliveries done
    * released: credit notes posted

    Amounts are in the programme's currency, with or without taxes as its version
    says. They are sums of the ledger, brought up to date by the engine.
    """

    _name = "rebate.balance"
    _inherit = ["rebate.kept.mixin"]
    _kept_open_fields = frozenset({"remark"})
    _description = "Rebate Balance"
    _order = "programme_id, date_from desc, sale_region_id, partner_id"

    participant_id = fields.Many2one(
        comodel_name="rebate.participant",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    period_id = fields.Many2one(
        comodel_name="rebate.period",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    programme_id = fields.Many2one(
        comodel_name="rebate.programme",
        related="participant_id.programme_id",
        store=True,
        index=True,
    )
    company_id = fields.Many2one(related="participant_id.company_id", store=True)
    currency_id = fields.Many2one(related="programme_id.currency_id", store=True)
    partner_id = fields.Many2one(
        related="participant_id.partner_id", string="Customer", store=True, index=True
    )
    sale_region_id = fields.Many2one(
        related="participant_id.sale_region_id", string="Region", store=True
    )
    user_id = fields.Many2one(
        related="participant_id.user_id", string="Salesperson", store=True
    )
    date_from = fields.Date(related="period_id.date_from", string="From", store=True)
    date_to = fields.Date(related="period_id.date_to", string="To", store=True)
    version_id = fields.Many2one(comodel_name="rebate.version", readonly=True)
    measure = fields.Selection(related="version_id.measure")
    target = fields.Float(digits=(16, 2), readonly=True)
    ordered_amount = fields.Monetary(string="Ordered", readonly=True)
    ordered_qty = fields.Float(
        string="Ordered Quantity", digits="Product Unit", readonly=True
    )
    delivered_amount = fields.Monetary(string="Delivered", readonly=True)
    invoiced_amount = fields.Monetary(string="Invoiced", readonly=True)
    invoiced_qty = fields.Float(
        string="Invoiced Quantity", digits="Product Unit", readonly=True
    )
    cash_amount = fields.Monetary(
        string="Paid", readonly=True, help="Of the invoices, what was paid in money."
    )
    paid_amount = fields.Monetary(
        string="Paid, Weighted", readonly=True, help="Weighted by how soon it was paid."
    )
    reference_amount = fields.Float(
        string="Reference",
        digits=(16, 2),
        readonly=True,
        help="What growth is measured against.",
    )
    provisional_amount = fields.Monetary(string="Provisional", readonly=True)
    earned_amount = fields.Monetary(string="Earned", readonly=True)
    releasable_amount = fields.Monetary(string="Releasable", readonly=True)
    released_amount = fields.Monetary(string="Released", readonly=True)
    open_amount = fields.Monetary(
        string="To Release",
        compute="_compute_open_amount",
        store=True,
        help="Releasable less released. Negative: to be claimed back.",
    )
    accrued_amount = fields.Monetary(
        string="Accrued", readonly=True, help="Booked as a provision so far."
    )
    tier_rate = fields.Float(string="Rate", digits=(16, 6), readonly=True)
    next_tier_distance = fields.Float(
        string="To the Next Tier", digits=(16, 2), readonly=True
    )
    next_tier_gain = fields.Monetary(
        string="Worth", readonly=True, help="What reaching the next tier adds."
    )
    target_share = fields.Float(string="Target Reached (%)", readonly=True)
    paid_share = fields.Float(string="Paid (%)", readonly=True, aggregator="avg")
    executed_share = fields.Float(
        string="Delivered (%)", readonly=True, aggregator="avg"
    )
    prepayment_rate = fields.Float(
        string="Prepayment (%)", readonly=True, aggregator="avg"
    )
    prepayment_expected = fields.Monetary(
        compute="_compute_prepayment_expected", store=True
    )
    prepayment_actual = fields.Monetary(compute="_compute_prepayment_actual")
    has_figures = fields.Boolean(readonly=True)
    revision = fields.Integer(readonly=True, default=0)
    remark = fields.Char(string="Remarks")
    ledger_ids = fields.One2many(
        comodel_name="rebate.ledger", inverse_name="balance_id", readonly=True
    )

    settlement_line_ids = fields.One2many(
        comodel_name="rebate.settlement.line", inverse_name="balance_id", readonly=True
    )

    _period_uniq = models.UniqueIndex("(participant_id, period_id)")

    @api.depends("partner_id", "period_id")
    def _compute_display_name(self):
        for balance in self:
            balance.display_name = (
                f"{balance.partner_id.name or ''}: {balance.period_id.display_name}"
            )

    @api.depends("releasable_amount", "released_amount")
    def _compute_open_amount(self):
        for balance in self:
            balance.open_amount = balance.releasable_amount - balance.released_amount

    @api.depends("ordered_amount", "prepayment_rate")
    def _compute_prepayment_expected(self):
        for balance in self:
            balance.prepayment_expected = (
                balance.ordered_amount * balance.prepayment_rate / 100
            )

    @api.depends("ordered_amount", "prepayment_rate")
    def _compute_prepayment_actual(self):
        """Unapplied payments and down payments of the customer, as of now (SPEC M3)."""
        amounts = self.env["rebate.engine"]._get_prepayments(self)
        for balance in self:
            balance.prepayment_actual = amounts.get(balance.id, 0.0)

    # Guard -----------------------------------------------------------------------

    @api.ondelete(at_uninstall=True)
    def _unlink_never(self):
        if any(self.mapped("has_figures")):
            raise UserError(self.env._("Rebate balances are kept."))

    # Rows --------------------------------------------------------------------------

    @api.model
    def _make_missing(self, programmes):
        """Make the balances these programmes lack, in one statement."""
        self.env["rebate.participant"].flush_model()
        self.env["rebate.period"].flush_model()
        self.env["rebate.programme"].flush_model()
        if not programmes:
            return
        self.env.execute_query(
            SQL(
                """
                INSERT INTO rebate_balance (participant_id, period_id, programme_id,
                       company_id, currency_id, partner_id, sale_region_id, user_id,
                       date_from, date_to, version_id, revision, has_figures,
                       create_uid, create_date, write_uid, write_date)
                SELECT pa.id, pe.id, pr.id, pr.company_id, pr.currency_id,
                       pa.partner_id, pa.sale_region_id, pa.user_id, pe.date_from,
                       pe.date_to, pe.version_id, 0, FALSE, %(uid)s, %(now)s, %(uid)s,
                       %(now)s
                  FROM rebate_programme pr
                  JOIN rebate_participant pa ON pa.programme_id = pr.id
                  JOIN rebate_period pe ON pe.programme_id = pr.id
                 WHERE pr.id = ANY(%(programmes)s)
                   AND NOT EXISTS (SELECT FROM rebate_balance b
                        WHERE b.participant_id = pa.id AND b.period_id = pe.id)
                    ON CONFLICT (participant_id, period_id) DO NOTHING
             RETURNING id
                """,
                uid=self.env.uid,
                now=fields.Datetime.now(),
                programmes=programmes.ids,
            )
        )
        programmes.invalidate_recordset(flush=False)
        self.env["rebate.participant"].invalidate_model(["balance_ids"], flush=False)
        self.env["rebate.period"].invalidate_model(["balance_ids"], flush=False)

    def _bump(self):
        """Write these rows first: of two at once, one is rerun (DESIGN 3)."""
        if self:
            self.env.execute_query(
                SQL(
                    "UPDATE rebate_balance SET revision = revision + 1 WHERE id IN"
                    " (SELECT id FROM rebate_balance WHERE id = ANY(%s) ORDER BY id"
                    " FOR NO KEY UPDATE) RETURNING id",
                    self.ids,
                )
            )
            self.invalidate_recordset(["revision"], flush=False)

    def action_open_ledger(self):
        """Show the lines of orders and invoices the figures rest on."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "rebate.ledger",
            "view_mode": "list,pivot",
            "domain": [("balance_id", "=", self.id)],
        }

    def action_refresh(self):
        """Bring these figures up to date now."""
        self.check_access("read")
        # sudo: figures are written by the system
        self.env["rebate.engine"].sudo()._derive_balances(self.sudo())
        return True
