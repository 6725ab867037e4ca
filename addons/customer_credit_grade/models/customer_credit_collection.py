from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

STATES = [
    ("open", "Open"),
    ("promised", "Promised"),
    ("paused", "Paused"),
    ("legal", "With Legal"),
    ("closed", "Closed"),
]


class CustomerCreditCollection(models.Model):
    """The case of a customer who is overdue, until he has paid (SPEC D7).

    One open case per credit account. What it amounts to is computed from the books;
    what was done is in its steps. State and level change by what is done only.
    """

    _name = "customer.credit.collection"
    _inherit = ["document.approval.frozen", "mail.thread", "mail.activity.mixin"]
    _description = "Collection Case"
    _order = "next_date, id"
    _rec_name = "partner_id"
    _rec_names_search = ["partner_id"]

    #: what officers write themselves; everything else follows from what is done
    _free_fields = frozenset(
        {"user_id", "cause_id", "disputed_ids", "next_date", "note"}
    )

    account_id = fields.Many2one(
        comodel_name="customer.credit.account",
        string="Customer Credit",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        related="account_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        related="account_id.partner_id", string="Customer", store=True, index=True
    )
    salesperson_id = fields.Many2one(related="account_id.user_id", string="Salesperson")
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Responsible",
        index="btree_not_null",
        tracking=True,
        domain=[("share", "=", False)],
        help="Who follows up this customer's debts.",
    )
    state = fields.Selection(
        selection=STATES,
        default="open",
        required=True,
        readonly=True,
        tracking=True,
        index=True,
    )
    level_id = fields.Many2one(
        comodel_name="customer.credit.collection.level",
        readonly=True,
        tracking=True,
        index="btree_not_null",
        ondelete="restrict",
        group_expand="_read_group_level_id",
    )
    cause_id = fields.Many2one(
        comodel_name="customer.credit.delay.cause",
        string="Cause of Delay",
        tracking=True,
        ondelete="restrict",
    )
    is_dispute = fields.Boolean(related="cause_id.is_dispute")
    note = fields.Text(string="Remarks")
    amount_overdue = fields.Monetary(related="account_id.overdue", string="Overdue")
    overdue_days = fields.Integer(related="account_id.overdue_days")
    item_ids = fields.Many2many(
        comodel_name="account.move.line",
        string="Open Items",
        compute="_compute_item_ids",
        compute_sudo=True,
        groups="customer_credit_grade.group_officer",
    )
    disputed_ids = fields.Many2many(
        comodel_name="account.move.line",
        relation="customer_credit_collection_disputed_rel",
        column1="collection_id",
        column2="line_id",
        string="Disputed Items",
        groups="customer_credit_grade.group_officer",
        help="Left out of notices while the customer disputes them.",
    )
    date_opened = fields.Date(string="Opened", readonly=True)
    date_closed = fields.Date(string="Closed On", readonly=True)
    next_date = fields.Date(
        string="Next Action", tracking=True, help="When somebody is to act again."
    )
    pause_until = fields.Date(string="Paused Until", readonly=True, tracking=True)
    pause_reason = fields.Text(readonly=True)
    date_legal = fields.Date(string="With Legal Since", readonly=True)
    step_ids = fields.One2many(
        related="account_id.collection_step_ids", string="History"
    )
    promise_ids = fields.One2many(
        comodel_name="customer.credit.promise",
        inverse_name="collection_id",
        string="Promises",
        readonly=True,
    )
    promise_id = fields.Many2one(
        comodel_name="customer.credit.promise", compute="_compute_promise"
    )
    promised_amount = fields.Monetary(compute="_compute_promise", string="Promised")
    promised_date = fields.Date(compute="_compute_promise", string="Promised For")

    _open_uniq = models.UniqueIndex(
        "(account_id) WHERE state <> 'closed'",
        "This customer has an open collection case already.",
    )

    # Computed ------------------------------------------------------------------------

    @api.model
    def _read_group_level_id(self, levels, domain):
        """Show all levels of being overdue as columns, the empty ones too."""
        known = self.env["customer.credit.collection.level"].search(
            Domain("days", ">=", 0)
            & Domain("company_id", "in", (False, *self.env.companies.root_id.ids))
        )
        return (levels | known).sorted(lambda level: (level.days, level.sequence))

    @api.depends("account_id")
    def _compute_item_ids(self):
        lines = self.env["account.move.line"]
        for case in self:
            case.item_ids = lines.search(
                case._get_items_domain(), order="date_maturity"
            )

    def _get_items_domain(self):
        """Return the domain of the customer's open items, credits included."""
        self.ensure_one()
        return [
            ("partner_id", "child_of", self.partner_id.id),
            ("account_id.account_type", "=", "asset_receivable"),
            ("company_id", "in", self.company_id._credit_get_companies().ids),
            ("parent_state", "=", "posted"),
            ("amount_residual", "!=", 0),
        ]

    @api.depends("promise_ids.state")
    def _compute_promise(self):
        for case in self:
            promise = case.promise_ids.filtered(lambda p: p.state == "open")[:1]
            case.promise_id = promise
            case.promised_amount = promise.amount
            case.promised_date = promise.date

    # Guard ---------------------------------------------------------------------------

    def write(self, vals):
        """Refuse what follows from what is done; the superuser too.

        :raise AccessError: naming the field
        """
        own = {name for name, field in self._fields.items() if field.store}
        for name in own.intersection(vals) - self._free_fields:
            if name.startswith(("activity_", "message_", "website_message")):
                continue
            raise AccessError(
                self.env._(
                    "%(field)s of a collection case changes by what is done: use its "
                    "buttons.",
                    field=self._fields[name]._description_string(self.env),
                )
            )
        return super().write(vals)

    def _put(self, vals):
        """Write what follows from an action or from the job."""
        # sudo: the callers have checked who may do it
        return super(CustomerCreditCollection, self.sudo()).write(vals)

    @api.ondelete(at_uninstall=True)
    def _unlink_never(self):
        """EXTENDS document.approval.frozen: in the words of this model."""
        raise UserError(
            self.env._("Collection cases are kept with their history; they close.")
        )

    # Life ----------------------------------------------------------------------------

    @api.model
    def _open_cases(self, accounts, day):
        """Return the open cases of accounts, making those that are missing.

        :param accounts: with elevated rights
        :return: ``{account: case}`` with elevated rights
        """
        cases_sudo = self.sudo()
        found = cases_sudo.search(
            Domain("account_id", "in", accounts.ids) & Domain("state", "!=", "closed")
        )
        missing = accounts - found.account_id
        found |= cases_sudo.with_context(
            mail_create_nolog=True, mail_create_nosubscribe=True, tracking_disable=True
        ).create(
            [
                {
                    "account_id": account.id,
                    "user_id": account._get_collector().id,
                    "date_opened": day,
                    "next_date": day,
                }
                for account in missing
            ]
        )
        return {case.account_id: case for case in found}

    def _log(self, kind, **values):
        """Keep a step of the case.

        :param str kind: one of ``KINDS`` of the steps
        :return: the step, with elevated rights
        """
        self.ensure_one()
        # sudo: steps are written by methods only
        return (
            self.env["customer.credit.collection.step"]
            .sudo()
            .create(
                {
                    "account_id": self.account_id.id,
                    "collection_id": self.id,
                    "level_id": self.level_id.id,
                    "kind": kind,
                    "date": fields.Datetime.now(),
                    "day": self.account_id._get_today(self.company_id),
                    "user_id": self.env.user.id,
                    "is_automatic": False,
                    **values,
                }
            )
        )

    def _close(self, result):
        """Close cases whose customers owe nothing overdue any more."""
        for case in self:
            case._log("closed", result=result, is_automatic=True)
            case._put(
                {
                    "state": "closed",
                    "date_closed": case.account_id._get_today(case.company_id),
                    "next_date": False,
                    "pause_until": False,
                }
            )
        self.sudo().activity_ids.unlink()  # whoever was to act

    def _give_activity(self, user, summary, note="", kind=None, deadline=None):
        """Give somebody one activity on the case, if he has none of the kind yet.

        :param kind: activity type; a to-do by default
        """
        self.ensure_one()
        self.account_id._give_collection_activity(
            self, user, summary, note=note, kind=kind, deadline=deadline
        )
