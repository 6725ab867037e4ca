from odoo import api, fields, models


class SaleAmountClass(models.Model):
    """Orders from an amount on that departments have to look at (SPEC B2, B4).

    An order falls into one class: the one with the largest lower bound it reaches,
    by its untaxed amount in the company's currency at today's rate.
    """

    _name = "sale.amount.class"
    _inherit = ["document.approval.home.mixin"]
    _description = "Amount Class"
    _order = "company_id, amount_from desc, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount_from = fields.Monetary(
        string="From Amount",
        required=True,
        help="Untaxed, in the company's currency. The amount itself belongs to the "
        "class.",
    )
    department_ids = fields.Many2many(
        comodel_name="document.approval.department",
        string="Departments",
        required=True,
        check_company=True,
        help="Who has to look at orders of this class. Departments of a joint review "
        "sit side by side there.",
    )
    order_type_ids = fields.Many2many(
        comodel_name="sale.order.type",
        string="Order Types",
        check_company=True,
        help="Empty: for all order types.",
    )

    _amount_from_check = models.Constraint(
        "CHECK (amount_from > 0)", "The amount of a class is above zero."
    )

    @api.model
    def _get_findings(self, orders):
        """Return {order id: [finding]}, one per department of the order's class."""
        # sudo: the classes count whoever submits
        classes_sudo = self.sudo().search([("company_id", "in", orders.company_id.ids)])
        amounts = orders._approval_amounts() if classes_sudo else {}
        findings = {}
        for order in orders:
            reached = classes_sudo.filtered(
                lambda klass, order=order: klass._is_reached(order, amounts[order.id])
            )[:1]  # the highest first
            findings[order.id] = [
                order._approval_make_finding(
                    "amount_class",
                    department.code,
                    "review",
                    class_id=reached.id,
                    class_name=reached.name,
                    actual=amounts[order.id],
                    allowed=reached.amount_from,
                    currency_id=reached.currency_id.id,
                )
                for department in reached.department_ids
            ]
        return findings

    def _is_reached(self, order, amount):
        """Tell whether an order of ``amount`` (company currency) is of this class."""
        self.ensure_one()
        return (
            self.company_id == order.company_id
            and self.currency_id.compare_amounts(amount, self.amount_from) >= 0
            and (not self.order_type_ids or order.policy_type_id in self.order_type_ids)
        )

    @api.model
    def _get_text(self, values):
        """Return the finding in words."""
        # sudo: names only, of what was found on an order the reader may see
        currency_sudo = self.env["res.currency"].sudo().browse(values["currency_id"])
        klass_sudo = self.sudo().browse(values["class_id"]).exists()
        return self.env._(
            "%(name)s: %(actual)s untaxed, from %(allowed)s on",
            name=klass_sudo.name or values["class_name"],
            actual=currency_sudo.format(values["actual"]),
            allowed=currency_sudo.format(values["allowed"]),
        )
