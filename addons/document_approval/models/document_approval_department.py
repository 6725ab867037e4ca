from odoo import api, fields, models
from odoo.exceptions import ValidationError


class DocumentApprovalDepartment(models.Model):
    """Who answers for a subject: seats and findings name departments (DESIGN 2)."""

    _name = "document.approval.department"
    _inherit = ["document.approval.home.mixin"]
    _description = "Approval Department"
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True,
        help="Findings name departments by this code: sales, finance, operations, "
        "technical, production, purchasing, warehouse, logistics, marketing, legal, "
        "management.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    member_ids = fields.Many2many(
        comodel_name="res.users",
        relation="document_approval_department_member_rel",
        column1="department_id",
        column2="user_id",
        string="Members",
        domain=[("share", "=", False)],
        help="They may decide on documents this department reviews.",
    )
    head_id = fields.Many2one(
        comodel_name="res.users",
        string="Head",
        domain=[("share", "=", False)],
        help="Gets the activity of a review first, when he may decide on it.",
    )
    fallback_id = fields.Many2one(
        comodel_name="document.approval.department",
        string="Fallback Department",
        check_company=True,
        help="Decides when nobody of this department may, for example because the "
        "document is their own.",
    )
    resource_calendar_id = fields.Many2one(
        comodel_name="resource.calendar",
        string="Working Hours",
        check_company=True,
        help="Deadlines are counted in these hours.",
    )

    _code_uniq = models.UniqueIndex(
        "(company_id, lower(code))",
        "Another department of this company has this code already.",
    )

    @api.constrains("fallback_id")
    def _check_fallback_cycle(self):
        for department in self:
            seen = department
            fallback = department.fallback_id
            while fallback:
                if fallback in seen:
                    raise ValidationError(
                        self.env._(
                            "The fallback of department %(name)s leads back to "
                            "itself.",
                            name=department.name,
                        )
                    )
                seen |= fallback
                fallback = fallback.fallback_id

    @api.constrains("company_id")
    def _check_seats_company(self):
        # sudo: seats in flows of any company hold a department where it is
        seats_sudo = self.env["document.approval.flow.seat"].sudo()
        seats_sudo.search(
            [("department_id", "in", self.ids)]
        )._check_department_company()

    @api.constrains("member_ids", "head_id", "company_id")
    def _check_members(self):
        for department in self.sudo():  # users need not be readable
            for user in department.member_ids | department.head_id:
                if user.share:
                    raise ValidationError(
                        self.env._(
                            "%(user)s is a portal user and cannot review documents.",
                            user=user.name,
                        )
                    )

    @api.model_create_multi
    def create(self, vals_list):
        departments = super().create(vals_list)
        departments._grant_reviewer_group()
        return departments

    def write(self, vals):
        result = super().write(vals)
        if "member_ids" in vals or "head_id" in vals:
            self._grant_reviewer_group()
        return result

    def _grant_reviewer_group(self):
        """Let members open what they review: the group grants reading, no decision."""
        group_sudo = self.env.ref("document_approval.group_reviewer").sudo()
        users_sudo = (self.member_ids | self.head_id).sudo()
        missing = users_sudo.filtered(lambda user: group_sudo not in user.all_group_ids)
        if missing:
            # sudo: an approvals administrator need not administrate users
            missing.write({"group_ids": [fields.Command.link(group_sudo.id)]})

    def _get_eligible_members(self):
        """Return the active members allowed in the department's company."""
        self.ensure_one()
        users_sudo = (self.member_ids | self.head_id).sudo()
        return users_sudo._approval_working_for(self.company_id).with_env(self.env)

    def _get_first_responsible(self, candidates):
        """Return the one of ``candidates`` who gets the activity: the head first."""
        self.ensure_one()
        return self.head_id if self.head_id in candidates else candidates[:1]

    def _plan_days(self, start, days):
        """Return the moment that many working days after ``start``, in UTC.

        The working hours and holidays of the department count, else the company's.

        :param float days: negative: before ``start``
        """
        self.ensure_one()
        calendar = self.resource_calendar_id or self.company_id.resource_calendar_id
        if days and calendar:
            hours = days * (calendar.hours_per_day or 8.0)
            planned = calendar.plan_hours(hours, start, compute_leaves=True)
            if planned:
                return planned.replace(microsecond=0)
        return fields.Datetime.add(start, days=days)
