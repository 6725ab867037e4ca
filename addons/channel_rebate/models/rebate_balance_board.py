from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .rebate_version_summary import format_number

#: shares of a group are those of its sums, not the mean of its rows
_WEIGHTED = {
    "target_share:avg": (
        "target_share",
        "target",
        "SUM(%(value)s * %(weight)s) / NULLIF(SUM(%(weight)s), 0)",
    ),
    "paid_share:avg": (
        "cash_amount",
        "invoiced_amount",
        "100 * SUM(%(value)s) / NULLIF(SUM(%(weight)s), 0)",
    ),
    "executed_share:avg": (
        "delivered_amount",
        "ordered_amount",
        "100 * SUM(%(value)s) / NULLIF(SUM(%(weight)s), 0)",
    ),
    "prepayment_rate:avg": (
        "prepayment_expected",
        "ordered_amount",
        "100 * SUM(%(value)s) / NULLIF(SUM(%(weight)s), 0)",
    ),
}
#: what has been reached, in the unit of the version's tiers by value
_REACHED = """
    CASE v.measure
         WHEN 'quantity' THEN CASE v.stage WHEN 'order' THEN b.ordered_qty
                                           ELSE b.invoiced_qty END
         ELSE CASE v.stage WHEN 'order' THEN b.ordered_amount
                           ELSE b.invoiced_amount END END
"""


