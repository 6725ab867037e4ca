from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

STATES = [
    ("waiting", "Waiting"),
    ("confirmed", "Confirmed"),
    ("objected", "Objected"),
    ("silent", "Counts as Confirmed"),
    ("overdue", "No Answer"),
    ("superseded", "Superseded"),
]


class SaleOrderLetterAnswer(models.Model):
    """What the customer answers to an order confirmation letter (SPEC L3).

    One per letter that is asked about, written by the system only and kept. An answer
    changes nothing on the order: our people renegotiate, and a new version of the
    letter asks anew.
    """

    _name = "sale.order.letter.answer"
    _inherit = ["document.approval.frozen"]
    _description = "Customer's Answer to an Order Confirmation"
    _order = "asked_on desc, id desc"

    order_id = fields.Many2one(
        comodel_name="sale.order",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    letter_id = fields.Many2one(
        comodel_name="sale.order.letter",
        string="Confirmation Letter",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    version = fields.Integer(
        string="Version of the Letter", readonly=True, aggregator=None
    )
    is_current = fields.Boolean(readonly=True, default=True)
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        help="The company that is asked, whichever of its addresses ordered.",
    )
    user_id = fields.Many2one(
        related="order_id.user_id", string="Salesperson", store=True, index=True
    )
    asked_on = fields.Datetime(required=True, readonly=True)
    due_on = fields.Datetime(
        required=True,
        readonly=True,
        index=True,
        help="End of the last working day, by the company's working calendar.",
    )
    remind_on = fields.Datetime(
        readonly=True,
        help="When the customer is reminded: his last working day begins. Empty when "
        "that was done, or there is no day in between.",
    )
    state = fields.Selection(
        selection=STATES, required=True, readonly=True, default="waiting", index=True
    )
    answered_on = fields.Datetime(readonly=True)
    answered_by_id = fields.Many2one(
        comodel_name="res.users", readonly=True, ondelete="restrict"
    )
    answered_name = fields.Char(string="Answered By (Name)", readonly=True)
    source = fields.Selection(
        selection=[
            ("portal", "In the portal"),
            ("link", "By the link in the mail"),
            ("staff", "Entered by us"),
            ("rule", "By rule"),
        ],
        string="Answered Through",
        readonly=True,
    )
    words = fields.Text(readonly=True)
    line_ids = fields.One2many(
        comodel_name="sale.order.letter.answer.line",
        inverse_name="answer_id",
        readonly=True,
    )
    revision = fields.Integer(readonly=True)

    _current_uniq = models.UniqueIndex(
        "(order_id) WHERE is_current", "This order waits for an answer already."
    )

    @api.depends("order_id", "version")
    def _compute_display_name(self):
        for answer in self:
            answer.display_name = self.env._(
                "%(order)s, version %(version)s",
                # sudo: the name of the order, for whoever may read the answer
                order=answer.sudo().order_id.name or "",
                version=answer.version,
            )

    def write(self, vals):
        """Refuse: only the system writes answers.

        :raise AccessError: for everybody, whatever the rights
        """
        if vals:
            raise AccessError(self.env._("Answers of customers are kept as they are."))
        return super().write(vals)

    def _write_system(self, vals):
        # sudo: as the methods have checked
        return super(SaleOrderLetterAnswer, self.sudo()).write(vals)

    @api.ondelete(at_uninstall=True)
    def _unlink_never(self):
        raise UserError(self.env._("Answers of customers are kept."))

    def _bump(self):
        """Write the rows first, so that rivals are rerun (DESIGN 3)."""
        self.flush_recordset()
        self.env.execute_query(
            SQL(
                "UPDATE sale_order_letter_answer"
                " SET revision = COALESCE(revision, 0) + 1"
                " WHERE id = ANY(%s) RETURNING id",
                sorted(self.ids),
            )
        )
        self.invalidate_recordset(flush=False)

    # Asking ------------------------------------------------------------------------

    @api.model
    def _ask(self, letters):
        """Ask the customers whose orders these letters confirm, where that is wanted.

        :param letters: letters that have just been sent
        :return: the new questions
        """
        now = fields.Datetime.now()
        values = []
        for letter in letters:
            days, _rule = letter.order_id._policy_get_answer_terms()
            if days:
                values.append(self._prepare_question(letter, now, days))
        self._supersede(self.env["sale.order"].browse(v["order_id"] for v in values))
        return self.sudo().create(values)  # sudo: asked by the job that sends letters

    @api.model
    def _prepare_question(self, letter, now, days):
        """Return the values of a question. Made to be extended.

        :param int days: within how many working days it is to be answered
        """
        order = letter.order_id
        company = order.company_id
        return {
            "order_id": order.id,
            "letter_id": letter.id,
            "version": letter.version,
            "company_id": company.id,
            # sudo: the company of a contact, whoever may read it
            "partner_id": order.sudo().partner_id.commercial_partner_id.id,
            "asked_on": now,
            "due_on": self._get_due(company, now, days),
            "remind_on": days > 1 and self._get_due(company, now, days - 1),
        }

    @api.model
    def _supersede(self, orders):
        """End what was asked about these orders; answers given stay as history."""
        # sudo: whoever changes or cancels the order
        current_sudo = self.sudo().search(
            [("order_id", "in", orders.ids), ("is_current", "=", True)]
        )
        if not current_sudo:
            return
        current_sudo._bump()
        open_sudo = current_sudo.filtered(
            lambda answer: answer.state in ("waiting", "overdue")
        )
        open_sudo._write_system({"state": "superseded", "is_current": False})
        (current_sudo - open_sudo)._write_system({"is_current": False})
        self.env.flush_all()

    @api.model
    def _get_due(self, company, moment, days):
        """Return the end of the last of so many working days after today, in UTC.

        Working days are those of the company's calendar; today does not count.
        """
        company_sudo = company.sudo()  # sudo: calendar, for whoever asks
        calendar = company_sudo.resource_calendar_id
        zone = pytz.timezone(calendar.tz or company_sudo.partner_id.tz or "UTC")
        today = pytz.utc.localize(moment).astimezone(zone).date()
        tomorrow = zone.localize(datetime.combine(today + timedelta(days=1), time.min))
        last = tomorrow + timedelta(days=days - 1)
        if calendar:
            last = calendar.plan_days(days, tomorrow, compute_leaves=True) or last
        end = datetime.combine(last.astimezone(zone).date(), time(23, 59, 59))
        return zone.localize(end).astimezone(pytz.utc).replace(tzinfo=None)


class SaleOrderLetterAnswerLine(models.Model):
    """What the customer objects to on one line of the order (SPEC L3)."""

    _name = "sale.order.letter.answer.line"
    _inherit = ["document.approval.frozen"]
    _description = "Objection to a Line"

    answer_id = fields.Many2one(
        comodel_name="sale.order.letter.answer",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(related="answer_id.company_id", store=True)
    sale_line_id = fields.Many2one(
        comodel_name="sale.order.line",
        string="Order Line",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    name = fields.Char(string="Line", required=True, readonly=True)
    words = fields.Text(required=True, readonly=True)

    def write(self, vals):
        """Refuse: answers are kept.

        :raise AccessError: for everybody, whatever the rights
        """
        if vals:
            raise AccessError(self.env._("Answers of customers are kept as they are."))
        return super().write(vals)

    @api.ondelete(at_uninstall=True)
    def _unlink_never(self):
        raise UserError(self.env._("Answers of customers are kept."))
