from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from .sale_order_enquiry_line import LINE_STATES

#: of orders that were ever asked about or answered: what was last said, and when
_LAST = """
    SELECT touched.order_id,
           CASE WHEN asked.state IN ('waiting', 'silent')
                     AND (said.id IS NULL OR said.date < asked.asked_on)
                THEN asked.state ELSE said.kind END AS state,
           said.id AS answer_id
      FROM (SELECT order_id FROM sale_order_enquiry_line %(where)s
             UNION SELECT order_id FROM sale_order_enquiry_answer %(where)s) touched
 LEFT JOIN LATERAL (
           SELECT state, asked_on FROM sale_order_enquiry_line
            WHERE order_id = touched.order_id ORDER BY id DESC LIMIT 1) asked ON TRUE
 LEFT JOIN LATERAL (
           SELECT id, kind, date FROM sale_order_enquiry_answer
            WHERE order_id = touched.order_id ORDER BY id DESC LIMIT 1) said ON TRUE
"""


class SaleOrder(models.Model):
    """Whether the customer still wants the order (SPEC A6)."""

    _inherit = "sale.order"

    enquiry_state = fields.Selection(
        selection=LINE_STATES,
        string="Validity",
        compute="_compute_enquiry",
        search="_search_enquiry_state",
        compute_sudo=True,
        groups="base.group_user",
        help="What the customer said last when asked whether this order is valid.",
    )
    enquiry_answer_id = fields.Many2one(
        comodel_name="sale.order.enquiry.answer",
        string="Last Answer",
        compute="_compute_enquiry",
        compute_sudo=True,
        groups="sales_team.group_sale_salesman",
    )
    enquiry_answer_text = fields.Char(
        string="Last Words",
        compute="_compute_enquiry",
        compute_sudo=True,
        groups="base.group_user",
    )

    @api.depends_context("lang")
    def _compute_enquiry(self):
        found = {order_id: row for order_id, *row in self._enquiry_query(self.ids)}
        answers = self.env["sale.order.enquiry.answer"]
        for order in self:
            state, answer_id = found.get(order._origin.id, (False, None))
            answer = answers.browse(answer_id or ())
            order.enquiry_state = state or False
            order.enquiry_answer_id = answer
            order.enquiry_answer_text = ", ".join(
                part
                for part in (
                    answer.name,
                    answer and format_date(self.env, answer.said_on or answer.date),
                    answer.words,
                )
                if part
            )

    @api.model
    def _enquiry_forget(self):
        """Have what was last said be read again."""
        self.invalidate_model(
            ["enquiry_state", "enquiry_answer_id", "enquiry_answer_text"], flush=False
        )

    @api.model
    def _enquiry_query(self, order_ids=None):
        """Return rows of order id, state and last answer's id."""
        if order_ids is not None and not order_ids:
            return []
        for name in ("sale.order.enquiry.line", "sale.order.enquiry.answer"):
            self.env[name].flush_model()
        return self.env.execute_query(self._enquiry_sql(order_ids))

    @api.model
    def _enquiry_sql(self, order_ids=None):
        where = SQL()
        if order_ids is not None:
            where = SQL("WHERE order_id = ANY(%s)", list(order_ids))
        return SQL(_LAST, where=where)

    def _search_enquiry_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        for name in ("sale.order.enquiry.line", "sale.order.enquiry.answer"):
            self.env[name].flush_model()
        last = self._enquiry_sql()
        states = [state for state in value if state]
        domain = Domain(
            "id",
            "in",
            SQL("(SELECT order_id FROM (%s) q WHERE q.state = ANY(%s))", last, states),
        )
        if False in value:
            domain |= Domain("id", "not in", SQL("(SELECT order_id FROM (%s) q)", last))
        return domain

    def action_record_enquiry_answer(self):
        """Open the dialog for what the customer said by telephone, mail or chat.

        :raise UserError: when the order is not confirmed
        """
        self.ensure_one()
        self.check_access("write")
        if self.state != "sale":
            raise UserError(
                self.env._(
                    "%(order)s is not confirmed: there is nothing to ask about.",
                    order=self.name,
                )
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Record the Customer's Answer"),
            "res_model": "sale.order.enquiry.record",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_order_id": self.id,
                "default_said_on": fields.Date.to_string(
                    self.company_id._sale_enquiry_today()
                ),
            },
        }

    def action_enquiry_answers(self):
        """Show what the customer answered about this order."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sale_order_enquiry.sale_order_enquiry_answer_action"
        )
        return {**action, "domain": [("order_id", "=", self.id)], "context": {}}

    # What an answer leads to ------------------------------------------------------

    def _enquiry_on_answer(self, answer):
        """Note an answer; a wish and a withdrawal go to the owner (SPEC A6).

        Nothing on the order changes. Called with elevated rights, as who answers.

        :param answer: the new ``sale.order.enquiry.answer``
        """
        self.ensure_one()
        order = self.with_context(lang=self._approval_owner().lang)
        text = order._enquiry_text(answer.with_env(order.env))
        if answer.kind == "valid":
            order._approval_post(text)
        else:
            order._approval_post(text)
            order._enquiry_propose_change(answer, text)

    def _enquiry_propose_change(self, answer, text):
        """Lead a wish or a withdrawal to a decision: an activity for the owner.

        Made to be overridden by what handles change requests.

        :param answer: kind ``wish`` (see ``words``, ``wish_date``) or ``withdraw``
        :param str text: the answer in words, in the language of the owner
        """
        self.ensure_one()
        summary = (
            self.env._("The customer wants to withdraw this order")
            if answer.kind == "withdraw"
            else self.env._("The customer wishes a change of this order")
        )
        # also when the owner recorded the answer: somebody has to decide
        self._approval_attention(self._approval_owner(), summary, text)

    def _enquiry_text(self, answer):
        """Return an answer in words, for the order's history."""
        kinds = dict(answer._fields["kind"]._description_selection(self.env))
        ways = dict(answer._fields["way"]._description_selection(self.env))
        return self.env._(
            "Validity: %(name)s (%(way)s) answers “%(answer)s”. %(details)s",
            name=answer.name,
            way=ways[answer.way],
            answer=kinds[answer.kind],
            details=", ".join(
                part
                for part in (
                    answer.wish_date and fields.Date.to_string(answer.wish_date),
                    answer.words,
                )
                if part
            ),
        )
