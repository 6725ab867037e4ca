import warnings
from contextlib import nullcontext
from datetime import datetime

from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from odoo.addons.sale_order_policy.tests.common import SaleOrderPolicyCommon

#: a picture of one dot
PICTURE = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
    "awAAAABJRU5ErkJggg=="
)


@tagged("post_install", "-at_install")
class EnquiryCommon(SaleOrderPolicyCommon):
    """Control is off: orders are confirmed as they come. Two customers, a calendar."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.document_approval_mode = "off"
        cls.company.resource_calendar_id = cls.env["resource.calendar"].create(
            {"name": "Five days", "tz": "UTC", "company_id": cls.company.id}
        )
        cls.env["sale.order.type"].search([]).takes_part_in_enquiries = True
        cls.goods = cls.env["product.product"].create(
            {"name": "Pump", "type": "consu", "is_storable": True, "list_price": 50.0}
        )
        cls.stranger = cls.env["res.partner"].create(
            {"name": "Stranger", "is_company": True, "email": "stranger@example.com"}
        )
        cls.partner.is_company = True
        cls.contact = cls.env["res.partner"].create(
            {
                "name": "Ms Wang",
                "parent_id": cls.partner.id,
                "email": "wang@example.com",
            }
        )
        cls.cron_mail = cls.env.ref("sale_order_enquiry.ir_cron_enquiry_mail")
        cls.cron_ask = cls.env.ref("sale_order_enquiry.ir_cron_enquiry_ask")

    @classmethod
    def _portal_user(cls, login, partner):
        return cls.env["res.users"].create(
            {
                "name": login,
                "login": login,
                "password": login,
                "partner_id": partner.id,
                "group_ids": [Command.set(cls.env.ref("base.group_portal").ids)],
                "company_id": cls.company.id,
                "company_ids": [Command.set(cls.company.ids)],
            }
        )

    @classmethod
    def _list(cls, *lines, user=None, **values):
        """A draft as the salesperson; ``lines`` are values of its requirements."""
        user = user or cls.salesman
        return (
            cls.env["sale.requirement.list"]
            .with_user(user)
            .create(
                {
                    "partner_id": cls.partner.id,
                    "contact_id": cls.contact.id,
                    "line_ids": [
                        Command.create({"product_id": cls.goods.id, **line})
                        for line in lines or ({"quantity": 10.0},)
                    ],
                    **values,
                }
            )
        )

    @classmethod
    def _open_order(cls, on="2026-03-02 08:00:00", partner=None, quantity=10.0):
        """A confirmed order of goods, as of that day."""
        order = cls._create_order(
            {"product_id": cls.goods.id, "product_uom_qty": quantity},
            partner_id=(partner or cls.partner).id,
        )
        order.action_confirm()
        order.sudo().date_order = datetime.fromisoformat(on)
        return order

    def _run(self, cron):
        # tests over HTTP are in that mode already
        mode = (
            nullcontext if isinstance(self, HttpCase) else self.enter_registry_test_mode
        )
        with mode(), warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def _mails_to(self, document, partner):
        """Return the messages of a document that went to this customer."""
        return document.sudo().message_ids.filtered(
            lambda message: partner in message.notified_partner_ids
        )
