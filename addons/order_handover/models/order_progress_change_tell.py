import logging
from datetime import timedelta

from markupsafe import Markup
from psycopg2 import OperationalError

from odoo import api, fields, models
from odoo.tools import split_every

_logger = logging.getLogger(__name__)

_LAYOUT = "mail.mail_notification_layout_with_responsible_signature"


class OrderProgressChange(models.Model):
    """Who is told of changed dates, once for all changes of an order (SPEC F3).

    The mails are rows of Odoo's mail queue, written in the transaction that marks
    the changes as told: who is not told is told by the next run, nobody twice.
    """

    _inherit = "order.progress.change"

    @api.model
    def _cron_follow_dates(self, batch_size=200):
        """Look at the dates of all open orders, and tell who is to be told.

        Called by the scheduled job every hour: what changes ten times in an hour is
        one change. Each order is looked at once in a run, whatever comes of it.
        """
        before = fields.Datetime.now() - timedelta(minutes=10)
        order_ids = self.env["order.progress.date"]._get_candidates(before)
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=len(order_ids))
        for batch in split_every(batch_size, order_ids):
            self._follow(self.env["sale.order"].browse(batch).exists())
            if not progress(len(batch)):
                return

    @api.model
    def _follow(self, orders):
        """Look at the dates of orders and tell; an order that fails fails alone."""
        try:
            with self.env.cr.savepoint():
                changes = self._notice(orders)
        except OperationalError:  # a rival: the whole run is done again
            raise
        except Exception:
            if len(orders) > 1:
                for order in orders:
                    self._follow(order)
            else:
                _logger.exception("The dates of %s were not looked at", orders)
            return
        changes._tell()

    def _tell(self):
        """Tell whom the companies want told, order by order.

        An order that cannot be told of does not hold up the others; it is tried again
        when its dates are looked at the next time.
        """
        for order, changes in self.grouped("order_id").items():
            try:
                with self.env.cr.savepoint():
                    changes._tell_one(order)
            except OperationalError:  # a rival: the whole run is done again
                raise
            except Exception:
                _logger.exception("New dates of %s were not told", order.name)

    def _tell_one(self, order):
        """Tell the salesperson and, where the company wants it, the customer."""
        notice = order.company_id.handover_progress_notice
        if notice == "none" or order.state != "sale":
            self.write({"state": "silent"})
            return
        told = self._tell_owner()
        if notice == "customer":
            told += self._tell_customer()
        self.write(
            {
                "state": "told",
                "told_on": fields.Datetime.now(),
                "told_to": "\n".join(told),
            }
        )

    def _tell_owner(self):
        """Give the salesperson one activity for all the changes of an order.

        :return: list of whom
        """
        order = self.order_id
        owner = order._approval_owner()
        lang_self = self.with_context(lang=owner.lang)
        order._approval_attention(
            owner,
            lang_self.env._("New delivery dates"),
            "\n".join(
                lang_self.env._(
                    "%(line)s: %(new)s instead of %(old)s (%(document)s)",
                    line=change.line_name,
                    new=change._get_day_text(change.date_new),
                    old=change._get_day_text(change.date_old),
                    document=change.source or "–",
                )
                for change in lang_self
            ),
        )
        return owner.mapped("display_name")

    def _tell_customer(self):
        """Mail the customer the old and the new dates, from the order's history.

        :return: list of whom; empty when nobody has an address
        """
        order = self.order_id
        customer = order.partner_id
        contact = order.policy_contact_id.filtered(
            lambda c: c.commercial_partner_id == customer.commercial_partner_id
        )
        recipient = (contact | customer).filtered("email")[:1]
        if not recipient:
            return []
        owner = order._approval_owner()
        lang = recipient.lang or order.company_id.partner_id.lang
        lang_self = self.with_context(lang=lang)
        body = lang_self.env["ir.qweb"]._render(
            "order_handover.progress_change_mail",
            {
                "order": order.with_context(lang=lang),
                "recipient": recipient,
                "changes": lang_self,
                "shows_progress": order.company_id.handover_progress_portal,
            },
        )
        order.with_context(
            lang=lang,
            mail_notify_force_send=False,
            mail_post_autofollow=False,
            mail_post_autofollow_author_skip=True,
        ).message_post(
            subject=lang_self.env._("%(order)s: new delivery date", order=order.name),
            body=Markup(body),
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            author_id=owner.partner_id.id,
            email_from=(owner if owner.email else order.company_id).email_formatted,
            partner_ids=recipient.ids,
            email_layout_xmlid=_LAYOUT,
        )
        return [f"{recipient.display_name} <{recipient.email}>"]
