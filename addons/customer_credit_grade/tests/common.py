from odoo.fields import Command

from odoo.addons.sale_order_policy.tests.common import SaleOrderPolicyCommon


class CreditCommon(SaleOrderPolicyCommon):
    """A company that enforces credit and no approvals; one customer of limit 5,000.

    The financier is a credit officer and may release up to 1,000; the director
    administers credit and may release up to 100,000.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {
                "document_approval_mode": "off",
                "credit_mode": "enforce",
                "credit_default_mode": "prepay",
            }
        )
        cls.credit_accounts = cls.env["customer.credit.account"].sudo()
        officer = cls.env.ref("customer_credit_grade.group_officer")
        manager = cls.env.ref("customer_credit_grade.group_manager")
        cls.financier.group_ids += officer
        cls.director.group_ids += manager
        cls.releaser, cls.top_releaser = (
            cls.env["customer.credit.releaser"]
            .sudo()
            .create(
                [
                    {
                        "company_id": cls.company.id,
                        "user_id": cls.financier.id,
                        "amount": 1000.0,
                    },
                    {
                        "company_id": cls.company.id,
                        "user_id": cls.director.id,
                        "amount": 100000.0,
                    },
                ]
            )
        )
        cls.product.sudo().write({"list_price": 100.0, "taxes_id": [Command.clear()]})
        cls.credit_account = cls._set_limit(cls.partner, 5000.0)

    @classmethod
    def _get_account(cls, partner):
        return cls.credit_accounts._bump(cls.company, partner)

    @classmethod
    def _set_limit(cls, partner, amount, mode="limited", **values):
        """Give a customer a standing limit, as an approved request does."""
        account = cls._get_account(partner)
        account._credit_apply({"mode": mode, **values})
        account.entitlement_ids.filtered(
            lambda part: part.kind == "standing" and not part.date_ended
        ).sudo().write({"date_ended": "2000-01-01"})
        cls.env["customer.credit.entitlement"].sudo().create(
            {"account_id": account.id, "kind": "standing", "amount": amount}
        )
        account.invalidate_recordset()
        return account

    @classmethod
    def _order_of(cls, amount, partner=None, user=None, product=None, **values):
        """Create an order worth ``amount``, in units of 100."""
        values.setdefault("partner_id", (partner or cls.partner).id)
        product = product or cls.product
        return cls._create_order(
            {
                "product_id": product.id,
                "product_uom_qty": amount / 100,
                "price_unit": 100.0,
                "tax_ids": [Command.clear()],
            },
            user=user,
            **values,
        )

    @classmethod
    def _pay(cls, amount, partner=None):
        """Book a payment of the customer that is not applied to anything."""
        payment = (
            cls.env["account.payment"]
            .sudo()
            .create(
                {
                    "payment_type": "inbound",
                    "partner_type": "customer",
                    "partner_id": (partner or cls.partner).id,
                    "amount": amount,
                }
            )
        )
        payment.action_post()
        return payment
