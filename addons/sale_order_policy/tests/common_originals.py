import base64

from odoo.fields import Command

from .common import SaleOrderPolicyCommon

PDF = b"%PDF-1.4 signed contract"
MAIL = b"Subject: please deliver ten desks"


class OriginalsCommon(SaleOrderPolicyCommon):
    """Orders with files, in drafts and under protection."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls.env.ref("sale_order_policy.sale_original_kind_contract")
        cls.email = cls.env.ref("sale_order_policy.sale_original_kind_email")
        cls.chat = cls.env.ref("sale_order_policy.sale_original_kind_chat")
        cls.portal = cls.env["res.users"].create(
            {
                "name": "Portal Customer",
                "login": "originals portal",
                "password": "originals portal",
                "partner_id": cls.partner.id,
                "group_ids": [Command.set(cls.env.ref("base.group_portal").ids)],
            }
        )

    @classmethod
    def _attach(cls, order, name="scan.pdf", content=PDF, **values):
        """Attach a file to the order as the salesperson."""
        return (
            cls.env["ir.attachment"]
            .with_user(cls.salesman)
            .create(
                {
                    "name": name,
                    "raw": content,
                    "res_model": "sale.order",
                    "res_id": order.id,
                    **values,
                }
            )
        )

    @classmethod
    def _classify(cls, attachment, user=None, **values):
        """Make the file an original of its order."""
        return (
            cls.env["sale.order.original"]
            .with_user(user or cls.salesman)
            .create(
                {
                    "order_id": attachment.res_id,
                    "attachment_id": attachment.id,
                    "kind_id": cls.contract.id,
                    **values,
                }
            )
        )

    @classmethod
    def _add(cls, order, name="scan.pdf", content=PDF, **values):
        """Upload an original as the salesperson."""
        return (
            cls.env["sale.order.original"]
            .with_user(cls.salesman)
            ._create_from_files(
                [
                    {
                        "order_id": order.id,
                        "name": name,
                        "content": content,
                        "kind_id": cls.contract.id,
                        **values,
                    }
                ]
            )
        )

    @classmethod
    def _protected(cls, **values):
        """Return an original of an order in review."""
        order = cls._create_order()
        original = cls._add(order, **values)
        order.action_submit_for_approval()
        return original

    @classmethod
    def _post(cls, order, attachment, **values):
        """Send a message with the file, visible to the customer."""
        return order.message_post(
            body="Here it is",
            attachment_ids=attachment.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            **values,
        )

    @staticmethod
    def _b64(content):
        return base64.b64encode(content).decode()
