from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .customer_credit_measure import STOPS, TRIGGERS

#: closed by a person; the others close when what raised them is gone
CLOSED_BY_PEOPLE = ("downgrade", "event")


class CustomerCreditAlert(models.Model):
    """A customer's credit has deteriorated: what is known and what is done (SPEC D5).

    One open alert per customer and trigger. The figures and the measures are those
    of the moment it was raised. No group writes alerts; the watch raises and closes
    them, officers close downgrades and external events with a reason.
    """

    _name = "customer.credit.alert"
    _inherit = ["document.approval.frozen", "mail.thread", "mail.activity.mixin"]
    _description = "Credit Alert"
    _order = "id desc"
    _mail_post_access = "read"

    account_id = fields.Many2one(
        comodel_name="customer.credit.account",
        string="Customer Credit",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="account_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        related="account_id.partner_id", string="Customer", store=True, index=True
    )
    user_id = fields.Many2one(
        related="account_id.user_id", string="Salesperson", store=True, index=True
    )
    trigger = fields.Selection(
        selection=TRIGGERS, string="Reason", required=True, readonly=True
    )
    date = fields.Datetime(
        string="Raised On", required=True, readonly=True, default=fields.Datetime.now
    )
    grade_id = fields.Many2one(
        comodel_name="customer.credit.grade",
        readonly=True,
        help="The customer's grade when the alert was raised.",
    )
    figures = fields.Json(readonly=True)
    text = fields.Text(string="What Happened", compute="_compute_text")

    measure_id = fields.Many2one(
        comodel_name="customer.credit.measure", readonly=True, ondelete="set null"
    )
    stops = fields.Selection(
        selection=STOPS, required=True, readonly=True, default="none"
    )
    prepayment = fields.Float(string="Prepayment (%)", readonly=True)
    demands_guarantee = fields.Boolean(string="Guarantee Demanded", readonly=True)
    measures_text = fields.Char(string="Measures", compute="_compute_measures_text")
    note = fields.Text(
        string="What to Do", related="measure_id.note", related_sudo=True
    )

    state = fields.Selection(
        selection=[("open", "Open"), ("closed", "Closed")],
        required=True,
        readonly=True,
        default="open",
        index=True,
    )
    responsible_id = fields.Many2one(
        comodel_name="res.users", readonly=True, index="btree_not_null"
    )
    told_ids = fields.Many2many(
        comodel_name="res.users",
        relation="customer_credit_alert_told_rel",
        column1="alert_id",
        column2="user_id",
        string="People Told",
        readonly=True,
    )
    date_closed = fields.Datetime(string="Closed On", readonly=True)
    closing = fields.Selection(
        selection=[("gone", "No longer the case"), ("person", "By a person")],
        string="How It Closed",
        readonly=True,
    )
    closed_by_id = fields.Many2one(
        comodel_name="res.users", string="Closed By", readonly=True
    )
    close_reason = fields.Text(string="Reason for Closing", readonly=True)
    can_close = fields.Boolean(compute="_compute_can_close")
    event_ids = fields.One2many(
        comodel_name="customer.credit.event",
        inverse_name="alert_id",
        string="Events",
        readonly=True,
    )

    _open_uniq = models.UniqueIndex("(account_id, trigger) WHERE state = 'open'")

    @api.depends("trigger", "partner_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["trigger"]._description_selection(self.env))
        for alert in self:
            # sudo: the name of a customer is told to whoever is told of the alert
            name = alert.sudo().partner_id.display_name or ""
            alert.display_name = f"{name}: {labels.get(alert.trigger, '')}"

    # Closing -----------------------------------------------------------------------

    @api.depends("state", "trigger", "user_id")
    @api.depends_context("uid")
    def _compute_can_close(self):
        for alert in self:
            alert.can_close = not alert._get_close_objection()

    def _get_close_objection(self):
        """Return in words why the user may not close this alert, or None."""
        self.ensure_one()
        if self.state != "open":
            return self.env._("This alert is closed already.")
        if self.trigger not in CLOSED_BY_PEOPLE:
            return self.env._(
                "This alert closes by itself when it is no longer the case."
            )
        if not self.env.user.has_group("customer_credit_grade.group_officer"):
            return self.env._("Credit officers close alerts.")
        # sudo: the customer need not be readable
        if self.sudo().user_id == self.env.user:
            return self.env._(
                "You are the salesperson of %(customer)s: somebody else closes this "
                "alert.",
                customer=self.sudo().partner_id.display_name,
            )
        return None

    def action_close(self, reason=None):
        """End what these alerts do, for a reason that is kept (SPEC D5).

        :param str reason: required
        :raise AccessError: for others than officers, or for one's own customer
        :raise UserError: without a reason, or when it closes by itself
        """
        for alert in self:
            alert.check_access("read")
            objection = alert._get_close_objection()
            if objection:
                refused = alert.state == "open" and alert.trigger in CLOSED_BY_PEOPLE
                raise (AccessError if refused else UserError)(objection)
        if not isinstance(reason, str) or not reason.strip():
            raise UserError(self.env._("Say why the alert is closed: it is kept."))
        self._close(reason.strip())
        return True

    def _close(self, reason=None):
        """Close alerts; documents they held are looked at again.

        :param str reason: of the user; None: the condition is gone
        """
        # sudo: no group writes alerts
        alerts_sudo = self.sudo().filtered(lambda alert: alert.state == "open")
        alerts_sudo.write(
            {
                "state": "closed",
                "date_closed": fields.Datetime.now(),
                "closing": "person" if reason else "gone",
                "closed_by_id": self.env.uid if reason else False,
                "close_reason": reason or False,
            }
        )
        alerts_sudo.activity_ids.unlink()
        effective = alerts_sudo.filtered(
            lambda alert: alert.stops != "none" or alert.prepayment
        )
        for company, alerts in effective.grouped("company_id").items():
            self.env["customer.credit.hold"]._reconsider(company, alerts.partner_id)

    def _is_downgrade_undone(self):
        """Tell whether the customer has a grade again as good as before."""
        self.ensure_one()
        # sudo: the grade may be one the reader does not see
        old = (
            self.env["customer.credit.grade"]
            .sudo()
            .browse((self.figures or {}).get("old"))
            .exists()
        )
        grade = self.sudo().account_id.grade_id  # sudo: as above
        return bool(old and grade and grade.sequence <= old.sequence)

    def action_open_account(self):
        """Show the customer's credit."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "customer.credit.account",
            "res_id": self.account_id.id,
            "view_mode": "form",
        }
