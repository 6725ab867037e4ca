from odoo import api, fields, models
from odoo.exceptions import ValidationError

#: longest time limit, in working days
_MOST_DAYS = 365.0


class SaleOrderTaskTemplate(models.Model):
    """What a department is told to do when an order is confirmed (SPEC F1)."""

    _name = "sale.order.task.template"
    _inherit = ["document.approval.home.mixin"]
    _description = "Order Task Template"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(string="What to Do", required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    department_id = fields.Many2one(
        comodel_name="document.approval.department",
        required=True,
        check_company=True,
        ondelete="restrict",
        help="Its members see the task and may finish it.",
    )
    type_ids = fields.Many2many(
        comodel_name="sale.order.type",
        string="Order Types",
        check_company=True,
        help="Empty: for orders of every type.",
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
        help="An order without such lines gives no task.",
    )
    limit_days = fields.Float(
        string="Working Days",
        default=1.0,
        help="In the working hours of the department.",
    )
    limit_from = fields.Selection(
        selection=[
            ("after_confirmation", "after the confirmation"),
            ("before_delivery", "before the delivery date"),
        ],
        string="Counted",
        default="after_confirmation",
        required=True,
    )

    @api.constrains("limit_days")
    def _check_limit_days(self):
        for template in self:
            if not 0 <= template.limit_days <= _MOST_DAYS:  # refuses NaN too
                raise ValidationError(
                    self.env._(
                        "%(task)s: the time limit is between 0 and %(most)s days.",
                        task=template.name,
                        most=int(_MOST_DAYS),
                    )
                )

    # Which orders and lines -----------------------------------------------------

    def _applies_to(self, order):
        """Tell whether orders of this kind give the task."""
        self.ensure_one()
        return not self.type_ids or order.policy_type_id in self.type_ids

    def _get_lines(self, order):
        """Return the lines of ``order`` the task is about; made to be extended."""
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
        return lines.filtered(lambda line: self.line_kind in self._get_kinds(line))

    @api.model
    def _get_kinds(self, line):
        """Return how the product of a line comes here: goods, make, buy.

        By the rules of the routes of the line, else of the product and its category,
        and those of the warehouse that are meant for such a product: the apps that make
        and buy keep theirs there, for what has a bill of materials or a vendor. Made
        to be extended.
        """
        product = line.product_id
        if product.type != "consu":
            return set()
        routes = line.route_ids or (
            product.route_ids | product.categ_id.total_route_ids
        )
        warehouse = line.warehouse_id
        rules = self.env["stock.rule"]
        routes |= warehouse.route_ids.filtered(
            lambda route: rules._filter_warehouse_routes(product, warehouse, route)
        )
        actions = set(
            routes.rule_ids.filtered(
                lambda rule: rule.company_id in (line.company_id, rule.browse())
            ).mapped("action")
        )
        kinds = {"goods"}
        if "manufacture" in actions:
            kinds.add("make")
        if "buy" in actions:
            kinds.add("buy")
        return kinds

    # By when ----------------------------------------------------------------------

    def _get_deadline(self, order, confirmed):
        """Return by when the task is to be done, in UTC; never before ``confirmed``.

        Without a promised delivery date the time runs from the confirmation. Where
        the promise leaves less time than the limit, the promised date is the limit.

        :param confirmed: when the order was confirmed, in UTC
        """
        self.ensure_one()
        delivery = order.commitment_date
        if self.limit_from == "before_delivery" and delivery:
            deadline = self.department_id._plan_days(delivery, -self.limit_days)
            return deadline if deadline > confirmed else max(delivery, confirmed)
        return self.department_id._plan_days(confirmed, self.limit_days)
