from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

_LINE_FIELDS = [
    "product_id",
    "name",
    "quantity",
    "product_uom_id",
    "requirement",
    "delivery_date",
]


class OrderHandover(models.Model):
    """Receiving, refusing, and handing over again (SPEC F2)."""

    _inherit = "order.handover"

    # Buttons ------------------------------------------------------------------------

    def action_receive(self):
        """Receive for one's own department; one or several at once.

        Where a signature is asked for, the window to sign in is returned and nothing
        has been received yet.

        :raise AccessError: for others than members of the receiving departments
        :raise UserError: when somebody else was faster
        """
        self._check_receiver()
        if any(row.requires_signature and row.state == "waiting" for row in self):
            return self._open_window("order_handover.order_handover_receive_action")
        self._receive()
        return True

    def action_refuse(self):
        """Open the window that asks for the reason.

        :raise AccessError: for others than members of the receiving departments
        """
        self._check_receiver()
        self._check_waiting()
        return self._open_window("order_handover.order_handover_refuse_action")

    def action_hand_over_again(self):
        """Open the window that asks for the answer to the refusal.

        :raise AccessError: for others than the sender and his department
        """
        self._check_sender()
        self._check_refused()
        return self._open_window("order_handover.order_handover_again_action")

    def action_take(self):
        """Become responsible for waiting rows of one's own department.

        :raise AccessError: for others than members of the receiving departments
        """
        self._check_receiver()
        self._bump()
        self._check_waiting()
        self._write_system({"user_id": self.env.uid})
        self._tell_responsible()
        return True

    def _open_window(self, action):
        values = self.env["ir.actions.act_window"]._for_xml_id(action)
        return {**values, "context": {"default_handover_ids": self.ids}}

    # Checks -------------------------------------------------------------------------

    def _check_receiver(self):
        """Refuse who is not of the receiving departments: nobody acts for others.

        :raise AccessError: naming what is not for the user
        """
        self.check_access("read")
        for row in self.filtered(lambda row: not row.is_mine):
            row_sudo = row.sudo()  # sudo: departments need not be readable
            raise AccessError(
                self.env._(
                    "%(row)s is received by the department %(department)s, of "
                    "which you are no member.",
                    row=row_sudo.display_name,
                    department=row_sudo.receiver_department_id.name,
                )
            )

    def _check_sender(self):
        self.check_access("read")
        for row in self.filtered(lambda row: not row.is_sent_by_me):
            row_sudo = row.sudo()  # sudo: departments need not be readable
            raise AccessError(
                self.env._(
                    "%(row)s is handed over by the department %(department)s, of "
                    "which you are no member.",
                    row=row_sudo.display_name,
                    department=row_sudo.sender_department_id.name,
                )
            )

    def _check_waiting(self):
        """Refuse what is no longer waiting, saying who did what when.

        :raise UserError: about the first of them
        """
        for row in self:
            if row.state != "waiting":
                raise UserError(row._explain_state())

    def _explain_state(self):
        self.ensure_one()
        row_sudo = self.sudo()  # sudo: the name of a colleague
        local = fields.Datetime.context_timestamp
        if self.state == "received":
            return self.env._(
                "%(row)s was received by %(user)s on %(date)s already.",
                row=self.display_name,
                user=row_sudo.receiver_id.name,
                date=local(self, self.date_received).strftime("%Y-%m-%d %H:%M"),
            )
        if self.state == "refused":
            return self.env._(
                "%(row)s was refused by %(user)s on %(date)s: %(reason)s",
                row=self.display_name,
                user=row_sudo.refused_by_id.name,
                date=local(self, self.date_refused).strftime("%Y-%m-%d %H:%M"),
                reason=self.refuse_reason,
            )
        return self.env._(
            "%(row)s was cancelled with its order.", row=self.display_name
        )

    def _check_refused(self):
        for row_sudo in self.sudo():  # sudo: the state of the order
            order = row_sudo.order_id
            if row_sudo.state != "refused" or row_sudo.next_ids:
                raise UserError(
                    self.env._(
                        "%(row)s cannot be handed over again: only what was refused "
                        "can, and once.",
                        row=row_sudo.display_name,
                    )
                )
            if order.state not in order._approval_protected_states:
                raise UserError(
                    self.env._(
                        "The order of %(row)s is not confirmed any more.",
                        row=row_sudo.display_name,
                    )
                )

    # What happens -------------------------------------------------------------------

    def _receive(self, signature=None, note=None):
        """Write down that the user received the rows, now.

        :param signature: his signature as base64 image; needed where rows ask for it
        :param str note: his remarks, kept as he gave them
        :raise UserError: when a row does not wait any more, or lacks a signature
        """
        self._bump()
        self._check_waiting()
        now = fields.Datetime.now()
        if not signature and (unsigned := self.filtered("requires_signature")):
            raise UserError(
                self.env._(
                    "%(row)s has to be signed by who receives it.",
                    row=unsigned[0].display_name,
                )
            )
        late = self.filtered(lambda row: row.deadline < now)
        for rows, timeliness in ((late, "late"), (self - late, "in_time")):
            rows._write_system(
                {
                    "state": "received",
                    "receiver_id": self.env.uid,
                    "date_received": now,
                    "signature": signature or False,
                    "timeliness": timeliness,
                    "receipt_note": (note or "").strip() or False,
                }
            )
        self._forget_activities()

    def _refuse(self, reason):
        """Send the rows back to who handed them over.

        :param str reason: required
        """
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why you refuse it."))
        self._bump()
        self._check_waiting()
        self._write_system(
            {
                "state": "refused",
                "refused_by_id": self.env.uid,
                "date_refused": fields.Datetime.now(),
                "refuse_reason": reason,
            }
        )
        self._forget_activities()
        for row in self:
            row._tell_sender()

    def _hand_over_again(self, answer):
        """Hand refused rows over again, with an answer; the refused ones stay.

        :param str answer: required
        :return: the new rows
        """
        answer = (answer or "").strip()
        if not answer:
            raise UserError(self.env._("Say what has changed since it was refused."))
        self._bump()
        self._check_refused()
        # sudo: made by the system; whose rows these are was checked
        rows_sudo = self.sudo().with_context(
            lang="en_US", mail_create_nolog=True, mail_notrack=True
        )
        again_sudo = rows_sudo.create(
            [row_sudo._prepare_again(answer) for row_sudo in rows_sudo]
        )
        again_sudo._translate_names()
        self._forget_activities()
        again_sudo._tell_responsible()
        return again_sudo.with_env(self.env)

    @api.model
    def _get_frozen_fields(self):
        """Return what a row keeps when it is handed over again."""
        return [
            "name",
            "order_id",
            "order_name",
            "company_id",
            "event_id",
            "stage_id",
            "sender_department_id",
            "receiver_department_id",
            "partner_name",
            "document",
            "content",
            "content_fingerprint",
            "requires_signature",
            "escalate_hours",
        ]

    def _prepare_again(self, answer):
        self.ensure_one()
        now = fields.Datetime.now()
        deadline = now + max(self.deadline - self.date_sent, now - now)
        if self.stage_id:
            deadline = self.stage_id._get_deadline(self.order_id, now)
        kept = self.read(self._get_frozen_fields(), load=None)[0]
        kept.pop("id")
        return {
            **kept,
            "previous_id": self.id,
            "answer": answer,
            "sender_id": self.env.uid,
            "user_id": self.receiver_department_id._get_task_responsible().id,
            "date_sent": now,
            "deadline": deadline,
            "date_escalation": deadline,
            "line_ids": [
                fields.Command.create(
                    {name: line[name] for name in line if name != "id"}
                )
                for line in self.line_ids.read(_LINE_FIELDS, load=None)
            ],
        }
