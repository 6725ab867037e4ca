from unittest.mock import patch

from .common import SaleOrderPolicyCommon


class ConfirmedOrderCommon(SaleOrderPolicyCommon):
    """A company whose confirmed orders give letters and tasks; orders are free."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.flow.level_ids.participation = "finding"  # nobody has to look
        cls.company.write({"sale_policy_letter": True, "sale_policy_tasks": True})
        cls.cron = cls.env.ref("sale_order_policy.ir_cron_follow_confirmations")
        for code in ("warehouse", "purchasing", "production"):
            cls.departments[code].resource_calendar_id = False
        cls.storekeeper = cls._create_user("storekeeper")
        cls.buyer = cls._create_user("buyer")
        cls.departments["warehouse"].member_ids = cls.storekeeper
        cls.departments["purchasing"].member_ids = cls.buyer

    def _confirmed(self, *lines, **values):
        order = self._create_order(*lines, **values)
        order.action_confirm()
        return order

    def _letters(self, orders):
        return orders.sudo().policy_letter_ids.sorted(
            lambda le: (le.order_id, le.version)
        )

    def _run_job(self):
        with self.enter_registry_test_mode():
            self.cron.method_direct_trigger()
        self.env.invalidate_all()

    def _confirmation_mails(self, orders):
        """Return the messages to customers in the orders' history."""
        return orders.sudo().message_ids.filtered(
            lambda message: message.subtype_id == self.env.ref("mail.mt_comment")
        )

    def _broken_printer(self):
        letters = type(self.env["sale.order.letter"])
        return patch.object(
            letters, "_render_pdf", side_effect=ValueError("no printer")
        )
