from odoo import api, fields, models

from .sale_order_letter_answer import STATES


class SaleOrder(models.Model):
    """What the customer says to the confirmation letter (SPEC L3)."""

    _inherit = "sale.order"

    policy_letter_answer_ids = fields.One2many(
        comodel_name="sale.order.letter.answer",
        inverse_name="order_id",
        string="Customer's Answers",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    policy_letter_answer_id = fields.Many2one(
        comodel_name="sale.order.letter.answer",
        string="Current Answer",
        compute="_compute_policy_letter_answer_id",
        groups="base.group_user",
    )
    policy_letter_answer_state = fields.Selection(
        selection=STATES,
        string="Customer's Answer",
        compute="_compute_policy_letter_answer_id",
        search="_search_policy_letter_answer_state",
        groups="base.group_user",
    )

    @api.depends(
        "policy_letter_answer_ids.is_current", "policy_letter_answer_ids.state"
    )
    def _compute_policy_letter_answer_id(self):
        # sudo: whether the customer agrees, for whoever may see the order
        current_sudo = self.env["sale.order.letter.answer"].sudo()
        by_order = current_sudo.search(
            [("order_id", "in", self.ids), ("is_current", "=", True)]
        ).grouped("order_id")
        for order in self:
            answer = by_order.get(order._origin, current_sudo.browse())
            order.policy_letter_answer_id = answer.id
            order.policy_letter_answer_state = answer.state

    def _search_policy_letter_answer_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        # sudo: as for the value; rules keep to orders one may see
        current_sudo = self.env["sale.order.letter.answer"].sudo()
        asked = current_sudo.search(
            [("is_current", "=", True), ("state", "in", list(value))]
        ).order_id.ids
        if False not in value:
            return [("id", "in", asked)]
        every = current_sudo.search([("is_current", "=", True)]).order_id.ids
        return ["|", ("id", "in", asked), ("id", "not in", every)]

    def _policy_get_answer_terms(self):
        """Return how the customer is asked to confirm the letter of the order.

        Made to be extended.

        :return: (days, rule): within how many working days, 0: not asked; and what no
            answer means, see ``res.company.sale_policy_answer_rule``
        """
        self.ensure_one()
        company_sudo = self.company_id.sudo()  # sudo: a switch, whoever asks
        asked = company_sudo.sale_policy_letter and company_sudo.sale_policy_answer
        days = company_sudo.sale_policy_objection_days if asked else 0
        return days, company_sudo.sale_policy_answer_rule

    def _policy_withdraw_confirmation(self):
        """EXTENDS: what was asked ends with the letter."""
        self.env["sale.order.letter.answer"]._supersede(self)
        return super()._policy_withdraw_confirmation()

    def action_policy_letter_answers(self):
        """Show what the customer answered to the letters of this order."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sale_order_policy.sale_order_letter_answer_action"
        )
        return {**action, "domain": [("order_id", "=", self.id)], "context": {}}

    # The portal --------------------------------------------------------------------

    def _policy_get_portal_answer(self):
        """Return the current answer or question, for the customer's page; as sudo."""
        self.ensure_one()
        if self.state != "sale":
            return self.env["sale.order.letter.answer"]
        return self.policy_letter_answer_id.sudo()  # sudo: by who may see the order

    def _policy_get_answer_lines(self):
        """Return the lines the customer may object to; call as sudo."""
        self.ensure_one()
        return self.order_line.filtered(
            lambda line: not line.display_type and not line.is_downpayment
        )
