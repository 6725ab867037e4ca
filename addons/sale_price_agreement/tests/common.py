from datetime import timedelta

from odoo.addons.sale_order_policy.tests.common import SaleOrderPolicyCommon


class PriceAgreementCommon(SaleOrderPolicyCommon):
    """People who approve prices, a customer, and a concession of 80 for 100."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.marketer,) = cls._create_users({"marketer": "base.group_user"})
        company = cls.company
        departments = company._sale_policy_create_default_departments()
        departments["marketing"].member_ids = cls.marketer
        company._price_create_default_flows()
        flows = cls.env["document.approval.flow"].sudo().with_context(active_test=False)
        flows.search(
            [
                ("company_id", "=", company.id),
                ("model", "in", ("sale.price.concession", "sale.price.revision")),
            ]
        ).active = True
        cls.product.sudo().write({"standard_price": 50.0, "taxes_id": False})
        cls.today = cls.env["sale.price.concession"]._get_today(company)

    @classmethod
    def _concession(cls, grant=True, **values):
        """Create a concession as the salesperson; let it be approved."""
        concession = (
            cls.env["sale.price.concession"]
            .with_user(cls.salesman)
            .create(
                {
                    "partner_ids": cls.partner.ids,
                    "product_ids": cls.product.ids,
                    "price": 80.0,
                    "max_quantity": 100.0,
                    "date_from": cls.today - timedelta(days=10),
                    "date_to": cls.today + timedelta(days=30),
                    "reason": "A good customer",
                    **values,
                }
            )
        )
        if grant:
            cls._submit_and_approve(concession)
        return concession

    @classmethod
    def _confirm(cls, order):
        """Have an order approved if somebody has to, and confirm it."""
        if order.approval_state not in ("approved",):
            cls._submit_and_approve(order)
        order.action_confirm()
        return order
