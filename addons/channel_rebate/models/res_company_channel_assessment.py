from odoo import api, fields, models
from odoo.fields import Command


class ResCompany(models.Model):
    """How channel partners are assessed in a company (SPEC L4)."""

    _inherit = "res.company"

    channel_assessment_mode = fields.Selection(
        selection=[
            ("off", "Channel administrators decide"),
            ("enforce", "Approval decides"),
        ],
        string="Results of Assessments",
        default="off",
        required=True,
        help="Approval decides: no result takes effect before everybody in the flow "
        "has agreed, whatever the switch of approvals says.",
    )
    channel_assessment_period = fields.Selection(
        selection=[
            ("off", "Not prepared"),
            ("quarter", "Every quarter"),
            ("year", "Every year"),
            ("both", "Every quarter and year"),
        ],
        string="Prepare Assessments",
        default="off",
        required=True,
        help="Drafts of all active partners, with the figures of the books, when the "
        "period is over.",
    )
    channel_assessment_user_id = fields.Many2one(
        comodel_name="res.users",
        string="Assessment Officer",
        domain=[("share", "=", False)],
        help="Is told when assessments are prepared.",
    )

    def _channel_prepare(self):
        """EXTENDS 'channel_rebate': a scorecard to start from, as a draft."""
        result = super()._channel_prepare()
        self._channel_create_scorecard()
        return result

    def _channel_create_scorecard(self):
        """Give root companies that have none a draft of a scorecard."""
        # sudo: made with the company, whoever makes it
        cards = self.env["channel.scorecard"].sudo().with_context(lang="en_US")
        roots = self.sudo().filtered(lambda company: not company.parent_id)
        taken = cards.search([("company_id", "in", roots.ids)]).company_id
        return cards.create(
            [company._channel_prepare_scorecard() for company in roots - taken]
        )

    def _channel_prepare_scorecard(self):
        """Return the values of the scorecard to start from."""
        self.ensure_one()
        card = self.with_context(lang="en_US")
        bands = [(95, 100), (85, 80), (70, 50), (0, 0)]
        criteria = [
            (card.env._("Order completion"), "order_completion", 30, bands),
            (card.env._("Payment on time"), "payment_on_time", 30, bands),
            (card.env._("Complaints"), "complaints", 20, "deduction"),
            (card.env._("Growth"), "growth", 10, "linear"),
            (card.env._("Market effect"), "manual", 10, "direct"),
        ]
        return {
            "name": card.env._("Channel partners"),
            "company_id": self.id,
            "criterion_ids": [
                Command.create(card._channel_prepare_criterion(number, *each))
                for number, each in enumerate(criteria, start=1)
            ],
            "result_ids": [
                Command.create(values)
                for values in (
                    {
                        "score_from": 90,
                        "result": "reward",
                        "rebate_extra_rate": 1.0,
                        "priority": "1",
                    },
                    {"score_from": 70, "result": "keep"},
                    {"score_from": 50, "result": "rectification", "deadline_days": 60},
                    {"score_from": 0, "result": "termination"},
                )
            ],
        }

    @api.model
    def _channel_prepare_criterion(self, number, name, indicator, weight, points):
        """Return the values of one criterion of the scorecard to start from."""
        values = {
            "sequence": number * 10,
            "name": name,
            "indicator": indicator,
            "weight": weight,
            "method": points if isinstance(points, str) else "bands",
        }
        if points == "linear":
            values |= {"value_low": -20, "value_high": 20}
        if values["method"] == "bands":
            values["band_ids"] = [
                Command.create({"value_from": start, "points": given})
                for start, given in points
            ]
        return values
