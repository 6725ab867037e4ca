import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

#: longest time limits, in working days and hours
_MOST = {"days": 365.0, "hours": 999.0}
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


class OrderHandoverStage(models.Model):
    """Who hands what over to whom, at which event of an order (SPEC F2).

    Without effect until the company switches its handover lists on.
    """

    _name = "order.handover.stage"
    _inherit = ["document.approval.home.mixin"]
    _description = "Handover Stage"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(string="Stage", required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    type_ids = fields.Many2many(
        comodel_name="sale.order.type",
        string="Order Types",
        check_company=True,
        help="Empty: for orders of every type.",
    )
    event = fields.Selection(
        selection=[
            ("order_confirmed", "Order confirmed"),
            ("goods_received", "Goods bought for the order received"),
            ("goods_picked", "Goods ready to be shipped"),
            ("goods_issued", "Goods issued"),
            ("goods_accepted", "Goods accepted by the customer"),
            ("invoice_posted", "Invoice posted"),
        ],
        string="Begins When",
        required=True,
        help="Each time it happens, the receiving department gets a handover.",
    )
    line_kind = fields.Selection(
        selection=[
            ("all", "All lines"),
            ("goods", "Goods"),
            ("make", "Products that are made"),
            ("buy", "Products that are bought"),
        ],
        string="Concerns",
        default="all",
        required=True,
        help="Which lines of a confirmed order are handed over. An order without such "
        "lines gives no handover.",
    )
    # parties
    sender_department_id = fields.Many2one(
        comodel_name="document.approval.department",
        string="Handed Over By",
        required=True,
        check_company=True,
        ondelete="restrict",
    )
    receiver_department_id = fields.Many2one(
        comodel_name="document.approval.department",
        string="Received By",
        required=True,
        check_company=True,
        ondelete="restrict",
        help="Its members see what waits for them, and receive or refuse it.",
    )
    content = fields.Text(
        string="What Is Handed Over",
        translate=True,
        help="Printed above the products, for example: packing list and certificate "
        "of order {order}. {order}, {customer} and {document} are filled in.",
    )
    requires_signature = fields.Boolean(
        string="Signature", help="Who receives it has to sign."
    )
    # by when
    limit_value = fields.Float(string="Time Limit", default=1.0)
    limit_unit = fields.Selection(
        selection=[("days", "working days"), ("hours", "working hours")],
        string="Unit of Time",
        default="days",
        required=True,
        help="In the working hours of the receiving department.",
    )
    limit_from = fields.Selection(
        selection=[
            ("after_event", "after the event"),
            ("before_delivery", "before the delivery date"),
        ],
        string="Counted",
        default="after_event",
        required=True,
    )
    escalate_hours = fields.Float(
        string="Escalate After (Working Hours)",
        default=8.0,
        help="The head of the receiving department is told when the time limit is "
        "over, and so many working hours later the order coordinator. 0: only the "
        "head.",
    )

    @api.constrains("limit_value", "limit_unit", "escalate_hours")
    def _check_limits(self):
        for stage in self:
            most = _MOST[stage.limit_unit]
            if not (  # refuses NaN too
                0 <= stage.limit_value <= most
                and 0 <= stage.escalate_hours <= _MOST["hours"]
            ):
                raise ValidationError(
                    self.env._(
                        "%(stage)s: time limits are between 0 and %(most)s.",
                        stage=stage.name,
                        most=int(most),
                    )
                )

    @api.constrains("sender_department_id", "receiver_department_id")
    def _check_departments(self):
        for stage in self:
            if stage.sender_department_id == stage.receiver_department_id:
                raise ValidationError(
                    self.env._(
                        "%(stage)s: a department cannot hand over to itself.",
                        stage=stage.name,
                    )
                )

    # Which orders and lines -----------------------------------------------------

    def _applies_to(self, order):
        """Tell whether orders of this kind give the handover; made to be extended."""
        self.ensure_one()
        return not self.type_ids or order.policy_type_id in self.type_ids

    def _get_lines(self, order):
        """Return the lines of a confirmed order the stage is about."""
        self.ensure_one()
        lines = order.order_line.filtered(
            lambda line: (
                line.product_id
                and not line.display_type
                and not line._policy_is_system_line()
                and line.product_id.type != "combo"
            )
        )
        if self.line_kind == "all":
            return lines
        kinds = self._get_kinds(lines)
        return lines.filtered(lambda line: self.line_kind in kinds[line])

    @api.model
    def _get_kinds(self, lines):
        """Return how what is sold comes here: {line: set of goods, make, buy}.

        By routes of lines, products and categories; the add-ons for manufacturing
        and purchase add what is made or bought without a route of its own.
        """
        templates = self.env["sale.order.task.template"]
        return {line: set(templates._get_kinds(line)) for line in lines}

    def _render_content(self, values):
        """Return the text with ``{name}`` filled in; unknown names stay as they are.

        :param dict values: {name: text}
        """
        self.ensure_one()
        return _PLACEHOLDER.sub(
            lambda match: values.get(match[1], match[0]), self.content or ""
        )

    # By when ----------------------------------------------------------------------

    def _get_deadline(self, order, start):
        """Return by when it is to be received, in UTC; never before ``start``.

        Without a promised delivery date the time runs from ``start``. Where the
        promise leaves less time than the limit, the promised date is the limit.

        :param start: when it was handed over, in UTC
        """
        self.ensure_one()
        department = self.receiver_department_id
        delivery = order.commitment_date
        if self.limit_from == "before_delivery" and delivery:
            deadline = department._handover_plan(
                delivery, -self.limit_value, self.limit_unit
            )
            return deadline if deadline > start else max(delivery, start)
        return department._handover_plan(start, self.limit_value, self.limit_unit)
