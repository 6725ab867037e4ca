"""People of a company under control, and the steps of an order as they take them."""

from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user

# The departments of the usual flow with the login of their only member.
REVIEWERS = {
    "sales": "flow_supervisor",
    "finance": "flow_finance",
    "operations": "flow_operations",
    "technical": "flow_technical",
    "production": "flow_production",
    "management": "flow_management",
}


class OrderFlowCase(TransactionCase):
    """The main company in enforce mode, with one person per department.

    Reviewers have no rights but those of any employee and what their department
    gives them; a class may name groups for them in ``reviewer_groups``.
    """

    reviewer_groups: dict[str, str] = {}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        cls.company = cls.env.company
        cls.company.tax_calculation_rounding_method = "round_per_line"
        cls.salesperson = cls._user("flow_sales", "sales_team.group_sale_salesman")
        cls.storekeeper = cls._user("flow_warehouse", "stock.group_stock_user")
        cls.accountant = cls._user("flow_accountant", "account.group_account_invoice")
        cls._seat_the_reviewers()
        cls.env["sale.price.rule"].search([]).action_archive()
        cls.company.document_approval_mode = "enforce"

    @classmethod
    def _user(cls, login, groups="base.group_user"):
        return new_test_user(
            cls.env,
            login=login,
            name=login.removeprefix("flow_").capitalize(),
            groups=groups,
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    @classmethod
    def _seat_the_reviewers(cls):
        cls.company._sale_policy_create_default_flow()
        departments = cls.env["document.approval.department"].search(
            [("company_id", "=", cls.company.id)]
        )
        cls.reviewers = {
            code: cls._user(login, cls.reviewer_groups.get(code, "base.group_user"))
            for code, login in REVIEWERS.items()
        }
        for department in departments:
            member = cls.reviewers.get(department.code)
            department.write(
                {
                    "head_id": False,
                    "member_ids": [Command.set(member.ids if member else [])],
                }
            )

    # Steps -----------------------------------------------------------------------

    def submit(self, order):
        """Submit as the salesperson."""
        order.with_user(self.salesperson).action_submit_for_approval()

    def seat(self, order, code):
        """Return the department's seat in the current round."""
        return order.approval_round_id.seat_ids.filtered(
            lambda seat: seat.department_id.code == code
        )

    def open_departments(self, order):
        """Return the codes of the departments whose turn it is."""
        seats = order.approval_round_id.seat_ids
        return {seat.department_id.code for seat in seats if seat.state == "open"}

    def approve(self, order, *codes):
        """Agree as the members of these departments, one after the other."""
        for code in codes:
            seat = self.seat(order, code)
            answers = dict.fromkeys(seat.check_ids.ids, "yes")
            seat.with_user(self.reviewers[code]).action_approve(answers=answers)

    def refuse(self, order, code, reason):
        """Refuse as the member of the department."""
        self.seat(order, code).with_user(self.reviewers[code]).action_refuse(reason)

    def confirm(self, order):
        """Confirm as the salesperson."""
        order.with_user(self.salesperson).action_confirm()

    def deliver(self, order):
        """Ship everything as the storekeeper."""
        for picking in order.picking_ids.with_user(self.storekeeper):
            picking.action_assign()
            self.assertEqual(picking.state, "assigned", "there is enough in stock")
            self.assertIs(picking.button_validate(), True, "nothing is asked back")

    def invoice(self, order):
        """Invoice what was delivered as the salesperson; the accountant posts it."""
        wizard = (
            self.env["sale.advance.payment.inv"]
            .with_user(self.salesperson)
            .with_context(active_model="sale.order", active_ids=order.ids)
            .create({"advance_payment_method": "delivered"})
        )
        wizard.create_invoices()
        order.invoice_ids.with_user(self.accountant).action_post()

    def assertDelivered(self, order):
        """Every line has been delivered as ordered."""
        self.assertTrue(order.picking_ids)
        self.assertEqual(set(order.picking_ids.mapped("state")), {"done"})
        for line in order.order_line:
            self.assertEqual(line.qty_delivered, line.product_uom_qty, line.name)
