from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

KINDS = [
    ("notice", "Notice sent"),
    ("planned", "Level reached"),
    ("call", "Called"),
    ("visit", "Visited"),
    ("letter", "Letter sent"),
    ("note", "Noted"),
    ("promise", "Promise to pay"),
    ("kept", "Promise kept"),
    ("broken", "Promise broken"),
    ("pause", "Paused"),
    ("resume", "Resumed"),
    ("legal", "Handed over to legal"),
    ("closed", "Closed"),
]
#: the row that says who writes to a customer on a day: a second one does not get in
_CLAIM = """
    INSERT INTO customer_credit_collection_step (
        account_id, company_id, collection_id, level_id, kind, day, date, user_id,
        is_automatic, amount, create_uid, create_date, write_uid, write_date)
    SELECT row.account_id, %(company)s, row.collection_id, row.level_id, row.kind,
           %(day)s, %(now)s, row.user_id, %(automatic)s, row.amount,
           %(uid)s, %(now)s, %(uid)s, %(now)s
      FROM UNNEST(%(accounts)s::int[], %(collections)s::int[], %(levels)s::int[],
                  %(kinds)s::text[], %(users)s::int[], %(amounts)s::numeric[])
           AS row (account_id, collection_id, level_id, kind, user_id, amount)
  ORDER BY row.account_id
        ON CONFLICT DO NOTHING
 RETURNING account_id, id
"""


class CustomerCreditCollectionStep(models.Model):
    """What was done to get paid: when, by whom, with what result (SPEC D7).

    Append-only, for the superuser too. A notice is its own record of what it told
    the customer; templates of notices are rendered on it.
    """

    _name = "customer.credit.collection.step"
    _inherit = ["document.approval.frozen"]
    _description = "Collection Step"
    _order = "date desc, id desc"
    _rec_name = "kind"

    #: filled once, in the transaction that makes the step
    _late_fields = frozenset({"message_id", "result"})

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
    partner_id = fields.Many2one(related="account_id.partner_id", string="Customer")
    collection_id = fields.Many2one(
        comodel_name="customer.credit.collection",
        string="Case",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Empty: a reminder of what is not overdue yet.",
    )
    level_id = fields.Many2one(
        comodel_name="customer.credit.collection.level",
        readonly=True,
        ondelete="restrict",
    )
    kind = fields.Selection(
        selection=KINDS, string="What Was Done", required=True, readonly=True
    )
    date = fields.Datetime(string="When", required=True, readonly=True)
    day = fields.Date(
        required=True, readonly=True, help="In the time zone of the company."
    )
    user_id = fields.Many2one(
        comodel_name="res.users", string="By", readonly=True, index="btree_not_null"
    )
    is_automatic = fields.Boolean(string="Automatic", readonly=True)
    amount = fields.Monetary(readonly=True, help="Demanded, promised or received.")
    result = fields.Text(readonly=True)
    cause_id = fields.Many2one(
        comodel_name="customer.credit.delay.cause", readonly=True, ondelete="restrict"
    )
    item_ids = fields.One2many(
        comodel_name="customer.credit.collection.item",
        inverse_name="step_id",
        string="Items",
        readonly=True,
    )
    message_id = fields.Many2one(
        comodel_name="mail.message", string="Mail", readonly=True, ondelete="set null"
    )
    message_body = fields.Html(related="message_id.body", string="Text of the Mail")
    contact_id = fields.Many2one(
        comodel_name="res.partner", compute="_compute_contact", compute_sudo=True
    )
    sender = fields.Char(compute="_compute_contact", compute_sudo=True)
    bank_details = fields.Text(compute="_compute_contact", compute_sudo=True)
    amount_overdue = fields.Monetary(compute="_compute_amount_overdue")

    #: one notice per customer and day, whoever sends it
    _notice_uniq = models.UniqueIndex(
        "(account_id, day) WHERE kind IN ('notice', 'planned')"
    )

    @api.depends("account_id", "user_id")
    def _compute_contact(self):
        """Say who at the customer is written to, from whom, and where he pays."""
        for step in self:
            step.contact_id = step.partner_id._credit_get_billing_contact()
            user, company = step.user_id, step.company_id
            sender = user if user.email else company
            step.sender = sender.email_formatted
            step.bank_details = company._credit_get_bank_details()

    @api.depends("item_ids.amount")
    def _compute_amount_overdue(self):
        for step in self:
            overdue = step.item_ids.filtered(lambda item: item.days > 0)
            step.amount_overdue = sum(overdue.mapped("amount"))

    def write(self, vals):  # pylint: disable=method-required-super
        """Refuse: steps are history.

        :raise UserError: always
        """
        self._refuse_change()

    def _fill(self, vals):
        """Note what came of a step when it is just being made."""
        if self._late_fields.issuperset(vals):
            # sudo: the method that made the step had the right to
            return super(CustomerCreditCollectionStep, self.sudo()).write(vals)
        return False

    @api.model
    def _refuse_change(self):
        raise UserError(
            self.env._("What was done to collect a debt is kept as it was done.")
        )

    @api.ondelete(at_uninstall=True)
    def _unlink_never(self):
        """EXTENDS document.approval.frozen: in the words of this model."""
        self._refuse_change()

    @api.model
    def _claim(self, company, day, rows, automatic=True):
        """Make the steps of a day for customers who got none that day yet.

        The first thing to do: who comes second, at the same time or in a rerun,
        makes no step and so sends no mail.

        :param rows: ``[(account id, case id or None, level id, kind, user id or
            None, amount)]``
        :return: ``{account id: step}`` of those made here, with elevated rights
        """
        if not rows:
            return {}
        self.env.flush_all()
        columns = map(list, zip(*rows, strict=True))
        accounts, collections, levels, kinds, users, amounts = columns
        claimed = self.env.execute_query(
            SQL(
                _CLAIM,
                company=company.root_id.id,
                day=day,
                automatic=automatic,
                accounts=accounts,
                collections=collections,
                levels=levels,
                kinds=kinds,
                users=users,
                amounts=amounts,
                uid=self.env.uid,
                now=fields.Datetime.now(),
            )
        )
        # sudo: the rows were written by this method
        steps_sudo = self.sudo().browse([step_id for _account, step_id in claimed])
        steps_sudo.account_id.invalidate_recordset(["collection_step_ids"], flush=False)
        return {step.account_id.id: step for step in steps_sudo}

    def _mail(self):
        """Put the mails of these steps into the queue, in each customer's language.

        In this transaction: either the step and its mail are there, or neither.

        :return: the steps whose customer has no e-mail address
        """
        due = self.filtered("level_id.template_id")
        unreachable = due.filtered(lambda step: not step.contact_id.email)
        for template, steps in (
            (due - unreachable).grouped(lambda step: step.level_id.template_id).items()
        ):
            mails = template.send_mail_batch(steps.ids, force_send=False)
            for mail in mails:
                self.browse(mail.res_id)._fill({"message_id": mail.mail_message_id.id})
        for step in unreachable:
            step._fill(
                {
                    "result": self.env._(
                        "Not mailed: %(customer)s has no e-mail address.",
                        customer=step.partner_id.display_name,
                    )
                }
            )
        return unreachable
