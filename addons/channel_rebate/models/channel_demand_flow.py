from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import AccessError, UserError


class ChannelDemand(models.Model):
    """How a demand goes: sent in, accepted, returned, withdrawn (SPEC L2).

    Every step writes the demand's own row first: of two colleagues who decide at
    once, the second is rerun and finds it decided.
    """

    _inherit = "channel.demand"

    # Sending in --------------------------------------------------------------------

    def action_submit(self):
        """Send in what a colleague wrote down for the partner.

        :raise AccessError: for who may not write the demand
        :raise UserError: naming what is missing
        """
        self.check_access("write")
        for demand in self:
            demand._submit()

    def _submit(self):
        """Send the demand in, and make the order if this partner's become one at once.

        Sending it in twice is the same as once.

        :raise UserError: naming what is missing, or why nothing can be placed
        """
        self.ensure_one()
        self._bump()
        if self.state == "submitted" or self.order_id:
            return
        self._check_can_submit()
        self._write_system(
            {
                "state": "submitted",
                "submitted_on": fields.Datetime.now(),
                "submitted_by_id": self.env.uid,
                "return_reason": False,
                "decided_on": False,
                "decided_by_id": False,
            }
        )
        self._note(self.env._("Sent in."))
        if self._becomes_order_at_once():
            self._accept()
        self._tell_salesperson()

    def _check_can_submit(self):
        if self.state not in self._editable_states:
            raise UserError(
                self.env._("%(demand)s was withdrawn or accepted.", demand=self.name)
            )
        # sudo: the partner's file, for the partner himself
        if refusal := self.sudo().channel_partner_id._channel_get_refusal():
            raise UserError(refusal)
        if gaps := self._get_gaps():
            raise UserError("\n".join(text for _place, text in gaps))

    def _get_gaps(self):
        """Return what is missing before it can be sent in.

        :return: list of (name of the field, text)
        """
        self.ensure_one()
        gaps = []
        if not (self.end_customer_name or "").strip():
            gaps.append(
                ("end_customer_name", self.env._("Enter who the end customer is."))
            )
        if not self.line_ids:
            gaps.append(
                ("line-0-product", self.env._("Enter at least one product or wish."))
            )
        return gaps

    def _becomes_order_at_once(self):
        self.ensure_one()
        demand_sudo = self.sudo()  # sudo: how the partner's file is set
        return (
            demand_sudo.kind == "order"
            and all(line.product_id for line in demand_sudo.line_ids)
            and demand_sudo.channel_partner_id._channel_is_direct()
        )

    def _tell_salesperson(self):
        """Give the responsible salesperson one activity, unless he did it himself."""
        # sudo: activities of our people, for what a partner sends in
        demand_sudo = self.sudo()
        user_sudo = demand_sudo.user_id
        if not user_sudo.active or user_sudo.share or user_sudo == self.env.user:
            return
        demand_sudo = demand_sudo.with_context(lang=user_sudo.lang)
        if demand_sudo.order_id:
            summary = demand_sudo.env._("An order of a channel partner came in")
        else:
            summary = demand_sudo.env._("Accept or return what the partner asks for")
        demand_sudo.activity_schedule(
            "mail.mail_activity_data_todo", user_id=user_sudo.id, summary=summary
        )

    # Deciding ----------------------------------------------------------------------

    def action_accept(self):
        """Make a draft order of the demand; of one already made, show it.

        :raise AccessError: for who may not write the demand
        :raise UserError: when it was returned or withdrawn meanwhile
        """
        self.ensure_one()
        self._check_staff()
        self._accept()
        return self.action_open_order()

    def _check_staff(self):
        """Let our people decide only, who may write this demand.

        :raise AccessError: for everybody else
        """
        self.check_access("write")
        if not self.env.user._is_internal():
            raise AccessError(self.env._("Only our own people decide on demands."))

    def _accept(self):
        self.ensure_one()
        self._bump()
        if self.state == "accepted":
            return
        if self.state != "submitted":
            raise UserError(
                self.env._(
                    "%(demand)s is not waiting any more: there is nothing to accept.",
                    demand=self.name,
                )
            )
        order_sudo = self._make_order()
        self._write_system(
            {
                "state": "accepted",
                "order_id": order_sudo.id,
                "decided_on": fields.Datetime.now(),
                "decided_by_id": self.env.uid,
            }
        )
        self._finish_activities()
        self._tell_partner()

    def _get_accepted_text(self):
        return self.env._(
            "We have accepted %(demand)s and are preparing order %(order)s.",
            demand=self.name,
            order=self.sudo().order_id.name,  # sudo: a name only
        )

    def _return(self, reason):
        """Give the demand back to the partner, who may correct and send it again.

        :param str reason: what the partner reads
        :raise AccessError: for who may not decide
        :raise UserError: without a reason, or when it is not waiting
        """
        self.ensure_one()
        self._check_staff()
        self._bump()
        if self.state != "submitted":
            raise UserError(
                self.env._("%(demand)s is not waiting any more.", demand=self.name)
            )
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Tell the partner why."))
        self._write_system(
            {
                "state": "returned",
                "return_reason": reason,
                "decided_on": fields.Datetime.now(),
                "decided_by_id": self.env.uid,
            }
        )
        self._finish_activities()
        self._tell_partner()

    def _get_returned_text(self):
        return self.env._(
            "%(demand)s comes back to you: %(reason)s",
            demand=self.name,
            reason=self.return_reason,
        )

    def action_return(self):
        """Ask for the reason of the return."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Return %(demand)s", demand=self.name),
            "res_model": "channel.demand.return",
            "view_mode": "form",
            "target": "new",
            "context": {"default_demand_id": self.id},
        }

    def action_withdraw(self):
        """Withdraw it for the partner.

        :raise AccessError: for who may not write the demand
        """
        self.check_access("write")
        for demand in self:
            demand._withdraw()

    def _withdraw(self):
        """End the demand as long as it is no order.

        :raise UserError: when it became an order meanwhile
        """
        self.ensure_one()
        self._bump()
        if self.state == "withdrawn":
            return
        if self.state == "accepted":
            raise UserError(
                self.env._(
                    "%(demand)s is accepted already. Please call your contact person.",
                    demand=self.name,
                )
            )
        self._write_system({"state": "withdrawn"})
        self._note(self.env._("Withdrawn."))
        self._finish_activities()

    # Words -------------------------------------------------------------------------

    def _finish_activities(self):
        # sudo: activities of colleagues are settled by this as well
        self.sudo().activity_ids.unlink()

    def _note(self, text):
        """Note something in the history; nobody becomes a follower by it."""
        # sudo: partners cannot post here themselves
        self.sudo().with_context(
            mail_post_autofollow=False, mail_post_autofollow_author_skip=True
        ).message_post(
            body=text,
            author_id=self.env.user.partner_id.id,
            subtype_xmlid="mail.mt_note",
        )

    def _get_decided_text(self):
        """Return what the partner reads about the decision."""
        if self.state == "returned":
            return self._get_returned_text()
        return self._get_accepted_text()

    def _tell_partner(self):
        """Write to whoever sent it in, in his language, with the way to his page."""
        # sudo: the partner's address, for who may decide
        sender_sudo = self.sudo().submitted_by_id
        if not sender_sudo.share or sender_sudo == self.env.user:
            self._note(self._get_decided_text())
            return
        demand_sudo = self.sudo().with_context(
            lang=sender_sudo.lang,
            mail_post_autofollow=False,
            mail_post_autofollow_author_skip=True,
        )
        url = f"{demand_sudo.get_base_url()}/my/channel/demands/{self.id}"
        body = Markup("<p>%s</p><p><a href='%s'>%s</a></p>") % (
            demand_sudo._get_decided_text(),
            url,
            demand_sudo.env._("Open %(demand)s", demand=self.name),
        )
        demand_sudo.message_post(
            subject=demand_sudo.name,
            body=body,
            author_id=self.env.user.partner_id.id,
            partner_ids=sender_sudo.partner_id.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_note",
            email_layout_xmlid="mail.mail_notification_light",
        )

    def action_open_order(self):
        """Show the order made of this demand."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": self.order_id.id,
            "view_mode": "form",
        }
