from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user

from .common_progress import ProgressCommon


class ProgressHttpCommon(ProgressCommon, HttpCase):
    """An order of a customer company, with its buyer, its clerk, and a stranger."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer_company = (
            cls.env["res.partner"]
            .sudo()
            .create({"name": "Buyers Ltd", "is_company": True})
        )
        cls.buyer = cls._create_portal_user("progress_buyer", cls.customer_company)
        cls.clerk = cls._create_portal_user("progress_clerk", cls.customer_company)
        cls.stranger = cls._create_portal_user("progress_stranger")
        cls.order = cls._confirm_order(
            partner_id=cls.buyer.partner_id.id,
            client_order_ref="PO-77",
            commitment_date=cls._in_days(5),
        ).sudo()
        cls.company.write(
            {"handover_progress_portal": True, "handover_progress_api": True}
        )

    @classmethod
    def _create_portal_user(cls, login, parent=None):
        user = new_test_user(
            cls.env,
            login,
            "base.group_portal",
            email=f"{login}@example.com",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        user.partner_id.sudo().parent_id = parent
        return user

    def _patch_partner_hook(self, partner, orders):
        """Let the orders name ``partner`` as channel partner."""
        model = self.registry["sale.order"]

        def partners(records):
            return partner if records in orders else partner.browse()

        def domain(records, asking):
            is_his = asking.commercial_partner_id == partner.commercial_partner_id
            return [("id", "in", orders.ids if is_his else [])]

        self.patch(model, "_handover_progress_partners", partners)
        self.patch(model, "_handover_progress_domain", domain)
