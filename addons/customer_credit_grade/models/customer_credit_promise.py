from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

#: money booked for customers since they promised it. Bills and other entries on extra
#: accounts count like money; credit notes, write-offs and exchange differences do not.
_RECEIVED = """
    SELECT p.id, COALESCE(SUM(-l.balance), 0)
      FROM customer_credit_promise p
      JOIN customer_credit_account a ON a.id = p.account_id
      JOIN res_partner x ON x.commercial_partner_id = a.partner_id
      JOIN account_move_line l ON l.partner_id = x.id AND l.parent_state = 'posted'
           AND l.date >= p.date_given AND l.company_id = ANY(%(companies)s)
      JOIN account_account account ON account.id = l.account_id
           AND account.account_type = 'asset_receivable'
      JOIN account_move m ON m.id = l.move_id
      JOIN account_journal j ON j.id = m.journal_id
     WHERE p.id = ANY(%(promises)s)
       AND (j.type IN ('bank', 'cash', 'credit') OR EXISTS (
            SELECT 1 FROM account_move_line other
              JOIN customer_credit_extra_account e ON e.account_id = other.account_id
             WHERE other.move_id = m.id))
  GROUP BY p.id
"""


class CustomerCreditPromise(models.Model):
    """A customer's promise to pay an amount by a day (SPEC D7).

    Kept when as much has been booked since; broken when the day has passed without.
    """

    _name = "customer.credit.promise"
    _inherit = ["document.approval.frozen"]
    _description = "Promise to Pay"
    _order = "date, id"
    _rec_name = "date"

    collection_id = fields.Many2one(
        comodel_name="customer.credit.collection",
        string="Case",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    account_id = fields.Many2one(
        related="collection_id.account_id", store=True, index=True
    )
    company_id = fields.Many2one(
        related="collection_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(related="account_id.partner_id", string="Customer")
    amount = fields.Monetary(required=True, readonly=True)
    date = fields.Date(string="Promised For", required=True, readonly=True)
    date_given = fields.Date(string="Given On", required=True, readonly=True)
    given_by = fields.Char(readonly=True, help="Who at the customer promised it.")
    user_id = fields.Many2one(
        comodel_name="res.users", string="Taken By", readonly=True
    )
    paid_before = fields.Monetary(
        readonly=True, help="Booked on the day of the promise before it was given."
    )
    received = fields.Monetary(
        compute="_compute_received",
        compute_sudo=True,
        help="Booked since the promise, less what earlier promises take of it.",
    )
    received_percent = fields.Float(
        string="Received (%)", compute="_compute_received", compute_sudo=True
    )
    received_last = fields.Monetary(string="Received in the End", readonly=True)
    state = fields.Selection(
        selection=[("open", "Open"), ("kept", "Kept"), ("broken", "Broken")],
        default="open",
        required=True,
        readonly=True,
        index=True,
    )
    date_done = fields.Date(string="Settled On", readonly=True)

    @api.depends("amount", "state")
    def _compute_received(self):
        received = self._get_received()
        for promise in self:
            amount = received.get(promise.id, 0.0)
            if promise.state != "open":
                amount = promise.received_last
            promise.received = amount
            promise.received_percent = (
                min(amount / promise.amount, 1.0) * 100 if promise.amount else 0.0
            )

    def write(self, vals):  # pylint: disable=method-required-super
        """Refuse: a promise is what the customer said.

        :raise UserError: always
        """
        raise UserError(self.env._("A promise stays as it was given. Enter a new one."))

    @api.ondelete(at_uninstall=True)
    def _unlink_never(self):
        """EXTENDS document.approval.frozen: in the words of this model."""
        raise UserError(self.env._("Promises are kept with the history of the case."))

    def _settle(self, state, day):
        """Note what became of open promises.

        :param str state: ``kept`` or ``broken``
        """
        for promise in self:
            received = promise.received
            # sudo: only the job that looks at what was booked comes here
            super(CustomerCreditPromise, promise.sudo()).write(
                {"state": state, "date_done": day, "received_last": received}
            )
        return True

    def _remember_paid(self):
        """Note what the day had brought before the promise was given."""
        for promise in self:
            booked = self._get_booked().get(promise.id, 0.0)
            super(CustomerCreditPromise, promise.sudo()).write(  # sudo: being made
                {"paid_before": promise.currency_id.round(booked)}
            )
        return True

    def _get_booked(self):
        """Return ``{id: amount}`` booked since the day each promise was given."""
        if not self.ids:
            return {}
        self.env.flush_all()
        booked = {}
        for company, promises in self.grouped("company_id").items():
            rows = self.env.execute_query(
                SQL(
                    _RECEIVED,
                    promises=promises.ids,
                    companies=company._credit_get_companies().ids,
                )
            )
            booked.update({key: float(amount) for key, amount in rows})
        return booked

    def _get_received(self):
        """Return ``{id: amount}`` for open promises: one payment keeps one promise."""
        open_promises = self.filtered(lambda promise: promise.state == "open")
        booked = open_promises._get_booked()
        # sudo: other promises of the same customers
        siblings_sudo = self.sudo().search(
            [
                ("account_id", "in", open_promises.account_id.ids),
                ("state", "in", ("open", "kept")),
            ]
        )
        result = {}
        for promise in open_promises:
            taken = sum(
                other.amount
                for other in siblings_sudo
                if other.account_id == promise.account_id
                and other != promise
                and (other.date, other.id) < (promise.date, promise.id)
                and (other.state == "open" or other.date_done > promise.date_given)
            )
            amount = booked.get(promise.id, 0.0) - promise.paid_before - taken
            result[promise.id] = max(promise.currency_id.round(amount), 0.0)
        return result

    def _judge(self, day):
        """Say which open promises were kept and which are broken (SPEC D7).

        A broken one brings the case to its next level and tells who is responsible.
        """
        open_promises = self.filtered(lambda promise: promise.state == "open")
        open_promises.invalidate_recordset(["received", "received_percent"])
        for promise in open_promises:
            missing = promise.currency_id.compare_amounts(
                promise.amount, promise.received
            )
            if missing <= 0:
                promise._settle("kept", day)
                promise._follow_up_kept()
            elif promise.date < day:
                promise._settle("broken", day)
                promise._follow_up_broken()

    def _follow_up_kept(self):
        self.ensure_one()
        case = self.collection_id
        case._log("kept", amount=self.received_last, is_automatic=True)
        if case.state == "promised" and not case.promise_id:
            case._put({"state": "open", "next_date": self.date_done})

    def _follow_up_broken(self):
        self.ensure_one()
        case = self.collection_id
        levels = self.env["customer.credit.collection.level"]._get_of(case.company_id)
        overdue_levels = levels.filtered(lambda level: level.days >= 0)
        level = case.level_id._get_next(overdue_levels)
        text = self.env._(
            "Promised %(amount)s for %(date)s, received %(received)s.",
            amount=self.currency_id.format(self.amount),
            date=fields.Date.to_string(self.date),
            received=self.currency_id.format(self.received_last),
        )
        vals = {"level_id": level.id or case.level_id.id, "next_date": self.date_done}
        if case.state == "promised":
            vals["state"] = "open"
        case._put(vals)
        case._log("broken", amount=self.amount, result=text, is_automatic=True)
        case._give_activity(
            level._get_person(case.account_id, case.user_id),
            self.env._("Promise to pay broken"),
            note=text,
            kind=level.activity_type_id,
            deadline=case.account_id._get_working_day(self.date_done),
        )
