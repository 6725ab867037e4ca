from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import format_date

_BATCH = 200


class SaleContractBriefing(models.Model):
    """What one department was told of a signed contract, and when it took note.

    Made by the system. What it says is frozen as signed, so that people who may not
    read contracts see exactly what they are given (SPEC E5).
    """

    _name = "sale.contract.briefing"
    _inherit = ["mail.thread", "mail.activity.mixin", "document.approval.frozen"]
    _description = "Contract Briefing"
    _order = "deadline, id"

    contract_id = fields.Many2one(
        comodel_name="sale.contract",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    contract_name = fields.Char(string="Contract Number", required=True, readonly=True)
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True
    )
    department_id = fields.Many2one(
        comodel_name="document.approval.department",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    partner_name = fields.Char(string="Customer", readonly=True)
    terms = fields.Html(string="Main Terms", readonly=True)
    demands = fields.Text(string="Customer Demands", readonly=True)
    tasks = fields.Text(string="Tasks of the Department", readonly=True)
    deadline = fields.Datetime(required=True, readonly=True, index=True)
    state = fields.Selection(
        selection=[("open", "To Acknowledge"), ("done", "Acknowledged")],
        default="open",
        required=True,
        readonly=True,
        index=True,
    )
    acknowledged_by_id = fields.Many2one(comodel_name="res.users", readonly=True)
    acknowledged_on = fields.Datetime(readonly=True)
    remark = fields.Text(readonly=True)
    reminded_on = fields.Date(readonly=True)
    is_overdue = fields.Boolean(
        compute="_compute_is_overdue", search="_search_is_overdue"
    )
    is_mine = fields.Boolean(
        string="Of My Department", compute="_compute_is_mine", search="_search_is_mine"
    )

    _department_uniq = models.UniqueIndex(
        "(contract_id, department_id)", "This department was briefed already."
    )

    @api.depends("contract_name", "department_id")
    def _compute_display_name(self):
        for briefing in self:
            briefing.display_name = self.env._(
                "%(contract)s: %(department)s",
                contract=briefing.contract_name or "",
                # sudo: the name of the department
                department=briefing.sudo().department_id.name or "",
            )

    @api.depends("state", "deadline")
    def _compute_is_overdue(self):
        now = fields.Datetime.now()
        for briefing in self:
            briefing.is_overdue = briefing.state == "open" and briefing.deadline < now

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = Domain("state", "=", "open") & Domain(
            "deadline", "<", fields.Datetime.now()
        )
        return self._either(late, value)

    @api.depends("department_id")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        mine = self._get_my_departments()
        for briefing in self:
            briefing.is_mine = briefing.department_id.id in mine

    def _search_is_mine(self, operator, value):
        if operator != "in":
            return NotImplemented
        mine = Domain("department_id", "in", self._get_my_departments())
        return self._either(mine, value)

    @api.model
    def _either(self, domain, value):
        wanted = Domain.FALSE
        if True in value:
            wanted |= domain
        if False in value:
            wanted |= ~domain
        return wanted

    @api.model
    def _get_my_departments(self):
        """Return the ids of the departments the user belongs to."""
        # sudo: who is a member of what; only of the user himself
        departments_sudo = self.env["document.approval.department"].sudo()
        return departments_sudo.search(
            Domain("member_ids", "in", self.env.uid)
            | Domain("head_id", "=", self.env.uid)
        ).ids

    def write(self, vals):
        """Refuse what only the system writes, whoever asks.

        :raise AccessError: naming the field
        """
        thread = set(self.env["mail.thread"]._fields)
        activity = set(self.env["mail.activity.mixin"]._fields)
        for name in vals.keys() - (thread | activity):
            raise AccessError(
                self.env._(
                    "%(field)s of a briefing is kept by the system.",
                    field=self._fields[name]._description_string(self.env),
                )
            )
        return super().write(vals)

    def _keep(self, vals):
        # sudo: as checked by who calls
        return super(SaleContractBriefing, self.sudo()).write(vals)

    @api.ondelete(at_uninstall=True)
    def _unlink_never(self):
        raise UserError(self.env._("Briefings are kept."))

    def action_acknowledge(self):
        """Take note, as a member of the department.

        :raise AccessError: for everybody else
        :raise UserError: when somebody has done so before
        """
        self.check_access("read")
        mine = self._get_my_departments()
        for briefing in self:
            if briefing.department_id.id not in mine or not self.env.user.active:
                # sudo: the name of the department
                raise AccessError(
                    self.env._(
                        "Only members of %(department)s acknowledge this.",
                        department=briefing.sudo().department_id.name,
                    )
                )
            if briefing.state != "open":
                raise UserError(self.env._("It was acknowledged before."))
        self._keep(
            {
                "state": "done",
                "acknowledged_by_id": self.env.uid,
                "acknowledged_on": fields.Datetime.now(),
            }
        )
        # sudo: the to-do of a colleague ends as well
        self.sudo().activity_ids.unlink()
        return True

    @api.model
    def _cron_remind(self, batch_size=_BATCH):
        """Remind departments that have not acknowledged, once a day at most."""
        today = fields.Date.context_today(self)
        # sudo: all companies
        late = self.sudo().search(
            Domain("is_overdue", "=", True)
            & (Domain("reminded_on", "=", False) | Domain("reminded_on", "<", today)),
            order="id",
        )
        self.env["ir.cron"]._commit_progress(remaining=len(late))
        for start in range(0, len(late), batch_size):
            part = late[start : start + batch_size]
            part._keep({"reminded_on": today})
            part._tell()
            if not self.env["ir.cron"]._commit_progress(len(part)):
                break

    def _tell(self):
        """Give the first responsible of each department one to-do."""
        for briefing_sudo in self.sudo():  # sudo: members of the department
            department = briefing_sudo.department_id
            members = department._get_eligible_members()
            user = department._get_first_responsible(members)
            if not user or briefing_sudo.activity_ids.filtered(
                lambda activity, user=user: activity.user_id == user
            ):
                continue
            reader = briefing_sudo.with_context(
                lang=user.lang, mail_activity_quick_update=True
            )
            reader.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=user.id,
                date_deadline=briefing_sudo.deadline.date(),
                summary=reader.env._(
                    "Acknowledge the briefing of %(contract)s",
                    contract=reader.contract_name,
                ),
            )


