from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class ChannelStatementMake(models.TransientModel):
    """Make statements of a period for chosen customers (SPEC H5)."""

    _name = "channel.statement.make"
    _description = "Make Statements"

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company.root_id,
        domain=[("parent_id", "=", False)],
    )
    period = fields.Selection(
        selection=[
            ("month", "Last Month"),
            ("quarter", "Last Quarter"),
            ("other", "Other"),
        ],
        default="month",
        required=True,
    )
    date_from = fields.Date(
        string="From",
        compute="_compute_dates",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    date_to = fields.Date(
        string="To",
        compute="_compute_dates",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    target = fields.Selection(
        selection=[
            ("channel", "All Channel Partners with Movement or Balance"),
            ("chosen", "Chosen Customers"),
        ],
        string="For",
        default=lambda self: "chosen" if self._get_active_partners() else "channel",
        required=True,
    )
    partner_ids = fields.Many2many(
        comodel_name="res.partner",
        string="Customers",
        default=lambda self: self._get_active_partners(),
    )
    issue = fields.Boolean(
        string="Issue and Mail at Once",
        help="Otherwise they are drafts that you look at first.",
    )

    @api.model
    def _get_active_partners(self):
        """Return the customers the wizard was opened from."""
        ids = self.env.context.get("active_ids") or []
        model = self.env.context.get("active_model")
        if model == "res.partner":
            return self.env["res.partner"].browse(ids)
        if model == "channel.partner":
            return self.env["channel.partner"].browse(ids).partner_id
        return self.env["res.partner"]

    @api.depends("period", "company_id")
    def _compute_dates(self):
        statements = self.env["channel.statement"]
        for wizard in self:
            if wizard.period == "other" and wizard.date_from and wizard.date_to:
                continue
            today = statements._statement_get_today(wizard.company_id)
            start, end = statements._get_last_period(wizard.period, today)
            wizard.date_from, wizard.date_to = start, end

    def action_make(self):
        """Make the statements and show them.

        :raise UserError: when there is nothing to make, saying why
        """
        self.ensure_one()
        statements = self.env["channel.statement"]
        statements._check_keeper()
        company = self.company_id.root_id
        if company not in self.env.companies.root_id:
            raise UserError(
                self.env._("Switch to %(company)s first.", company=company.name)
            )
        self._check_dates()
        partners = self._get_partners(company)
        made, existing, later = statements._make(
            company, partners, self.date_from, self.date_to
        )
        if not made and not existing:
            raise UserError(self._get_nothing_text(later))
        if self.issue:
            made._issue()
        return self._get_result(made | existing, existing, later)

    def _check_dates(self):
        """:raise UserError: for a period that is too long or ends before it begins"""
        if self.date_from > self.date_to:
            raise UserError(self.env._("A period cannot end before it begins."))
        if self.date_to > self.date_from + relativedelta(years=1):
            raise UserError(self.env._("A period is a year at most."))

    def _get_partners(self, company):
        """Return the customers to make statements for.

        :raise UserError: when there are none
        """
        if self.target == "chosen":
            if not self.partner_ids:
                raise UserError(self.env._("Choose the customers first."))
            return self.partner_ids.commercial_partner_id
        # sudo: balances of all channel partners; the user may make statements
        files_sudo = self.env["channel.partner"].sudo()
        files_sudo = files_sudo.search(
            Domain("company_id", "=", company.id)
            & Domain("state", "in", ("active", "rectification"))
        )
        statements_sudo = self.env["channel.statement"].sudo()
        return statements_sudo._get_partners_with_movement(
            company, self.date_from, self.date_to, files_sudo.partner_id
        )

    def _get_nothing_text(self, later):
        if later:
            return self.env._(
                "Statements of this or a later period are there already for "
                "%(customers)s. What is missing of an earlier period stands in the "
                "next statement.",
                customers=self.env["channel.statement"]._get_names(later),
            )
        return self.env._("No channel partner has movement or a balance then.")

    def _get_result(self, statements, existing, later):
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Statements"),
            "res_model": "channel.statement",
            "view_mode": "list,kanban,form",
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
            "domain": [("id", "in", statements.ids)],
        }
        notes = []
        names = self.env["channel.statement"]._get_names
        if existing:
            notes.append(
                self.env._("There already: %(statements)s", statements=names(existing))
            )
        if later:
            notes.append(
                self.env._(
                    "Not made, a later one is there: %(customers)s",
                    customers=names(later),
                )
            )
        if not notes:
            return action
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "message": "\n".join(notes),
                "next": action,
            },
        }