class RebateBalance(models.Model):
    """The board: how each participant stands, and what is missing (SPEC M3)."""

    _inherit = "rebate.balance"

    target_share = fields.Float(aggregator="avg")
    tier_rate = fields.Float(aggregator=None)
    reached_value = fields.Float(
        string="Reached",
        digits=(16, 2),
        compute="_compute_reached_value",
        help="Amount or quantity, of orders or invoices, as the version says.",
    )
    is_near_tier = fields.Boolean(
        string="Close to the Next Tier",
        compute="_compute_is_near_tier",
        search="_search_is_near_tier",
        help="Within 10 % of it.",
    )
    board_state = fields.Selection(
        selection=[
            ("reached", "Target reached"),
            ("near", "Close to it"),
            ("below", "Below target"),
            ("none", "No target"),
        ],
        string="Standing",
        compute="_compute_board_state",
        search="_search_board_state",
        help="Close to it: 80 % or more.",
    )
    summary = fields.Text(related="version_id.summary", string="In Words")
    position_html = fields.Html(
        string="Position", compute="_compute_position_html", sanitize=False
    )

    def _read_group_select(self, aggregate_spec, query):
        """EXTENDS 'base': shares of groups are weighted."""
        if aggregate_spec not in _WEIGHTED:
            return super()._read_group_select(aggregate_spec, query)
        value, weight, text = _WEIGHTED[aggregate_spec]
        return SQL(
            text,
            value=self._field_to_sql(self._table, value, query),
            weight=self._field_to_sql(self._table, weight, query),
        )

    def _field_to_sql(self, alias, field_expr, query=None):
        """EXTENDS 'base': the kanban board is coloured by standing."""
        if field_expr != "board_state":
            return super()._field_to_sql(alias, field_expr, query)
        return SQL(
            "CASE WHEN COALESCE(%(target)s, 0) <= 0 THEN 'none'"
            " WHEN %(share)s >= 100 THEN 'reached' WHEN %(share)s >= 80 THEN 'near'"
            " ELSE 'below' END",
            target=self._field_to_sql(alias, "target", query),
            share=self._field_to_sql(alias, "target_share", query),
        )

    @api.depends("target", "target_share")
    def _compute_board_state(self):
        for balance in self:
            share = balance.target_share
            if balance.target <= 0:
                balance.board_state = "none"
            elif share >= 100:
                balance.board_state = "reached"
            else:
                balance.board_state = "near" if share >= 80 else "below"

    def _search_board_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        states = [state for state in value if isinstance(state, str)]
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s = ANY(%s)",
                model._field_to_sql(alias, "board_state", query),
                states,
            )
        )

    @api.depends(
        "version_id",
        "ordered_amount",
        "ordered_qty",
        "invoiced_amount",
        "invoiced_qty",
    )
    def _compute_reached_value(self):
        for balance in self:
            stage = "ordered" if balance.version_id.stage == "order" else "invoiced"
            unit = "qty" if balance.version_id.measure == "quantity" else "amount"
            balance.reached_value = balance[f"{stage}_{unit}"]

    @api.depends("reached_value", "next_tier_distance")
    def _compute_is_near_tier(self):
        for balance in self:
            distance = balance.next_tier_distance
            balance.is_near_tier = (
                0 < distance <= 0.1 * (balance.reached_value + distance)
            )

    def _search_is_near_tier(self, operator, value):
        if operator != "in":
            return NotImplemented
        near = Domain.custom(
            to_sql=lambda _model, alias, _query: SQL(
                """%s IN (
                SELECT b.id FROM rebate_balance b
                  JOIN rebate_version v ON v.id = b.version_id
                 WHERE b.next_tier_distance > 0
                   AND b.next_tier_distance <= 0.1 * (b.next_tier_distance + %s))""",
                SQL.identifier(alias, "id"),
                SQL(_REACHED),
            )
        )
        return (near if True in value else Domain.FALSE) | (
            ~near if False in value else Domain.FALSE
        )

    # Position ------------------------------------------------------------------------

    def _get_steps(self):
        """Return ``[(from, rate)]`` of this participant, lowest first; to be shown.

        The engine computes with the same terms in SQL.
        """
        self.ensure_one()
        version = self.version_id
        own = version.tier_ids.filtered(
            lambda tier: tier.participant_id == self.participant_id
        )
        tiers = own or version.tier_ids.filtered(lambda tier: not tier.participant_id)
        extra = version.target_ids.filtered(
            lambda target: target.participant_id == self.participant_id
        ).extra_rate
        steps = []
        for tier in tiers:
            low = tier.value_from
            if version.tier_by == "target":
                low = low / 100 * self.target
            elif version.tier_by == "growth":
                low = self.reference_amount * (1 + low / 100)
            steps.append((low, max(tier.rate + extra, 0.0)))
        if version.tier_by == "target" and not self.target:
            return []
        if version.tier_by == "growth" and self.reference_amount <= 0:
            return []
        return sorted(steps)

    def _get_position(self):
        """Return where the participant stands among the tiers, to be drawn.

        :return: dict with ``reached``, ``fill`` (percent of the bar), ``steps`` (each
            with ``left``, ``value``, ``rate``, ``is_reached``), ``distance``, ``gain``
        """
        self.ensure_one()
        steps = self._get_steps()
        reached = self.reached_value
        marks = [low for low, _rate in steps]
        top = max([*marks, reached, self.target, 0.0]) * 1.08 or 1.0
        currency = self.currency_id
        is_amount = self.version_id.measure != "quantity"
        unit = "%" if self.version_id.reward != "unit" else f"{currency.name}"
        return {
            "is_amount": is_amount,
            "currency": currency,
            "reached": reached,
            "reached_text": format_number(self.env, round(reached, 2)),
            "fill": min(100.0, max(0.0, 100 * reached / top)),
            "target": self.target,
            "target_text": format_number(self.env, round(self.target, 2)),
            "target_left": 100 * self.target / top,
            "steps": [
                {
                    "left": max(0.0, 100 * low / top),
                    "value": format_number(self.env, round(low, 2)),
                    "rate": f"{format_number(self.env, rate)} {unit}",
                    "is_reached": reached >= low,
                }
                for low, rate in steps
            ],
            "distance": self.next_tier_distance,
            "distance_text": format_number(self.env, self.next_tier_distance),
            "gain": self.next_tier_gain,
        }

    @api.depends("reached_value", "version_id", "next_tier_distance", "next_tier_gain")
    @api.depends_context("lang")
    def _compute_position_html(self):
        qweb = self.env["ir.qweb"]
        for balance in self:
            balance.position_html = (
                qweb._render(
                    "channel_rebate.rebate_position",
                    {"position": balance._get_position()},
                    lang=self.env.lang,
                )
                if balance.version_id
                else False
            )

    # Sources -------------------------------------------------------------------------

    def _open_ledger(self, name, domain, **context):
        action = self.action_open_ledger()
        action["name"] = self.env._(
            "%(what)s: %(balance)s", what=name, balance=self.display_name
        )
        action["domain"] += domain
        action["context"] = {"rebate_one_balance": True, **context}
        return action

    def action_open_orders(self):
        """Show the order lines the provisional rebate rests on."""
        return self._open_ledger(
            self.env._("Orders"), [("source_kind", "=", "o"), ("ordered", "!=", 0)]
        )

    def action_open_invoices(self):
        """Show the invoice lines the earned rebate rests on."""
        return self._open_ledger(self.env._("Invoices"), [("source_kind", "=", "i")])

    def action_open_payments(self):
        """Show what was paid and delivered: what may be released rests on it."""
        return self._open_ledger(
            self.env._("Paid and Delivered"),
            ["|", ("cash", "!=", 0), ("delivered", "!=", 0)],
        )

    def action_open_released(self):
        """Show where this rebate was released, by settlement and credit note."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Released: %(balance)s", balance=self.display_name),
            "res_model": "rebate.settlement.line",
            "view_mode": "list",
            "domain": [("balance_id", "=", self.id), ("posted_amount", "!=", 0)],
        }
