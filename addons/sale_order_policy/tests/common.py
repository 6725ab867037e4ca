from odoo.fields import Command

from odoo.addons.sale.tests.common import SaleCommon


class SaleOrderPolicyCommon(SaleCommon):
    """A company that enforces approvals, its people, a customer and products.

    Supervisor and finance decide for the departments of these names; everybody else
    does for the rest. The salesperson has a portal customer.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # sudo: some test classes run as a user of accounting
        cls.company = cls.env.company.sudo()
        cls.env["sale.price.rule"].sudo().search([]).action_archive()
        (
            cls.salesman,
            cls.other_salesman,
            cls.manager,
            cls.supervisor,
            cls.financier,
            cls.operator,
            cls.engineer,
            cls.planner,
            cls.director,
        ) = cls._create_users(
            {
                "salesman": "sales_team.group_sale_salesman",
                "other salesman": "sales_team.group_sale_salesman_all_leads",
                "manager": "sales_team.group_sale_manager",
                "supervisor": "base.group_user",
                "financier": "base.group_user",
                "operator": "base.group_user",
                "engineer": "base.group_user",
                "planner": "base.group_user",
                "director": "base.group_user",
            }
        )
        cls.company._sale_policy_create_default_flow()
        cls.flow = (
            cls.env["document.approval.flow"]
            .sudo()
            .search([("company_id", "=", cls.company.id), ("model", "=", "sale.order")])
        )
        cls.departments = {
            department.code: department
            for department in cls.env["document.approval.department"]
            .sudo()
            .search([("company_id", "=", cls.company.id)])
        }
        for code, user in (
            ("sales", cls.supervisor),
            ("finance", cls.financier),
            ("operations", cls.operator),
            ("technical", cls.engineer),
            ("production", cls.planner),
            ("management", cls.director),
        ):
            cls.departments[code].member_ids = user
        cls.company.document_approval_mode = "enforce"
        cls.partner.sudo().write(
            {
                "email": "customer@example.com",
                "street": "1 Main Street",
                "user_id": cls.salesman.id,
            }
        )
        cls.product.sudo().list_price = 100.0

    @classmethod
    def _create_user(cls, name, group="base.group_user"):
        return cls._create_users({name: group})

    @classmethod
    def _create_users(cls, groups):
        """Create users of the company; ``groups``: the group of each, by name."""
        return (
            cls.env["res.users"]
            .sudo()
            .create(
                [
                    {
                        "name": name.title(),
                        "login": f"policy {name}",
                        "email": f"{name.replace(' ', '.')}@example.com",
                        "group_ids": [Command.set(cls.env.ref(group).ids)],
                        "company_id": cls.env.company.id,
                        "company_ids": [Command.set(cls.env.company.ids)],
                    }
                    for name, group in groups.items()
                ]
            )
        )

    @classmethod
    def _create_order(cls, *lines, user=None, **values):
        """Create an order as the salesperson; ``lines`` are values of its lines."""
        user = user or cls.salesman
        return (
            cls.env["sale.order"]
            .with_user(user)
            .create(
                {
                    "partner_id": cls.partner.id,
                    "user_id": user.id,
                    "order_line": [
                        Command.create({"product_id": cls.product.id, **line})
                        for line in lines or ({},)
                    ],
                    **values,
                }
            )
        )

    @classmethod
    def _create_rule(cls, **values):
        return cls.env["sale.price.rule"].create({"max_discount": 10.0, **values})

    def _get_findings(self, order, code=None):
        """Return the findings a submission now would have, with their values."""
        findings = order._approval_findings()[order.id]
        return [f for f in findings if code in (None, f["code"])]

    def _get_messages(self, order, code=None):
        return [
            order._approval_finding_message(finding)
            for finding in self._get_findings(order, code)
        ]

    @classmethod
    def _approve(cls, order):
        """Let everybody who is asked agree, level after level."""
        for _level in range(10):
            seats = order.sudo().approval_round_id.seat_ids.filtered(
                lambda seat: seat.state == "open"
            )
            if not seats:
                return
            for seat in seats:
                seat.with_user(seat.candidate_ids[0]).action_approve(
                    answers=dict.fromkeys(seat.check_ids.ids, "yes")
                )

    @classmethod
    def _submit_and_approve(cls, order):
        order.action_submit_for_approval()
        cls._approve(order)
