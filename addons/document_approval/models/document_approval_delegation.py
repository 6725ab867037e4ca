from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL


class DocumentApprovalDelegation(models.Model):
    """Who decides for somebody absent, from when to when (SPEC B5).

    Times are points in time (UTC in the database). The delegate decides in the
    absent person's place on what is open or opens meanwhile; nothing he could not
    decide as a stranger to the document: four eyes hold for both of them.
    """

    _name = "document.approval.delegation"
    _inherit = ["document.approval.home.mixin"]
    _description = "Delegation of Approvals"
    _order = "date_from desc, id desc"
    _rec_name = "reason"

    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Absent",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        ondelete="cascade",
    )
    delegate_id = fields.Many2one(
        comodel_name="res.users",
        string="Deputy",
        required=True,
        index=True,
        domain="[('share', '=', False), ('id', '!=', user_id)]",
        ondelete="cascade",
        help="Decides for the absent person; the log then says who decided for whom.",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        index=True,
        help="Only for documents of this company. Empty: of all companies.",
    )
    department_ids = fields.Many2many(
        comodel_name="document.approval.department",
        relation="document_approval_delegation_department_rel",
        column1="delegation_id",
        column2="department_id",
        string="Only for Departments",
        help="Empty: for every department the absent person reviews for.",
    )
    date_from = fields.Datetime(
        string="From", required=True, default=fields.Datetime.now
    )
    date_to = fields.Datetime(
        string="Until",
        required=True,
        default=lambda self: fields.Datetime.add(fields.Datetime.now(), days=7),
    )
    reason = fields.Char()
    author_id = fields.Many2one(
        comodel_name="res.users",
        string="Entered By",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="Who said last who decides for whom, and from when on.",
    )
    active = fields.Boolean(default=True)
    state = fields.Selection(
        selection=[("planned", "Planned"), ("running", "Running"), ("ended", "Ended")],
        compute="_compute_state",
    )
    _dates_check = models.Constraint(
        "CHECK(date_from < date_to)",
        "A delegation ends after it begins.",
    )
    _people_check = models.Constraint(
        "CHECK(user_id != delegate_id)",
        "Nobody is his own deputy.",
    )

    @api.depends("date_from", "date_to", "active")
    def _compute_state(self):
        now = fields.Datetime.now()
        for delegation in self:
            if not delegation.date_from or delegation.date_from > now:
                delegation.state = "planned"
            elif delegation.active and (delegation.date_to or now) > now:
                delegation.state = "running"
            else:
                delegation.state = "ended"

    @api.depends("user_id", "delegate_id")
    def _compute_display_name(self):
        for delegation in self:
            if not delegation.user_id or not delegation.delegate_id:
                delegation.display_name = self.env._("New delegation")
                continue
            delegation.display_name = self.env._(
                "%(deputy)s for %(absent)s",
                deputy=delegation.delegate_id.name or "",
                absent=delegation.user_id.name or "",
            )

    @api.constrains("user_id", "delegate_id", "company_id")
    def _check_people(self):
        for delegation in self.sudo():  # users and companies need not be readable
            deputy, company = delegation.delegate_id, delegation.company_id
            if deputy.share or delegation.user_id.share or not deputy.active:
                raise ValidationError(
                    self.env._(
                        "%(user)s cannot be a deputy: only active internal users "
                        "decide on documents.",
                        user=deputy.name,
                    )
                )
            common = deputy.company_ids & delegation.user_id.company_ids
            if not common or company and company not in common:
                raise ValidationError(
                    self.env._(
                        "%(deputy)s has no access to a company %(absent)s works for.",
                        deputy=deputy.name,
                        absent=delegation.user_id.name,
                    )
                )

    @api.constrains("user_id", "delegate_id")
    def _check_author(self):
        """Nobody makes himself the deputy of somebody else (SPEC B5)."""
        for delegation in self:
            if delegation.delegate_id == self.env.user != delegation.user_id:
                raise ValidationError(
                    self.env._(
                        "You cannot make yourself the deputy of %(user)s. Somebody "
                        "else has to enter that.",
                        user=delegation.user_id.name,
                    )
                )

    @api.constrains("user_id", "delegate_id", "date_from", "date_to", "active")
    def _check_cycle(self):
        """Refuse that people are, over however many others, deputies in a circle."""
        self._bump_people()
        for delegation in self.sudo().filtered("active"):  # others' count as well
            people = delegation._find_cycle()
            if people:
                raise ValidationError(
                    self.env._(
                        "This would go in a circle: %(people)s. Choose a deputy who "
                        "is there himself.",
                        people=" → ".join(people.mapped("name")),
                    )
                )

    def _bump_people(self):
        """Make rival delegations of the same people fail to serialize (DESIGN 3).

        Every two neighbours of a circle share a person, so at least one of several
        that are entered at the same moment is rerun and sees the others.
        """
        people = self.user_id | self.delegate_id
        self.env.execute_query(
            SQL(
                "UPDATE res_users SET document_approval_revision ="
                " COALESCE(document_approval_revision, 0) + 1"
                " WHERE id IN %s RETURNING id",
                tuple(sorted(people.ids)),
            )
        )
        people.invalidate_recordset(["document_approval_revision"], flush=False)

    def _find_cycle(self):
        """Return the people of a circle this delegation closes, or nobody.

        Only times at which all of its delegations run count.
        """
        self.ensure_one()
        paths = [(self, self.user_id | self.delegate_id, self.date_from, self.date_to)]
        while paths:
            last, people, start, end = paths.pop()
            for following in self.search(
                Domain("active", "=", True)
                & Domain("user_id", "=", last.delegate_id.id)
                & Domain("date_from", "<", end)
                & Domain("date_to", ">", start)
            ):
                if following.delegate_id == self.user_id:
                    return people | following.delegate_id
                if following.delegate_id not in people:
                    paths.append(
                        (
                            following,
                            people | following.delegate_id,
                            max(start, following.date_from),
                            min(end, following.date_to),
                        )
                    )
        return self.env["res.users"]

    @api.model_create_multi
    def create(self, vals_list):
        delegations = super().create(
            [{**vals, "author_id": self.env.uid} for vals in vals_list]
        )
        delegations._grant_reviewer_group()
        delegations._hand_over()
        return delegations

    def write(self, vals):
        vals = {name: value for name, value in vals.items() if name != "author_id"}
        begun = self.filtered(lambda delegation: delegation.state != "planned")
        if begun and {"user_id", "delegate_id", "date_from"}.intersection(vals):
            raise UserError(
                self.env._(
                    "A delegation that has begun can only be ended. Enter another one."
                )
            )
        if any(d.user_id.id != vals.get("user_id", d.user_id.id) for d in self):
            raise UserError(
                self.env._("Whose absence it is stays. Enter another delegation.")
            )
        if {"delegate_id", "date_from", "date_to", "active"}.intersection(vals):
            vals = {**vals, "author_id": self.env.uid}
        result = super().write(vals)
        self._grant_reviewer_group()
        self._hand_over()
        return result

    @api.ondelete(at_uninstall=True)
    def _unlink_except_begun(self):
        if any(delegation.state != "planned" for delegation in self):
            raise UserError(
                self.env._(
                    "A delegation that has begun is kept, so that decisions can be "
                    "traced. Set its end instead."
                )
            )

    def action_end(self):
        """End running delegations now."""
        now = fields.Datetime.now()
        for delegation in self.filtered(lambda d: d.state == "running"):
            delegation.date_to = max(
                now, fields.Datetime.add(delegation.date_from, seconds=1)
            )
        return True

    def _grant_reviewer_group(self):
        """Let deputies open what they review: the group alone decides nothing."""
        group_sudo = self.env.ref("document_approval.group_reviewer").sudo()
        # sudo: who goes on holiday need not administrate users
        deputies_sudo = self.delegate_id.sudo()
        deputies_sudo.filtered(lambda user: group_sudo not in user.all_group_ids).write(
            {"group_ids": [fields.Command.link(group_sudo.id)]}
        )

    def _hand_over(self):
        """Have the scheduled job hand over and give back what is open, in time."""
        now = fields.Datetime.now()
        times = {now} | {
            time
            for delegation in self
            for time in (delegation.date_from, delegation.date_to)
            if time > now
        }
        self.env["document.approval.seat"]._wake_follow_up(sorted(times))
        running = self.filtered(lambda delegation: delegation.state == "running")
        # sudo: seats are written by the engine only
        self.env["document.approval.seat"].sudo()._hand_over(running)

    # Who stands in for whom --------------------------------------------------------

    @api.model
    def _get_running(self):
        """Return the delegations that run now, of everybody."""
        now = fields.Datetime.now()
        # sudo: whoever decides, everybody's absences count
        return self.sudo().search(
            Domain("active", "=", True)  # whatever the context says
            & Domain("date_from", "<=", now)
            & Domain("date_to", ">", now)
        )

    def _counts_for(self, company, department):
        """Tell whether the delegation is meant for a seat of that department.

        :param company: None for whatever company and department
        """
        self.ensure_one()
        return (
            company is None
            or self.company_id in (company, self.company_id.browse())
            and (not self.department_ids or department in self.department_ids)
        )

    def _get_deputies(self, user, company, department, without):
        """Return who stands in for ``user``, over other absent people too.

        Called on the running delegations.

        :param without: people no way may lead through: they have no say in who
            decides, because the document is theirs
        """
        ends = ("user_id", "delegate_id")
        return self._follow(user, company, department, without, *ends)

    def _get_absent(self, user, company=None, department=None, without=()):
        """Return for whom ``user`` stands in, over other absent people too.

        Called on the running delegations.

        :param without: as for :meth:`_get_deputies`
        """
        ends = ("delegate_id", "user_id")
        return self._follow(user, company, department, without, *ends)

    def _follow(self, user, company, department, without, start, end):
        found = self.env["res.users"]
        without = without or found
        todo = user
        while todo:
            reached = self.filtered(
                lambda d, todo=todo: (
                    d[start] in todo and d._counts_for(company, department)
                )
            )[end]
            todo = reached - found - user - without
            found |= todo
        return found
