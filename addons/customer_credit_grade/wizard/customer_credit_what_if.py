from odoo import api, fields, models


class CustomerCreditWhatIf(models.TransientModel):
    """What an order would do to a customer's credit, in plain words (SPEC D3).

    Judged by the same rules as the gate; nothing is written.
    """

    _name = "customer.credit.what.if"
    _description = "What If"

    account_id = fields.Many2one(
        comodel_name="customer.credit.account",
        string="Customer",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    amount = fields.Monetary(
        string="An Order Of", currency_field="order_currency_id", help="Taxes included."
    )
    order_currency_id = fields.Many2one(
        comodel_name="res.currency",
        string="Order Currency",
        compute="_compute_order_currency_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    prepaid = fields.Float(string="Prepaid (%)", digits=(5, 2))
    currency_id = fields.Many2one(related="account_id.currency_id")
    added = fields.Monetary(string="Adds", compute="_compute_result")
    exposure_after = fields.Monetary(compute="_compute_result")
    headroom_after = fields.Monetary(compute="_compute_result")
    missing = fields.Monetary(
        string="Prepayment That Would Do",
        compute="_compute_result",
        help="On top of what is prepaid above.",
    )
    state = fields.Selection(
        selection=[
            ("pass", "Would pass"),
            ("pay", "Would pass when paid"),
            ("stop", "Would be stopped"),
        ],
        string="Result",
        compute="_compute_result",
    )
    reasons = fields.Text(compute="_compute_result")

    @api.depends("account_id")
    def _compute_order_currency_id(self):
        for wizard in self:
            wizard.order_currency_id = wizard.account_id.currency_id

    @api.depends("account_id", "amount", "order_currency_id", "prepaid")
    @api.depends_context("uid", "lang")
    def _compute_result(self):
        for wizard in self:
            account = wizard.account_id
            # the figures are shown to those who may read the account, nobody else
            account.with_user(self.env.user).check_access("read")
            added, verdict = wizard._judge_order()
            wizard.added = added
            wizard.exposure_after = verdict.figures.exposure if verdict else 0.0
            wizard.headroom_after = verdict.figures.headroom if verdict else 0.0
            wizard.missing = (verdict and verdict.missing) or 0.0
            wizard.state, wizard.reasons = wizard._get_words(verdict)

    def _judge_order(self):
        """Return ``(amount in company currency, Verdict)``; None without an account."""
        account_sudo = self.account_id.sudo()
        if not account_sudo:
            return 0.0, None
        company, debtor = account_sudo.company_id, account_sudo.partner_id
        currency = self.order_currency_id or company.currency_id
        added = currency._convert(
            max(self.amount, 0.0),
            company.currency_id,
            company,
            account_sudo._get_today(company),
        )
        share = min(max(self.prepaid, 0.0), 100.0) / 100
        prepaid = company.currency_id.round(added * share)
        judged = account_sudo._prepare_judging(company, debtor)
        known = judged[debtor.id]
        known["figures"].online = round(known["figures"].online + prepaid, 6)
        if known["group_headroom"] is not None:
            known["group_headroom"] += prepaid
        return added, account_sudo._judge_one(judged, debtor.id, "order", added)

    def _get_words(self, verdict):
        """Return ``(state, sentences)`` on a verdict."""
        if not verdict or not verdict.objections:
            return "pass", self.env._("Nothing speaks against it.")
        currency = self.account_id.currency_id
        texts = [
            self.account_id._get_objection_text(
                objection.code, objection.values, currency
            )
            or objection.code
            for objection in verdict.objections
        ]
        state = "stop" if verdict.missing is None else "pay"
        return state, "\n".join(f"• {text[:1].upper()}{text[1:]}" for text in texts)
