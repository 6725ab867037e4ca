from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

_BATCH = 200
#: what the archive changes of a loan that is out
_OPEN = frozenset({"date_due", "purpose"})


class SaleContractLoan(models.Model):
    """A copy of an original that was lent (SPEC E2). History, kept for good."""

    _name = "sale.contract.loan"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _description = "Loan of an Original"
    _order = "date_from desc, id desc"
    _check_company_auto = True

    original_id = fields.Many2one(
        comodel_name="sale.contract.original",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
    )
    contract_id = fields.Many2one(related="original_id.contract_id", store=True)
    company_id = fields.Many2one(
        related="original_id.company_id", store=True, index=True
    )
    borrower_id = fields.Many2one(
        comodel_name="res.users",
        required=True,
        index=True,
        domain=[("share", "=", False)],
    )
    purpose = fields.Char(required=True)
    date_from = fields.Date(
        string="From", default=fields.Date.context_today, required=True
    )
    date_due = fields.Date(string="Due Back", required=True)
    date_returned = fields.Date(string="Returned", readonly=True, copy=False)
    received_by_id = fields.Many2one(
        comodel_name="res.users", string="Received By", readonly=True, copy=False
    )
    lent_by_id = fields.Many2one(
        comodel_name="res.users", string="Lent By", readonly=True, copy=False
    )
    is_overdue = fields.Boolean(
        compute="_compute_is_overdue", search="_search_is_overdue"
    )
    reminded_on = fields.Date(readonly=True, copy=False)

    @api.depends("date_due", "date_returned")
    def _compute_is_overdue(self):
        today = fields.Date.context_today(self)
        for loan in self:
            loan.is_overdue = (
                not loan.date_returned and bool(loan.date_due) and loan.date_due < today
            )

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = self._get_overdue_domain()
        wanted = Domain.FALSE
        if True in value:
            wanted |= late
        if False in value:
            wanted |= ~late
        return wanted

    @api.model
    def _get_overdue_domain(self):
        return Domain("date_returned", "=", False) & Domain(
            "date_due", "<", fields.Date.context_today(self)
        )

    @api.depends("original_id", "borrower_id")
    def _compute_display_name(self):
        for loan in self:
            loan.display_name = self.env._(
                "%(original)s, lent to %(user)s",
                original=loan.original_id.name or "",
                user=loan.borrower_id.name or "",
            )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_kept(
                vals, {"date_returned", "received_by_id", "lent_by_id", "reminded_on"}
            )
        loans = super().create(vals_list)
        loans._keep({"lent_by_id": self.env.uid})
        loans.original_id._check_original()
        return loans

    def write(self, vals):
        """Change the purpose or the day of a loan that is out; nothing else.

        :raise AccessError: naming the field
        :raise UserError: when the copy is back
        """
        thread = set(self.env["mail.thread"]._fields) | set(
            self.env["mail.activity.mixin"]._fields
        )
        self._refuse_kept(vals, set(vals) - _OPEN - thread)
        if _OPEN.intersection(vals) and any(loan.date_returned for loan in self):
            raise UserError(self.env._("The copy is back: the loan is history."))
        return super().write(vals)

    @api.model
    def _refuse_kept(self, vals, names):
        for name in sorted(names.intersection(vals)):
            raise AccessError(
                self.env._(
                    "%(field)s of a loan is kept by the system.",
                    field=self._fields[name]._description_string(self.env),
                )
            )

    @api.model
    def default_get(self, fields):
        """Give nobody's own default to what the system keeps."""
        kept = {"date_returned", "received_by_id", "lent_by_id", "reminded_on"}
        values = super().default_get(fields)
        return {name: value for name, value in values.items() if name not in kept}

    def _keep(self, vals):
        return super().write(vals)

    @api.constrains("date_from", "date_due")
    def _check_dates(self):
        for loan in self:
            if loan.date_due < loan.date_from:
                raise ValidationError(self.env._("A loan is not due before it begins."))

    @api.ondelete(at_uninstall=True)
    def _unlink_never(self):
        raise UserError(self.env._("Loans are kept; enter the return instead."))

    def action_return(self):
        """Enter that copies came back; for the archive.

        :raise UserError: when one came back before
        """
        self.check_access("write")
        for loan in self:
            if loan.date_returned:
                raise UserError(
                    self.env._("%(loan)s came back before.", loan=loan.display_name)
                )
        self._keep(
            {
                "date_returned": fields.Date.context_today(self),
                "received_by_id": self.env.uid,
            }
        )
        # sudo: the borrower's reminder ends as well
        self.sudo().activity_ids.unlink()
        return True

    @api.model
    def _cron_remind(self, batch_size=_BATCH):
        """Remind of overdue loans, once a day at most."""
        today = fields.Date.context_today(self)
        # sudo: all companies
        late = self.sudo().search(
            self._get_overdue_domain()
            & (Domain("reminded_on", "=", False) | Domain("reminded_on", "<", today)),
            order="id",
        )
        self.env["ir.cron"]._commit_progress(remaining=len(late))
        for start in range(0, len(late), batch_size):
            part = late[start : start + batch_size]
            part._remind()
            if not self.env["ir.cron"]._commit_progress(len(part)):
                break

    def _remind(self):
        """Give the borrower, or the custodian when he has left, one activity."""
        today = fields.Date.context_today(self)
        self._keep({"reminded_on": today})
        for loan in self:
            borrower = loan.borrower_id
            user = borrower if borrower.active else loan.original_id.custodian_id
            if loan.activity_ids.filtered(lambda a, user=user: a.user_id == user):
                continue
            reader = loan.with_context(lang=user.lang, mail_activity_quick_update=True)
            reader.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=user.id,
                date_deadline=today,
                summary=reader.env._("Bring the original back to the archive"),
            )
