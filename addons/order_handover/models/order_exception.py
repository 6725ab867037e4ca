from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain


class OrderException(models.Model):
    """Something went wrong with an order: owner, plan, customer told (SPEC I2, I3, H3).

    It is open until every step's own document is done and the customer was informed.
    What the system keeps (number, order, deadline, who informed the customer, state)
    is written by its methods only.
    """

    _name = "order.exception"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _description = "Order Exception"
    _order = "date_closed desc, priority desc, inform_deadline, id desc"
    _check_company_auto = True

    # identity
    name = fields.Char(string="Number", readonly=True, copy=False, default="/")
    kind_id = fields.Many2one(
        comodel_name="order.exception.kind",
        required=True,
        tracking=True,
        check_company=True,
        ondelete="restrict",
    )
    order_id = fields.Many2one(
        comodel_name="sale.order",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
    )
    order_name = fields.Char(
        string="Order Number", related="order_id.name", related_sudo=True
    )
    picking_id = fields.Many2one(
        comodel_name="stock.picking",
        string="Delivery",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        compute="_compute_partner_id",
        store=True,
        compute_sudo=True,
        index=True,
    )
    source = fields.Selection(
        selection=[
            ("staff", "Staff"),
            ("portal", "Customer in the Portal"),
            ("acceptance", "Acceptance Slip"),
            ("system", "Noticed by the System"),
        ],
        default="staff",
        required=True,
        readonly=True,
    )
    # parties
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Owner",
        index="btree_not_null",
        domain=[("share", "=", False)],
        tracking=True,
    )
    department_id = fields.Many2one(
        comodel_name="document.approval.department",
        string="Owner Department",
        check_company=True,
        index="btree_not_null",
        tracking=True,
    )
    # content
    priority = fields.Selection(
        selection=[("0", "Normal"), ("1", "Urgent")],
        default="0",
        help="Replacements of an urgent exception are urgent transfers.",
    )
    description = fields.Text(string="What Happened", required=True)
    line_ids = fields.One2many(
        comodel_name="order.exception.line",
        inverse_name="exception_id",
        string="Goods Concerned",
    )
    plan = fields.Text(help="For the staff only.")
    plan_date = fields.Date(string="To Be Settled By")
    customer_text = fields.Text(
        string="Words for the Customer",
        help="The customer reads this in the portal: what you are doing about it.",
    )
    step_ids = fields.One2many(
        comodel_name="order.exception.step",
        inverse_name="exception_id",
        string="Steps",
        readonly=True,
    )
    # the customer
    inform_deadline = fields.Datetime(
        string="Inform the Customer By",
        readonly=True,
        copy=False,
        index=True,
        help="24 hours after it was entered, nights and holidays included.",
    )
    informed_on = fields.Datetime(
        string="Customer Informed On", readonly=True, copy=False, tracking=True
    )
    informed_by_id = fields.Many2one(
        comodel_name="res.users", string="Informed By", readonly=True, copy=False
    )
    informed_how = fields.Selection(
        selection=[
            ("mail", "E-mail"),
            ("phone", "Phone"),
            ("portal", "By Himself"),
        ],
        string="How",
        readonly=True,
        copy=False,
    )
    informed_note = fields.Text(string="What Was Said", readonly=True, copy=False)
    is_inform_overdue = fields.Boolean(
        string="Customer Not Informed in Time",
        compute="_compute_is_inform_overdue",
        search="_search_is_inform_overdue",
    )
    escalated_on = fields.Datetime(readonly=True, copy=False)
    # state
    state = fields.Selection(
        selection=[
            ("new", "New"),
            ("working", "Being Settled"),
            ("settled", "Settled"),
            ("closed", "Closed"),
        ],
        compute="_compute_state",
        store=True,
        compute_sudo=True,
        index=True,
        tracking=True,
        group_expand=True,
    )
    date_closed = fields.Datetime(string="Closed On", readonly=True, copy=False)
    closed_by_id = fields.Many2one(comodel_name="res.users", readonly=True, copy=False)
    result = fields.Text(help="How it was settled; needed when no step was taken.")
    step_count = fields.Integer(compute="_compute_step_count")

    _late_uniq = models.UniqueIndex(
        "(picking_id) WHERE source = 'system' AND picking_id IS NOT NULL",
        "The delay of this delivery is an exception already.",
    )

    @api.depends("order_id.partner_id")
    def _compute_partner_id(self):
        for exception in self:
            exception.partner_id = exception.order_id.partner_id

    @api.depends("date_closed", "step_ids.state", "plan", "result")
    def _compute_state(self):
        for exception in self:
            states = set(exception.step_ids.mapped("state"))
            if exception.date_closed:
                exception.state = "closed"
            elif states and states <= {"done", "cancelled"}:
                exception.state = "settled"
            elif states or exception.plan:
                exception.state = "working"
            else:
                exception.state = "new"

    @api.depends("inform_deadline", "informed_on")
    def _compute_is_inform_overdue(self):
        now = fields.Datetime.now()
        for exception in self:
            deadline = exception.inform_deadline
            exception.is_inform_overdue = bool(
                deadline and not exception.informed_on and deadline < now
            )

    def _search_is_inform_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = Domain("informed_on", "=", False) & Domain(
            "inform_deadline", "<", fields.Datetime.now()
        )
        wanted = Domain.FALSE
        if True in value:
            wanted |= late
        if False in value:
            wanted |= ~late
        return wanted

    @api.depends("step_ids")
    def _compute_step_count(self):
        for exception in self:
            exception.step_count = len(exception.step_ids)

    @api.constrains("order_id", "picking_id", "line_ids")
    def _check_belongs_together(self):
        for exception in self.sudo():  # sudo: orders and deliveries of colleagues
            order = exception.order_id
            pickings = exception.picking_id | exception.line_ids.move_id.picking_id
            of_order = order.picking_ids | order.order_line.move_ids.picking_id
            lines = exception.line_ids.sale_line_id
            if pickings - of_order or lines.order_id - order:
                raise ValidationError(
                    self.env._(
                        "Delivery and goods of an exception belong to its order "
                        "%(order)s.",
                        order=order.name,
                    )
                )

    # Who writes what ----------------------------------------------------------------

    @api.model
    def _get_open_fields(self):
        """Return what people may write on an exception. Made to be extended."""
        thread = set(self.env["mail.thread"]._fields)
        activity = set(self.env["mail.activity.mixin"]._fields)
        own = {
            "kind_id",
            "user_id",
            "department_id",
            "priority",
            "description",
            "line_ids",
            "plan",
            "plan_date",
            "customer_text",
            "result",
        }
        return own | (thread | activity) - {"id", "display_name"}

    @api.model
    def default_get(self, fields):
        """EXTENDS 'base': no default fills what only the system writes."""
        allowed = self._get_open_fields() | {"order_id", "picking_id"}
        return {
            name: value
            for name, value in super().default_get(fields).items()
            if name in allowed or self._fields[name].default
        }

    @api.model_create_multi
    def create(self, vals_list):
        """Enter exceptions; as a user only what people may write, for visible orders.

        :raise AccessError: naming the field, or for orders the user may not read
        """
        allowed = self._get_open_fields() | {"order_id", "picking_id"}
        for vals in vals_list:
            self._refuse_kept(vals, allowed)
        records = super().create(
            [self._prepare_values(vals, "staff") for vals in vals_list]
        )
        records._check_reporter()
        records.sudo()._tell_departments()  # sudo: to-dos of colleagues
        return records

    @api.model
    def _create_system(self, vals_list, source):
        """Enter exceptions noticed by customers or the system.

        :param str source: who noticed it: portal, acceptance or system
        :return: with elevated rights
        """
        # sudo: for who may not enter them: customers, scheduled jobs
        records = super(OrderException, self.sudo()).create(
            [self._prepare_values(vals, source) for vals in vals_list]
        )
        records._tell_departments()
        return records

    @api.model
    def _prepare_values(self, vals, source):
        """Return the values of a new exception, kept ones included."""
        order = self.env["sale.order"].browse(vals.get("order_id"))
        picking = self.env["stock.picking"].browse(vals.get("picking_id") or ())
        # sudo: who enters it need not see all of it; checked afterwards
        order_sudo = order.sudo() or picking.sudo().sale_id
        company = order_sudo.company_id
        kind_sudo = self.env["order.exception.kind"].sudo().browse(vals.get("kind_id"))
        department = vals.get("department_id") or self._get_department(
            company, kind_sudo.department_code
        )
        now = fields.Datetime.now()
        values = {
            **vals,
            **dict.fromkeys(self._get_kept_fields(), False),
            # sudo: numbers are given to whoever enters one
            "name": self.env["ir.sequence"].sudo().next_by_code("order.exception"),
            "order_id": order_sudo.id,
            "company_id": company.id,
            "department_id": department and int(department),
            "source": source,
            "inform_deadline": fields.Datetime.add(now, hours=24),
        }
        if not vals.get("user_id"):
            values["user_id"] = self._get_owner(department, order_sudo).id
        return values

    @api.model
    def _get_kept_fields(self):
        """Return fields that begin empty and are filled by methods only."""
        return (
            "informed_on",
            "informed_by_id",
            "informed_how",
            "informed_note",
            "escalated_on",
            "date_closed",
            "closed_by_id",
        )

    def _check_reporter(self):
        """Refuse exceptions on orders the user cannot see."""
        self.order_id.check_access("read")

    def write(self, vals):
        """Refuse what only the system writes, whoever asks.

        :raise AccessError: naming the field
        :raise UserError: for closed exceptions
        """
        self._refuse_kept(vals, self._get_open_fields())
        said = {"kind_id", "priority", "description", "line_ids", "plan", "plan_date"}
        if said & set(vals):
            self._refuse_closed()
        return super().write(vals)

    def _refuse_closed(self):
        """Refuse to go on with what is closed.

        :raise UserError: naming one of them
        """
        if closed := self.filtered("date_closed"):
            raise UserError(
                self.env._(
                    "%(exception)s is closed. Open it again first.",
                    exception=closed[0].name,
                )
            )

    @api.model
    def _refuse_kept(self, vals, allowed):
        for name in vals.keys() - allowed:
            if name not in self._fields:
                continue
            raise AccessError(
                self.env._(
                    "%(field)s of an exception is kept by the system.",
                    field=self._fields[name]._description_string(self.env),
                )
            )

    def _write_system(self, vals):
        # sudo: states are moved by those who may, as their methods have checked
        return super(OrderException, self.sudo()).write(vals)

    @api.ondelete(at_uninstall=True)
    def _unlink_except_kept(self):
        raise UserError(
            self.env._("Exceptions are kept; close them with the reason instead.")
        )

    # Departments and owners ---------------------------------------------------------

    @api.model
    def _get_department(self, company, code):
        """Return the department of that code in ``company``."""
        # sudo: departments are set-up, for whoever enters an exception
        departments_sudo = self.env["document.approval.department"].sudo()
        return departments_sudo.search(
            [("company_id", "=", company.id), ("code", "=ilike", code or "")], limit=1
        )

    @api.model
    def _get_owner(self, department, order):
        """Return who owns a new exception: the department's first, else the seller."""
        # sudo: members of departments
        departments_sudo = self.env["document.approval.department"].sudo()
        department_sudo = departments_sudo.browse(department and int(department))
        user = department_sudo and department_sudo._get_task_responsible()
        return user or order._approval_owner()