class SaleContract(models.Model):
    _inherit = "sale.contract"

    briefing_ids = fields.One2many(
        comodel_name="sale.contract.briefing",
        inverse_name="contract_id",
        string="Briefings",
        readonly=True,
        groups="base.group_user",
    )

    def _contract_on_signed(self):
        """EXTENDS: the departments are told (SPEC E5)."""
        result = super()._contract_on_signed()
        self._brief()
        return result

    def _brief(self):
        """Tell each department with a template what concerns it, once."""
        self.ensure_one()
        # sudo: made by the system, whoever signs
        templates = self.env["sale.contract.briefing.template"].sudo()
        templates = templates.search([("company_id", "=", self.company_id.id)])
        now = fields.Datetime.now()
        briefings = self.env["sale.contract.briefing"].sudo()
        briefings = briefings.create(
            [
                self._prepare_briefing(template, template.department_id, now)
                for template in templates
            ]
        )
        briefings._tell()

    def _prepare_briefing(self, template, department, now):
        """Return the values of one briefing, in the language of who reads it first."""
        self.ensure_one()
        reader = department._get_first_responsible(department._get_eligible_members())
        lang = reader.lang or self.company_id.partner_id.lang or self.env.lang
        contract = self.with_context(lang=lang)
        template = template.with_context(lang=lang)
        return {
            "contract_id": contract.id,
            "contract_name": contract.name,
            "company_id": contract.company_id.id,
            "department_id": department.id,
            "partner_name": contract.partner_id.display_name,
            "terms": contract._get_briefing_terms(template),
            "demands": contract.customer_demands if template.with_demands else "",
            "tasks": template.tasks,
            "deadline": department._plan_days(now, template.days),
        }

    def _get_briefing_terms(self, template):
        """Return the terms this department gets, as HTML. Made to be extended."""
        self.ensure_one()
        rows = []
        if template.with_amount:
            money = self.currency_id.format(self.amount)
            rows.append((self.env._("Amount"), money))
        if template.with_payment:
            rows.append((self.env._("Payment terms"), self.ledger_payment or "–"))
        if template.with_delivery and self.date_delivery:
            day = format_date(self.env, self.date_delivery)
            rows.append((self.env._("Delivery date"), day))
        if self.parent_id:
            rows.append((self.env._("Belongs to"), self.parent_id.name))
        if self.follow_up:
            rows.append((self.env._("Orders to follow"), self.follow_up))
        if template.with_articles:
            rows += [
                (article.name, article.filled_body) for article in self.article_ids
            ]
        return Markup().join(
            Markup("<p><b>%s</b>: %s</p>") % (label, escape(value))
            for label, value in rows
        )
