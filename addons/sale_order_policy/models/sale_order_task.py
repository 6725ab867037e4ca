from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL


class SaleOrderTask(models.Model):
    """What a department has to do for a confirmed order, and by when (SPEC F1).

    Made by the system. What it says is frozen as confirmed, without prices, so that
    people who may not read orders can do it.
    """

    _name = "sale.order.task"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _description = "Order Task"
    _order = "deadline, id"
    _check_company_auto = True

    # identity
    name = fields.Char(
        string="What to Do", required=True, readonly=True, translate=True
    )
    order_id = fields.Many2one(
        comodel_name="sale.order",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    order_name = fields.Char(string="Order Number", required=True, readonly=True)
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True
    )
    batch_id = fields.Many2one(
        comodel_name="sale.order.task.batch",
        string="Confirmation",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    template_id = fields.Many2one(
        comodel_name="sale.order.task.template",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    # parties
    department_id = fields.Many2one(
        comodel_name="document.approval.department",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Responsible",
        index="btree_not_null",
        domain=[("share", "=", False)],
    )
    is_mine = fields.Boolean(
        string="Of My Department",
        compute="_compute_is_mine",
        search="_search_is_mine",
        help="You may finish it.",
    )
    # content
    partner_name = fields.Char(string="Customer", readonly=True)
    delivery_place = fields.Text(readonly=True)
    line_ids = fields.One2many(
        comodel_name="sale.order.task.line",
        inverse_name="task_id",
        string="Lines",
        readonly=True,
    )
    content_fingerprint = fields.Char(readonly=True)
    note = fields.Text(string="Remarks")
    # state
    deadline = fields.Datetime(required=True, readonly=True, index=True)
    state = fields.Selection(
        selection=[
            ("open", "Open"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        default="open",
        required=True,
        readonly=True,
        index=True,
    )
    is_overdue = fields.Boolean(compute="_compute_is_overdue")
    done_by_id = fields.Many2one(comodel_name="res.users", readonly=True)
    done_on = fields.Datetime(readonly=True)

    _template_uniq = models.UniqueIndex(
        "(batch_id, template_id) WHERE template_id IS NOT NULL",
        "This confirmation has this task already.",
    )

    @api.depends("state", "deadline")
    def _compute_is_overdue(self):
        now = fields.Datetime.now()
        for task in self:
            task.is_overdue = task.state == "open" and task.deadline < now

    @api.depends("department_id", "user_id")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        mine = self.filtered_domain(self._get_mine_domain())
        for task in self:
            task.is_mine = task in mine

    def _search_is_mine(self, operator, value):
        if operator != "in":
            return NotImplemented
        mine = self._get_mine_domain()
        wanted = Domain.FALSE
        if True in value:
            wanted |= mine
        if False in value:
            wanted |= ~mine
        return wanted

    @api.model
    def _get_mine_domain(self):
        """Return which tasks the user may finish: as the record rule says."""
        # sudo: who is a member of what; only of the user himself
        departments_sudo = self.env["document.approval.department"].sudo()
        own = departments_sudo.search(
            Domain("member_ids", "in", self.env.uid)
            | Domain("head_id", "=", self.env.uid)
        )
        return Domain("department_id", "in", own.ids) | Domain(
            "user_id", "=", self.env.uid
        )

    # Who writes what ------------------------------------------------------------

    @api.model
    def _get_open_fields(self):
        """Return what members may write: remarks, and who is responsible.

        Made to be extended.
        """
        thread = set(self.env["mail.thread"]._fields)
        activity = set(self.env["mail.activity.mixin"]._fields)
        return {"note", "user_id"} | (thread | activity) - {"id", "display_name"}

    def write(self, vals):
        """Refuse what only the system writes, whoever asks.

        :raise AccessError: naming the field
        """
        for name in vals.keys() - self._get_open_fields():
            raise AccessError(
                self.env._(
                    "%(field)s of an order task is kept by the system.",
                    field=self._fields[name]._description_string(self.env),
                )
            )
        result = super().write(vals)
        if "user_id" in vals:
            self._check_responsible()
            self.filtered(lambda task: task.state == "open")._tell_responsible()
        return result

    def _write_system(self, vals):
        # sudo: states are moved by those who may, as their methods have checked
        return super(SaleOrderTask, self.sudo()).write(vals)

    def _check_responsible(self):
        """Refuse responsible people who could not open the task."""
        for task in self.sudo():  # sudo: the members of a department
            members = task.department_id._get_eligible_members()
            if task.user_id and task.user_id not in members:
                raise UserError(
                    self.env._(
                        "%(user)s is no member of the department %(department)s.",
                        user=task.user_id.name,
                        department=task.department_id.name,
                    )
                )

    @api.ondelete(at_uninstall=True)
    def _unlink_except_kept(self):
        raise UserError(self.env._("Order tasks are kept; finish them instead."))

    # Actions ----------------------------------------------------------------------

    def action_done(self):
        """Finish open tasks; for members of the department and sales managers.

        :raise AccessError: for everybody else
        :raise UserError: when a task is not open any more
        """
        self.check_access("write")
        closed = self.filtered(lambda task: task.state != "open")
        if closed:
            raise UserError(
                self.env._(
                    "%(task)s is not open any more.", task=closed[0].display_name
                )
            )
        self._write_system(
            {
                "state": "done",
                "done_by_id": self.env.uid,
                "done_on": fields.Datetime.now(),
            }
        )
        self._forget_activities()
        return True

    def action_reopen(self):
        """Take back that tasks are done, as long as the order is confirmed.

        :raise AccessError: for who could not finish them
        :raise UserError: when the order is not confirmed, or the task is open
        """
        self.check_access("write")
        for task_sudo in self.sudo():  # sudo: the state of the order
            if task_sudo.state != "done" or task_sudo.order_id.state != "sale":
                raise UserError(
                    self.env._(
                        "%(task)s cannot be opened again: only done tasks of a "
                        "confirmed order can.",
                        task=task_sudo.display_name,
                    )
                )
        self._write_system({"state": "open", "done_by_id": False, "done_on": False})
        self._tell_responsible()
        return True

    def action_take(self):
        """Become responsible for the tasks; for members of the department."""
        self.write({"user_id": self.env.uid})
        return True

    # System -----------------------------------------------------------------------

    @api.model
    def _cancel_of_orders(self, orders):
        """Cancel the open tasks of ``orders``, in a few statements."""
        tasks = self.search([("order_id", "in", orders.ids), ("state", "=", "open")])
        if tasks:
            tasks._write_system({"state": "cancelled"})
            tasks._forget_activities()

    def _forget_activities(self):
        # sudo: the to-do of a colleague ends as well
        self.sudo().with_context(active_test=False).activity_ids.filtered(
            "active"
        ).unlink()

    def _tell_responsible(self):
        """Give each task one to-do, for who is responsible."""
        self._forget_activities()
        for task_sudo in self.sudo():  # sudo: a to-do of somebody else
            user = task_sudo.user_id
            if not user:
                continue
            reader = task_sudo.with_context(
                lang=user.lang, tz=user.tz, mail_activity_quick_update=True
            )
            reader.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=user.id,
                date_deadline=fields.Datetime.context_timestamp(
                    reader, task_sudo.deadline
                ).date(),
                summary=f"{reader.name} ({reader.order_name})",
            )

    def _translate_names(self):
        """Give the tasks the names of their templates in all languages, at once."""
        if not self.ids:
            return
        self.flush_recordset()
        self.template_id.flush_recordset(["name"])
        self.env.execute_query(
            SQL(
                "UPDATE sale_order_task task SET name = template.name"
                " FROM sale_order_task_template template"
                " WHERE template.id = task.template_id AND task.id = ANY(%s)"
                " RETURNING task.id",
                self.ids,
            )
        )
        self.invalidate_recordset(["name", "display_name"], flush=False)

    @api.depends("name", "order_name")
    def _compute_display_name(self):
        for task in self:
            task.display_name = f"{task.name} ({task.order_name})"
