from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

#: states in which something is still to be decided or done
OPEN_STATES = ("waiting", "released", "cleared")


class CustomerCreditHold(models.Model):
    """A document that credit does not let pass (SPEC D4, H1).

    Made by the gate when an order or a shipment is refused, or by the approval of an
    order that finance had to look at. Every attempt is kept. It ends when the
    document passed, was cancelled or changed.
    """

    _name = "customer.credit.hold"
    _inherit = ["document.approval.frozen", "mail.thread", "mail.activity.mixin"]
    _description = "Credit Hold"
    _order = "id desc"
    _rec_name = "res_name"

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
    res_model = fields.Char(string="Document Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Document", model_field="res_model", required=True, readonly=True
    )
    res_name = fields.Char(string="Order or Transfer", readonly=True)
    purpose = fields.Selection(
        selection=[("order", "Order"), ("shipping", "Shipment")],
        string="Stopped",
        required=True,
        readonly=True,
    )
    state = fields.Selection(
        selection=[
            ("waiting", "Waiting"),
            ("released", "Released"),
            ("cleared", "Credit Suffices Now"),
            ("used", "Passed"),
            ("obsolete", "No Longer Needed"),
            ("observed", "Observed Only"),
        ],
        default="waiting",
        required=True,
        readonly=True,
        tracking=True,
        index=True,
    )
    owner_id = fields.Many2one(
        comodel_name="res.users", string="Owner", readonly=True, index=True
    )
    amount = fields.Monetary(
        string="Value", readonly=True, help="Of the document, taxes included."
    )
    excess = fields.Monetary(
        string="Exceeded By",
        readonly=True,
        help="At the last attempt; what is owed and ordered beyond what is allowed.",
    )
    objections = fields.Json(readonly=True)
    reasons = fields.Text(compute="_compute_reasons")
    attempt_ids = fields.One2many(
        comodel_name="customer.credit.attempt",
        inverse_name="hold_id",
        string="Attempts",
        readonly=True,
    )
    attempt_count = fields.Integer(
        string="Number of Attempts", readonly=True, default=0
    )
    date_last = fields.Datetime(string="Last Attempt", readonly=True)
    release_ids = fields.One2many(
        comodel_name="customer.credit.release",
        inverse_name="hold_id",
        string="Releases",
        readonly=True,
    )
    can_release = fields.Boolean(compute="_compute_can_release")

    _open_uniq = models.UniqueIndex(
        "(res_model, res_id, purpose)"
        " WHERE state IN ('waiting', 'released', 'cleared', 'observed')"
    )

    @api.depends("objections")
    @api.depends_context("lang")
    def _compute_reasons(self):
        accounts = self.env["customer.credit.account"]
        for hold in self:
            hold.reasons = "\n".join(
                accounts._get_objection_text(
                    objection["code"], objection["values"], hold.currency_id
                )
                or objection["code"]
                for objection in hold.objections or ()
            )

    @api.depends("state", "excess")
    @api.depends_context("uid")
    def _compute_can_release(self):
        for hold in self:
            hold.can_release = hold.state in ("waiting", "observed") and not (
                hold._get_release_objection(self.env.user)
            )

    def _get_document(self):
        """Return the order or transfer with elevated rights; empty when it is gone."""
        self.ensure_one()
        model = self.env.get(self.res_model)
        if model is None:
            return self.env["sale.order"].sudo()
        return model.sudo().browse(self.res_id).exists()

    def action_open_document(self):
        """Show the order or transfer; its own rights count."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
        }

    # Written by the gate -----------------------------------------------------------

    @api.model
    def _note(self, notes, state="waiting"):
        """Keep refused attempts: one open hold per document, one attempt each time.

        :param list notes: as ``customer.credit.gate._get_note`` returns them
        :param str state: ``waiting``, or ``observed`` where nothing is stopped
        :return: the holds
        """
        # sudo: holds are kept by the gate, not by users
        holds = self.sudo().browse()
        for note in notes:
            model = self.env.get(note["res_model"])
            if model is None or not model.sudo().browse(note["res_id"]).exists():
                continue  # it was only being created
            hold = self.sudo()._get_open(note) or self.sudo()._start(note, state)
            hold._keep_attempt(note, state)
            holds |= hold
        return holds

    def _get_open(self, note):
        return self.search(
            Domain("res_model", "=", note["res_model"])
            & Domain("res_id", "=", note["res_id"])
            & Domain("purpose", "=", note["purpose"])
            & Domain("state", "in", (*OPEN_STATES, "observed")),
            limit=1,
        )

    def _start(self, note, state):
        company = self.env["res.company"].browse(note["company_id"])
        partner = self.env["res.partner"].browse(note["debtor_id"])
        accounts = self.env["customer.credit.account"]
        # the row is left alone where it is: whoever waits for it would be rerun
        account = accounts._get_accounts(company, partner) or accounts._bump(
            company, partner
        )
        return self.create(
            {
                "account_id": account.id,
                "state": state,
                **{
                    name: note[name]
                    for name in (
                        "res_model",
                        "res_id",
                        "res_name",
                        "purpose",
                        "owner_id",
                        "amount",
                        "excess",
                        "objections",
                    )
                },
            }
        )

    def _keep_attempt(self, note, state):
        self.ensure_one()
        now = fields.Datetime.now()
        # sudo: holds are kept by the gate, not by users
        self.env["customer.credit.attempt"].sudo().create(
            {
                "hold_id": self.id,
                "user_id": note["user_id"],
                "date": now,
                "amount": note["amount"],
                "excess": note["excess"],
                "objections": note["objections"],
            }
        )
        self.write(
            {
                "amount": note["amount"],
                "excess": note["excess"],
                "objections": note["objections"],
                "owner_id": note["owner_id"],
                "attempt_count": self.attempt_count + 1,
                "date_last": now,
                # a release that did not cover the attempt no longer helps
                "state": state,
            }
        )

    @api.model
    def _close_of(self, cases, purpose, state):
        """End the open holds of documents that passed, or need nothing any more."""
        by_model = {}
        for case in cases:
            by_model.setdefault(case["document"]._name, []).append(case["document"].id)
        for model, ids in by_model.items():
            # sudo: holds are kept by the gate, not by users
            self.sudo().search(
                Domain("res_model", "=", model)
                & Domain("res_id", "in", ids)
                & Domain("purpose", "=", purpose)
                & Domain("state", "in", OPEN_STATES)
            ).write({"state": state})

    # Release -------------------------------------------------------------------------

    def _get_release_objection(self, user):
        """Return in words why ``user`` may not release this now, or None.

        Within his own cap, and never what is his own (SPEC B5, D4).
        """
        self.ensure_one()
        hold_sudo = self.sudo()
        releaser = self.env["customer.credit.releaser"]._get_of(
            hold_sudo.company_id, user
        )
        if not releaser:
            return self.env._(
                "%(user)s may not release anything in %(company)s.",
                user=user.name,
                company=hold_sudo.company_id.name,
            )
        if hold_sudo.excess > releaser.amount:
            return self.env._(
                "%(user)s may release up to %(cap)s; here %(excess)s is exceeded.",
                user=user.name,
                cap=hold_sudo.currency_id.format(releaser.amount),
                excess=hold_sudo.currency_id.format(hold_sudo.excess),
            )
        document = hold_sudo._get_document()
        orders = (
            document
            if hold_sudo.res_model == "sale.order"
            else document.move_ids.sale_line_id.order_id
        )
        own = (
            hold_sudo.owner_id
            | document.create_uid
            | self.env["res.users"].union(
                *(order._approval_excluded_users() for order in orders)
            )
        )
        if user in own:
            return self.env._(
                "Nobody releases what is his own: %(document)s belongs to %(user)s.",
                document=hold_sudo.res_name,
                user=user.name,
            )
        return None

    def _refresh(self):
        """Judge the document anew, as if it were to pass now.

        :return: the verdict; amount, excess and objections of the hold are those of
            this moment afterwards
        """
        self.ensure_one()
        hold_sudo = self.sudo()
        document = hold_sudo._get_document()
        partner = hold_sudo.partner_id
        company = hold_sudo.company_id
        amount, adding = document._credit_get_claim(hold_sudo)
        verdict = self.env["customer.credit.account"]._judge(
            company, partner, hold_sudo.purpose, {partner.id: adding}
        )[partner.id]
        hold_sudo.write(
            {
                "amount": amount,
                "excess": verdict.excess,
                "objections": verdict.to_json(),
            }
        )
        return verdict

    def action_release(self, reason=None, date_to=None):
        """Let the document pass although credit objects (SPEC D4).

        Bound to its value and to what is exceeded at this moment, to a date and to
        the kinds of objections there are now; void when it grows.

        :param str reason: required; kept for good
        :param date_to: last day it is good for, in the company's time zone; by
            default as many days as the releaser may give
        :raise AccessError: beyond the user's cap, or his own document
        :raise UserError: without a reason, too long, or nothing to release
        """
        for hold in self:
            hold.check_access("read")
            # sudo: holds are kept by the gate, not by users
            self.env["customer.credit.account"]._bump(
                hold.sudo().company_id, hold.sudo().partner_id
            )
            hold.sudo().invalidate_recordset()
            verdict = hold._refresh()
            objection = hold._get_release_objection(self.env.user)
            if objection:
                raise AccessError(objection)
            self.env["customer.credit.release"]._give(hold, verdict, reason, date_to)
        return True
