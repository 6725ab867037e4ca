from datetime import timedelta

from odoo import fields
from odoo.fields import Command

from odoo.addons.sale_order_policy.tests.common import SaleOrderPolicyCommon


class ChannelPortalCommon(SaleOrderPolicyCommon):
    """A channel partner with an agreement and a portal user, and a stranger's.

    His pricelist sells the product at 80 instead of 100. The officer works in no
    sales; the salesperson is responsible for the partner.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.document_approval_mode = "off"
        cls.today = fields.Date.context_today(cls.env.user)
        cls.officer = cls._create_user("officer", "channel_rebate.group_officer")
        cls.pricelist = cls.env["product.pricelist"].create(
            {
                "name": "Channel Prices",
                "item_ids": [
                    Command.create(
                        {
                            "applied_on": "1_product",
                            "product_tmpl_id": cls.product.product_tmpl_id.id,
                            "compute_price": "fixed",
                            "fixed_price": 80.0,
                        }
                    )
                ],
            }
        )
        cls.product.sudo().write({"default_code": "CH-1", "taxes_id": False})
        cls.unsold = cls.env["product.product"].create(
            {"name": "Machine of Ours", "sale_ok": False, "default_code": "CH-9"}
        )
        cls.partner.sudo().write(
            {
                "is_company": True,
                "name": "Dealer North",
                "property_product_pricelist": cls.pricelist.id,
            }
        )
        cls.channel = cls._create_channel(cls.partner)
        cls.other_channel = cls._create_channel(
            cls.env["res.partner"].create({"name": "Dealer South", "is_company": True})
        )
        cls.dealer = cls._create_portal_user("dealer", cls.partner)
        cls.stranger = cls._create_portal_user("stranger", cls.other_channel.partner_id)
        cls.demands = cls.env["channel.demand"].with_user(cls.salesman)

    @classmethod
    def _create_channel(cls, partner, **values):
        return cls.env["channel.partner"].create(
            {
                "partner_id": partner.id,
                "company_id": cls.company.id,
                "state": "active",
                "user_id": cls.salesman.id,
                "agreement_ids": [
                    Command.create(
                        {
                            "name": f"A {partner.name}",
                            "date_from": cls.today - timedelta(days=100),
                            "date_to": cls.today + timedelta(days=100),
                        }
                    )
                ],
                **values,
            }
        )

    @classmethod
    def _create_portal_user(cls, login, company):
        return (
            cls.env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "name": login.title(),
                    "login": login,
                    "password": login,
                    "email": f"{login}@example.com",
                    "company_id": cls.company.id,
                    "company_ids": [Command.set(cls.company.ids)],
                    "partner_id": cls.env["res.partner"]
                    .create(
                        {
                            "name": login.title(),
                            "email": f"{login}@example.com",
                            "parent_id": company.id,
                        }
                    )
                    .id,
                    "group_ids": [Command.set(cls.env.ref("base.group_portal").ids)],
                }
            )
        )

    @classmethod
    def _create_demand(cls, *lines, user=None, **values):
        """Create a draft as the salesperson, with a product of 5 unless said else."""
        return (
            cls.env["channel.demand"]
            .with_user(user or cls.salesman)
            .create(
                {
                    "channel_partner_id": cls.channel.id,
                    "end_customer_name": "Hotel Lake",
                    "line_ids": [
                        Command.create({"product_id": cls.product.id, "quantity": 5.0}),
                    ]
                    if not lines
                    else [Command.create(line) for line in lines],
                    **values,
                }
            )
        )

    def _type(self, **typed):
        """Return the texts of a form with one line of 5 products."""
        return {
            "kind": "order",
            "end_customer_name": "Hotel Lake",
            "end_customer_contact": "Ms Lin",
            "end_customer_phone": "+86 571 1234",
            "end_customer_place": "Hangzhou",
            "line-0-product": "CH-1",
            "line-0-quantity": "5",
            **typed,
        }
