from datetime import datetime

from odoo.fields import Command

from .common import HandoverCommon

#: a signature: one black pixel
SIGNATURE = (
    b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6"
    b"kgAAAABJRU5ErkJggg=="
)
#: Friday 10:00 in Shanghai
FRIDAY = datetime(2026, 3, 6, 2, 0)


class HandoverListCommon(HandoverCommon):
    """A company with handover lists: sales hands over to the warehouse, and so on.

    The keeper is the warehouse, the financier finance; shipping is done by operations.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.departments["warehouse"].member_ids = cls.keeper
        cls.calendar = cls.env["resource.calendar"].create(
            {"name": "Office", "company_id": cls.company.id, "tz": "Asia/Shanghai"}
        )
        cls.env["document.approval.department"].search(
            [("company_id", "=", cls.company.id)]
        ).resource_calendar_id = cls.calendar
        cls.company.handover_lists = True
        cls.company.handover_coordinator_id = cls.coordinator
        cls.cron = cls.env.ref("order_handover.ir_cron_make_handovers")
        cls.stages = {
            (stage.event, stage.line_kind): stage
            for stage in cls.env["order.handover.stage"].search(
                [("company_id", "=", cls.company.id)]
            )
        }
        cls.to_warehouse = cls.stages["order_confirmed", "goods"]
        cls.to_shipping = cls.stages["goods_issued", "all"]

    def _run_job(self, cron=None):
        with self.enter_registry_test_mode():
            (cron or self.cron).method_direct_trigger()
        self.env.invalidate_all()

    def _escalate(self):
        self._run_job(self.env.ref("order_handover.ir_cron_escalate_handovers"))

    def _rows(self, order, state=None):
        rows = order.sudo().handover_list_ids.sorted("id")
        return rows.filtered(lambda row: state in (None, row.state))

    def _released(self, *lines, **values):
        """Return a confirmed order and its handover to the warehouse."""
        order = self._confirm_order(*lines, **values)
        self._run_job()
        return order, self._rows(order)

    def _receive(self, row, user, signature=None, **values):
        """Receive with the window, as a user does."""
        window = row.env["order.handover.receive"].with_user(user)
        window = window.create(
            {
                "handover_ids": [Command.set(row.ids)],
                "signature": signature,
                **values,
            }
        )
        return window.action_receive()

    def _reply(self, row, user, text):
        replies = row.env["order.handover.reply"].with_user(user)
        return replies.create({"handover_ids": [Command.set(row.ids)], "text": text})
